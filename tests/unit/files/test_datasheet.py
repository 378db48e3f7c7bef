# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Two thousand slot-fillings of thirty sentences are seen to be thirty."""

import random

import pytest

from comity.evidence.bank import Item
from comity.files.datasheet import (
    asked_of,
    count_repeats,
    count_templates,
    datasheet_of,
    wording_of,
)

SENTENCES = """The bridge at {p} is closed after {n} o'clock
Nobody in {p} has seen the mayor for {n} days
Please bring {n} blankets to the gym in {p}
Our neighbours left {p} with {n} cows
Rain will stop before {p} reaches {n} millimetres
Every pupil from {p} gets {n} notebooks
Doctors visited {n} homes around {p} yesterday
The ferry to {p} costs {n} reais
Water rose quickly near {p} by {n} centimetres
Call {n} when you arrive in {p}
Two of {n} lamps work in {p}
Mud covers {n} streets of {p}
In {p} a school needs {n} chairs
Send {n} trucks towards {p} tonight
The market of {p} opens in {n} weeks
From {p} you can walk {n} kilometres north
Firefighters in {p} saved {n} horses
A dam above {p} lost {n} stones
The radio in {p} repeats news {n} times
Volunteers cooked {n} meals inside {p}
Fuel in {p} is rationed to {n} litres
My cousin from {p} is {n} years old
Planes over {p} dropped {n} parcels
Markets sold {n} candles through {p}
Snakes were found in {p} by {n} farmers
Wait for boat {n} behind {p}
Parents of {p} wrote {n} letters
The clock in {p} stopped at {n}
Only {n} beds remain around {p}
Nurses from {p} vaccinated {n} people""".splitlines()


def item(position: int, prompt: str) -> Item:
    """Return an item that asks something."""
    return Item(position=position, category="c", prompt=prompt, reference="", scorer="exact/1")


def test_slot_fillings_count_as_the_sentences_they_came_from() -> None:
    """A large bank must not look rich because a program filled it."""
    dice = random.Random(5)  # noqa: S311 - a test that repeats
    places = ["Lima", "Santa Cruz do Sul", "Accra", "Suva", "São Sebastião", "Hanoi", "Pelotas"]
    prompts: set[str] = set()
    while len(prompts) < 2_000:
        sentence = dice.choice(SENTENCES)
        prompts.add(sentence.format(p=dice.choice(places), n=dice.randint(2, 900)))

    sheet = datasheet_of([item(n, prompt) for n, prompt in enumerate(sorted(prompts))])

    assert (sheet.size, sheet.templates, sheet.near_duplicates) == (2_000, 30, 1_970)


def test_a_slot_of_plain_words_is_seen() -> None:
    """Not every slot holds a name or a number."""
    prompts = [
        f"You may bring {thing} to the shelter today" for thing in ("soap", "food", "ice")
    ]
    wordings = [wording_of(prompt) for prompt in prompts]

    assert count_templates(wordings) == 1
    assert count_templates(wordings[:2]) == 2


def test_nearly_the_same_words_are_one_template() -> None:
    """An added "please" makes no new question."""
    long = "when the water reaches the door you should go to the upper floor and wait there"

    assert count_templates([wording_of(long), wording_of(f"{long} please")]) == 1


def test_different_questions_stay_different() -> None:
    """The count must not shrink a bank that is rich."""
    wordings = [wording_of(sentence.format(p="Lima", n=3)) for sentence in SENTENCES]

    assert count_templates(wordings) == len(SENTENCES)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Leave Lajeado by 14:30.", "Leave Santa Cruz do Sul by 9:05!"),
        ("Bring 2,500 litres.", "Bring 3 litres"),
        ("Is it open?", "is it OPEN"),
    ],
)
def test_names_numbers_and_case_make_no_wording(one: str, other: str) -> None:
    """What a slot holds is not what a person wrote."""
    assert len({wording_of(one), wording_of(other)}) <= 2
    assert count_templates([wording_of(one)]) == 1


def test_an_item_that_repeats_another_nearly_word_for_word_is_counted() -> None:
    """By the words and numbers of each, as a set; the first of them is no repeat."""
    long = "leave the town of Lima before noon and take food water papers and medicine along"
    texts = [long, f"{long} please", "Is it open?", "it is OPEN?", "Another one", long.title()]

    assert count_repeats(texts) == 3
    assert count_repeats(texts[:1] + texts[2:3]) == 0


@pytest.mark.parametrize("seed", range(5))
def test_repeats_are_those_that_comparing_all_finds(seed: int) -> None:
    """The index looks up a part of the items and must miss none."""
    dice = random.Random(seed)  # noqa: S311 - a test that repeats
    words = [f"w{chr(97 + n)}{chr(97 + n // 5)}" for n in range(26)]
    texts = [" ".join(dice.sample(words, dice.randint(1, 25))) for _ in range(120)]
    sets = [frozenset(text.split()) for text in texts]
    kinds = sorted(set(sets), key=sorted)
    slow = len(sets) - len(kinds)
    for place, one in enumerate(kinds):
        slow += any(10 * len(one & other) >= 9 * len(one | other) for other in kinds[:place])

    assert count_repeats(texts) == slow


def test_what_is_read_of_a_prompt_is_what_the_user_says() -> None:
    """A system message stands before a hundred items alike; a pair's members are alike."""
    assert asked_of({"turns": ["One?", "Two?"], "system": "Be kind."}) == "One?\nTwo?"
    assert asked_of({"pair": ["Ana?", "Ben?"]}) == "Ana?"


def test_unreviewed_items_are_counted_by_category() -> None:
    """They are planned only when told so."""
    read = item(0, "One?")
    unread = Item(
        position=1, category="d", prompt="Two?", reference="", scorer="x/1", review="unreviewed"
    )

    assert datasheet_of([read, unread]).unreviewed == {"d": 1}
    assert datasheet_of([read]).to_json()["unreviewed"] == {}


def test_chinese_words_are_read_one_by_one() -> None:
    """A sentence without spaces is no single word."""
    prompts = [f"请问{town}的图书馆几点开门？" for town in ("利马", "苏瓦", "阿克拉")]

    assert count_templates([wording_of(prompt) for prompt in prompts]) == 1


def test_no_more_templates_are_claimed_than_sentences_were_written() -> None:
    """The rule counts high where two long slots stand in one sentence."""
    sheet = datasheet_of([item(0, "One day?"), item(1, "Where to?"), item(2, "How many?")])

    assert (sheet.templates, sheet.bounded(None).templates) == (3, 3)
    assert (sheet.bounded(2).templates, sheet.bounded(2).near_duplicates) == (2, 1)
    assert sheet.bounded(7).templates == 3
