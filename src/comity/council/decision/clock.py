# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""When a statement was there: by receipts of other members, never by its author's clock."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import TypeVar

from comity.council.decision.docket import Docket, Logged
from comity.council.decision.result import Flag
from comity.kernel.digest import Digest
from comity.kernel.ids import MemberId, Origin
from comity.kernel.instant import Instant
from comity.kernel.reference import Reference

T = TypeVar("T")


class Timing(Enum):
    """How a statement stands to a limit."""

    IN_TIME = auto()
    LATE = auto()
    UNSHOWN = auto()
    TO_COME = auto()


@dataclass(frozen=True, slots=True)
class Clock:
    """Receipts of other members, by what they are of.

    A statement was there once `needed` members of the electorate other than its author had
    received it. Receipts that may stand in one story of a forked log only, or are signed by a
    key declared stolen, count for nothing.
    """

    as_of: Instant
    needed: int
    receipts: dict[tuple[Origin, int], dict[tuple[Digest, MemberId], Instant]]
    found: dict[tuple[Reference, MemberId], Instant | None] = field(default_factory=dict)

    def received(self, logged: Logged[object]) -> Instant | None:
        """Return when enough other members had received it; None where they had not."""
        name = (logged.reference, logged.member)
        if name not in self.found:  # asked for again at every limit a count is made at
            place = (logged.reference.log, logged.reference.index)
            self.found[name] = self._enough(place, logged.member, logged.reference.sha256)
        return self.found[name]

    def received_at(self, log: Origin, index: int, author: MemberId) -> Instant | None:
        """Return when enough members other than *author* had received an entry by its place."""
        return self._enough((log, index), author, None)

    def is_stolen(self, logged: Logged[object], limit: Instant | None) -> bool:
        """Tell whether the key of a statement was declared stolen before a limit.

        A declaration that comes after the close undoes no decision: whoever signed something
        could else take it back by calling its own key stolen.
        """
        if logged.disputed_by is None:
            return False
        declared = self.received_at(logged.reference.log, logged.disputed_by, logged.member)
        if limit is None or (declared is not None and declared < limit):
            return True
        return declared is None and self.as_of < limit

    def acknowledged(self, reference: Reference, member: MemberId) -> bool:
        """Tell whether a member says that it received an entry."""
        by = self.receipts.get((reference.log, reference.index), {})
        return (reference.sha256, member) in by

    def _enough(
        self, place: tuple[Origin, int], author: MemberId, digest: Digest | None
    ) -> Instant | None:
        by = self.receipts.get(place, {})
        first: dict[MemberId, Instant] = {}  # a member counts once, whatever it says it saw
        for (of, member), at in by.items():
            if member != author and (digest is None or of == digest):
                first[member] = min(at, first.get(member, at))
        times = sorted(first.values())
        return times[self.needed - 1] if len(times) >= self.needed else None

    def timing(self, logged: Logged[object], limit: Instant | None) -> Timing:
        """Hold a statement against the first instant that is too late.

        Until that instant what is held counts as in time; afterwards receipts must show it.
        """
        at = self.received(logged)
        if at is not None and at > self.as_of and (limit is None or at < limit):
            return Timing.TO_COME
        if limit is None or (at is not None and at < limit):
            return Timing.IN_TIME
        if at is None:
            return Timing.IN_TIME if self.as_of < limit else Timing.UNSHOWN
        return Timing.LATE

    def in_time(
        self, every: Iterable[Logged[T]], limit: Instant | None, flags: list[Flag]
    ) -> tuple[Logged[T], ...]:
        """Return what was in time, in one order; what was not is flagged."""
        found = []
        for logged in sorted(every, key=lambda one: one.order):
            timing = self.timing(logged, limit)
            if timing is Timing.IN_TIME:
                found.append(logged)
            else:
                flags.append(self.lateness(logged, timing))
        return tuple(found)

    def lateness(self, logged: Logged[object], timing: Timing) -> Flag:
        """Say why a statement was not in time."""
        members = "another member" if self.needed == 1 else f"{self.needed} other members"
        code, words = {
            Timing.LATE: ("late", "received after the close"),
            Timing.TO_COME: ("to_come", "received after the instant asked about"),
        }.get(
            timing,
            ("not_received", f"not shown to have been received by {members} before the close"),
        )
        return Flag(
            member=logged.member, code=code, words=words, reference=logged.reference
        )  # fmt: skip


def clock_of(docket: Docket, as_of: Instant) -> Clock:
    """Read the receipts of a docket; of several by one member its earliest counts."""
    proposal = docket.proposal.said.proposal
    receipts: dict[tuple[Origin, int], dict[tuple[Digest, MemberId], Instant]] = {}
    for logged in docket.receipts:
        is_able = logged.member in proposal.electorate.members and not docket.is_doubtful(
            logged
        )
        if is_able and logged.disputed_by is None:
            of, at = logged.said.of, logged.said.received
            by = receipts.setdefault((of.log, of.index), {})
            held = by.get((of.sha256, logged.member))
            if held is None or at < held:
                by[of.sha256, logged.member] = at
    return Clock(as_of=as_of, needed=proposal.terms.receipts, receipts=receipts)
