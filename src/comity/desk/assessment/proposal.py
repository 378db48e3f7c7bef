# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What is proposed: one test for all the duties it serves, and the numbers it takes."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from comity.errors import InvalidDocument
from comity.evidence.statistics.calibration import Request, design_for
from comity.evidence.statistics.design import boundary_of
from comity.evidence.statistics.eprocess import goal_failures
from comity.evidence.statistics.lattice import characteristic
from comity.files.offer import Offer
from comity.kernel.canonical import Json
from comity.kernel.truth import Truth
from comity.law.determine import Determination, Status
from comity.law.norm import Norm
from comity.law.pack import Pack
from comity.law.phrase import demand_in_words

RATES_TRIED = 40
"""Rates between perfect and half at which the most questions are looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """One norm and what it is to the system.

    Args:
        roles: Those it was ruled on for; "" where nobody said.
        unsettled: Facts whose answers would settle whether it applies.
        asked: What it asks, in words.
        behind: Conduct variables through which a test speaks to it.
    """

    norm: Norm
    pack: Pack
    status: Status
    roles: tuple[str, ...]
    unsettled: tuple[str, ...]
    asked: tuple[str, ...]
    behind: tuple[str, ...]

    def to_json(self) -> dict[str, Json]:
        """Write the duty as plain JSON values."""
        grounds, start = self.norm.grounds, self.norm.valid_from
        return {
            "norm": self.norm.name,
            "market": self.pack.market,
            "pack": self.pack.name,
            "force": self.pack.status.value,
            "status": self.status.value,
            "roles": list(self.roles),
            "title": dict(self.norm.title.by_tag),
            "asks": list(self.asked),
            "conducts": list(self.behind),
            "cite": grounds.cite,
            "basis": None if grounds.basis is None else grounds.basis.value,
            "source": grounds.source,
            "from": None if start is None else start.isoformat(),
            "unsettled": list(self.unsettled),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """The figures of a plan, and where each comes from.

    Args:
        size: Items of the bank, in all.
        least_questions: Most that a duty asks to be put in all; None where none says.
        said: One sentence for each figure.
    """

    threshold: Fraction
    goal: Fraction
    risk: Fraction
    power: Fraction
    size: int
    least_questions: int | None
    said: tuple[str, ...]

    def to_json(self) -> dict[str, Json]:
        """Write the figures as plain JSON values; shares exactly."""
        return {
            "threshold": str(self.threshold),
            "goal": str(self.goal),
            "risk": str(self.risk),
            "power": str(self.power),
            "size": self.size,
            "least_questions": self.least_questions,
            "said": list(self.said),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What a plan is expected to ask, all categories together.

    Args:
        most: At most, whatever the answers.
        perfect: Expected of a system that never fails.
        goal: Expected of one at the goal.
        worst: Expected at the rate where it is most.
        refusal: Why there is no such plan, or "".
    """

    most: int = 0
    perfect: float = 0.0
    goal: float = 0.0
    worst: float = 0.0
    refusal: str = ""

    def to_json(self) -> dict[str, Json]:
        """Write the forecast as plain JSON values; questions in tenths."""
        if self.refusal:
            return {"refusal": self.refusal}
        named = {"perfect": self.perfect, "goal": self.goal, "worst": self.worst}
        tenths: dict[str, Json] = {f"{n}_tenths": round(10 * x) for n, x in named.items()}
        return {"most": self.most, **tenths}


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """One bank, and every duty that a test on it speaks to.

    Args:
        fits: Whether the bank can be put to the system.
        fits_facts: Facts that would settle whether it can.
        categories: Items by category.
        applies: Duties in force that it serves.
        later: Duties of a later day; where facts are unsettled, they may apply.
        numbers: Of the strictest of the duties in force.
    """

    offer: Offer
    fits: Truth
    fits_facts: tuple[str, ...]
    categories: Mapping[str, int]
    applies: tuple[Duty, ...]
    later: tuple[Duty, ...]
    numbers: Numbers
    forecast: Forecast

    @property
    def slug(self) -> str:
        """The bank's name."""
        return self.offer.claim.slug

    def to_json(self) -> dict[str, Json]:
        """Write the proposal as plain JSON values."""
        claim = self.offer.claim
        return {
            "bank": self.slug,
            "claim": dict(claim.claim.by_tag),
            "limits": claim.limits,
            "languages": list(claim.languages),
            "fits": self.fits.value,
            "fits_when": claim.fits,
            "fits_facts": list(self.fits_facts),
            "instead_of": list(claim.instead_of),
            "empty_slot": self.offer.is_slot,
            "scorers": list(claim.scorers),
            "categories": [{"name": n, "count": c} for n, c in self.categories.items()],
            "numbers": self.numbers.to_json(),
            "questions": self.forecast.to_json(),
            "serves": [duty.to_json() for duty in self.applies],
            "later": [duty.to_json() for duty in self.later],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Unbanked:
    """A duty that asks for what questions could show, and no bank here does.

    Args:
        why: One sentence for each conduct asked.
    """

    duty: Duty
    why: tuple[str, ...]

    def to_json(self) -> dict[str, Json]:
        """Write it as plain JSON values."""
        return {**self.duty.to_json(), "why": list(self.why)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """A duty that may bind or not, or not yet, and the banks that would serve it."""

    duty: Duty
    banks: tuple[str, ...]

    def to_json(self) -> dict[str, Json]:
        """Write it as plain JSON values."""
        return {**self.duty.to_json(), "banks": list(self.banks)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """Which tests the duties of a system ask for.

    Args:
        proposals: Tests that can be planned, those that serve most first.
        slots: Tests whose sentences an authority writes itself.
        any_test: Duties in force that any of the proposed tests speaks to.
        unbanked: Duties in force for which no bank is here.
        open: Duties that cannot be told to apply.
        coming: Duties of a later day that none of the proposed tests speaks to.
    """

    determination: Determination
    proposals: tuple[Proposal, ...]
    slots: tuple[Proposal, ...]
    any_test: tuple[Duty, ...]
    unbanked: tuple[Unbanked, ...]
    open: tuple[Open, ...]
    coming: tuple[Open, ...]

    def to_json(self) -> dict[str, Json]:
        """Write the suggestion as plain JSON values."""
        asked = self.determination
        return {
            "system": asked.profile.system,
            "version": asked.profile.version,
            "on": asked.on.isoformat(),
            "markets": list(asked.markets),
            "without_pack": list(asked.without_pack),
            "roles": [None if role is None else role.value for role in asked.roles],
            "library": asked.library.digest.hex(),
            "proposals": [one.to_json() for one in self.proposals],
            "slots": [one.to_json() for one in self.slots],
            "any_test": [duty.to_json() for duty in self.any_test],
            "no_bank_here": [one.to_json() for one in self.unbanked],
            "undetermined": [one.to_json() for one in self.open],
            "coming": [one.to_json() for one in self.coming],
        }


def asked_in_words(norm: Norm, determination: Determination) -> tuple[str, ...]:
    """Return what a norm asks, each demand in words with its force."""
    conducts = determination.library.vocabulary.conducts
    return tuple(
        f"{demand.modality.value}: "
        f"{demand_in_words(demand.constraint, conducts[demand.constraint.conduct])}"
        for demand in norm.demands
    )


def forecast(numbers: Numbers, categories: Mapping[str, int]) -> Forecast:
    """Return what a plan with these numbers is expected to ask."""
    found: list[tuple[int, list[float]]] = []
    for size in categories.values():
        try:
            found.append(_expected(numbers, size))
        except InvalidDocument as error:
            why = "; ".join(fault.message for fault in error.faults) or str(error)
            return Forecast(refusal=f"{why}; {error.hint}" if error.hint else why)
    perfect, goal, worst = (sum(row[at] for _, row in found) for at in range(3))
    return Forecast(most=sum(cap for cap, _ in found), perfect=perfect, goal=goal, worst=worst)


def _expected(numbers: Numbers, size: int) -> tuple[int, list[float]]:
    design = design_for(
        Request(
            size=size,
            threshold=numbers.threshold,
            goal=numbers.goal,
            risk=numbers.risk,
            power=numbers.power,
        )
    )
    tried = sorted({size * step // (2 * RATES_TRIED) for step in range(RATES_TRIED + 1)})
    failures = [0, goal_failures(size, numbers.goal), *tried]
    asked = characteristic(boundary_of(design), size, failures).expected
    return design.cap, [float(asked[0]), float(asked[1]), float(asked.max())]
