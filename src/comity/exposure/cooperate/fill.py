# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Whether some needs can all be met in full at once, and how: in whole numbers, however large.

Source:
    Augmenting paths, Ford & Fulkerson (1956), the shortest first, Edmonds & Karp (1972).
"""

from collections import deque
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from comity.exposure.cooperate.market import Market

Pair = tuple[str, str]


def fill(
    market: Market, needs: Iterable[str], pairs: Collection[Pair]
) -> dict[Pair, int] | None:
    """Return how much passes where each of some needs gets all it wants; None where none can.

    Args:
        pairs: Those, of need and offer, between which anything may pass.
    """
    filling = _Filling(market=market)
    for need, offer in sorted(pairs):
        filling.offers.setdefault(need, []).append(offer)
    for need in sorted(needs):
        missing = market.wants[need]
        while missing:
            passed = filling.push(need, missing)
            if not passed:
                return None
            missing -= passed
    return {pair: amount for pair, amount in sorted(filling.flows.items()) if amount}


@dataclass(frozen=True, slots=True)
class _Way:
    """Which need came to each offer, and from which offer each need is moved aside."""

    takes: dict[str, str] = field(default_factory=dict)
    leaves: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class _Filling:
    """What passes so far."""

    market: Market
    offers: dict[str, list[str]] = field(default_factory=dict)
    flows: dict[Pair, int] = field(default_factory=dict)
    takers: dict[str, dict[str, None]] = field(default_factory=dict)
    taken: dict[str, int] = field(default_factory=dict)

    def push(self, need: str, missing: int) -> int:
        """Bring a need more by the shortest way, moving others aside; 0 where there is none."""
        way = _Way()
        waiting, seen = deque([need]), {need}
        while waiting:
            now = waiting.popleft()
            for offer in self.offers.get(now, ()):
                room = self.market.bound(now, offer) - self.flows.get((now, offer), 0)
                if offer in way.takes or room <= 0:
                    continue
                way.takes[offer] = now
                if self._left(offer) != 0:
                    return self._move(need, offer, way, missing)
                for other in self.takers.get(offer, ()):
                    if other not in seen and self.flows.get((other, offer), 0):
                        seen.add(other)
                        way.leaves[other] = offer
                        waiting.append(other)
        return 0

    def _left(self, offer: str) -> int | None:
        held = self.market.holds[offer]
        return None if held is None else held - self.taken.get(offer, 0)

    def _move(self, need: str, last: str, way: _Way, missing: int) -> int:
        """Pass as much as the way back from an offer to the need lets through."""
        more = [(way.takes[last], last)]
        less: list[Pair] = []
        while more[-1][0] != need:
            aside = more[-1][0]
            given_up = way.leaves[aside]
            less.append((aside, given_up))
            more.append((way.takes[given_up], given_up))
        rooms = [self.market.bound(*one) - self.flows.get(one, 0) for one in more]
        left = self._left(last)
        ends = [missing, *rooms, *(self.flows[one] for one in less)]
        amount = min(ends if left is None else [*ends, left])
        for one in more:
            self.flows[one] = self.flows.get(one, 0) + amount
            self.takers.setdefault(one[1], {})[one[0]] = None
        for one in less:
            self.flows[one] -= amount
        self.taken[last] = self.taken.get(last, 0) + amount
        return amount
