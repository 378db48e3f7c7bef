# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A test design: acceptance and rejection numbers a court can check with a ruler."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from itertools import pairwise

from comity.evidence.statistics.eprocess import aim_of, null_of
from comity.evidence.statistics.lattice import (
    Boundary,
    Size,
    acceptance_of,
    stops_of,
    without_rejection,
)
from comity.kernel.canonical import Json
from comity.kernel.fields import Fields
from comity.kernel.reference import to_ratio_json

MAX_SIZE = 20_000
MAX_POINTS = 4_000_000
"""Most lattice points a design may span, so that checking one stays a matter of seconds."""

Numbers = tuple[tuple[int, int], ...]
"""Pairs (n, f): from question n on, f failures; a later pair replaces the earlier."""


class About(Enum):
    """What a claim speaks of; the two are never mixed, nor continued into each other."""

    BANK = "bank"
    POPULATION = "population"


class Verdict(Enum):
    """What the outcomes say of a claim; only a member recognises."""

    SHOWN = "shown"
    NOT_SHOWN = "not_shown"
    INSUFFICIENT = "insufficient"


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """When to stop asking, and what is shown then.

    Args:
        size: Items in the category's bank.
        threshold: Pass rate p0 that must be exceeded.
        goal: Pass rate p1 at which acceptance is to be likely.
        risk: Greatest probability of "shown" at or below the threshold.
        power: Least probability of "shown" at or above the goal.
        cap: Most questions ever asked.
        acceptance: Accept when at most f have failed.
        rejection: Reject when at least f have failed.
        about: The bank's own items, or the population they were drawn from at random.
    """

    size: int
    threshold: Fraction
    goal: Fraction
    risk: Fraction
    power: Fraction
    cap: int
    acceptance: Numbers
    rejection: Numbers
    about: About = About.BANK

    @property
    def extent(self) -> Size:
        """Return the items the claim speaks of; None for a population."""
        return self.size if self.about is About.BANK else None

    def decide(self, asked: int, failed: int) -> Verdict:
        """Judge one point; before the first pair, and between both numbers, nothing falls."""
        accept = number_at(self.acceptance, asked)
        reject = number_at(self.rejection, asked)
        if accept is not None and failed <= accept:
            return Verdict.SHOWN
        if reject is not None and failed >= reject:
            return Verdict.NOT_SHOWN
        return Verdict.INSUFFICIENT

    def questions_to_decision(self, asked: int, failed: int) -> int:
        """Return the fewest further answers after which a verdict is possible.

        Asking so many at once shows the system no item that was not needed.
        """
        for more in range(1, self.cap - asked + 1):
            best = self.decide(asked + more, failed)
            worst = self.decide(asked + more, failed + more)
            if Verdict.SHOWN is best or Verdict.NOT_SHOWN is worst:
                return more
        return 0

    def to_json(self) -> dict[str, Json]:
        """Write the design as a JSON object."""
        about: dict[str, Json] = {}
        if self.about is not About.BANK:
            about = {"about": self.about.value}
        return {
            **about,
            "size": self.size,
            "threshold": to_ratio_json(self.threshold),
            "goal": to_ratio_json(self.goal),
            "risk": to_ratio_json(self.risk),
            "power": to_ratio_json(self.power),
            "cap": self.cap,
            "acceptance": [list(pair) for pair in self.acceptance],
            "rejection": [list(pair) for pair in self.rejection],
        }


def number_at(numbers: Numbers, asked: int) -> int | None:
    """Return the number in force after so many questions, or None before the first."""
    found = None
    for start, failures in numbers:
        if start > asked:
            break
        found = failures
    return found


def boundary_of(design: Design) -> Boundary:
    """Return the boundary a design draws on the lattice."""
    asked = range(design.cap + 1)
    accept = [number_at(design.acceptance, n) for n in asked]
    reject = [number_at(design.rejection, n) for n in asked]
    return Boundary(
        accept=tuple(-1 if number is None else number for number in accept),
        reject=tuple(design.cap + 1 if number is None else number for number in reject),
    )


def numbers_of(boundary: Boundary) -> tuple[Numbers, Numbers]:
    """Return acceptance and rejection numbers of a boundary, in the fewest pairs."""
    accept = [(n, f) for n, f in enumerate(boundary.accept) if f >= 0]
    reject = [(n, f) for n, f in enumerate(boundary.reject) if f <= n]
    return _changes(accept), _changes(reject)


def false_recognition(design: Design) -> Fraction:
    """Return the exact risk: the chance of "shown" at the threshold, rejections ignored.

    A tester who goes on where the design says stop gains nothing by it, and below the
    threshold the chance is smaller still (fewer passes never help acceptance).
    """
    stops = stops_of(without_rejection(boundary_of(design)))
    return acceptance_of(stops, design.extent, null_of(design.extent, design.threshold))


def power_of(design: Design) -> Fraction:
    """Return the exact chance of "shown" at the goal, every rejection obeyed."""
    stops = stops_of(boundary_of(design))
    return acceptance_of(stops, design.extent, aim_of(design.extent, design.goal))


def design_from(fields: Fields) -> Design:
    """Read a design from a JSON object, noting faults.

    Whether it holds its risk is another question: `false_recognition`.
    """
    design = Design(
        size=fields.integer("size", low=1, high=MAX_SIZE),
        threshold=fields.ratio("threshold"),
        goal=fields.ratio("goal"),
        risk=fields.ratio("risk"),
        power=fields.ratio("power"),
        cap=fields.integer("cap", low=1, high=MAX_SIZE),
        acceptance=_pairs(fields, "acceptance"),
        rejection=_pairs(fields, "rejection"),
        about=about_from(fields),
    )
    if not fields.faults:
        _check(fields, design)
    return design


def about_from(fields: Fields) -> About:
    """Read what a design speaks of; a design that says nothing speaks of its bank."""
    named = fields.optional("about", lambda name: fields.choice(name, [About.POPULATION.value]))
    return About.BANK if named is None else About(named)


def _pairs(fields: Fields, name: str) -> Numbers:
    pairs = fields.pairs(name)
    for before, after in pairwise(pairs):
        if after[0] <= before[0] or after[1] < before[1]:
            fields.fault(name, f"does not rise from {list(before)} to {list(after)}")
    return pairs


def _check(fields: Fields, design: Design) -> None:
    if not 0 <= design.threshold < design.goal <= 1:
        fields.fault("goal", "is not above the threshold and at most 1")
    if not 0 < design.risk < 1:
        fields.fault("risk", "is not between 0 and 1")
    if not 0 < design.power < 1:
        fields.fault("power", "is not between 0 and 1")
    if design.cap > design.size:
        fields.fault("cap", f"asks more than the {design.size} items there are")
        return
    last = design.acceptance[-1][1] if design.acceptance else 0
    if design.cap * (last + 2) > MAX_POINTS:
        fields.fault("cap", "and acceptance span too large a lattice to check")
        return
    boundary = boundary_of(design)
    for asked, (accept, reject) in enumerate(
        zip(boundary.accept, boundary.reject, strict=True)
    ):
        if reject <= accept:
            fields.fault("rejection", f"meets acceptance at question {asked}")
            return
    if boundary.reject[-1] != boundary.accept[-1] + 1:
        fields.fault("cap", "leaves outcomes without a verdict")


def _changes(pairs: Sequence[tuple[int, int]]) -> Numbers:
    kept: list[tuple[int, int]] = []
    for asked, failures in pairs:
        if not kept or kept[-1][1] != failures:
            kept.append((asked, failures))
    return tuple(kept)
