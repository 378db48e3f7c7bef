# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The banks after the Chinese standard's groups, and what is asked and answered in public."""

import hashlib
import json
from collections import defaultdict
from functools import cache

import pytest

from comity.assess.scorers.scorer import faults_of_items, score
from comity.errors import InvalidDocument
from comity.evidence.bank import Item
from comity.evidence.prompt import text_of
from comity.evidence.statistics.outcome import WHOLE_PPM, ppm_of
from comity.files.claim import read_claim
from comity.files.core import Shape, core_from_toml, read_core
from comity.files.datasheet import datasheet_of
from comity.files.generator import Example, build, build_examples
from comity.files.library import shipped_library
from comity.files.offer import SHIPPED_BANKS, offers_in
from comity.files.testable import SHIPPED_TESTABLE, read_testable
from comity.kernel.canonical import to_canonical
from comity.law.norm import Modality

SLOT = "chn-first-class"
DIGESTS = {
    "commercial-wrongdoing": "95649b86b60884e9",
    "discrimination": "7cf533453f66a390",
    "must-answer": "73373b15dd7b1e55",
    "must-decline": "41060c1f6d50e7ae",
    "others-rights": "5d124b77dd2d9dfe",
    "public-assistant": "229bf20f606f256a",
    "specialised-reliability": "26dab803956c2411",
    "under-pressure": "cc631f604586eeca",
}
"""Of 2,000 items by the seed "7": what a keeper wrote down must give the same bank for ever."""

MINE = [slug for slug in DIGESTS if slug != "public-assistant"]
ELSEWHERE = ("The sky above me was grey all morning.", "")
"""What answers nothing, and nothing at all."""


@cache
def examples(slug: str) -> tuple[Example, ...]:
    """Build a bank once for all tests."""
    return build_examples(read_core(SHIPPED_BANKS / f"{slug}.toml"), "7", 2_000)


def digest(items: list[Item]) -> str:
    """Return the first digits of the digest of everything in a bank."""
    said = to_canonical([item.to_json() for item in items])
    return hashlib.sha256(said).hexdigest()[:16]


def is_passed(example: Example, answers: tuple[str, ...]) -> bool:
    """Score answers of an item as a run records them."""
    item, is_one = example.item, isinstance(example.item.prompt, str)
    plain = is_one or len(example.sentence.texts) == 1
    answer = answers[0] if plain else json.dumps(answers)
    mark = score(item.scorer, text_of(item.prompt), str(item.reference), answer)
    return ppm_of(mark) == WHOLE_PPM


@pytest.mark.parametrize("slug", sorted(DIGESTS))
def test_a_seed_gives_the_same_bank_for_ever(slug: str) -> None:
    """A bank in use is rebuilt from its core and a seed in a safe."""
    assert digest([example.item for example in examples(slug)]) == DIGESTS[slug]


@pytest.mark.parametrize("slug", MINE)
def test_a_bank_holds_two_thousand_distinct_items_that_can_be_scored(slug: str) -> None:
    """The Chinese standard asks for as many, and no item counts twice."""
    items = [example.item for example in examples(slug)]
    asked = {" ".join(text_of(item.prompt).casefold().split()) for item in items}

    assert len(asked) == len(items) == 2_000
    assert faults_of_items(items) == []
    assert not any("{" in text_of(item.prompt).replace('{"', "") for item in items)


@pytest.mark.parametrize("slug", MINE)
def test_every_category_is_written_in_fifteen_sentences_or_more(slug: str) -> None:
    """Slots vary a sentence; only a writer adds one."""
    core = read_core(SHIPPED_BANKS / f"{slug}.toml")
    used = {each.sentence for each in examples(slug)}

    assert min(len(category.sentences) for category in core.categories) >= 15
    assert used == {each for category in core.categories for each in category.sentences}
    sheet = datasheet_of([example.item for example in examples(slug)])
    assert sheet.templates >= sum(len(category.sentences) for category in core.categories) - 2


@pytest.mark.parametrize("slug", MINE)
def test_right_answers_pass_and_wrong_ones_fail_in_every_category(slug: str) -> None:
    """A scorer that passed everything would recognise everybody."""
    seen: dict[str, int] = defaultdict(int)
    for example in examples(slug):
        asked = str(example.item.prompt)
        assert is_passed(example, example.right), (asked, example.right)
        assert not is_passed(example, example.wrong), (asked, example.wrong)
        for said in ELSEWHERE:
            assert not is_passed(example, (said,) * len(example.sentence.texts)), asked
        seen[example.item.category] += 1
    core = read_core(SHIPPED_BANKS / f"{slug}.toml")
    assert list(seen) == [category.name for category in core.categories]


@pytest.mark.parametrize("slug", ["must-answer", "specialised-reliability"])
def test_no_answer_stands_in_its_own_question(slug: str) -> None:
    """Whoever repeats the question must not pass."""
    for example in examples(slug):
        echo = (text_of(example.item.prompt),) * len(example.sentence.texts)
        assert not is_passed(example, echo), echo


@pytest.mark.parametrize("slug", MINE)
def test_claim_and_core_name_the_same(slug: str) -> None:
    """Categories and scorers are named in two files and must agree."""
    core = read_core(SHIPPED_BANKS / f"{slug}.toml")
    claim = read_claim(SHIPPED_BANKS / f"{slug}.claim.toml")
    scorers = {each.scorer for category in core.categories for each in category.sentences}

    assert claim.slug == core.slug == slug
    assert claim.licence == core.licence == "CC0-1.0"
    assert list(claim.categories) == [category.name for category in core.categories]
    assert set(claim.scorers) == scorers
    assert claim.claim.drafts == {"zh"}
    assert claim.fits


@pytest.mark.parametrize("slug", ["must-decline", "discrimination", "others-rights"])
def test_what_must_be_declined_is_asked_barely(slug: str) -> None:
    """A request that explained itself could teach; these are short and hold no figures."""
    for example in examples(slug):
        (text,) = example.sentence.texts
        assert example.sentence.shape is Shape.TEXT
        assert len(text) <= 110
        assert not any(sign.isdigit() for sign in text)


def test_the_slot_of_an_authority_cannot_be_built_as_shipped() -> None:
    """Whoever asks for it writes it; we name its categories and nothing else."""
    path = SHIPPED_BANKS / f"{SLOT}.toml"
    with pytest.raises(InvalidDocument, match="left to others") as caught:
        read_core(path)

    assert caught.value.code == "files.core_slot"
    assert len(caught.value.faults) == 8
    assert offers_in([SHIPPED_BANKS])[SLOT].is_slot
    filled = path.read_text("utf-8").replace("sentences = []", 'sentences = ["Say {place}."]')
    core = core_from_toml(filled + '\n[slots]\nplace = ["a", "b", "c"]\n')
    names = [category.name for category in core.categories]
    assert names == list(read_claim(SHIPPED_BANKS / f"{SLOT}.claim.toml").categories)
    with pytest.raises(InvalidDocument) as caught:
        build(core, "1", 2_000)
    assert caught.value.code == "files.core_size"


def test_a_slot_with_other_faults_is_told_as_a_faulty_core() -> None:
    """An author who filled half of it badly must see what is bad."""
    text = (SHIPPED_BANKS / f"{SLOT}.toml").read_text("utf-8")
    with pytest.raises(InvalidDocument) as caught:
        core_from_toml(text.replace("licence", "license"))
    assert caught.value.code == "files.core"


def test_no_conduct_of_a_claim_is_both_asked_for_and_forbidden() -> None:
    """A claim names a conduct without saying whether it shows that it is done or left."""
    asked: dict[str, set[bool]] = defaultdict(set)
    for norm in shipped_library().norms.values():
        for demand in norm.demands:
            if demand.modality is not Modality.MAY:
                bans = demand.modality in {Modality.MUST_NOT, Modality.SHOULD_NOT}
                asked[demand.constraint.conduct].add(bans)
    named = {c for offer in offers_in([SHIPPED_BANKS]).values() for c in offer.claim.conducts}

    assert {name for name in named if len(asked[name]) > 1} == set()
    assert {name for name in named if not asked[name]} == set()


def test_every_conduct_of_a_claim_is_in_the_table_of_what_questions_show() -> None:
    """A duty that asks for it is found even where no bank fits the system."""
    table = read_testable(SHIPPED_TESTABLE, shipped_library())
    for slug in (*MINE, SLOT):
        named = read_claim(SHIPPED_BANKS / f"{slug}.claim.toml").conducts
        assert set(named) <= set(table), slug
