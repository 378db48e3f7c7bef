# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The instant from which nobody still silent could change a vote, found as ballots arrive.

Between two ballots, mandates or positions only what their members and those they speak for say
differs, so only that is counted anew. What can change everybody's answer at once (roll, text,
second stories) is counted in full, at the instants at which it was received or takes effect.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from comity.council.decision.ballots import Urn
from comity.council.decision.bloc import Given
from comity.council.decision.cast import Cast, Positions
from comity.council.decision.clock import Clock
from comity.council.decision.count import Counter
from comity.council.decision.docket import Docket, Logged, Mandate
from comity.council.decision.mandates import Mandates
from comity.council.decision.roll import moving
from comity.council.decision.text import InForce, text_in_force
from comity.council.rule.settled import Unsettled
from comity.kernel.ids import MemberId
from comity.kernel.instant import Instant, shifted


@dataclass(frozen=True, slots=True, kw_only=True)
class Early:
    """A vote that was decided before its close.

    Args:
        limit: First instant at which a ballot came too late.
        text: What was in force then; later amendments change nothing.
    """

    limit: Instant
    text: InForce


@dataclass(frozen=True, slots=True)
class _Event:
    """Something that may change answers from an instant on.

    Args:
        of: One member's, those of whom a bloc's holder speaks for, or everybody's.
    """

    at: Instant
    of: MemberId | Given | None


def settled_early(
    docket: Docket, clock: Clock, begins: Instant | None, later_s: int
) -> Early | None:
    """Find the first instant from which no answer of all the silent would change the verdict.

    Args:
        begins: Of the vote; earlier ballots count from then.
        later_s: By how many seconds the close comes later than the text in force says.
    """
    count: _Running | None = None
    blocs = {one.said.bloc for one in docket.positions
             if one.said.proposal == docket.proposal.reference}  # fmt: skip
    mandates = Mandates(docket, clock, blocs)
    events = _events(docket, clock, mandates)
    while events:
        limit = shifted(events[-1].at, 1)
        limit = limit if begins is None else max(limit, begins)
        if limit > clock.as_of:
            return None
        spoke: set[MemberId | Given | None] = set()
        while events and events[-1].at < limit:
            spoke.add(events.pop().of)
        if count is None or None in spoke:
            count = _Running(docket, clock, limit, mandates)
        else:
            count.hear(spoke, limit)
        closes = count.text.closes
        if closes is not None and limit > shifted(closes, later_s):
            return None
        if count.is_settled:
            return Early(limit=limit, text=count.text)
    return None


class _Running:
    """A count that goes on from an instant at which everything was counted."""

    def __init__(
        self, docket: Docket, clock: Clock, limit: Instant, mandates: Mandates
    ) -> None:
        self._mandates = mandates
        self.text = text_in_force(docket, clock, limit)
        urn = Urn(docket, clock, self.text)
        self._counter = Counter(docket=docket, clock=clock, text=self.text, urn=urn)
        self._urn = urn
        self._hall = self._counter.hall(limit)
        floor = self._counter.at(limit, self._hall).floor
        self._cast = Cast(docket, clock, self.text, self._hall.seats)
        self._positions = Positions(docket, clock, self.text)
        self._vote = Unsettled(docket.proposal.said.proposal.procedure, floor)

    def hear(self, spoke: Collection[MemberId | Given | None], limit: Instant) -> None:
        """Count anew what some members say, and those that some holders speak for."""
        hall = replace(self._hall, limit=limit)
        members: set[MemberId] = set()
        for one in spoke:
            if isinstance(one, Given):
                members |= hall.blocs.positioned(one, self._positions.of(one, limit))
            elif one is not None:
                members.add(one)
        for member in members:
            if member in hall.seats.members:
                cast, spoilt = self._cast.of(member, limit), self._cast.spoilt(member, limit)
                self._urn.hold(member, cast, spoilt)
                hall.blocs.mandated(member, self._mandates.of(member, limit))
                standing = self._counter.standing(hall, member, [])
                self._vote.answer(str(member), standing.answer)

    @property
    def is_settled(self) -> bool:
        """Tell whether no answer of all the silent would change the verdict."""
        return self._vote.is_settled


def _events(docket: Docket, clock: Clock, mandates: Mandates) -> list[_Event]:
    """Return what may change an answer, the earliest last."""
    found: list[_Event] = []
    for member, logged in _own(docket, mandates):
        found += (_Event(at, member) for at in _when(logged, clock))
    for spoken in docket.positions:
        if spoken.said.proposal == docket.proposal.reference:
            given = Given(bloc=spoken.said.bloc, holder=spoken.member)
            found += (_Event(at, given) for at in _when(spoken, clock))
    for logged in _shared(docket):
        found += (_Event(at, None) for at in _when(logged, clock))
    found += (_Event(one.said.on, None) for one in moving(docket))
    found += (_Event(fork.other_from, None) for fork in clock.forks.values()
              if fork.other_from is not None)  # fmt: skip
    return sorted(set(found), key=lambda event: event.at, reverse=True)


def _own(docket: Docket, mandates: Mandates) -> Iterator[tuple[MemberId, Logged[object]]]:
    """Yield what changes one member's answer alone, with whose."""
    about = docket.proposal.reference
    yield from ((one.member, one) for one in docket.ballots if one.said.proposal == about)
    yield from ((one.member, one) for one in docket.unreadable)
    yield from ((one.member, one) for one in mandates.every)
    for withdrawal in docket.withdrawals:
        giver = mandates.giver(withdrawal)
        if giver is not None:
            yield giver, withdrawal


def _shared(docket: Docket) -> Iterator[Logged[object]]:
    """Yield what may change more than its author's answer."""
    about, proposer = docket.proposal.reference, docket.proposal.member
    for one in docket.amendments:
        if one.said.proposal == about and one.member == proposer:
            yield one
    yield from moving(docket)


def _when(logged: Logged[object], clock: Clock) -> Iterator[Instant]:
    """Yield when a statement was there, when it ends, and when its key was declared stolen."""
    at = clock.received(logged)
    if at is not None:
        yield at
    if isinstance(logged.said, Mandate) and logged.said.until is not None:
        yield shifted(logged.said.until, -1)  # as of its end it holds no longer
    if logged.disputed_by is not None:
        declared = clock.received_at(logged.reference.log, logged.disputed_by, logged.member)
        if declared is not None:
            yield declared
