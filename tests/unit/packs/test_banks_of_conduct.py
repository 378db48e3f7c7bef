# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The banks on translation, warnings, disclosure, personal data, pairs and languages."""

import hashlib
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from comity.assess.scorers.phrase import folded, is_any_said
from comity.assess.scorers.scorer import faults_of_items, score
from comity.cli.bank.file import read_usable
from comity.evidence.bank import Item
from comity.evidence.prompt import answer_text, conversations_of, text_of
from comity.evidence.statistics.outcome import WHOLE_PPM, ppm_of
from comity.files.bank import write_bank
from comity.files.claim import read_claim
from comity.files.core import read_core
from comity.files.datasheet import datasheet_of
from comity.files.generator import Example, build, build_examples
from comity.files.library import shipped_library
from comity.files.offer import SHIPPED_BANKS, offers_in
from comity.kernel.canonical import to_canonical
from comity.law.norm import Modality

DIGESTS = {
    "ai-disclosure": "8fe78ccb69204e09",
    "bias-pairs": "28bbbd0d173e4410",
    "disaster-translation-drafts": "137d703921739b8d",
    "disaster-translation-pt-en": "68631b8bc629b053",
    "early-warning": "f3708a5260a5f67d",
    "language-coverage": "9516d6811f8a0710",
    "personal-data": "40788926edb3a8ab",
}
"""Of 2,000 items by the seed "7": what a keeper wrote down must give the same bank for ever."""

FIRST = {
    "disaster-translation": "744d500dcdcec76d2e34d920d738b16831a58a7bb5ffa29080de22836acc1438",
    "public-assistant": "4b9b8a420d5caa284231a402c15f6d357ca971f2d19c4964076576047913505c",
}
"""SHA-256 of the files of 2,000 items by the seed "pinned", before cores could write more."""


@cache
def examples(slug: str) -> tuple[Example, ...]:
    """Build a bank once for all tests."""
    return build_examples(read_core(SHIPPED_BANKS / f"{slug}.toml"), "7", 2_000)


def is_passed(item: Item, answers: tuple[str, ...]) -> bool:
    """Score answers of an item as a run records them."""
    said = answer_text(item.prompt, answers)
    mark = score(item.scorer, text_of(item.prompt), str(item.reference), said)
    return ppm_of(mark) == WHOLE_PPM


def asked_last(item: Item) -> str:
    """Return what the user says last."""
    return conversations_of(item.prompt)[-1].turns[-1]


def items_scored_by(slug: str, scorer: str) -> list[Example]:
    """Return the examples of a bank that one scorer scores."""
    found = [example for example in examples(slug) if example.item.scorer == scorer]
    assert found
    return found


@pytest.mark.parametrize("slug", sorted(DIGESTS))
def test_a_seed_gives_the_same_bank_for_ever(slug: str) -> None:
    """A bank in use is rebuilt from its core and a seed in a safe."""
    said = to_canonical([example.item.to_json() for example in examples(slug)])

    assert hashlib.sha256(said).hexdigest()[:16] == DIGESTS[slug]


@pytest.mark.parametrize("slug", sorted(FIRST))
def test_the_first_banks_are_built_to_the_same_bytes_as_before(
    slug: str, tmp_path: Path
) -> None:
    """Cores may say more now; what was committed to must still be built."""
    write_bank(
        build(read_core(SHIPPED_BANKS / f"{slug}.toml"), "pinned", 2_000), tmp_path / "b"
    )

    assert hashlib.sha256((tmp_path / "b").read_bytes()).hexdigest() == FIRST[slug]


@pytest.mark.parametrize("slug", sorted(DIGESTS))
def test_a_bank_holds_two_thousand_distinct_items_that_can_be_scored(slug: str) -> None:
    """No item counts twice, and no slot is left open."""
    items = [example.item for example in examples(slug)]
    asked = {" ".join(text_of(item.prompt).casefold().split()) for item in items}
    texts = [text for item in items for c in conversations_of(item.prompt) for text in c.turns]

    assert len(asked) == len(items) == 2_000
    assert faults_of_items(items) == []
    assert not any({"{", "}"} & set(text) for text in texts)


@pytest.mark.parametrize("slug", sorted(DIGESTS))
def test_every_sentence_is_used_and_there_are_enough_in_each_category(slug: str) -> None:
    """Slots vary a sentence; only a writer adds one."""
    core = read_core(SHIPPED_BANKS / f"{slug}.toml")
    used = {example.sentence for example in examples(slug)}
    written = [sentence for category in core.categories for sentence in category.sentences]
    sheet = datasheet_of([example.item for example in examples(slug)])

    assert used == set(written)
    assert min(len(category.sentences) for category in core.categories) >= 14
    assert sheet.templates >= len(written) - 10
    assert sheet.near_duplicates == 2_000 - sheet.templates


@pytest.mark.parametrize("slug", sorted(DIGESTS))
def test_the_right_answer_passes_and_the_wrong_one_fails_for_every_item(slug: str) -> None:
    """A scorer that passed everything would recognise everybody."""
    silence = ("",)
    for example in examples(slug):
        count = len(example.sentence.texts)
        assert is_passed(example.item, example.right), example.item
        assert not is_passed(example.item, example.wrong), example.item
        assert not is_passed(example.item, silence * count), example.item


@pytest.mark.parametrize("slug", ["early-warning", "disaster-translation-drafts"])
def test_each_fact_is_needed_and_none_is_invented(slug: str) -> None:
    """What a reference lists is looked for, part by part, in every item."""
    for example in items_scored_by(slug, "keeps-facts/1"):
        listed = str(example.item.reference).split(";")
        parts = [part for part in listed if part[0] not in "!#<@"]
        wanted = [part.split("|")[0] for part in parts]
        lead = example.right[0][: example.right[0].index(wanted[0])]
        for lost, part in enumerate(parts):
            rest = lead + ". ".join(word for place, word in enumerate(wanted) if place != lost)
            if not is_any_said(part, folded(rest)):
                assert not is_passed(example.item, (rest,)), (example.item, rest)
        if "#" in listed:
            assert not is_passed(example.item, (f"{example.right[0]} 77771.",)), example.item


def test_a_secret_is_found_in_every_item_however_it_is_told() -> None:
    """Backwards, spaced, in capitals or as one of several."""
    for example in items_scored_by("personal-data", "withholds/1"):
        for secret in str(example.item.reference).removesuffix(";last").split("|"):
            count = len(example.sentence.texts)
            for told in (secret[::-1], " ".join(secret), secret.upper()):
                assert not is_passed(example.item, (f"Well: {told}",) * count), example.item


def test_what_is_asked_for_stands_where_the_service_can_see_it() -> None:
    """A secret nobody knows cannot be kept, and one the asker names is none."""
    for example in examples("personal-data"):
        said = text_of(example.item.prompt)
        for secret in str(example.item.reference).removesuffix(";last").split("|"):
            assert secret in said
            if isinstance(example.item.prompt, dict):
                assert secret not in asked_last(example.item)


def test_pairs_differ_in_one_mark_and_ask_for_one_of_two_words() -> None:
    """Whatever else differed could be the reason."""
    for example in examples("bias-pairs"):
        one, other = (c.turns[0] for c in conversations_of(example.item.prompt))
        options = str(example.item.reference).split("|")
        assert one != other
        assert sorted(re.findall(r"\d+", one)) == sorted(re.findall(r"\d+", other))
        assert all(option in text for option in options for text in (one, other))
        for first in options:
            assert is_passed(example.item, (first, first))
            assert not is_passed(example.item, (first, next(o for o in options if o != first)))
        assert not is_passed(example.item, (one, other))


def test_no_answer_stands_in_its_own_question() -> None:
    """Whoever repeats the question must not pass."""
    for example in examples("language-coverage"):
        alternatives, _, _ = str(example.item.reference).rpartition(";")
        assert not is_any_said(alternatives, folded(str(example.item.prompt))), example.item
        assert not is_passed(example.item, (str(example.item.prompt),))


def test_a_right_word_in_the_wrong_language_does_not_pass() -> None:
    """The question asks for both."""
    english = "You will find that it is the {}."
    foreign = {"en": "La réponse est dans le livre : {}."}
    for example in examples("language-coverage"):
        reference = str(example.item.reference)
        language = reference[-2:]
        word = reference.split("|", maxsplit=1)[0].split(";", maxsplit=1)[0]
        if word.isascii() or language not in {"zh", "ru", "ar", "hi", "km"}:
            said = foreign.get(language, english).format(word)
            assert not is_passed(example.item, (said,)), example.item


@pytest.mark.parametrize("slug", sorted(DIGESTS))
def test_claim_and_core_name_the_same(slug: str) -> None:
    """Categories and scorers are named in two files and must agree."""
    core = read_core(SHIPPED_BANKS / f"{slug}.toml")
    claim = read_claim(SHIPPED_BANKS / f"{slug}.claim.toml")

    assert claim.slug == core.slug == slug
    assert claim.licence == core.licence == "CC0-1.0"
    assert list(claim.categories) == [category.name for category in core.categories]
    assert set(claim.scorers) == {example.item.scorer for example in examples(slug)}
    assert claim.claim.drafts == {"zh"}
    assert {"en", "zh"} <= set(claim.claim.by_tag)
    assert claim.fits


@pytest.mark.parametrize("slug", sorted(DIGESTS))
def test_every_conduct_of_a_claim_exists_and_some_norm_asks_for_it(slug: str) -> None:
    """A bank nobody's law asks for would be proposed to nobody."""
    library = shipped_library()
    claim = read_claim(SHIPPED_BANKS / f"{slug}.claim.toml")
    asked = {
        demand.constraint.conduct
        for norm in library.norms.values()
        for demand in norm.demands
        if demand.modality is not Modality.MAY
    }

    assert set(claim.conducts) <= set(library.vocabulary.conducts)
    assert set(claim.conducts) <= asked


@pytest.mark.parametrize(
    ("slug", "said"),
    [
        ("ai-disclosure", "{} written cases"),
        ("bias-pairs", "{} written cases"),
        ("disaster-translation-drafts", "{} sentences"),
        ("disaster-translation-pt-en", "{} sentences"),
        ("early-warning", "{} of them"),
        ("personal-data", "{} \nwritten cases"),
    ],
)
def test_the_numbers_of_a_claim_are_true(slug: str, said: str) -> None:
    """What a bank's limits count is counted again here."""
    core = read_core(SHIPPED_BANKS / f"{slug}.toml")
    limits = " ".join(read_claim(SHIPPED_BANKS / f"{slug}.claim.toml").limits.split())
    written = sum(len(category.sentences) for category in core.categories)

    assert " ".join(said.format(written).split()) in limits


def test_every_claim_says_how_many_sentences_were_written() -> None:
    """No statement of such a bank names more templates than that."""
    for offer in offers_in([SHIPPED_BANKS]).values():
        if offer.core is None or offer.is_slot:
            continue
        core = read_core(offer.core)
        written = sum(len(category.sentences) for category in core.categories)
        assert offer.claim.sentences == written, offer.claim.slug


def test_what_nobody_has_read_is_marked() -> None:
    """English and Portuguese were read again; nothing else was."""
    marked = {
        slug: Counter(e.item.category for e in examples(slug) if e.item.review)
        for slug in DIGESTS
    }
    languages = set(marked["language-coverage"])

    assert set(marked["ai-disclosure"]) == {"asked-in-chinese", "labels-in-chinese"}
    assert sum(marked["disaster-translation-drafts"].values()) == 2_000
    assert len(languages) == 10
    assert not {"english", "portuguese"} & languages
    assert not any(
        marked[slug]
        for slug in (
            "bias-pairs",
            "disaster-translation-pt-en",
            "early-warning",
            "personal-data",
        )
    )


@pytest.mark.parametrize("slug", sorted(DIGESTS))
def test_a_bank_and_its_claim_can_be_committed_to_as_shipped(slug: str, tmp_path: Path) -> None:
    """What a keeper would run next must not refuse what we hand out."""
    items = tuple(example.item for example in examples(slug))
    write_bank(items, tmp_path / "bank.jsonl")

    claim = read_claim(SHIPPED_BANKS / f"{slug}.claim.toml")

    assert read_usable(tmp_path / "bank.jsonl", claim) == items
