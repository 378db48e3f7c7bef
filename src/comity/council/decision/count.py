# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""One count at one limit: seats, answers, blocs, and the floor a rule decides on."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from comity.council.decision.ballots import Urn, forked_silently
from comity.council.decision.bloc import Blocs
from comity.council.decision.clock import Clock
from comity.council.decision.docket import Docket
from comity.council.decision.electorate import Electorate
from comity.council.decision.result import Flag, Standing
from comity.council.decision.roll import Seats, seats_of
from comity.council.decision.text import InForce
from comity.council.rule.floor import Answer, Floor, Weights
from comity.kernel.ids import MemberId
from comity.kernel.instant import Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """Where every seat stands at a limit.

    Args:
        standings: By member id.
    """

    seats: Seats
    standings: tuple[Standing, ...]
    floor: Floor
    flags: tuple[Flag, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hall:
    """Who has a seat at a limit, and what blocs say for those without a word of their own."""

    limit: Instant | None
    seats: Seats
    blocs: Blocs


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter:
    """Counts one docket at any limit."""

    docket: Docket
    clock: Clock
    text: InForce
    urn: Urn

    def at(self, limit: Instant | None, hall: Hall | None = None) -> Count:
        """Count what was in time for a limit; None counts all that is held.

        Args:
            hall: Of the limit, where it is known already.
        """
        hall = hall or self.hall(limit)
        seats, blocs = hall.seats, hall.blocs
        flags: list[Flag] = []
        standings = tuple(
            self._reached(self.standing(hall, member, flags))
            for member in sorted(seats.members)
        )
        flags += [*self.urn.strange(seats), *seats.flags]
        flags += [*blocs.flags, *blocs.unmandated(), *blocs.split()]
        flags += forked_silently(self.docket.logs, seats.members)
        return Count(
            seats=seats,
            standings=standings,
            floor=_floor(self.docket.proposal.said.proposal.electorate, seats, standings),
            flags=tuple(sorted(set(flags), key=lambda flag: flag.order)),
        )

    def hall(self, limit: Instant | None) -> Hall:
        """Return who has a seat at a limit, and what blocs say by then."""
        return Hall(
            limit=limit,
            seats=seats_of(self.docket, self.clock, limit),
            blocs=Blocs(self.docket, self.clock, self.text, limit),
        )

    def standing(self, hall: Hall, member: MemberId, flags: list[Flag]) -> Standing:
        """Return where one seat stands; what of its own does not count is flagged."""
        own = self.urn.answer(member, hall.seats, hall.limit, flags)
        return own or hall.blocs.fill(member) or Standing(member=member, answer=Answer.SILENT)

    def _reached(self, standing: Standing) -> Standing:
        """Tell silence of a member that has the proposal from that of one that may not."""
        if standing.answer is not Answer.SILENT:
            return standing
        proposal = self.docket.proposal
        is_reached = standing.member == proposal.member or self.clock.acknowledged(
            proposal.reference, standing.member
        )
        return replace(standing, is_reached=is_reached)


def _floor(electorate: Electorate, seats: Seats, standings: tuple[Standing, ...]) -> Floor:
    answers = {
        str(standing.member): standing.answer
        for standing in standings
        if standing.answer is not Answer.SILENT
    }
    return Floor(
        seats=frozenset(map(str, seats.members)),
        groups={name: frozenset(map(str, who)) for name, who in electorate.groups.items()},
        answers=answers,
        weights=_weights(electorate.weights, seats.members),
    )


def _weights(
    weights: Mapping[str, Weights], members: frozenset[MemberId]
) -> Mapping[str, Weights]:
    """Give members that joined later no weight: none was agreed when the vote began."""
    return {
        name: replace(one, values={**dict.fromkeys(members, 0), **one.values})
        for name, one in weights.items()
    }
