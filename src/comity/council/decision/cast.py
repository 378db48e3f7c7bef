# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Which ballots of a member can still decide its answer, kept as they arrive.

A member may log thousands of ballots. Those with one fate (one log, one key, one side of a
fork) stand or fall together, so that of each such kind only the highest number is kept.
"""

from collections import defaultdict
from typing import TypeAlias

from comity.council.decision.clock import Clock
from comity.council.decision.docket import Ballot, Docket, Logged, Unreadable
from comity.council.decision.roll import Seats
from comity.council.decision.text import InForce
from comity.council.rule.floor import Answer
from comity.kernel.ids import MemberId, Origin
from comity.kernel.instant import Instant

_Fate: TypeAlias = tuple[Origin, int | None, bool]
_Top: TypeAlias = dict[tuple[Answer, bool], Logged[Ballot]]


class Cast:
    """The ballots on one text, for one roll, at one limit after another."""

    def __init__(self, docket: Docket, clock: Clock, text: InForce, seats: Seats) -> None:
        self._clock = clock
        self._top: dict[MemberId, dict[_Fate, _Top]] = defaultdict(dict)
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
        tops = self._top.get(member, {}).values()
        return [one for top in tops for one in top.values()]

    def spoilt(self, member: MemberId, limit: Instant) -> list[Logged[Unreadable]]:
        """Return unreadable ballots of a member that were in time, one of each fate."""
        self._arrive(limit)
        return list(self._spoilt.get(member, {}).values())

    def _arrive(self, limit: Instant) -> None:
        while self._due and self._due[-1][0] < limit:
            self._keep(self._due.pop()[1])
        while self._blots and self._blots[-1][0] < limit:
            one = self._blots.pop()[1]
            self._spoilt[one.member].setdefault(self._fate(one), one)

    def _keep(self, ballot: Logged[Ballot]) -> None:
        said, tops, fate = ballot.said, self._top[ballot.member], self._fate(ballot)
        top = tops.setdefault(fate, {})
        held = max((one.said.sequence for one in top.values()), default=said.sequence)
        if said.sequence < held:
            return
        if said.sequence > held:
            top.clear()
        top.setdefault((said.choice, bool(said.reason.strip())), ballot)

    def _fate(self, logged: Logged[object]) -> _Fate:
        is_doubtful = self._clock.may_be_doubtful(logged)
        return (logged.reference.log, logged.disputed_by, is_doubtful)
