# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

from comity.council.power.reweigh import adopting, reweigh, weights_in
from comity.council.rule.procedure import OnBreak, Procedure, Silence
from comity.council.rule.rule import (
    AGAINST,
    Across,
    All,
    AtLeast,
    Leaf,
    Not,
    Number,
    any_of,
)

TWO = Leaf(need=Number(least=2))
GOLD = Leaf(need=Number(least=2), by="gold")
OBJECTED = Leaf(need=Number(least=1), count=AGAINST)


def _silence(on_break: OnBreak) -> Silence:
    return Silence(period_h=1, broken_by=OBJECTED, on_break=on_break, extend_h=0)


def test_weights_are_named_once_in_order() -> None:
    """What a rule counts is what a reader must be shown the source of."""
    silver = Across(family="g", missing=0, leaf=Leaf(need=Number(least=1), by="silver"))
    rule = All(parts=(silver, AtLeast(count=1, parts=(TWO, GOLD)), Not(part=GOLD)))
    assert weights_in(rule) == ("silver", "gold")
    changed = reweigh(rule, "roots")
    assert weights_in(changed) == ("roots",)
    assert reweigh(TWO, "roots") == TWO


def test_silence_adopts_what_nobody_breaks() -> None:
    """Where a break fails, the rule is that nobody breaks it."""
    silent = Procedure(adopts=TWO, silence=_silence(OnBreak.FAIL))
    assert adopting(silent) == Not(part=OBJECTED)


def test_a_vote_after_a_break_adopts_too() -> None:
    """Either way the text is adopted."""
    then = Procedure(adopts=TWO, silence=_silence(OnBreak.VOTE))
    assert adopting(then) == any_of(Not(part=OBJECTED), TWO)
    assert adopting(Procedure(adopts=TWO)) == TWO
