# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Costs: an assumption of whoever wrote the table, in whole person-days; never a fact."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from comity.law.conduct import Conduct, Division
from comity.law.fact import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """What some conduct is taken to cost.

    Args:
        days: Person-days to do it at all.
        each: Person-days for each value of an enum or a set.
        of_value: Person-days of single values, where they differ from *each*.
        because: How that was estimated.
    """

    days: int
    each: int = 0
    of_value: Mapping[str, int] = field(default_factory=dict)
    because: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """What it is taken to cost to make a fact otherwise.

    Args:
        because: What its provider would do, and how that was estimated.
    """

    days: int
    because: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CostTable:
    """Assumed costs.

    Args:
        about: Whose assumptions they are.
        by_kind: By the kind of conduct, for whatever has no rate of its own.
        by_conduct: Rates of single conduct variables.
        apart: Person-days to do things apart: for one deployment more by place, for one
            variant more by design.
        by_fact: The facts a provider can change, and what that costs.
    """

    about: str
    by_kind: Mapping[Kind, Rate]
    by_conduct: Mapping[str, Rate] = field(default_factory=dict)
    apart: Mapping[Division, int] = field(default_factory=dict)
    by_fact: Mapping[str, Effort] = field(default_factory=dict)

    def rate(self, conduct: Conduct) -> Rate:
        """Return what a conduct costs, by its own rate or by that of its kind."""
        return self.by_conduct.get(conduct.name, self.by_kind[conduct.kind])

    def is_default(self, conduct: Conduct) -> bool:
        """Tell whether nobody estimated this conduct by itself."""
        return conduct.name not in self.by_conduct
