# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A made-up body on which a rule can be looked at before anybody says whom it is for."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from comity.council.rule.floor import Floor, Weights
from comity.council.rule.rule import Across, All, AtLeast, Leaf, Not, Number, Rule

MAX_SEATS = 2_000
_LEAST_SEATS = 12
_LEAST_IN_GROUP = 4


def sample_floor(rules: Iterable[Rule]) -> Floor:
    """Return a silent body with every group and weight the rules speak of.

    It has seats enough for twice the largest number any of them asks for; each family shares
    out all seats, and weights differ from seat to seat.
    """
    parts = [part for rule in rules for part in _leaves(rule)]
    families = _families(parts)
    numbers = [_seats_asked(leaf) for leaf, _ in parts]
    in_group = max(_LEAST_IN_GROUP, 2 * max(numbers, default=0))
    groups_most = max((len(names) for names in families.values()), default=1)
    size = max(_LEAST_SEATS, in_group * groups_most)
    seats = [f"member {place:03}" for place in range(1, size + 1)]
    groups = {
        name: frozenset(seats[start :: len(names)])
        for names in families.values()
        for start, name in enumerate(names)
    }
    weights = {name: _weights(name, least, seats) for name, least in _measures(parts).items()}
    return Floor(seats=frozenset(seats), groups=groups, weights=weights)


def _seats_asked(leaf: Leaf) -> int:
    return leaf.need.least if isinstance(leaf.need, Number) and leaf.by is None else 0


def _leaves(rule: Rule) -> Iterator[tuple[Leaf, Across | None]]:
    match rule:
        case Leaf():
            yield rule, None
        case All(parts=parts) | AtLeast(parts=parts):
            for part in parts:
                yield from _leaves(part)
        case Not(part=part):
            yield from _leaves(part)
        case Across(leaf=leaf):
            yield leaf, rule


def _families(parts: Iterable[tuple[Leaf, Across | None]]) -> dict[str, list[str]]:
    """Return the groups of each family, with one more than those a rule names or lets fail."""
    found: dict[str, set[str]] = defaultdict(set)
    least: dict[str, int] = defaultdict(lambda: 2)
    for leaf, across in parts:
        if leaf.within is not None:
            found[leaf.within.partition(":")[0]].add(leaf.within)
        if across is not None:
            least[across.family] = max(least[across.family], min(across.missing, 50) + 2)
    for family in {*found, *least}:
        needed = max(least[family], len(found[family]) + 1)
        others = (f"{family}:group {place}" for place in range(1, needed + 1))
        for name in others:
            if len(found[family]) < needed:
                found[family].add(name)
    return {family: sorted(names) for family, names in found.items()}


def _measures(parts: Iterable[tuple[Leaf, Across | None]]) -> dict[str, int]:
    """Return the weights spoken of, each with the most of it that is asked for."""
    found: dict[str, int] = {}
    for leaf, _ in parts:
        if leaf.by is not None:
            asked = leaf.need.least if isinstance(leaf.need, Number) else 1
            found[leaf.by] = max(found.get(leaf.by, 1), asked)
    return found


def _weights(name: str, asked: int, seats: list[str]) -> Weights:
    values = {seat: asked * (1 + place % 3) for place, seat in enumerate(seats)}
    return Weights(name=name, unit="made up", source="made up", values=values)
