# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""When a statement was there: by receipts of other members, never by its author's clock."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from typing import TypeVar

from comity.council.decision.docket import Docket, Logged, Receipt
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Fork:
    """A log that told two stories.

    Args:
        first: The first entry that the stories are not shown to share.
        other_from: When enough members had received an entry that the story held here has
            not; None where they had not.
    """

    first: int
    other_from: Instant | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """How many of the other members may lie, or be silent, before a count can be wrong.

    Args:
        backdated: So many liars cannot date a late statement back.
        two_stories: So many cannot have two stories of one log each received in time; below 0
            where the members of one half and of the other can, all honest.
        silent: So many may give no receipt and a statement is still shown to have been there.
    """

    backdated: int
    two_stories: int
    silent: int


def bound_of(others: int, receipts: int) -> Bound:
    """Say what a number of receipts bears.

    Of what so many received, one honest member received it where fewer than so many lie. Two
    sets of receivers have more members in common than lie where 2 k > n + f: the condition
    k1 + k2 > |W1 or W2| + min(f, |W1 and W2|) of two quorums of witnesses (docs/spec/trust.md),
    both sets being the other members.

    Args:
        others: Members of the electorate besides the author of a statement.
        receipts: How many of them must have received it, 1 or more.
    """
    return Bound(
        backdated=receipts - 1,
        two_stories=2 * receipts - others - 1,
        silent=others - receipts,
    )


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
    forks: Mapping[Origin, Fork] = field(default_factory=dict)
    found: dict[tuple[Reference, MemberId], Instant | None] = field(default_factory=dict)

    def received(self, logged: Logged[object]) -> Instant | None:
        """Return when enough other members had received it; None where they had not."""
        name = (logged.reference, logged.member)
        if name not in self.found:  # asked for again at every limit a count is made at
            place = (logged.reference.log, logged.reference.index)
            self.found[name] = self.enough(place, logged.member, logged.reference.sha256)
        return self.found[name]

    def received_at(self, log: Origin, index: int, author: MemberId) -> Instant | None:
        """Return when enough members other than *author* had received an entry by its place."""
        return self.enough((log, index), author, None)

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

    def is_doubtful(self, logged: Logged[object], limit: Instant | None) -> bool:
        """Tell whether a statement may stand in one story of its log only, and none was shown.

        What enough others had received before the limit stands, unless as many had by then
        received something of the other story: a second story told afterwards undoes nothing.
        """
        fork = self.forks.get(logged.reference.log)
        if fork is None or logged.reference.index < fork.first:
            return False
        at = self.received(logged)
        if at is None or (limit is not None and at >= limit):
            return True
        other = fork.other_from
        return other is not None and (limit is None or other < limit)

    def may_be_doubtful(self, logged: Logged[object]) -> bool:
        """Tell whether a statement stands where its log told two stories."""
        fork = self.forks.get(logged.reference.log)
        return fork is not None and logged.reference.index >= fork.first

    def acknowledged(self, reference: Reference, member: MemberId) -> bool:
        """Tell whether a member says that it received an entry."""
        by = self.receipts.get((reference.log, reference.index), {})
        return (reference.sha256, member) in by

    def enough(
        self, place: tuple[Origin, int], author: MemberId, digest: Digest | None
    ) -> Instant | None:
        """Return when enough members other than *author* had received what stands at a place.

        Args:
            digest: Of the entry; None for any that is said to stand there.
        """
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
    terms = docket.proposal.said.proposal.terms
    receipts: dict[tuple[Origin, int], dict[tuple[Digest, MemberId], Instant]] = {}
    for logged in _able(docket):
        of, at = logged.said.of, logged.said.received
        by = receipts.setdefault((of.log, of.index), {})
        held = by.get((of.sha256, logged.member))
        if held is None or at < held:
            by[of.sha256, logged.member] = at
    clock = Clock(as_of=as_of, needed=terms.receipts, receipts=receipts)
    return replace(clock, forks=_forks(docket, clock)) if docket.forked_from else clock


def _able(docket: Docket) -> Iterator[Logged[Receipt]]:
    """Yield the receipts of members that are theirs beyond doubt."""
    members = docket.proposal.said.proposal.electorate.members
    forked = docket.forked_from
    for logged in docket.receipts:
        first = forked.get(logged.reference.log)
        is_doubtful = first is not None and logged.reference.index >= first
        if logged.member in members and not is_doubtful and logged.disputed_by is None:
            yield logged


def _forks(docket: Docket, clock: Clock) -> Mapping[Origin, Fork]:
    """Find out of each forked log when others had received what is not held here."""
    held = docket.held
    found = {}
    for log in docket.logs:
        if log.forked_from is not None:
            shown = (
                clock.enough(place, log.member, digest)
                for place, by in clock.receipts.items()
                if place[0] == log.origin and place[1] >= log.forked_from
                for digest in {of for of, _ in by}
                if Reference(log=place[0], index=place[1], sha256=digest) not in held
            )
            other = min((at for at in shown if at is not None), default=None)
            found[log.origin] = Fork(first=log.forked_from, other_from=other)
    return found
