# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What a finding shows of several categories together: which of them, and the least of them."""

from collections.abc import Iterable
from fractions import Fraction

from comity.evidence.finding import Result
from comity.evidence.plan import Plan
from comity.evidence.statistics.design import Verdict
from comity.evidence.statistics.holm import EValue, holm


def shown_of(plan: Plan, results: Iterable[Result]) -> tuple[str, ...]:
    """Return the categories that may be listed as shown.

    Where the plan claims the list, the risk is that of any wrong category in it; designs have
    spent a part each, and what is left is spent by Holm on the e-values. Where each category's
    claim is for itself, each has its own risk.
    """
    every = {result.category: result for result in results}
    shown = [name for name, one in every.items() if one.verdict is Verdict.SHOWN]
    if not plan.listed:
        return tuple(shown)
    risk = sum((plan.design_of(name).risk for name in plan.categories), start=Fraction(0))
    reported = {name: every.get(name) for name in plan.categories}
    e_values = {
        name: Fraction(0) if one is None else e_value_of(one) for name, one in reported.items()
    }
    return holm(e_values, risk, shown=shown)


def listed_anyway(plan: Plan, results: Iterable[Result], risk: Fraction) -> tuple[str, ...]:
    """Return the categories shown at one risk for all, by their e-values alone.

    It needs no plan that claimed a list, but higher e-values: the designs' verdicts, each at
    its own risk, are left out.
    """
    every = {result.category: e_value_of(result) for result in results}
    return holm({name: every.get(name, Fraction(0)) for name in plan.categories}, risk)


def floor_ppm(results: Iterable[Result]) -> int:
    """Return the least lower bound of all categories: what each of them reaches.

    Each holds with its own confidence, and that every one holds is no less sure than that the
    worst does: a false floor needs the bound of the worst category itself to be false.
    """
    return min((result.lower_bound_ppm for result in results), default=0)


def e_value_of(result: Result) -> EValue:
    """Return a published e-value, never above the exact one; None for infinite."""
    return None if result.e_value == "inf" else Fraction(result.e_value)
