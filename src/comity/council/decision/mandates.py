# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Who speaks for whom, kept as mandates and withdrawals arrive; limits only ever grow.

Any member may log thousands of mandates. Each is looked at once when it arrives, so that none
makes those before it be read anew.
"""

from collections import defaultdict
from collections.abc import Collection
from heapq import heappop, heappush

from comity.council.decision.bloc import Given
from comity.council.decision.clock import Clock
from comity.council.decision.docket import Docket, Logged, Mandate, Withdrawal
from comity.kernel.ids import MemberId
from comity.kernel.instant import Instant
from comity.kernel.reference import Reference


class Mandates:
    """What `live_mandates` returns of each member, at one limit after another."""

    def __init__(self, docket: Docket, clock: Clock, blocs: Collection[str]) -> None:
        """Wait for the mandates for some blocs, and for what takes them back."""
        self._clock = clock
        self._topic = docket.proposal.said.proposal.terms.topic
        every = sorted(
            (one for one in set(docket.mandates) if one.said.bloc in blocs),
            key=lambda one: one.order,
        )
        self.every = every
        self._givers = {one.reference: one.member for one in every}
        self._given: dict[MemberId, dict[str, list[int]]] = defaultdict(dict)
        self._revoked: dict[Reference, list[Logged[Withdrawal]]] = defaultdict(list)
        dated = [(at, rank) for rank, one in enumerate(every)
                 if (at := clock.received(one)) is not None]  # fmt: skip
        self._due = sorted(dated, reverse=True)
        taken = [(at, one) for one in set(docket.withdrawals)
                 if self.giver(one) and (at := clock.received(one)) is not None]  # fmt: skip
        self._taken = sorted(taken, key=lambda pair: pair[0], reverse=True)

    def giver(self, withdrawal: Logged[Withdrawal]) -> MemberId | None:
        """Return whose mandate a withdrawal takes back; None where it is nobody's to take."""
        of = withdrawal.said.of
        return self._givers.get(of) if withdrawal.reference.log == of.log else None

    def of(self, member: MemberId, limit: Instant) -> tuple[Given, ...]:
        """Return a member's mandates for the topic that hold at a limit, by bloc.

        Args:
            limit: Not before one that was asked about already.
        """
        self._arrive(limit)
        found = []
        for bloc, ranks in sorted(self._given.get(member, {}).items()):
            last = self._last(ranks, limit)
            if last is not None and self._holds(last, limit):
                found.append(Given(bloc=bloc, holder=last.said.holder))
        return tuple(found)

    def _arrive(self, limit: Instant) -> None:
        while self._due and self._due[-1][0] < limit:
            _, rank = self._due.pop()
            logged = self.every[rank]
            heappush(self._given[logged.member].setdefault(logged.said.bloc, []), -rank)
        while self._taken and self._taken[-1][0] < limit:
            _, withdrawal = self._taken.pop()
            self._revoked[withdrawal.said.of].append(withdrawal)

    def _last(self, ranks: list[int], limit: Instant) -> Logged[Mandate] | None:
        """Return the last that counts; what is once stolen or doubtful stays so."""
        while ranks and self._is_gone(self.every[-ranks[0]], limit):
            heappop(ranks)
        return self.every[-ranks[0]] if ranks else None

    def _holds(self, mandate: Logged[Mandate], limit: Instant) -> bool:
        until = mandate.said.until
        return (
            mandate.said.covers(self._topic)
            and (until is None or until > limit)
            and not self._is_revoked(mandate.reference, limit)
        )

    def _is_revoked(self, mandate: Reference, limit: Instant) -> bool:
        taken = self._revoked.get(mandate, [])
        while taken and self._is_gone(taken[-1], limit):
            taken.pop()
        return bool(taken)

    def _is_gone(self, logged: Logged[object], limit: Instant) -> bool:
        return self._clock.is_stolen(logged, limit) or self._clock.is_doubtful(logged, limit)
