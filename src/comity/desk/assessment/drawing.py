# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Be the third in others' draw, or close one's own draw with what the third said."""

from comity.assess.beacon import check_pulse, require_beacon
from comity.desk.assessment.nonce import draw_share, kept_nonce
from comity.desk.case.case import reveals_of
from comity.desk.case.third import contributions, find_closing
from comity.desk.log.record import record
from comity.desk.log.refusal import not_ours, too_early, too_late
from comity.desk.log.shelf import Said, Shelf, ViewShelf, get, read_or_none
from comity.errors import NotPermitted, VerificationFailed
from comity.evidence.application import application_from_predicate
from comity.evidence.beacon import BeaconRound, Pulse
from comity.evidence.contributor import (
    Contributors,
    DrawCommitment,
    draw_commitment_from_predicate,
)
from comity.evidence.draw import Role
from comity.evidence.plan import Plan, plan_from_predicate
from comity.evidence.third import DrawReveal
from comity.kernel.instant import Instant, to_rfc3339
from comity.kernel.reference import Reference
from comity.node.keys.keys import Entropy
from comity.node.node import Node


def contribute(
    node: Node, application: Reference, *, now: Instant, entropy: Entropy
) -> Reference:
    """Commit to a nonce for the draw of one application, before its plan is made.

    Asked again, it returns where one committed.

    Raises:
        NotPermitted: This node is a party to the application.
        Conflict: The application is planned already.
    """
    shelf = ViewShelf(node.view())
    said = get(shelf, application, "application")
    request = application_from_predicate(said.statement.predicate)
    if node.member in {said.member, request.tester}:
        raise not_ours(said, "a third is neither the provider nor the tester")
    before = _find_commitment(node, shelf, application)
    if before is not None:
        return before.reference
    for plan in shelf.of_kind("plan"):
        planned = read_or_none(plan_from_predicate, plan)
        if planned is not None and planned.application == application:
            raise too_late(plan, "the application is planned, and no more nonces are named")
    commitment = DrawCommitment(
        issued=now, application=application, nonce_commitment=draw_share(node, entropy)
    )
    predicate = commitment.to_predicate()
    return record(node, "draw-commitment", predicate, subject=application.sha256, now=now)


def may_contribute(node: Node, plan: Reference) -> bool:
    """Tell whether a plan names this node as a third in its draw."""
    said = get(ViewShelf(node.view()), plan, "plan")
    third = plan_from_predicate(said.statement.predicate).draw
    named = third.nodes if isinstance(third, Contributors) else ()
    return node.member in {one.member for one in named}


def reveal_share(node: Node, plan: Reference, *, now: Instant) -> Reference:
    """Reveal one's nonce as a third, once the plan is counted and both parties revealed.

    Asked again, it returns where the nonce was revealed.

    Raises:
        Conflict: The plan is not counted yet, or a party has not revealed yet.
        NotPermitted: The plan does not name this node.
    """
    shelf = ViewShelf(node.view())
    said, planned = _plan(shelf, plan)
    if not isinstance(planned.draw, Contributors):
        raise not_ours(said, "this plan names no other members in its draw")
    own = [
        one
        for one in contributions(shelf, plan, planned.draw)
        if one.node.member == node.member
    ]
    if not own or own[0].commitment is None:
        raise not_ours(said, "this plan does not name this node in its draw")
    if own[0].reveal is not None:
        return own[0].reveal.reference
    _check_both(shelf, said, planned)
    committed = draw_commitment_from_predicate(own[0].commitment.statement.predicate)
    nonce = kept_nonce(node, committed.nonce_commitment)
    return _log(node, DrawReveal(issued=now, plan=plan, nonce=nonce), now)


def close_draw(
    node: Node, plan: Reference, *, now: Instant, pulse: Pulse | None = None
) -> Reference:
    """Close the draw of one's plan with what the third said; the questions due are fixed.

    Asked again, it returns where the draw was closed.

    Args:
        pulse: The beacon's round, where the plan names one.

    Raises:
        Conflict: A party, or enough of the others, have not revealed yet, or the round is
            not out.
        NotPermitted: The plan is another tester's, or names no third, or the extra that
            checks a beacon is not installed.
        VerificationFailed: This is not what the beacon said in the plan's round.
    """
    shelf = ViewShelf(node.view())
    said, planned = _plan(shelf, plan)
    if said.member != node.member or planned.draw is None:
        raise not_ours(said, "its tester closes a draw, and only one with a third in it")
    before = find_closing(shelf, said)
    if before is not None:
        return before[0].reference
    _check_both(shelf, said, planned)
    if isinstance(planned.draw, BeaconRound):
        _check_pulse(said, planned.draw, pulse, now)
        return _log(node, DrawReveal(issued=now, plan=plan, pulse=pulse), now)
    made = contributions(shelf, plan, planned.draw)
    shares = tuple(
        one.reveal.reference
        for one in made
        if one.share is not None and one.reveal is not None and one.reveal.is_counted
    )
    if len(shares) < planned.draw.least:
        message = (
            f"{len(shares)} of the {planned.draw.least} nonces the draw needs are revealed"
        )
        raise too_early(said, message)
    return _log(node, DrawReveal(issued=now, plan=plan, shares=shares), now)


def _plan(shelf: Shelf, plan: Reference) -> tuple[Said, Plan]:
    said = get(shelf, plan, "plan")
    return said, plan_from_predicate(said.statement.predicate)


def _find_commitment(node: Node, shelf: Shelf, application: Reference) -> Said | None:
    for said in shelf.of_kind("draw-commitment"):
        committed = read_or_none(draw_commitment_from_predicate, said)
        if committed is None or said.member != node.member:
            continue
        if committed.application == application:
            return said
    return None


def _check_both(shelf: Shelf, said: Said, planned: Plan) -> None:
    """Refuse before both parties revealed: whoever speaks last must not be one of them."""
    if not said.is_counted:
        raise too_early(said, "the plan is not yet under enough cosignatures")
    application = get(shelf, planned.application, "application")
    made = reveals_of(shelf, said.reference)
    due = ((application.member, Role.PROVIDER), (said.member, Role.TESTER))
    missing = [role.value for member, role in due if (member, role) not in made]
    if missing:
        raise too_early(said, f"the {missing[0]} has not revealed its nonce")


def _check_pulse(said: Said, due: BeaconRound, pulse: Pulse | None, now: Instant) -> None:
    if now < due.due:
        raise too_early(said, f"round {due.number} is due at {to_rfc3339(due.due)}")
    if pulse is None:
        raise NotPermitted(
            f"the draw is closed with round {due.number} of the beacon, which is not given",
            code="desk.pulse",
            hint="fetch the round from the beacon and add --beacon round.json",
        )
    require_beacon()
    if pulse.number != due.number or not check_pulse(due.chain, pulse):
        raise VerificationFailed(
            f"this is not what the beacon said in round {due.number}",
            code="desk.pulse",
            hint="fetch the round again, from another of the beacon's addresses",
            place="round" if pulse.number != due.number else "signature",
        )


def _log(node: Node, reveal: DrawReveal, now: Instant) -> Reference:
    predicate = reveal.to_predicate()
    return record(node, "draw-reveal", predicate, subject=reveal.plan.sha256, now=now)
