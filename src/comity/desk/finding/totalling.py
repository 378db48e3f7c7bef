# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What one finding says of a weighted total over the categories it tested."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from comity.desk.log.shelf import Said, Shelf, get
from comity.errors import Fault, InvalidDocument, NotPermitted
from comity.evidence.finding import Result, finding_from_predicate
from comity.evidence.plan import Plan, plan_from_predicate
from comity.evidence.statistics.design import About, Design
from comity.evidence.statistics.strata import Stratum, TotalEvidence, total_e_value

STEPS = 1000
"""The lower bound is given in thousandths, floored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """A weighted total and the evidence for it.

    Args:
        strata: What was seen, by category in the plan's order.
        estimate: The weighted pass rate of the questions asked.
        evidence: Against "the total is at most the threshold".
        lower_bound: The greatest threshold, in thousandths, refuted at the risk; None for none.
        is_shown: Whether the evidence suffices at the risk.
    """

    strata: Mapping[str, Stratum]
    estimate: Fraction
    evidence: TotalEvidence
    lower_bound: Fraction | None
    is_shown: bool


def total_of(
    shelf: Shelf,
    finding: Said,
    weights: Mapping[str, Fraction],
    *,
    threshold: Fraction,
    risk: Fraction,
) -> Total:
    """Weigh a finding's categories into one total.

    Args:
        weights: Parts by category that sum to 1; empty weighs each category by its items, so
            that the total is the pass rate of the whole bank.

    Raises:
        InvalidDocument: Weights name other categories, or do not sum to 1.
        NotPermitted: The test was of scores, of a population, or asked nothing of a category.
    """
    found = finding_from_predicate(finding.statement.predicate)
    plan = plan_from_predicate(get(shelf, found.plan, "plan").statement.predicate)
    designs = _counted(plan, found.results)
    shares = weights or _by_items(designs)
    _check(shares, designs)
    strata = {one.category: _stratum(one, designs, shares) for one in found.results}
    seen = tuple(strata.values())
    evidence = total_e_value(seen, threshold)
    return Total(
        strata=strata,
        estimate=sum((_rate(one) for one in seen), start=Fraction(0)),
        evidence=evidence,
        lower_bound=_lower_bound(seen, risk),
        is_shown=_refutes(evidence, risk),
    )


def _stratum(
    one: Result, designs: Mapping[str, Design], shares: Mapping[str, Fraction]
) -> Stratum:
    return Stratum(
        size=designs[one.category].size,
        weight=shares[one.category],
        asked=one.asked,
        failed=one.failed,
    )


def _counted(plan: Plan, results: Sequence[Result]) -> dict[str, Design]:
    designs: dict[str, Design] = {}
    for one in results:
        design = plan.design_of(one.category)
        if not isinstance(design, Design) or design.about is not About.BANK or not one.asked:
            raise NotPermitted(
                f"{one.category} was not tested by counting passes among the bank's items",
                code="desk.total",
                hint="a weighted total is of bank claims that count passes",
            )
        designs[one.category] = design
    return designs


def _by_items(designs: Mapping[str, Design]) -> dict[str, Fraction]:
    items = sum(one.size for one in designs.values())
    return {name: Fraction(one.size, items) for name, one in designs.items()}


def _check(weights: Mapping[str, Fraction], designs: Mapping[str, Design]) -> None:
    faults = [
        Fault(message=f"the finding tested no category {name!r}")
        for name in weights
        if name not in designs
    ]
    faults += [
        Fault(message=f"the category {name!r} has no weight")
        for name in designs
        if name not in weights
    ]
    total = sum(weights.values(), start=Fraction(0))
    if total != 1:
        faults.append(Fault(message=f"the weights sum to {total}, not to 1"))
    if faults:
        raise InvalidDocument("no such total", code="desk.total_weights", faults=faults)


def _rate(one: Stratum) -> Fraction:
    return one.weight * Fraction(one.asked - one.failed, one.asked)


def _refutes(evidence: TotalEvidence, risk: Fraction) -> bool:
    return evidence.least is None or evidence.least * risk >= 1


def _lower_bound(strata: Sequence[Stratum], risk: Fraction) -> Fraction | None:
    """Return the greatest refuted threshold; what refutes one refutes every lower one."""
    low, high = -1, STEPS
    while high - low > 1:
        middle = (low + high) // 2
        if _refutes(total_e_value(strata, Fraction(middle, STEPS)), risk):
            low = middle
        else:
            high = middle
    return Fraction(low, STEPS) if low >= 0 else None
