# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""How long until what is lost works again, as far as anybody says."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from comity.exposure.shock.network import Network

Recovery: TypeAlias = tuple[int | None, bool]
"""The longest stated recovery among what is lost; whether every part of that states one."""


def recoveries_of(network: Network, lost: NDArray[np.bool_]) -> tuple[Recovery, ...]:
    """Return, node by node, the recovery of all that is lost below it, itself included.

    Args:
        lost: Which nodes lose anything; what does not has nothing to recover from.
    """
    above = _users(network, lost)
    days: list[int | None] = [None] * len(network.nodes)
    is_known = [True] * len(network.nodes)
    stated: dict[int, list[int]] = {}
    silent = []
    for place in above:
        node = network.nodes[place]
        if node.recovery_days is not None:
            stated.setdefault(node.recovery_days, []).append(place)
        elif node.kind in {"supplier", "component"}:
            silent.append(place)
    seen: set[int] = set()
    for longest in sorted(stated, reverse=True):
        for place in _upward(stated[longest], above, seen):
            days[place] = longest
    for place in _upward(silent, above, set()):
        is_known[place] = False
    return tuple(zip(days, is_known, strict=True))


def _users(network: Network, lost: NDArray[np.bool_]) -> dict[int, list[int]]:
    """Return, for everything that is lost, what rests on it and is lost too."""
    positions = network.positions()
    above: dict[int, list[int]] = {int(place): [] for place in np.flatnonzero(lost)}
    for place in above:
        for need in network.nodes[place].needs:
            for part in need.parts:
                below = positions[part.node]
                if below in above:
                    above[below].append(place)
    return above


def _upward(
    starts: Iterable[int], above: Mapping[int, Sequence[int]], seen: set[int]
) -> Iterator[int]:
    """Yield what rests on some nodes, however far up, and was not seen before."""
    ahead = [place for place in starts if place not in seen]
    seen.update(ahead)
    while ahead:
        place = ahead.pop()
        yield place
        for user in above[place]:
            if user not in seen:
                seen.add(user)
                ahead.append(user)
