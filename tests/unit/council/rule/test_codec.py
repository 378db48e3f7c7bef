# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Procedures as JSON: written in one way, read with every fault."""

from fractions import Fraction

import pytest

from comity.council.rule.codec import (
    digest_of,
    from_rule_json,
    from_whole_json,
    to_procedure_json,
    to_rule_json,
    to_whole_json,
)
from comity.council.rule.floor import Base
from comity.council.rule.procedure import Departed, OnBreak, Procedure, Roll, Silence
from comity.council.rule.rule import AGAINST, Leaf, Number, Share, any_of, without_hegemon
from comity.errors import InvalidDocument

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
