# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Give a mandate, take a bloc's position, record what befell a seat: each one statement."""

from dataclasses import dataclass

from comity.council.decision.docket import BlocPosition, Change, Mandate, RollChange
from comity.council.decision.roll import says
from comity.council.decision.statement_bloc import to_mandate_json, to_position_json
from comity.council.decision.statement_record import to_roll_json
from comity.desk.council.decision.docket import Chamber, known_members
from comity.desk.council.decision.standing import (
    choice_of,
    next_sequence,
    no_word,
    refuse_closed,
    refused,
    standing,
)
from comity.desk.log.record import record
from comity.errors import Fault, InvalidDocument, NotFound, NotPermitted
from comity.files.electorate import find_member
from comity.kernel.digest import from_hex
from comity.kernel.ids import MemberId
from comity.kernel.instant import Instant, to_rfc3339
from comity.kernel.reference import Reference
from comity.law.cursor import near_miss
from comity.node.node import Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A mandate as it is asked for.

    Args:
        holder: Whom the member lets speak, by name or id.
        beside: Give it though another bloc holds one for the same topic.
    """

    bloc: str
    holder: str
    rule: str
    scope: tuple[str, ...] = ()
    until: Instant | None = None
    beside: bool = False


def give_mandate(node: Node, given: Given, *, now: Instant) -> Reference:
    """Let another member speak for one in a bloc.

    Raises:
        InvalidDocument: Nobody is called so, it is oneself, or another bloc holds a mandate
            for the same topic.
    """
    known = known_members(node)
    holder = find_member(given.holder, known)
    faults = []
    if holder is None:
        near = near_miss(given.holder, known)
        faults.append(Fault(message=f"nobody is known as {given.holder[:80]!r}", near=near))
    elif holder == node.member:
        faults.append(Fault(message="nobody gives itself a mandate; it has its own vote"))
    if given.until is not None and given.until <= now:
        faults.append(Fault(message=f"{to_rfc3339(given.until)} has passed"))
    contrary = () if given.beside else tuple(_contrary(node, given, now))
    faults += [Fault(message=words) for words in contrary]
    if faults or holder is None:
        raise InvalidDocument(
            "this mandate cannot be given",
            code="council.mandate_refused",
            hint="take the other back first (comity withdraw), or add --beside"
            if contrary
            else "a mandate names another member that is followed, until a day to come",
            faults=faults,
        )
    said = Mandate(
        bloc=given.bloc, holder=holder, scope=given.scope, until=given.until, rule=given.rule
    )
    return record(node, "bloc-mandate", to_mandate_json(said), subject=None, now=now)


def take_position(
    node: Node, proposal: Reference, choice: str, *, bloc: str, reason: str = "", now: Instant
) -> Reference:
    """Say where a bloc stands, for the members that gave this one a mandate.

    Args:
        choice: As in a ballot, or "none" where the bloc found no position.

    Raises:
        NotPermitted: Nobody gave this member a mandate for the bloc and the topic.
        Conflict: The proposal is not being voted on.
    """
    answer = None if choice == "none" else choice_of(choice, "none")
    logged, result = standing(node, proposal, now)
    refuse_closed(proposal, result)
    topic = logged.said.proposal.terms.topic
    mandates = Chamber(node.view()).mandates()
    if not any(
        one.said.holder == node.member and one.said.bloc == bloc and one.said.covers(topic)
        for one in mandates
    ):
        raise NotPermitted(
            f"nobody gave this member a mandate for {bloc} on {topic or 'every topic'}",
            code="council.no_mandate",
            hint="each member of the bloc gives one: comity council mandate",
        )
    said = BlocPosition(
        bloc=bloc, proposal=proposal, text=result.text, choice=answer,
        sequence=next_sequence(node, "bloc-position", proposal), reason=reason,
    )  # fmt: skip
    predicate = to_position_json(said)
    return record(node, "bloc-position", predicate, subject=said.text, now=now)


_SAME = {
    "joined": "admitted",
    "left": "withdrawn",
    "leave": "withdrawn",
    "quit": "withdrawn",
    "removed": "expelled",
    "excluded": "expelled",
    "paused": "suspended",
    "returned": "restored",
    "reinstated": "restored",
}
"""What people say for a change, and the record's word for it."""


def change_roll(
    node: Node, member: str, change: str, *, on: Instant, by: Reference | None, now: Instant
) -> Reference:
    """Record that a member joined, left, was suspended, restored or expelled.

    Raises:
        InvalidDocument: No such change, nobody is called so, or no decision is named for
            another's seat, or its text says nothing of it.
    """
    words = [one.value for one in Change]
    if change not in words:
        raise no_word(change, words, "change", _SAME.get(change.casefold()))
    found = find_member(member, known_members(node)) or _as_id(member)
    said = Change(change)
    if by is None and (found != node.member or said is not Change.WITHDRAWN):
        message = "a change of another member's seat rests on a decision: name it with --by"
        raise refused("this change cannot be recorded", message)
    wish = RollChange(member=found, change=said, on=on, by=by)
    chamber = Chamber(node.view())
    if by is not None and says(wish) not in chamber.words(chamber.get(by), now):
        message = f"the text of the decision does not say it: {says(wish)}"
        raise refused("this change cannot be recorded", message)
    predicate = to_roll_json(wish)
    return record(node, "roll-change", predicate, subject=from_hex(found), now=now)


def _contrary(node: Node, given: Given, now: Instant) -> list[str]:
    """Return why a mandate would contradict one this member gave another bloc."""
    found = []
    for one in Chamber(node.view()).live_mandates(node.member, now):
        other = one.said
        common = set(other.scope) & set(given.scope) if other.scope and given.scope else {"all"}
        if other.bloc != given.bloc and common:
            topics = ", ".join(sorted(common))
            found.append(f"{other.bloc} holds a mandate of this member already ({topics})")
    return found


def _as_id(text: str) -> MemberId:
    try:
        return MemberId(from_hex(text).hex())
    except InvalidDocument:
        raise NotFound(f"nobody is known as {text[:80]!r}", code="council.no_member") from None
