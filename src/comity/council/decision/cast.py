# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Which ballots and positions can still decide an answer, kept as they arrive.

A member may log thousands of them. Those with one fate (one log, one key, one side of a
fork) stand or fall together, so that of each such kind only the highest number is kept.
"""

from collections import defaultdict
from typing import Generic, TypeAlias, TypeVar

from comity.council.decision.bloc import Given
from comity.council.decision.clock import Clock
from comity.council.decision.docket import Ballot, BlocPosition, Docket, Logged, Unreadable
from comity.council.decision.roll import Seats
from comity.council.decision.text import InForce
from comity.council.rule.floor import Answer
from comity.kernel.ids import MemberId, Origin
from comity.kernel.instant import Instant

_Fate: TypeAlias = tuple[Origin, int | None, bool]
S = TypeVar("S", Ballot, BlocPosition)


def _fate(logged: Logged[object], clock: Clock) -> _Fate:
    return (logged.reference.log, logged.disputed_by, clock.may_be_doubtful(logged))


class _Tops(Generic[S]):
    """Of each fate what stands under the highest number: for each choice, the first.

    One with a reason and one without are kept apart, as reasons may be asked for.
    """

    def __init__(self) -> None:
        self._by: dict[_Fate, dict[tuple[Answer | None, bool], Logged[S]]] = {}

    def add(self, logged: Logged[S], clock: Clock) -> None:
        """Keep what arrived, where it may decide anything."""
        said, top = logged.said, self._by.setdefault(_fate(logged, clock), {})
        held = max((one.said.sequence for one in top.values()), default=said.sequence)
        if said.sequence < held:
            return
        if said.sequence > held:
            top.clear()
        kind = (said.choice, bool(said.reason.strip()))
        top[kind] = min(top.get(kind, logged), logged, key=lambda one: one.order)

    def every(self) -> list[Logged[S]]:
        """Return what is kept."""
        return [one for top in self._by.values() for one in top.values()]


class Cast:
    """The ballots on one text, for one roll, at one limit after another."""

    def __init__(self, docket: Docket, clock: Clock, text: InForce, seats: Seats) -> None:
        self._clock = clock
        self._top: dict[MemberId, _Tops[Ballot]] = defaultdict(_Tops)
        self._spoilt: dict[MemberId, dict[_Fate, Logged[Unreadable]]] = defaultdict(dict)
        gone = {member: at for member, at, _ in seats.left}
        about = docket.proposal.reference
        self._due = sorted(
            (
                (at, one) for one in set(docket.ballots)
                if one.said.proposal == about and one.said.text == text.digest
                and (at := clock.received(one)) is not None
                and (one.member not in gone or at < gone[one.member])
            ),
            key=lambda pair: pair[0], reverse=True,
        )  # fmt: skip
        self._blots = sorted(
            ((at, one) for one in set(docket.unreadable)
             if (at := clock.received(one)) is not None),
            key=lambda pair: pair[0], reverse=True,
        )  # fmt: skip

    def of(self, member: MemberId, limit: Instant) -> list[Logged[Ballot]]:
        """Return what was in time and may decide a member's answer, at this limit or later.

        Args:
            limit: Not before one that was asked about already.
        """
        self._arrive(limit)
        return self._top[member].every()

    def spoilt(self, member: MemberId, limit: Instant) -> list[Logged[Unreadable]]:
        """Return unreadable ballots of a member that were in time, one of each fate."""
        self._arrive(limit)
        return list(self._spoilt.get(member, {}).values())

    def _arrive(self, limit: Instant) -> None:
        while self._due and self._due[-1][0] < limit:
            ballot = self._due.pop()[1]
            self._top[ballot.member].add(ballot, self._clock)
        while self._blots and self._blots[-1][0] < limit:
            one = self._blots.pop()[1]
            self._spoilt[one.member].setdefault(_fate(one, self._clock), one)


class Positions:
    """What blocs say on one text, at one limit after another."""

    def __init__(self, docket: Docket, clock: Clock, text: InForce) -> None:
        self._clock = clock
        self._top: dict[Given, _Tops[BlocPosition]] = defaultdict(_Tops)
        about = docket.proposal.reference
        self._due = sorted(
            (
                (at, one) for one in set(docket.positions)
                if one.said.proposal == about and one.said.text == text.digest
                and (at := clock.received(one)) is not None
            ),
            key=lambda pair: pair[0], reverse=True,
        )  # fmt: skip

    def of(self, given: Given, limit: Instant) -> list[Logged[BlocPosition]]:
        """Return what a holder said for a bloc that counts at a limit, in one order.

        Args:
            limit: Not before one that was asked about already.
        """
        clock = self._clock
        while self._due and self._due[-1][0] < limit:
            one = self._due.pop()[1]
            self._top[Given(bloc=one.said.bloc, holder=one.member)].add(one, clock)
        kept = (
            one for one in self._top[given].every()
            if not (clock.is_stolen(one, limit) or clock.is_doubtful(one, limit))
        )  # fmt: skip
        return sorted(kept, key=lambda one: one.order)
