# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The most even division of what is loose: the least sum of squares, exactly.

Source:
    The shares that can be reached are the base polytope of a supermodular function; its point
    of least norm is found level by level, the densest set first (Fujishige 1980, Mathematics
    of Operations Research 5(2)). The densest set is found by Dinkelbach's steps over maximum
    closures (Picard 1976, Management Science 22(11)).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeAlias

Loose: TypeAlias = Sequence[tuple[frozenset[str], Fraction]]

_ZERO = Fraction(0)


def level(fixed: Mapping[str, Fraction], loose: Loose) -> dict[str, Fraction]:
    """Divide each loose share within its set so that the sum of squares is least.

    Returns:
        The total of each holder; no other division has so small a sum of squares.

    >>> level({"a": Fraction(1, 2)}, [(frozenset("ab"), Fraction(1, 2))])
    {'a': Fraction(1, 2), 'b': Fraction(1, 2)}
    """
    left = {name: fixed.get(name, _ZERO) for name in sorted({*fixed, *_named(loose)})}
    groups, done = [one for one in loose if one[1]], {}
    while groups:
        dense = _densest(left, groups)
        height = _inside(left, groups, dense) / len(dense)
        done.update(dict.fromkeys(dense, height))
        groups = [(names - dense, share) for names, share in groups if not names <= dense]
        left = {name: share for name, share in left.items() if name not in dense}
    return dict(sorted({**left, **done}.items()))


def _named(loose: Loose) -> set[str]:
    return {name for names, _ in loose for name in names}


def _inside(fixed: Mapping[str, Fraction], loose: Loose, names: frozenset[str]) -> Fraction:
    """Return what must fall inside a set of holders."""
    caught = sum((share for group, share in loose if group <= names), _ZERO)
    return caught + sum((fixed[name] for name in names), _ZERO)


def _densest(fixed: Mapping[str, Fraction], loose: Loose) -> frozenset[str]:
    found = frozenset(fixed)
    while True:
        height = _inside(fixed, loose, found) / len(found)
        better = _closure(fixed, loose, height)
        if not better or _inside(fixed, loose, better) <= height * len(better):
            return found
        found = better


def _closure(fixed: Mapping[str, Fraction], loose: Loose, height: Fraction) -> frozenset[str]:
    """Return the set of holders that catches most above *height* each."""
    flow = _Flow(
        groups=[names for names, _ in loose],
        ahead=[share for _, share in loose],
        room={name: max(_ZERO, height - share) for name, share in fixed.items()},
    )
    flow.fill()
    reached = {
        name for place, share in enumerate(flow.ahead) if share for name in flow.see(place)
    }
    return frozenset(reached | {name for name, share in fixed.items() if share > height})


@dataclass(slots=True)
class _Flow:
    """A maximum flow from loose shares to the room that holders have."""

    groups: list[frozenset[str]]
    ahead: list[Fraction]
    room: dict[str, Fraction]
    sent: dict[tuple[int, str], Fraction] = field(default_factory=dict)

    def fill(self) -> None:
        for place in range(len(self.groups)):
            while self.ahead[place] and self._push(place):
                pass

    def see(self, start: int) -> Mapping[str, tuple[int, str | None]]:
        """Return each holder that a group reaches: by which group, and behind which holder."""
        found: dict[str, tuple[int, str | None]] = {}
        ahead: list[tuple[int, str | None]] = [(start, None)]
        for place, behind in ahead:
            for name in sorted(self.groups[place] - found.keys()):
                found[name] = (place, behind)
                ahead.extend(
                    (other, name)
                    for (other, target), share in self.sent.items()
                    if target == name and share and other != place
                )
        return found

    def _push(self, start: int) -> bool:
        found = self.see(start)
        end = next((name for name in found if self.room[name]), None)
        if end is None:
            return False
        path: list[tuple[int, str]] = []
        name: str | None = end
        while name is not None:
            place, behind = found[name]
            path.append((place, name))
            name = behind
        back = [(place, path[step + 1][1]) for step, (place, _) in enumerate(path[:-1])]
        amount = min([self.ahead[start], self.room[end], *(self.sent[one] for one in back)])
        for one in path:
            self.sent[one] = self.sent.get(one, _ZERO) + amount
        for one in back:
            self.sent[one] -= amount
        self.ahead[start] -= amount
        self.room[end] -= amount
        return True
