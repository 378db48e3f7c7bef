# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What counts say of one opinion: agreed across all groups, divided, or not yet settled.

Declared groups decide first, then groups found in the answers, then the two sides of the main
divide. Every comparison is of integers; the intercept decides nothing.
"""

from dataclasses import dataclass
from enum import Enum

from comity.council.consult.bound import (
    MILLION,
    answers_to_settle,
    is_at_least,
    is_at_most,
    lower_bound,
    smoothed,
)
from comity.council.consult.consultation import Thresholds
from comity.kernel.truth import Truth


class State(Enum):
    """Where an opinion stands."""

    AGREED = "agreed"
    CONTESTED = "contested"
    DIVIDES = "divides"
    UNSHARED = "unshared"
    REJECTED = "rejected"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How one group answered one opinion."""

    agree: int
    disagree: int
    passed: int

    @property
    def seen(self) -> int:
        """Return how many gave any answer."""
        return self.agree + self.disagree + self.passed


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighing:
    """All counts of one opinion.

    Args:
        strata: By declared group.
        groups: By found group.
        sides: By side of the main divide, two.
    """

    strata: tuple[Tally, ...]
    groups: tuple[Tally, ...]
    sides: tuple[Tally, ...]


def state_of(weighing: Weighing, thresholds: Thresholds) -> State:
    """Decide where an opinion stands, from integers alone."""
    reached = [reaches(one, thresholds) for one in weighing.strata]
    if reached and all(one is Truth.TRUE for one in reached):
        held = holds_in_groups(weighing, thresholds) and holds_on_sides(weighing, thresholds)
        return State.AGREED if held else State.CONTESTED
    if reached and all(_is_refused(one, thresholds) for one in weighing.strata):
        return State.REJECTED
    if Truth.FALSE in reached:
        return State.DIVIDES if Truth.TRUE in reached else State.UNSHARED
    return State.UNDECIDED


def reaches(tally: Tally, thresholds: Thresholds) -> Truth:
    """Tell whether a declared group surely agrees, surely does not, or cannot be told yet."""
    if tally.seen < thresholds.least_seen:
        return Truth.UNDETERMINED
    if is_at_least(tally.agree, tally.seen, thresholds.agree):
        return Truth.TRUE
    if is_at_most(tally.agree, tally.seen, thresholds.agree):
        return Truth.FALSE
    return Truth.UNDETERMINED


def holds_in_groups(weighing: Weighing, thresholds: Thresholds) -> bool:
    """Tell whether every found group agrees enough."""
    return all(smoothed(one.agree, one.seen) >= thresholds.found for one in weighing.groups)


def holds_on_sides(weighing: Weighing, thresholds: Thresholds) -> bool:
    """Tell whether enough more agree than disagree on each side of the main divide."""
    return all(is_enough_on_side(one, thresholds) for one in weighing.sides)


def is_enough_on_side(tally: Tally, thresholds: Thresholds) -> bool:
    """Tell whether enough more agree than disagree on one side of the main divide.

    Enough is the declared number, and a twentieth of those who answered.
    """
    ahead = tally.agree - tally.disagree
    return ahead >= thresholds.both_sides and 20 * ahead >= tally.seen


def worst_stratum(weighing: Weighing) -> tuple[int, int]:
    """Return which declared group agrees least surely, and its bound in millionths."""
    bounds = [lower_bound(one.agree, one.seen) for one in weighing.strata]
    return (bounds.index(min(bounds)), min(bounds)) if bounds else (0, 0)


def worst_group(weighing: Weighing) -> tuple[int, int]:
    """Return which found group agrees least, and its smoothed share in millionths."""
    shares = [smoothed(one.agree, one.seen) for one in weighing.groups]
    least = min(shares, default=None)
    return (0, 0) if least is None else (shares.index(least), int(least * MILLION))


def missing_answers(tally: Tally, thresholds: Thresholds) -> int | None:
    """Return how many more answers of a declared group would settle its part.

    Returns:
        0 where it is settled; None where no number would at the share so far, or where nobody
        has answered.
    """
    more = answers_to_settle(tally.agree, tally.seen, thresholds.agree)
    return None if more is None else max(more, thresholds.least_seen - tally.seen)


def _is_refused(tally: Tally, thresholds: Thresholds) -> bool:
    enough = tally.seen >= thresholds.least_seen
    return enough and is_at_least(tally.disagree, tally.seen, thresholds.agree)
