# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A rule over witnesses as a tree of thresholds: at least so many of these parts.

Each witness stands in a tree at most once, as tlog-policy demands, so that it contributes in
one way only; that is what makes the questions below cheap and their answers exact.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import reduce
from typing import TypeAlias

Chosen: TypeAlias = frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """At least *needed* of the parts.

    Args:
        needed: None for all that are left: it shrinks when a part is taken out, a number
            does not.
    """

    needed: int | None
    parts: "tuple[Gate | str, ...]"

    @property
    def least(self) -> int:
        """Return how many parts must be met; a gate without parts is never met."""
        return max(1, len(self.parts)) if self.needed is None else self.needed


Part: TypeAlias = Gate | str
"""A witness by its name, or a gate below."""


def names_in(part: Part) -> Chosen:
    """Return every witness of a rule."""
    if isinstance(part, str):
        return frozenset((part,))
    return _together(map(names_in, part.parts))


def is_met(part: Part, cosigned: Collection[str]) -> bool:
    """Tell whether those who cosigned suffice."""
    if isinstance(part, str):
        return part in cosigned
    return sum(is_met(one, cosigned) for one in part.parts) >= part.least


def without(part: Part, gone: Collection[str]) -> Part | None:
    """Take witnesses out of a rule; numbers stay, and what is left empty goes too.

    Returns:
        None where nothing is left.
    """
    if isinstance(part, str):
        return None if part in gone else part
    left = [without(one, gone) for one in part.parts]
    parts = tuple(one for one in left if one is not None)
    return Gate(needed=part.needed, parts=parts) if parts else None


def cheapest(part: Part, cost: Callable[[str], int]) -> Chosen | None:
    """Return a set of witnesses that meets a rule at the least cost, or None if none does."""
    if isinstance(part, str):
        return frozenset((part,))
    found = [one for one in (cheapest(one, cost) for one in part.parts) if one is not None]
    if len(found) < part.least:
        return None
    found.sort(key=lambda names: (sum(map(cost, names)), sorted(names)))
    return _together(found[: part.least])


def fewest(part: Part) -> Chosen | None:
    """Return a smallest set of witnesses that meets a rule, or None if none does."""
    return cheapest(part, lambda _: 1)


def blocking(part: Part) -> Chosen:
    """Return a smallest set of witnesses without whom a rule cannot be met.

    It is empty where it cannot be met with them either.
    """
    if isinstance(part, str):
        return frozenset((part,))
    spare = len(part.parts) - part.least
    if spare < 0:
        return frozenset()
    found = sorted(map(blocking, part.parts), key=lambda names: (len(names), sorted(names)))
    return _together(found[: spare + 1])


def minimal_sets(part: Part, *, limit: int) -> tuple[Chosen, ...] | None:
    """Return every set that meets a rule and none of whose parts does.

    Returns:
        None where there are more than *limit*.
    """
    if isinstance(part, str):
        return (frozenset((part,)),)
    # by how many parts are met so far
    rows: list[list[Chosen]] = [[frozenset()], *([] for _ in range(part.least))]
    for one in part.parts:
        below = minimal_sets(one, limit=limit)
        if below is None:
            return None
        for count in range(part.least, 0, -1):
            if len(rows[count]) + len(rows[count - 1]) * len(below) > limit:
                return None
            rows[count] += [left | right for left in rows[count - 1] for right in below]
    return tuple(rows[part.least])


def _together(sets: "Collection[Chosen] | map[Chosen]") -> Chosen:
    return reduce(frozenset.union, sets, frozenset())
