# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import datetime as dt

import pytest

from comity.cli.law.typed import Command, Typed, choices, read_typed
from comity.files.library import shipped_library
from comity.law.fact import Answer, Silence

FACTS = shipped_library().vocabulary.facts
MARKETS = ("EU", "VNM")

SOUND: list[tuple[str, str, Answer]] = [
    ("is_ai_system", "y", True),
    ("is_ai_system", " No ", False),
    ("is_ai_system", "?", Silence.NOT_KNOWN),
    ("is_ai_system", "-", Silence.NOT_APPLICABLE),
    ("is_ai_system", "!", Silence.DISPUTED),
    ("is_ai_system", "not known", Silence.NOT_KNOWN),
    ("autonomy", "no human", "no_human"),
    ("autonomy", "1", "human_decides"),
    ("generates", "text, 2", frozenset({"text", "image"})),
    ("generates", "none", frozenset()),
    ("training_compute", "10^25", 10**25),
    ("training_compute", "10^25 FLOP", 10**25),
    ("placed_on_market", "2026-03-01", dt.date(2026, 3, 1)),
]


@pytest.mark.parametrize(("fact", "text", "answer"), SOUND)
def test_what_people_type_is_read(fact: str, text: str, answer: Answer) -> None:
    """A letter, a number of the list, a word, a unit left out."""
    assert read_typed(FACTS[fact], text, MARKETS) == Typed(answer=answer)


@pytest.mark.parametrize(
    ("text", "command"), [("s", Command.SKIP), ("u", Command.UNDO), (" q ", Command.STOP)]
)
def test_a_command_stands_in_the_place_of_an_answer(text: str, command: Command) -> None:
    """To pass over, to go back, to stop."""
    assert read_typed(FACTS["is_ai_system"], text, MARKETS) is command


def test_an_answer_may_be_for_one_market() -> None:
    """Where the question is open there."""
    fact = FACTS["placed_on_market"]
    said = read_typed(fact, "VNM: 2026-03-01", MARKETS)
    assert said == Typed(answer=dt.date(2026, 3, 1), market="VNM")
    wrong = read_typed(fact, "VNN: 2026-03-01", MARKETS)
    assert wrong == "VNN is not among the markets asked about: EU, VNM"


@pytest.mark.parametrize(
    ("fact", "text", "said"),
    [
        ("is_ai_system", "maybe", "neither true nor false"),
        ("is_ai_system", "", "neither true nor false"),
        ("autonomy", "9", "is not one of"),
        ("generates", "txt", "did you mean text?"),
        ("training_compute", "much", "is not an exact number"),
        ("training_compute", "5 person", "does not convert exactly"),
        ("placed_on_market", "2026-02-30", "is not a day"),
    ],
)
def test_a_slip_is_answered_with_a_sentence(fact: str, text: str, said: str) -> None:
    """And asked again."""
    answer = read_typed(FACTS[fact], text, MARKETS)
    assert isinstance(answer, str)
    assert said in answer


@pytest.mark.parametrize(
    ("fact", "said"),
    [
        ("is_ai_system", "y or n"),
        ("autonomy", "one of 1 human_decides"),
        ("generates", "or none"),
        ("training_compute", "a number of FLOP"),
        ("placed_on_market", "a day such as"),
    ],
)
def test_a_question_says_what_may_be_typed(fact: str, said: str) -> None:
    """Nobody guesses."""
    assert said in choices(FACTS[fact])
