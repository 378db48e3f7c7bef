# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Follow peers, publish and say what was seen, again and again, beside a running server.

Each peer has a time of its own. One that fails is asked less and less often, up to every four
hours, and never keeps another from being asked. Times are spread a little, so that nodes
started together do not ask together.
"""

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeAlias

from comity.errors import ComityError
from comity.kernel.ids import MemberId
from comity.kernel.instant import Instant
from comity.node.following.follow import Followed
from comity.node.member.config import Peer
from comity.node.node import Node
from comity.node.witness.publication import Publication

LONGEST_S = 4 * 3600.0
_SPREAD = 0.1
_SHORTEST_WAIT_S = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Visited:
    """One peer was asked.

    Args:
        followed: What came of it; None where it failed.
        failures: How often it has failed since it last went well.
    """

    peer: Peer
    followed: Followed | None
    error: str
    failures: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedAgain:
    """The node's own log was made public, or could not be."""

    publication: Publication | None
    error: str


Listener: TypeAlias = Callable[[Visited | PublishedAgain], object]
"""Is told what happens, in the thread of the rounds."""


@dataclass(slots=True, kw_only=True)
class _Turn:
    due_s: float
    failures: int = 0


@dataclass(slots=True, kw_only=True)
class Schedule:
    """When each peer is to be asked next.

    Args:
        every_s: Between two visits that go well.
        dice: Returns a number from 0 up to, not including, 1.
    """

    every_s: float
    dice: Callable[[], float]
    _turns: dict[MemberId, _Turn] = field(default_factory=dict)

    def due(self, members: Iterable[MemberId], at_s: float) -> list[MemberId]:
        """Return who is to be asked now; a member never met before is, at once."""
        return [
            member
            for member in members
            if self._turns.setdefault(member, _Turn(due_s=at_s)).due_s <= at_s
        ]

    def wait_s(self, members: Iterable[MemberId], at_s: float) -> float:
        """Return how long nobody is due."""
        turns = [self._turns[one] for one in members if one in self._turns]
        soonest = min((turn.due_s for turn in turns), default=at_s + self.every_s)
        return max(_SHORTEST_WAIT_S, min(soonest - at_s, self.every_s))

    def settle(self, member: MemberId, at_s: float, *, went_well: bool) -> int:
        """Note a visit, fix the next, and return how often the member has failed since."""
        turn = self._turns.setdefault(member, _Turn(due_s=at_s))
        turn.failures = 0 if went_well else turn.failures + 1
        longest = max(self.every_s, LONGEST_S)
        wait = min(self.every_s * 2 ** min(turn.failures, 20), longest)
        turn.due_s = at_s + wait * (1 - _SPREAD + 2 * _SPREAD * self.dice())
        return turn.failures


class Rounds:
    """The rounds of one node; the node is this object's alone while it runs."""

    def __init__(
        self,
        node: Node,
        schedule: Schedule,
        listener: Listener,
        *,
        clock: Callable[[], Instant],
        elapsed: Callable[[], float] = time.monotonic,
    ) -> None:
        self._node = node
        self._schedule = schedule
        self._listener = listener
        self._clock = clock
        self._elapsed = elapsed

    def run(self, stop: threading.Event) -> None:
        """Go round until *stop* is set; between two peers it is looked at."""
        while not stop.is_set():
            self.go(stop)
            stop.wait(self._schedule.wait_s(self._members(), self._elapsed()))

    def go(self, stop: threading.Event) -> None:
        """Ask who is due, then publish where there is something to publish."""
        due = set(self._schedule.due(self._members(), self._elapsed()))
        if not due:
            return
        for peer in self._peers():
            if stop.is_set():
                return
            if peer.member in due:
                self._listener(self._visit(peer))
        if not stop.is_set():
            self._publish()

    def _visit(self, peer: Peer) -> Visited:
        followed, error = None, ""
        try:
            followed = self._node.follow(peer, self._clock())
        except Exception as failure:  # noqa: BLE001 - the edge of this thread; the next peer is owed its turn
            error = _said(failure)
        failures = self._schedule.settle(
            peer.member, self._elapsed(), went_well=followed is not None
        )
        return Visited(peer=peer, followed=followed, error=error, failures=failures)

    def _publish(self) -> None:
        try:
            now = self._clock()
            has_said = self._node.record_seen(now) is not None
            if has_said or needs_publishing(self._node):
                published = self._node.publish(now)
                self._listener(PublishedAgain(publication=published, error=""))
        except Exception as failure:  # noqa: BLE001 - the edge of this thread; the next round may go well
            self._listener(PublishedAgain(publication=None, error=_said(failure)))

    def _peers(self) -> tuple[Peer, ...]:
        try:
            return self._node.config.peers
        except ComityError as error:  # node.toml is being edited
            self._listener(PublishedAgain(publication=None, error=_said(error)))
            return ()

    def _members(self) -> list[MemberId]:
        return [peer.member for peer in self._peers()]


def needs_publishing(node: Node) -> bool:
    """Tell whether entries are not public yet, or lack cosignatures somebody could give."""
    own = next(log for log in node.view().members() if log.is_own)
    may_gather = any(peer.witness_key is not None for peer in node.config.peers)
    return own.newest.log_size < own.size or (may_gather and own.counted_size < own.size)


def _said(error: Exception) -> str:
    said = str(error) if isinstance(error, ComityError) else f"{type(error).__name__}: {error}"
    return " ".join(said.split())
