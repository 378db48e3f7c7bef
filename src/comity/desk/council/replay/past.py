# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A node's own past as a history: what was decided in the logs it holds, seat by seat."""

from collections import Counter
from collections.abc import Sequence

from comity.council.decision.docket import Logged
from comity.council.decision.electorate import Electorate
from comity.council.decision.proposal import Motion
from comity.council.decision.result import Result, State
from comity.council.replay.history import Chamber, Item, history_of
from comity.council.rule.floor import Answer, Weights
from comity.desk.council.decision.docket import Chamber as Logs
from comity.desk.council.replay.replaying import Past
from comity.desk.log.shelf import place_of
from comity.errors import NotFound
from comity.files.rollcall import RollCall
from comity.kernel.ids import MemberId
from comity.kernel.instant import Instant
from comity.node.views.view import Ledger


def past_of(ledger: Ledger, as_of: Instant) -> Past:
    """Return every proposal that is decided, as one history.

    A seat is called by its country where the newest electorate says which and no other seat
    is of the same, else by the member's id. Groups and weights are those of the newest
    proposal, for every item.

    Raises:
        NotFound: Nothing is decided (code `desk.no_past`).
    """
    logs = Logs(ledger)
    every = [(each, logs.tally(each, as_of)) for each in logs.proposals()]
    decided = [pair for pair in every if _counts(pair[1])]
    if not decided:
        raise NotFound(
            "nothing has been decided in the logs that are held here",
            code="desk.no_past",
            hint="follow the logs of those who propose; comity council list shows what is open",
        )
    newest = max(decided, key=lambda pair: (_closed(pair[1]), pair[0].order))[0]
    electorate = newest.said.proposal.electorate
    seats = _seat_names([each.said.proposal.electorate for each, _ in decided], electorate)
    items = {_item(each, result): _said(result, seats) for each, result in decided}
    others = sum(
        each.said.proposal.electorate.groups != electorate.groups for each, _ in decided
    )
    left = len(every) - len(decided)
    flags = [
        f"left out, as open, withdrawn or not revealed: {left} of {len(every)} proposals"
    ] * (left > 0)
    flags += [f"with other groups than the newest: {others} of {len(decided)} proposals"] * (
        others > 0
    )
    history = history_of(items, missing=None)
    return Past(
        name="the logs held here",
        call=RollCall(history=history, flags=tuple(flags), unrecorded=0),
        names={seats[m]: logs.names.get(m, m) for m in seats},
        chamber=_chamber(electorate, seats),
    )


def _counts(result: Result) -> bool:
    """Tell whether a result is one, and may be shown."""
    return result.is_decided and result.is_revealed and result.state is not State.WITHDRAWN


def _item(proposal: Logged[Motion], result: Result) -> Item:
    return Item(
        id=place_of(proposal.reference),
        title=proposal.said.title,
        date=None if result.closes is None else result.closes.date(),
        adopted=result.passed,
        source="signed statements",
        basis="text",
    )


def _closed(result: Result) -> str:
    return "" if result.closes is None else result.closes.isoformat()


def _seat_names(electorates: Sequence[Electorate], newest: Electorate) -> dict[MemberId, str]:
    members = {member for each in electorates for member in each.members}
    states = {member: newest.states.get(member, "") for member in members}
    times = Counter(states.values())
    return {
        member: state if state and times[state] == 1 else str(member)
        for member, state in states.items()
    }


def _said(result: Result, seats: dict[MemberId, str]) -> dict[str, Answer]:
    return {seats[one.member]: one.answer for one in result.standings if one.member in seats}


def _chamber(electorate: Electorate, seats: dict[MemberId, str]) -> Chamber:
    return Chamber(
        groups={
            name: frozenset(seats[member] for member in members if member in seats)
            for name, members in electorate.groups.items()
        },
        weights={
            name: Weights(
                name=name, unit=weights.unit, source=weights.source,
                values={
                    seat: weights.values[member]
                    for member, seat in seats.items()
                    if member in weights.values
                },
            )
            for name, weights in electorate.weights.items()
        },
    )  # fmt: skip
