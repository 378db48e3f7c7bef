# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A greatest flow from shares to the room that takers have, in whole numbers.

Source:
    Dinic (1970), Soviet Mathematics Doklady 11: all shortest ways at once, phase by phase.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class _Ranks:
    """How many detours it takes to come to each share and to each taker."""

    shares: dict[int, int]
    takers: dict[int, int]


class Flow:
    """Shares that go to takers, as far as these have room.

    Args:
        shares: What there is of each.
        takers: To whom each may go.
        room: How much each taker takes.
    """

    def __init__(
        self, shares: Sequence[int], takers: Sequence[Sequence[int]], room: Sequence[int]
    ) -> None:
        self.left = list(shares)
        self.room = list(room)
        self._takers = takers
        self._sent: list[dict[int, int]] = [{} for _ in shares]
        self._from: list[set[int]] = [set() for _ in room]

    def fill(self) -> None:
        """Send as much as can be sent."""
        while (ranks := self._ranks()) is not None:
            _Phase(flow=self, ranks=ranks).run()

    def crowded(self) -> set[int]:
        """Return the takers that what is left could come to; all of them are full."""
        return set(self._explore()[0].takers)

    def _ranks(self) -> _Ranks | None:
        """Return the ranks up to the first taker with room; None where there is none."""
        ranks, is_open = self._explore()
        return ranks if is_open else None

    def _explore(self) -> tuple[_Ranks, bool]:
        front = [share for share, amount in enumerate(self.left) if amount]
        ranks = _Ranks(shares=dict.fromkeys(front, 0), takers={})
        rank = 0
        while front:
            fresh = {
                taker
                for share in front
                for taker in self._takers[share]
                if taker not in ranks.takers
            }
            ranks.takers.update(dict.fromkeys(fresh, rank))
            if any(self.room[taker] for taker in fresh):
                return ranks, True
            rank += 1
            behind = {share for taker in fresh for share in self._from[taker]}
            front = [share for share in behind if share not in ranks.shares]
            ranks.shares.update(dict.fromkeys(front, rank))
        return ranks, False

    def behind(self, taker: int) -> list[int]:
        """Return the shares of which a taker has something."""
        return list(self._from[taker])

    def takers_of(self, share: int) -> Sequence[int]:
        """Return to whom a share may go."""
        return self._takers[share]

    def has_sent(self, share: int, taker: int) -> bool:
        """Tell whether a taker has something of a share."""
        return share in self._from[taker]

    def send(self, path: Sequence[tuple[int, int]]) -> None:
        """Send what a path carries: each share gives way to the one before it."""
        backs = [(path[step + 1][0], taker) for step, (_, taker) in enumerate(path[:-1])]
        start, end = path[0][0], path[-1][1]
        amounts = [self._sent[share][taker] for share, taker in backs]
        amount = min(self.left[start], self.room[end], *amounts)
        for share, taker in path:
            self._sent[share][taker] = self._sent[share].get(taker, 0) + amount
            self._from[taker].add(share)
        for share, taker in backs:
            self._sent[share][taker] -= amount
            if not self._sent[share][taker]:
                self._from[taker].discard(share)
        self.left[start] -= amount
        self.room[end] -= amount


class _Phase:
    """One phase: paths of one length, until none is left."""

    def __init__(self, flow: Flow, ranks: _Ranks) -> None:
        self.flow, self.ranks = flow, ranks
        self.doors = dict.fromkeys(ranks.shares, 0)
        self.backs = {taker: flow.behind(taker) for taker in ranks.takers}

    def run(self) -> None:
        starts = [share for share, rank in self.ranks.shares.items() if not rank]
        for start in starts:
            while self.flow.left[start]:
                path = self._path(start)
                if path is None:
                    break
                self.flow.send(path)

    def _path(self, start: int) -> list[tuple[int, int]] | None:
        path: list[tuple[int, int]] = []
        share = start
        while True:
            takers = self.flow.takers_of(share)
            if self.doors[share] == len(takers):
                if not path:
                    return None
                share, taker = path.pop()
                self.backs[taker].pop()
                continue
            taker = takers[self.doors[share]]
            if self.ranks.takers.get(taker) != self.ranks.shares[share]:
                self.doors[share] += 1
            elif self.flow.room[taker]:
                return [*path, (share, taker)]
            elif (other := self._behind(taker)) is None:
                self.doors[share] += 1
            else:
                path.append((share, taker))
                share = other

    def _behind(self, taker: int) -> int | None:
        """Return a share one rank on that could leave a taker."""
        behind, wanted = self.backs[taker], self.ranks.takers[taker] + 1
        while behind:
            share = behind[-1]
            is_next = self.ranks.shares.get(share) == wanted
            if is_next and self.flow.has_sent(share, taker):
                return share
            behind.pop()
        return None
