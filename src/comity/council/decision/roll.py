# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Who has a seat when it is counted: the roll of the proposal, and what changed since."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from comity.council.decision.clock import Clock, Timing
from comity.council.decision.docket import Change, Docket, Logged, RollChange
from comity.council.decision.electorate import Electorate
from comity.council.decision.proposal import Proposal
from comity.council.decision.result import Flag
from comity.council.rule.procedure import Departed, Procedure, Roll
from comity.kernel.ids import MemberId
from comity.kernel.instant import Instant

_GONE = frozenset({Change.EXPELLED, Change.WITHDRAWN})
_WORDS = {
    Change.EXPELLED: "was expelled",
    Change.WITHDRAWN: "left",
    Change.SUSPENDED: "was suspended",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Seats:
    """The seats of a count.

    Args:
        members: Who has one.
        removed: Who had one, with why it is gone.
        left: Members whose seat is kept although they left or are suspended, and from when
            their ballots no longer count.
        late: Members admitted after the opening, where the roll is that of the opening.
    """

    members: frozenset[MemberId]
    removed: tuple[tuple[MemberId, str], ...] = ()
    left: tuple[tuple[MemberId, Instant, str], ...] = ()
    late: frozenset[MemberId] = frozenset()
    flags: tuple[Flag, ...] = ()


def seats_of(docket: Docket, clock: Clock, limit: Instant | None) -> Seats:
    """Apply what changed the roll before a limit.

    A member leaves by its own word; all else rests on a decision of the same body that says
    so and that the reader itself finds adopted. A change takes effect when it says, and not
    before others had received it; it stands for every vote until another change undoes it.
    """
    proposal = docket.proposal.said.proposal
    flags: list[Flag] = []
    effective: list[tuple[Instant, Logged[RollChange]]] = []
    for logged in sorted(set(docket.roll), key=lambda one: one.order):
        if clock.timing(logged, limit) is not Timing.IN_TIME:
            continue  # it is for later votes
        why, at = _unfounded(logged, docket, clock, limit), _takes_effect(logged, clock)
        if why is not None:
            flags.append(_flag(logged, why))
        elif at <= clock.as_of and (limit is None or at < limit):
            effective.append((at, logged))
    effective.sort(key=lambda pair: (pair[0], pair[1].order))
    last = {logged.said.member: (at, logged.said.change) for at, logged in effective}
    return replace(_seated(proposal.electorate.members, proposal.procedure, last),
                   flags=tuple(flags))  # fmt: skip


def _seated(
    listed: frozenset[MemberId],
    procedure: Procedure,
    last: dict[MemberId, tuple[Instant, Change]],
) -> Seats:
    admitted = {member for member, (_, change) in last.items()
                if change in {Change.ADMITTED, Change.RESTORED}} - listed  # fmt: skip
    joins = procedure.roll is Roll.AT_CLOSE
    members = set(listed | admitted if joins else listed)
    removed: list[tuple[MemberId, str]] = []
    left: list[tuple[MemberId, Instant, str]] = []
    for member, (at, change) in sorted(last.items()):
        if member not in members or change not in _WORDS:
            continue
        policy = procedure.departed if change in _GONE else procedure.suspended
        if policy is Departed.REMOVE:
            members.discard(member)
            removed.append((member, f"{_WORDS[change]} before the close; its seat is gone"))
        else:
            left.append((member, at, f"{_WORDS[change]} before; its seat is kept"))
    return Seats(
        members=frozenset(members),
        removed=tuple(removed),
        left=tuple(left),
        late=frozenset() if joins else frozenset(admitted),
    )


def moving(docket: Docket) -> Iterator[Logged[RollChange]]:
    """Yield what could change a seat at all; whoever else says anything of the roll is left.

    Anyone can log thousands of changes, and each that counts may change a whole count.
    """
    of_seats = docket.proposal.said.proposal.electorate.members | {
        member for _, member, _ in docket.adopted
    }
    for logged in docket.roll:
        if logged.said.member in of_seats and _groundless(logged, docket) is None:
            yield logged


def _takes_effect(logged: Logged[RollChange], clock: Clock) -> Instant:
    at = clock.received(logged)
    return logged.said.on if at is None else max(at, logged.said.on)


def _unfounded(
    logged: Logged[RollChange], docket: Docket, clock: Clock, limit: Instant | None
) -> str | None:
    """Say why a change of the roll changes nothing, or None where it does."""
    if clock.is_stolen(logged, limit):
        return "signed by a key that its owner declared stolen"
    if clock.is_doubtful(logged, limit):
        return "its log told two stories, and it may stand in one of them only"
    return _groundless(logged, docket)


def _groundless(logged: Logged[RollChange], docket: Docket) -> str | None:
    """Say why a change would never count, whatever else was there, or None."""
    said = logged.said
    if said.change is Change.WITHDRAWN and logged.member == said.member:
        return None
    if said.by is None:
        return "a change of another member's seat names no decision and changes nothing"
    if (said.by.sha256, said.member, said.change) not in docket.adopted:
        return (
            "rests on no decision of this body, found adopted here, that says it; "
            "it changes nothing"
        )
    return None


def says(change: RollChange) -> str:
    """Return what the text of a decision says where it makes a change: "expelled 3fa9…"."""
    return f"{change.change.value} {change.member}"


def is_of_one_body(decision: Proposal, other: Proposal, about: MemberId) -> bool:
    """Tell whether a decision about a member's seat may change the roll of another vote.

    It must have asked the same members in the same groups with the same weights, the member
    concerned aside, under the same rule, with as many receipts: else anyone would found a
    body of its own and expel from this one.
    """
    one, two = decision.procedure, other.procedure
    return (
        _apart(decision.electorate, about) == _apart(other.electorate, about)
        and (one.adopts, one.quorum) == (two.adopts, two.quorum)
        and one.silence in {None, two.silence}
        and decision.terms.receipts >= other.terms.receipts
    )


def _apart(electorate: Electorate, about: MemberId) -> object:
    """Return an electorate as plain values without one member."""
    return (
        electorate.members - {about},
        {name: who - {about} for name, who in electorate.groups.items()},
        {
            name: {who: one for who, one in weights.values.items() if who != about}
            for name, weights in electorate.weights.items()
        },
    )


def _flag(logged: Logged[RollChange], words: str) -> Flag:
    return Flag(member=logged.member, code="roll", words=words, reference=logged.reference)
