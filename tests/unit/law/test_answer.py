# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import datetime as dt
from decimal import Decimal

import pytest

from comity.law.answer import read_answer, to_plain
from comity.law.fact import Answer, OpenSet, Silence
from comity.law.pack import Library

SOUND: list[tuple[str, object, Answer]] = [
    ("biometric", True, True),
    ("biometric", "not known", Silence.NOT_KNOWN),
    ("biometric", "disputed", Silence.DISPUTED),
    ("biometric", "not asked", Silence.NOT_ASKED),
    ("sector", "health", "health"),
    ("sector", "not known", Silence.NOT_KNOWN),
    ("generates", ["text", "image"], frozenset({"text", "image"})),
    ("generates", [], frozenset()),
    ("generates", {"known_in": ["text"], "known_out": ["audio"]},
     OpenSet(known_in=frozenset({"text"}), known_out=frozenset({"audio"}))),
    ("training_compute", "10^25 FLOP", 10**25),
    ("training_compute", "3.5e23 FLOP", 35 * 10**22),
    ("staff", 12, 12),
    ("staff", "12", 12),
    ("staff", Decimal("12.50"), Decimal("12.5")),
    ("placed_on_market", dt.date(2026, 8, 2), dt.date(2026, 8, 2)),
    ("placed_on_market", "2026-08-02", dt.date(2026, 8, 2)),
]  # fmt: skip


@pytest.mark.parametrize(("fact", "plain", "answer"), SOUND)
def test_a_plain_value_answers_its_fact(
    library: Library, fact: str, plain: object, answer: Answer
) -> None:
    """Profiles and statements are read the same way."""
    assert read_answer(library.vocabulary.facts[fact], plain) == (answer, ())


@pytest.mark.parametrize(("fact", "plain", "answer"), SOUND)
def test_an_answer_written_is_read_back(
    library: Library, fact: str, plain: object, answer: Answer
) -> None:
    """A statement carries exactly what the profile said."""
    known = library.vocabulary.facts[fact]
    assert read_answer(known, to_plain(known, answer))[0] == answer, plain


FAULTS: list[tuple[str, object, str]] = [
    ("biometric", "yes", "'yes' is neither true nor false"),
    ("biometric", 1, "1 is neither true nor false"),
    ("sector", "helth", "'helth' is not one of health, finance, other"),
    ("sector", ["health"], "a list is not one of"),
    ("generates", "text", "is no list of values"),
    ("generates", {"known_in": ["text"]}, "a table is no list of values"),
    ("generates", {"known_in": ["text"], "known_out": ["text"]}, "both in the set and not"),
    ("training_compute", 5, 'the unit is missing: write "5 FLOP"'),
    ("training_compute", "5", 'the unit is missing: write "5 FLOP"'),
    ("training_compute", "5 person", "does not convert exactly to FLOP"),
    ("training_compute", "1e400 FLOP", "is not an exact number"),
    ("training_compute", "NaN FLOP", "is not an exact number"),
    ("staff", "5 person", "staff has no unit"),
    ("staff", True, "true is not a number"),
    ("staff", float("nan"), "no exact number"),
    ("staff", float("inf"), "no exact number"),
    ("staff", Decimal("NaN"), "no exact number"),
    ("staff", Decimal("1E+400"), "no exact number"),
    ("staff", Decimal("1E-400"), "no exact number"),
    ("staff", 10**5000, "a number of more than 60 digits"),
    ("staff", -1, "no exact number from 0"),
    ("staff", None, "is not a number"),
    ("placed_on_market", dt.datetime(2026, 8, 2, tzinfo=dt.UTC), "has a time"),
    ("placed_on_market", "soon", "is not a day"),
    ("placed_on_market", 20260802, "is not a day"),
]


@pytest.mark.parametrize(("fact", "plain", "message"), FAULTS, ids=range(len(FAULTS)))
def test_a_value_of_another_kind_is_refused(
    library: Library, fact: str, plain: object, message: str
) -> None:
    """Nothing is guessed: a wrong answer could make a duty vanish."""
    answer, (fault,) = read_answer(library.vocabulary.facts[fact], plain)
    assert answer is Silence.NOT_ASKED
    assert message in fault.message


def test_every_wrong_item_of_a_list_is_named(library: Library) -> None:
    """Each with its position, so that its column is found."""
    _, faults = read_answer(library.vocabulary.facts["generates"], ["txt", "image", "audo"])
    assert [(fault.item, fault.near) for fault in faults] == [(0, "text"), (2, "audio")]
