# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What adopts, as gates over sums: enough of some parts hold, each a bar on one sum."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TypeAlias, assert_never

import numpy as np
from numpy.typing import NDArray

Sums: TypeAlias = NDArray[np.int64]
Truths: TypeAlias = NDArray[np.bool_]

MAX_CLAUSES = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """The yes votes reach an amount of one measure.

    Args:
        measure: Its place in the game's measures.
    """

    measure: int
    least: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Below:
    """The yes votes stay below an amount of one measure, so that a further yes can hurt."""

    measure: int
    least: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """At least `count` of the parts hold; of no parts, a count of 0 is true and 1 is false."""

    count: int
    parts: tuple["Formula", ...]


Formula: TypeAlias = Bar | Below | Gate

ALWAYS = Gate(count=0, parts=())
NEVER = Gate(count=1, parts=())


def gate(count: int, parts: Sequence[Formula]) -> Formula:
    """Return a gate without parts that are decided, or its one part."""
    open_parts = tuple(part for part in parts if part not in (ALWAYS, NEVER))
    left = count - sum(part == ALWAYS for part in parts)
    if left <= 0:
        return ALWAYS
    if left > len(open_parts):
        return NEVER
    if len(open_parts) == 1:
        return open_parts[0]
    return Gate(count=left, parts=open_parts)


def negate(formula: Formula) -> Formula:
    """Return what holds where *formula* does not."""
    match formula:
        case Bar(measure=measure, least=least):
            return Below(measure=measure, least=least)
        case Below(measure=measure, least=least):
            return Bar(measure=measure, least=least)
        case Gate(count=count, parts=parts):
            return gate(len(parts) - count + 1, [negate(part) for part in parts])
        case _:
            assert_never(formula)


def leaves(formula: Formula) -> Iterator[Bar | Below]:
    """Yield every bar of a formula."""
    match formula:
        case Gate(parts=parts):
            for part in parts:
                yield from leaves(part)
        case _:
            yield formula


def is_monotone(formula: Formula) -> bool:
    """Tell whether a further yes can never undo an adoption."""
    return not any(isinstance(leaf, Below) for leaf in leaves(formula))


def holds(formula: Formula, sums: Sequence[Sums]) -> Truths:
    """Tell where a formula holds; arrays of one shape, one for each measure."""
    match formula:
        case Bar(measure=measure, least=least):
            return sums[measure] >= least
        case Below(measure=measure, least=least):
            return sums[measure] < least
        case Gate(count=count, parts=parts):
            reached = np.zeros(np.broadcast_shapes(*(one.shape for one in sums)), np.int16)
            for part in parts:
                reached += holds(part, sums)
            return reached >= count
        case _:
            assert_never(formula)


def clauses(formula: Formula) -> tuple[tuple[Bar, ...], ...] | None:
    """Write a monotone formula as "any of these sets of bars", or None where they are many."""
    found = _clauses(formula)
    if found is None:
        return None
    sets = sorted({_tight(one) for one in found}, key=len)
    kept: list[frozenset[Bar]] = []
    for one in sets:
        if not any(_implies(one, other) for other in kept):
            kept = [other for other in kept if not _implies(other, one)]
            kept.append(one)
    return tuple(tuple(sorted(one, key=lambda bar: bar.measure)) for one in kept)


def _clauses(formula: Formula) -> list[frozenset[Bar]] | None:
    match formula:
        case Bar():
            return [frozenset({formula})]
        case Below():
            return None
        case Gate(count=count, parts=parts):
            return _of_gate(count, [_clauses(part) for part in parts])
        case _:
            assert_never(formula)


def _of_gate(
    count: int, parts: Sequence[list[frozenset[Bar]] | None]
) -> list[frozenset[Bar]] | None:
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    found: list[frozenset[Bar]] = []
    for chosen in combinations(known, count):
        joint = [frozenset[Bar]()]
        for part in chosen:
            joint = [one | other for one in joint for other in part]
            if len(joint) + len(found) > MAX_CLAUSES:
                return None
        found += joint
    return found


def _tight(bars: frozenset[Bar]) -> frozenset[Bar]:
    highest: dict[int, int] = {}
    for bar in bars:
        highest[bar.measure] = max(bar.least, highest.get(bar.measure, 0))
    return frozenset(Bar(measure=at, least=least) for at, least in highest.items())


def _implies(strong: frozenset[Bar], weak: frozenset[Bar]) -> bool:
    """Tell whether whoever reaches every bar of *strong* reaches those of *weak*."""
    reached = {bar.measure: bar.least for bar in strong}
    return all(reached.get(bar.measure, -1) >= bar.least for bar in weak)
