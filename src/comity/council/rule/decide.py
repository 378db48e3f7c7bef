# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Whether a rule holds on a floor, part by part, with the numbers that decided."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import assert_never

from comity.council.rule.explain import explain
from comity.council.rule.floor import Floor
from comity.council.rule.rule import Across, All, AtLeast, Leaf, Not, Number, Rule, Share


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why one part of a rule holds or does not, with the numbers that decided.

    Args:
        words: The part in one clause.
        counted: Seats, or weight, that counted; None for a joint. A count that is denied has
            the numbers of the count.
        base: What the share is taken of; None for a joint and for a fixed number. A share of
            an empty base does not hold.
    """

    passed: bool
    words: str
    counted: int | None = None
    base: int | None = None
    parts: tuple["Reason", ...] = ()


def decide(rule: Rule, floor: Floor) -> Reason:
    """Decide a rule on what was said, part by part."""
    match rule:
        case Leaf():
            return _leaf(rule, floor)
        case All(parts=parts):
            reasons = tuple(decide(part, floor) for part in parts)
            return _joint(rule, reasons, needed=len(reasons))
        case AtLeast(count=count, parts=parts):
            return _joint(rule, tuple(decide(part, floor) for part in parts), needed=count)
        case Not(part=part):
            return _denied(rule, decide(part, floor))
        case Across(family=family, missing=missing, leaf=leaf):
            groups = floor.family(family)
            reasons = tuple(decide(replace(leaf, within=group), floor) for group in groups)
            return _joint(rule, reasons, needed=max(1, len(groups) - missing))
        case _:
            assert_never(rule)


def _denied(rule: Not, reason: Reason) -> Reason:
    return Reason(
        passed=not reason.passed,
        words=explain(rule),
        counted=reason.counted,
        base=reason.base,
        parts=(reason,),
    )


def _joint(rule: Rule, reasons: tuple[Reason, ...], *, needed: int) -> Reason:
    passed = sum(reason.passed for reason in reasons) >= needed
    return Reason(passed=passed, words=explain(rule), parts=reasons)


def _leaf(leaf: Leaf, floor: Floor) -> Reason:
    seats = floor.within(leaf.within)
    counted = _weigh(leaf, floor, [s for s in seats if floor.answer(s) in leaf.count])
    match leaf.need:
        case Number(least=least):
            return Reason(passed=counted >= least, words=explain(leaf), counted=counted)
        case Share(of=of, least=share, strict=strict):
            base = _weigh(leaf, floor, [s for s in seats if floor.answer(s) in of.counts])
            enough = counted > share * base if strict else counted >= share * base
            passed = base > 0 and enough
            return Reason(passed=passed, words=explain(leaf), counted=counted, base=base)
        case _:
            assert_never(leaf.need)


def _weigh(leaf: Leaf, floor: Floor, seats: Collection[str]) -> int:
    if leaf.by is None:
        return len(seats)
    weights = floor.weights[leaf.by].values
    return sum(weights[seat] for seat in seats)
