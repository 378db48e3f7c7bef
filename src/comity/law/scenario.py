# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Scenarios: cases whose outcome was written from the source before our engine was asked."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from comity.kernel.ids import MarketCode, NormId
from comity.kernel.localtext import LocalText
from comity.law.determine import Ruling, Status, determine
from comity.law.fact import Answer
from comity.law.norm import Role
from comity.law.pack import Library
from comity.law.phrase import in_words
from comity.law.profile import Profile

EXPECTABLE: Mapping[str, frozenset[Status]] = {
    "applies": frozenset({Status.APPLIES}),
    "does_not_apply": frozenset({Status.DOES_NOT_APPLY}),
    "cannot_tell": frozenset({Status.CANNOT_TELL}),
    "not_in_force": frozenset({Status.NOT_YET_IN_FORCE, Status.ENDED}),
}
"""What a scenario may expect of a norm, and the statuses that meet it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One case.

    Args:
        source: The article the expectation was read from.
        expects: Norm ids by what is expected of them, a word of `EXPECTABLE`.
    """

    name: str
    source: str
    on: dt.date
    role: Role
    market: MarketCode
    answers: Mapping[str, Answer]
    expects: Mapping[str, tuple[NormId, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mismatch:
    """A norm that is not to a scenario what its author read in the source."""

    scenario: str
    norm: NormId
    expected: str
    found: str
    why: str


def mismatches(scenario: Scenario, library: Library) -> tuple[Mismatch, ...]:
    """Return every expectation that is not met.

    Raises:
        InvalidDocument: The scenario's own answers contradict an axiom.
    """
    text = LocalText(by_tag={"en": scenario.name})
    profile = Profile(system="scenario", name=text, purpose=text, answers=scenario.answers)
    determination = determine(
        library, profile, markets=[scenario.market], on=scenario.on, roles=[scenario.role]
    )
    found = {ruling.norm.name: ruling for ruling in determination.rulings}
    return tuple(
        _mismatch(scenario, name, expected, found.get(name))
        for expected, names in scenario.expects.items()
        for name in names
        if not _meets(found.get(name), expected)
    )


def _meets(ruling: Ruling | None, expected: str) -> bool:
    return ruling is not None and ruling.status in EXPECTABLE[expected]


def _mismatch(
    scenario: Scenario, norm: NormId, expected: str, ruling: Ruling | None
) -> Mismatch:
    found = f"no norm of {scenario.market} for a {scenario.role.value}"
    why = ""
    if ruling is not None:
        found = ruling.status.value
        why = "; ".join(
            f"{in_words(clause.atom)}: {clause.truth.value}" for clause in ruling.decided_by
        )
    return Mismatch(
        scenario=scenario.name,
        norm=norm,
        expected=expected.replace("_", " "),
        found=found,
        why=why,
    )
