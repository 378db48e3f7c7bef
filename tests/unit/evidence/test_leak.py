# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Signs that a bank is known are said with their place; they judge nobody."""

from dataclasses import replace

import pytest

from comity.evidence.bank import Bank, Item
from comity.evidence.leak import Sign, quotes, seen_before
from comity.evidence.transcript import Missing, Record

REFERENCE = "the shelter in the old school of the north is open to dogs tonight"
PROMPT = "Where may people with dogs go tonight?"


def record(answer: str | Missing, *, prompt: str = PROMPT, scorer: str = "judge/1") -> Record:
    """Return a record of one item with a long reference."""
    bank = Bank.of(
        [
            Item(
                position=0,
                category="shelter",
                prompt=prompt,
                reference=REFERENCE,
                scorer=scorer,
            )
        ],
        bytes(32),
    )
    return Record(draw=1, opening=bank.open(0), answer=answer, passed=False)


def test_an_item_another_test_opened_is_named_with_that_test() -> None:
    """Its text stands in evidence anyone may read, so the system may have learnt it."""
    ours = [record("a")]
    alarms = seen_before(ours, {"kh.example/log#4": [record("b")], "kh.example/log#9": ours})

    assert [(one.sign, one.row, one.where) for one in alarms] == [
        (Sign.SEEN_BEFORE, 0, "kh.example/log#4")
    ]


def test_an_item_seen_nowhere_else_raises_no_alarm() -> None:
    """A sign of everything is a sign of nothing."""
    ours = record("a")
    other = replace(
        ours, opening=replace(ours.opening, item=replace(ours.opening.item, position=7))
    )

    assert seen_before([ours], {"kh.example/log#4": [other]}) == ()


def test_an_answer_that_quotes_what_it_was_never_shown_is_named() -> None:
    """Eight words in a row are not said by chance."""
    (alarm,) = quotes([record("Go on, THE SHELTER in the old school of the north, is open.")])

    assert alarm.sign is Sign.QUOTED
    assert alarm.where == "the shelter in the old school of the"


@pytest.mark.parametrize(
    "quiet",
    [
        record("There is a shelter in the school."),
        record(Missing.TIMEOUT),
        record(REFERENCE, scorer="exact/1"),
        record(REFERENCE, prompt=f"Translate: {REFERENCE}"),
    ],
)
def test_what_is_asked_for_or_was_shown_is_no_quotation(quiet: Record) -> None:
    """A right answer is not a leak."""
    assert quotes([quiet]) == ()
