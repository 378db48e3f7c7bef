# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The attempts at one claim: what each may still risk, and what all of them show together.

Who may try again and again is recognised wrongly sooner or later, so attempts share one risk
by one of two rules, never by both. *Weighted*: attempt k runs at risk / (k (k + 1)), and the
sum over all k is the risk. *Product*: the e-value of an attempt is multiplied with those of
the attempts before it, and only a product of 1 / risk shows anything. A surplus of an earlier
attempt is not carried over (it counts as 1), so that a version that was good lends nothing to
a later one that is not.

Source:
    docs/spec/evidence.md, "Attempts".
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from math import prod

from comity.errors import NotPermitted
from comity.evidence.combine import attempt_risk
from comity.evidence.finding import Result
from comity.evidence.plan import Plan
from comity.kernel.ids import MemberId
from comity.kernel.reference import Reference

_PUBLISHED = re.compile(r"[0-9]{1,4000}\.[0-9]{2}")


class Sharing(Enum):
    """How attempts share one risk, as a plan's rules name it."""

    WEIGHTED = "risk/(k(k+1))"
    PRODUCT = "product"


class Fate(Enum):
    """What became of an attempt."""

    REPORTED = "reported"
    UNREPORTED = "not reported"
    PROVIDER = "withheld by the provider"
    TESTER = "withheld by the tester"
    THIRD = "withheld by the third"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One plan of a first draw, and what became of it.

    Args:
        plan: Where the plan stands.
        tester: Whose plan it is.
        sharing: The plan's rule, or None where this version does not know it.
        has_third: Whether the plan names a third in its draw.
        categories: What it tests.
        fate: What became of it.
        withheld_by: Whose nonce is missing, where it stopped at the draw.
        results: What was reported.
    """

    plan: Reference
    tester: MemberId
    sharing: Sharing | None
    has_third: bool
    categories: tuple[str, ...]
    fate: Fate
    withheld_by: tuple[MemberId, ...] = ()
    results: tuple[Result, ...] = ()

    @property
    def is_counted(self) -> bool:
        """Tell whether it counts as an attempt of the provider's.

        A tester that withholds is charged itself. With a third in the draw it counts all the
        same, or two parties that agree could wait for the third and drop what they dislike.
        """
        return self.has_third or self.fate is not Fate.TESTER

    def e_value(self, category: str) -> Fraction | None:
        """Return what it is worth for a category, or None for infinite.

        What was not reported, or is not written as an e-value, is worth 0.
        """
        for result in self.results:
            if result.category == category and result.e_value == "inf":
                return None
            if result.category == category and _PUBLISHED.fullmatch(result.e_value):
                return Fraction(result.e_value)
        return Fraction(0)


def sharing_of(plan: Plan) -> Sharing | None:
    """Return how a plan's attempts share the risk; one that does not say so is weighted."""
    said = plan.rules.extra.get("attempts", Sharing.WEIGHTED.value)
    return next((one for one in Sharing if one.value == said), None)


def count(attempts: Iterable[Attempt]) -> int:
    """Count the attempts that count."""
    return sum(attempt.is_counted for attempt in attempts)


def aborts(attempts: Iterable[Attempt]) -> Mapping[MemberId, int]:
    """Count by member how often its missing nonce kept a draw from being made."""
    return Counter(member for attempt in attempts for member in attempt.withheld_by)


def carried(attempts: Iterable[Attempt], category: str) -> Fraction:
    """Return what earlier attempts leave a later one to multiply with, from 0 to 1."""
    tried = (one for one in attempts if one.is_counted and category in one.categories)
    return prod((_at_most_one(one.e_value(category)) for one in tried), start=Fraction(1))


def next_risk(
    risk: Fraction, attempts: Sequence[Attempt], sharing: Sharing, category: str
) -> Fraction:
    """Return the risk the next attempt is designed for.

    Raises:
        NotPermitted: The attempts before follow the other rule, or are worth nothing.
    """
    check_sharing(attempts, sharing)
    if sharing is Sharing.WEIGHTED:
        return attempt_risk(risk, 1 + count(attempts))
    left = carried(attempts, category)
    if not left:
        raise NotPermitted(
            f"an attempt at {category!r} was not reported or is worth 0, and so is any product",
            code="evidence.attempts",
            hint="report it; once multiplied, nothing makes up for an attempt that is hidden",
        )
    return risk * left


def check_sharing(attempts: Iterable[Attempt], sharing: Sharing | None) -> None:
    """Refuse to share one risk by two rules.

    Raises:
        NotPermitted: An attempt before follows another rule.
    """
    for attempt in attempts:
        if attempt.is_counted and attempt.sharing is not sharing:
            said = "a rule not known here" if attempt.sharing is None else attempt.sharing.value
            raise NotPermitted(
                f"the attempts at this claim share their risk by {said}, and by no second rule",
                code="evidence.attempts",
                hint="either all e-values multiply or each attempt is weighted, never both",
            )


def is_shown(e_value: Fraction | None, before: Fraction, risk: Fraction) -> bool:
    """Tell whether an attempt, with what was carried over to it, reaches 1 / risk."""
    return before > 0 and (e_value is None or e_value * before * risk >= 1)


def _at_most_one(e_value: Fraction | None) -> Fraction:
    return Fraction(1) if e_value is None else min(Fraction(1), e_value)
