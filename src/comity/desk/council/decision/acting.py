# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Propose, amend, vote, comment, challenge: each one statement in the member's own log."""

from dataclasses import dataclass
from pathlib import Path

from comity.council.decision.docket import Amendment, Ballot, Challenge, Logged
from comity.council.decision.electorate import Electorate
from comity.council.decision.proposal import Motion, Terms, propose
from comity.council.decision.result import Result, State
from comity.council.decision.statement import (
    to_amendment_json,
    to_ballot_json,
    to_motion_json,
)
from comity.council.decision.statement_record import to_challenge_json
from comity.council.rule.check import refuse_flawed
from comity.council.rule.floor import Floor
from comity.council.rule.rule import AGAINST
from comity.desk.council.decision.docket import known_members
from comity.desk.council.decision.standing import (
    choice_of,
    closed,
    next_sequence,
    no_word,
    refuse_closed,
    refused,
    standing,
)
from comity.desk.log.record import record
from comity.desk.log.shelf import place_of
from comity.errors import Fault, InvalidDocument, NotPermitted
from comity.files.electorate import read_electorate
from comity.files.rule import get_rule
from comity.files.text import read_text
from comity.kernel.canonical import Json
from comity.kernel.digest import sha256
from comity.kernel.instant import Instant, shifted, to_rfc3339
from comity.kernel.reference import Reference, to_reference_json
from comity.node.node import Node

STANCES = ("for", "against", "abstains", "comments")


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What is to be put to the vote.

    Args:
        text: File with the words.
        rule: A rule that comes along, or one's own file.
        electorate: File that says who may vote; None for all whose logs are followed.
        opens: None for now where the procedure needs an opening, else for at once.
        days: Days from the opening to the close, instead of `closes`.
    """

    title: str
    text: Path
    rule: str
    electorate: Path | None = None
    opens: Instant | None = None
    closes: Instant | None = None
    days: int | None = None
    topic: str = ""
    receipts: int = 1


def put(node: Node, draft: Draft, *, now: Instant) -> tuple[Reference, Motion]:
    """Put a text to the vote.

    Raises:
        NotFound: A file or a rule is not there.
        InvalidDocument: The rule cannot pass, always passes, or speaks of groups or weights
            the electorate lacks; the electorate or the times have faults.
    """
    procedure = get_rule(draft.rule).procedure
    electorate = _electorate(node, draft.electorate)
    motion = propose(
        draft.title,
        read_text(draft.text, "text").strip(),
        procedure,
        electorate,
        _terms(draft, now, is_needed=procedure.silence is not None),
    )
    if not motion.text:
        raise refused("there is no text to vote on", f"{draft.text} is empty")
    refuse_flawed(procedure, empty_floor(electorate), source=draft.rule)
    _refuse_unreceivable(motion)
    predicate = to_motion_json(motion)
    place = record(node, "proposal", predicate, subject=motion.proposal.text, now=now)
    return place, motion


def _refuse_unreceivable(motion: Motion) -> None:
    """Say what to do where too few others may vote to receive a ballot in time."""
    terms, proposal = motion.proposal.terms, motion.proposal
    others = len(proposal.electorate.members) - 1
    is_timed = terms.closes is not None or proposal.procedure.silence is not None
    if is_timed and terms.receipts > others:
        raise InvalidDocument(
            f"{terms.receipts} other members must receive a ballot in time; there are {others}",
            code="council.refused",
            hint="follow the others (comity node follow), name them in --electorate, or ask "
            "fewer --receipts; without --days a proposal is open until its rule holds",
        )


def empty_floor(electorate: Electorate) -> Floor:
    """Return an electorate as a floor on which nobody has said anything."""
    return Floor(
        seats=frozenset(map(str, electorate.members)),
        groups={name: frozenset(map(str, who)) for name, who in electorate.groups.items()},
        weights=electorate.weights,
    )


def amend(
    node: Node, proposal: Reference, text: Path, closes: Instant | None, *, now: Instant
) -> Reference:
    """Replace the text of one's own proposal.

    Raises:
        NotPermitted: It is another member's.
        Conflict: It is decided, or its silence has begun.
        InvalidDocument: The new close is before the old one, or nothing changes.
    """
    logged, result = standing(node, proposal, now)
    if logged.member != node.member:
        raise NotPermitted(
            f"{place_of(proposal)}: only the proposer amends a text",
            code="council.not_proposer",
            hint="say what you would change: comity council position",
        )
    procedure = logged.said.proposal.procedure
    if result.state is not State.OPEN:
        refuse_closed(proposal, result)
        if procedure.silence is not None:
            raise closed(proposal, "under silence no text changes once the silence has begun")
    terms = logged.said.proposal.terms
    if closes is not None and (terms.closes is None or closes < terms.closes):
        raise refused("a close moves later only", f"{to_rfc3339(closes)} is no later close")
    _refuse_hasty(logged, result, closes, now)
    words = read_text(text, "text").strip()
    digest = sha256(words.encode())
    if digest == result.text and closes is None:
        raise refused("the text is as it was", "an amendment changes a word, or the close")
    said = Amendment(proposal=proposal, text=words, digest=digest, closes=closes)
    predicate = to_amendment_json(said)
    return record(node, "amendment", predicate, subject=said.digest, now=now)


def _refuse_hasty(
    logged: Logged[Motion], result: Result, closes: Instant | None, now: Instant
) -> None:
    """Refuse an amendment that leaves too little time to vote again before the close."""
    hours = logged.said.proposal.procedure.amendments_until_h
    if result.closes is not None and now >= shifted(closes or result.closes, -3600 * hours):
        why = f"an amendment must leave {hours} hours before the close; move it with --closes"
        raise closed(logged.reference, why)


def vote(
    node: Node,
    proposal: Reference,
    choice: str,
    *,
    reason: str = "",
    text: Path | None = None,
    now: Instant,
) -> Reference:
    """Cast a ballot on the text in force; it replaces one's earlier ballots.

    Args:
        text: The words one means to vote on; another text is refused.

    Raises:
        InvalidDocument: No such choice, another text, or a reason is missing.
        NotPermitted: This member has no seat.
        Conflict: The proposal is not being voted on.
    """
    answer = choice_of(choice)
    logged, result = standing(node, proposal, now)
    refuse_closed(proposal, result)
    if node.member not in {one.member for one in result.standings}:
        raise _no_seat(proposal)
    if text is not None and sha256(read_text(text, "text").strip().encode()) != result.text:
        raise InvalidDocument(
            f"{text} is not the text that is voted on",
            code="council.other_text",
            hint="comity council show prints the text in force",
        )
    needs_reason = logged.said.proposal.procedure.negative_needs_reason
    if needs_reason and answer in AGAINST and not reason:
        raise refused(f"{choice} needs a reason here", "without one it counts as an abstention")
    said = Ballot(
        proposal=proposal, text=result.text, choice=answer,
        sequence=next_sequence(node, "ballot", proposal), reason=reason,
    )  # fmt: skip
    return record(node, "ballot", to_ballot_json(said), subject=said.text, now=now)


def comment(
    node: Node, proposal: Reference, stance: str, *, reasons: str, amends: str | None,
    now: Instant,
) -> Reference:  # fmt: skip
    """Say where this member stands and what it would change; it is no ballot.

    Raises:
        InvalidDocument: No such stance, or nothing says why.
    """
    if stance not in STANCES:
        raise no_word(stance, STANCES, "stance")
    _, result = standing(node, proposal, now)
    predicate: dict[str, Json] = {
        "proposal": to_reference_json(proposal), "stance": stance, "reasons": reasons,
        "amends": amends, "bloc": None,
    }  # fmt: skip
    return record(node, "position", predicate, subject=result.text, now=now)


def challenge(node: Node, proposal: Reference, reason: str, *, now: Instant) -> Reference:
    """Dispute a count within its days.

    Raises:
        Conflict: Nothing is decided yet, the days are over, or there are none.
        NotPermitted: This member has no seat.
    """
    logged, result = standing(node, proposal, now)
    days = logged.said.proposal.procedure.challenge_days
    if not result.is_decided:
        raise closed(proposal, "nothing is decided yet")
    over = result.closes is not None and now >= shifted(result.closes, days * 86_400)
    if not days or over:
        raise closed(proposal, "the days for a challenge are over" if days else
                      "its procedure has no days for a challenge")  # fmt: skip
    if node.member not in logged.said.proposal.electorate.members:
        raise _no_seat(proposal)
    said = Challenge(of=proposal, reason=reason)
    predicate = to_challenge_json(said)
    return record(node, "challenge", predicate, subject=proposal.sha256, now=now)


def _electorate(node: Node, path: Path | None) -> Electorate:
    if path is not None:
        return read_electorate(path, known_members(node))
    logs = node.view().members()
    return Electorate(
        members=frozenset(log.member for log in logs),
        states={log.member: log.keyset.jurisdiction for log in logs},
    )


def _terms(draft: Draft, now: Instant, *, is_needed: bool) -> Terms:
    faults = []
    if draft.days is not None and draft.closes is not None:
        faults.append("the close is said twice: give --closes or --days")
    if draft.days is not None and draft.days < 1:
        faults.append(f"{draft.days} days are none; a vote takes 1 or more")
    if draft.receipts < 1:
        faults.append(f"{draft.receipts} receipts show nothing; ask for 1 or more")
    is_timed = is_needed or draft.days is not None or draft.closes is not None
    opens, closes = draft.opens or (now if is_timed else None), draft.closes
    if draft.days is not None and opens is not None:
        closes = shifted(opens, draft.days * 86_400)
    if closes is not None and closes <= now:
        faults.append(f"the close {to_rfc3339(closes)} has passed")
    if faults:
        raise InvalidDocument(
            "this vote cannot be timed so",
            code="council.refused",
            faults=[Fault(message=message) for message in faults],
        )
    return Terms(opens=opens, closes=closes, topic=draft.topic, receipts=draft.receipts)


def _no_seat(proposal: Reference) -> NotPermitted:
    return NotPermitted(
        f"{place_of(proposal)}: this member has no seat in that vote",
        code="council.no_seat",
        hint="comity council show lists who has one",
    )
