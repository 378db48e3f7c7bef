# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The result of a consultation in integers, and its check by whoever holds nothing else."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from comity.council.consult.cluster import MOST_GROUPS
from comity.council.consult.consultation import Thresholds
from comity.council.consult.counts import Counts
from comity.council.consult.outcome import (
    State,
    Tally,
    Weighing,
    state_of,
    worst_group,
    worst_stratum,
)
from comity.errors import VerificationFailed


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """Counts and what follows from them; everything in it but the intercept is re-derived.

    Args:
        opinions: Ids, sorted; every table and list below is parallel to them.
        strata: Names of the declared groups, sorted.
        by_stratum: Counts by declared group.
        by_group: Counts by found group, the largest first.
        by_side: Counts by side of the main divide.
        intercept: Of each opinion, in millionths; computed with floats, decides nothing.
        bounds: Of each opinion the bound of the worst declared group, in millionths.
        shares: Of each opinion the share of the worst found group, in millionths.
        states: Of each opinion.
    """

    thresholds: Thresholds
    opinions: tuple[str, ...]
    strata: tuple[str, ...]
    by_stratum: Counts
    by_group: Counts
    by_side: Counts
    intercept: tuple[int, ...]
    bounds: tuple[int, ...]
    shares: tuple[int, ...]
    states: tuple[State, ...]

    def in_state(self, state: State) -> tuple[str, ...]:
        """Return the opinions in one state, those with the highest bound first."""
        found = [place for place, one in enumerate(self.states) if one is state]
        found.sort(key=lambda place: (-self.bounds[place], self.opinions[place]))
        return tuple(self.opinions[place] for place in found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """All counts of a consultation, before anything is concluded."""

    by_stratum: Counts
    by_group: Counts
    by_side: Counts


def conclude(
    *,
    thresholds: Thresholds,
    opinions: tuple[str, ...],
    strata: tuple[str, ...],
    measured: Measured,
    intercept: tuple[int, ...],
) -> Result:
    """Derive bounds, shares and states from counts."""
    every = weighings(measured)
    return Result(
        thresholds=thresholds,
        opinions=opinions,
        strata=strata,
        by_stratum=measured.by_stratum,
        by_group=measured.by_group,
        by_side=measured.by_side,
        intercept=intercept,
        bounds=tuple(worst_stratum(one)[1] for one in every),
        shares=tuple(worst_group(one)[1] for one in every),
        states=tuple(state_of(one, thresholds) for one in every),
    )


def weighings(measured: Measured | Result) -> tuple[Weighing, ...]:
    """Return all counts of each opinion.

    A side that gave less than a twentieth of the answers is no side: there is no divide.
    """
    given = measured.by_side.seen.sum(axis=1)
    sides = [place for place, one in enumerate(given) if 20 * one >= given.sum()]
    return tuple(
        Weighing(
            strata=tuple(_tallies(measured.by_stratum, place)),
            groups=tuple(_tallies(measured.by_group, place)),
            sides=tuple(
                tally for n, tally in enumerate(_tallies(measured.by_side, place)) if n in sides
            ),
        )
        for place in range(measured.by_stratum.agree.shape[1])
    )


def check(result: Result) -> None:
    """Re-derive every bound, share and state from the counts alone.

    Raises:
        VerificationFailed: Counts cannot be of one consultation, or something stated does not
            follow from them; the first place is named.
    """
    for place, message in _contradictions(result):
        raise _refused(place, message)
    measured = Measured(
        by_stratum=result.by_stratum, by_group=result.by_group, by_side=result.by_side
    )
    again = conclude(
        thresholds=result.thresholds,
        opinions=result.opinions,
        strata=result.strata,
        measured=measured,
        intercept=result.intercept,
    )
    for name, stated, derived in (
        ("bounds", result.bounds, again.bounds),
        ("shares", result.shares, again.shares),
        ("states", result.states, again.states),
    ):
        if stated != derived:
            pairs = enumerate(zip(stated, derived, strict=False))
            at = next((n for n, (one, two) in pairs if one != two), len(stated))
            raise _refused(f"{name}[{at}]", "does not follow from the counts")


def _contradictions(result: Result) -> Iterator[tuple[str, str]]:
    width = len(result.opinions)
    if tuple(sorted(set(result.opinions))) != result.opinions:
        yield "opinions", "are not sorted, or one stands twice"
    if tuple(sorted(set(result.strata))) != result.strata:
        yield "strata", "are not sorted, or one stands twice"
    tables = (
        ("by_stratum", result.by_stratum, len(result.strata)),
        ("by_group", result.by_group, None),
        ("by_side", result.by_side, 2),
    )
    for name, counts, rows in tables:
        for table in (counts.agree, counts.disagree, counts.passed):
            if table.shape != ((len(table) if rows is None else rows), width):
                yield name, "has another number of rows or columns"
                return
            if table.size and int(table.min()) < 0:
                yield name, "has a count below zero"
    if not 1 <= len(result.by_group.agree) <= MOST_GROUPS:
        yield "by_group", f"has not from 1 to {MOST_GROUPS} found groups"
    for name, counts, _ in tables[1:]:
        if np.any(_total(counts) > _total(result.by_stratum)):
            yield name, "counts more answers than all declared groups gave"


def _total(counts: Counts) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    return np.stack([t.sum(axis=0) for t in (counts.agree, counts.disagree, counts.passed)])


def _tallies(counts: Counts, place: int) -> Iterator[Tally]:
    for agree, disagree, passed in zip(
        counts.agree[:, place], counts.disagree[:, place], counts.passed[:, place], strict=True
    ):
        yield Tally(agree=int(agree), disagree=int(disagree), passed=int(passed))


def _refused(place: str, message: str) -> VerificationFailed:
    return VerificationFailed(
        message,
        code="council.consultation_result",
        hint="do not rely on this result; ask its author for the counts",
        place=place,
    )
