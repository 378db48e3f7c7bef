# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Procedures as JSON: written in one way, read with every fault."""

from fractions import Fraction
from typing import Any

import pytest

from comity.council.rule.codec import (
    MAX_PARTS,
    digest_of,
    from_rule_json,
    from_whole_json,
    has_too_many,
    to_procedure_json,
    to_rule_json,
    to_whole_json,
)
from comity.council.rule.floor import Base
from comity.council.rule.procedure import Departed, OnBreak, Procedure, Roll, Silence
from comity.council.rule.rule import AGAINST, Leaf, Number, Share, any_of, without_hegemon
from comity.errors import InvalidDocument
from comity.kernel.canonical import Json

HALF = Leaf(need=Share(of=Base.MEMBERS, least=Fraction(1, 2), strict=True))
ONE_AGAINST = Leaf(need=Number(least=1), count=AGAINST)
FULL = Procedure(
    adopts=without_hegemon(),
    quorum=HALF,
    silence=Silence(period_h=72, broken_by=ONE_AGAINST, on_break=OnBreak.EXTEND, extend_h=24),
    negative_needs_reason=True,
    roll=Roll.AT_CLOSE,
    departed=Departed.KEEP,
    suspended=Departed.KEEP,
    closes_early=True,
    reveal_min=0,
    challenge_days=7,
)


def test_what_says_nothing_is_left_out() -> None:
    """A plain rule is written as before procedures had a form, and has the same bytes."""
    assert to_whole_json(Procedure(adopts=HALF)) == {"rule": to_rule_json(HALF)}
    assert to_procedure_json(Procedure(adopts=HALF)) == {}


def test_every_field_comes_back() -> None:
    """Zero minutes before the close is not the same as shown at once."""
    assert from_whole_json(to_whole_json(FULL)) == FULL
    assert to_procedure_json(FULL)["reveal_min"] == 0


def test_the_digest_covers_the_whole_procedure() -> None:
    """Two bodies that adopt one digest adopted one quorum too."""
    bare = Procedure(adopts=FULL.adopts)

    assert digest_of(FULL) != digest_of(bare)
    assert digest_of(bare).hex().startswith("775b21c2")  # what a body cites; never changes


def test_sugar_and_its_plain_form_have_one_digest() -> None:
    """`any` is at least one; whoever compares digests compares meanings."""
    written = {"any": [to_rule_json(HALF), to_rule_json(ONE_AGAINST)]}

    assert from_rule_json(written) == any_of(HALF, ONE_AGAINST)
    assert "at_least" in to_rule_json(from_rule_json(written))


def test_all_faults_of_a_procedure_are_said_at_once() -> None:
    """Whoever mends a rule mends it once."""
    value = to_whole_json(Procedure(adopts=HALF)) | {
        "procedure": {
            "quorum": {"leaf": {"share": {"num": 2, "den": 1}, "strict": False, "base": "cst"}},
            "silence": {"period_h": 0, "broken_by": {}, "on_break": "extend"},
            "roll": "at_opening",
            "closes_erly": True,
        }
    }

    with pytest.raises(InvalidDocument) as caught:
        from_whole_json(value)

    said = [str(fault) for fault in caught.value.faults]
    assert caught.value.code == "council.rule"
    for part in (
        "procedure.quorum.leaf.share can never or always pass",
        "procedure.quorum.leaf.base is not one of",
        "did you mean 'cast'?",
        "procedure.silence.period_h is not an integer from 1",
        "procedure.silence.broken_by is none of them",
        "procedure.silence.extend_h is above 0 where a break extends",
        "procedure.roll is not one of at_open, at_close",
        "procedure.closes_erly is no part of a procedure; did you mean 'closes_early'?",
    ):
        assert any(part in fault for fault in said), part


def test_more_parts_than_any_rule_has_are_refused_before_they_are_read() -> None:
    """One fault, however many parts and however they nest; 10,000 levels are no stack."""
    part: dict[str, Json] = {"leaf": {"number": 1, "group": None}}
    deep: dict[str, Json] = part
    for _ in range(10_000):
        deep = {"not": deep}
    ten: list[Json] = [part] * 10
    many: list[Json] = [part] * (MAX_PARTS + 1)
    written: tuple[Any, ...] = (
        {"all": many},
        {"at_least": {"count": 1, "parts": many}},
        {"any": [{"all": [{"all": ten}] * 10}] * 5},
        {"all": [1] * 200_000},
        deep,
    )
    for one in written:
        with pytest.raises(InvalidDocument) as caught:
            from_rule_json(one)
        (fault,) = caught.value.faults
        assert f"more than {MAX_PARTS} parts" in fault.message


def test_as_many_parts_as_a_rule_may_have_are_read() -> None:
    """The bound is the one the rule is checked by."""
    part: dict[str, Json] = {"leaf": {"number": 1, "group": None}}

    most: dict[str, Json] = {"all": [part] * (MAX_PARTS - 1)}
    assert not has_too_many(most)
    assert to_rule_json(from_rule_json(most)) == most


def test_hours_for_amendments_are_said_only_where_they_are_not_a_day() -> None:
    """What a body adopted before there were such hours keeps its digest."""
    week = Procedure(adopts=HALF, amendments_until_h=168)

    assert to_procedure_json(week) == {"amendments_until_h": 168}
    assert from_whole_json(to_whole_json(week)) == week
    assert from_whole_json(to_whole_json(Procedure(adopts=HALF))).amendments_until_h == 24
