# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What the third in a draw said, gathered from the logs and checked for who said it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import assert_never

from comity.desk.log.shelf import Said, Shelf, find_cited, get, place_of, read_or_none
from comity.errors import Fault, InvalidDocument, NotFound, VerificationFailed
from comity.evidence.beacon import BeaconRound, check_due
from comity.evidence.contributor import (
    Contributor,
    Contributors,
    Share,
    draw_commitment_from_predicate,
)
from comity.evidence.plan import Plan
from comity.evidence.third import SILENT, DrawReveal, Spoken, Third, draw_reveal_from_predicate
from comity.kernel.ids import MemberId
from comity.kernel.instant import Instant
from comity.kernel.reference import Reference


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What the third said, with every statement it rests on."""

    spoken: Spoken = SILENT
    statements: tuple[Said, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """One contributor's part: its commitment, and its reveal once it made one."""

    node: Contributor
    commitment: Said | None
    reveal: Said | None
    share: Share | None


def hear(shelf: Shelf, said: Said, plan: Plan) -> Heard:
    """Gather what closes a plan's draw; nothing where it has no third or is not closed.

    Raises:
        VerificationFailed: The closing names what is no contributor's first reveal.
    """
    closing = find_closing(shelf, said)
    if plan.draw is None or closing is None:
        return Heard()
    closed, reveal = closing
    if isinstance(plan.draw, BeaconRound):
        return Heard(spoken=Spoken(pulse=reveal.pulse), statements=(closed,))
    made = {
        one.reveal.reference: one
        for one in contributions(shelf, said.reference, plan.draw)
        if one.reveal is not None and one.share is not None
    }
    taken = [_get(made, share, closed) for share in reveal.shares]
    each = [part for one in taken for part in (one.commitment, one.reveal) if part is not None]
    shares = tuple(one.share for one in taken if one.share is not None)
    return Heard(spoken=Spoken(shares=shares), statements=(*each, closed))


def find_closing(shelf: Shelf, plan: Said) -> tuple[Said, DrawReveal] | None:
    """Return the first statement in which a plan's tester closed its draw, or None."""
    for said, reveal in _reveals(shelf, plan.reference):
        if said.member == plan.member and reveal.is_closing:
            return said, reveal
    return None


def contributions(
    shelf: Shelf, plan: Reference, third: Contributors
) -> tuple[Contribution, ...]:
    """Return each contributor's part; only its first reveal counts, and only if committed."""
    made: dict[MemberId, tuple[Said, DrawReveal]] = {}
    for said, reveal in _reveals(shelf, plan):
        if not reveal.is_closing:
            made.setdefault(said.member, (said, reveal))
    return tuple(_contribution(shelf, node, made.get(node.member)) for node in third.nodes)


def _contribution(
    shelf: Shelf, node: Contributor, made: tuple[Said, DrawReveal] | None
) -> Contribution:
    commitment = find_cited(shelf, node.commitment, "draw-commitment")
    if commitment is not None and commitment.member != node.member:
        commitment = None
    committed = (
        None if commitment is None else read_or_none(draw_commitment_from_predicate, commitment)
    )
    share: Share | None = None
    if committed is not None and made is not None and made[1].nonce is not None:
        share = Share(member=node.member, commitment=committed, nonce=made[1].nonce)
    return Contribution(
        node=node,
        commitment=commitment,
        reveal=None if made is None else made[0],
        share=share if share is not None and share.is_committed else None,
    )


def _reveals(shelf: Shelf, plan: Reference) -> Iterator[tuple[Said, DrawReveal]]:
    for said in shelf.of_kind("draw-reveal"):
        reveal = read_or_none(draw_reveal_from_predicate, said)
        if reveal is not None and reveal.plan == plan:
            yield said, reveal


def _get(made: dict[Reference, Contribution], share: Reference, closing: Said) -> Contribution:
    if share in made:
        return made[share]
    raise VerificationFailed(
        f"{place_of(share)} is no contributor's own and first reveal for this plan",
        code="desk.draw",
        hint="the tester closed the draw with something else; do not rely on it",
        place=place_of(closing.reference),
    )


def check_strangers(plan: Said, planned: Plan, provider: MemberId) -> None:
    """Check that no party to a test is a third in its own draw.

    Raises:
        VerificationFailed: One is.
    """
    if not isinstance(planned.draw, Contributors):
        return
    for node in planned.draw.nodes:
        if node.member in {plan.member, provider}:
            raise VerificationFailed(
                "a party to the test is named as a third in its draw",
                code="desk.draw",
                hint="a third is neither the provider nor the tester",
                place=place_of(plan.reference),
            )


def contributors_for(shelf: Shelf, application: Said, least: int | None) -> Contributors:
    """Name everyone who committed to a nonce for an application, as others can see it.

    Args:
        least: How few make a draw; None for all of them.

    Raises:
        NotFound: Nobody has.
        InvalidDocument: Fewer have than are wanted.
    """
    nodes: dict[MemberId, Contributor] = {}
    for said in shelf.of_kind("draw-commitment"):
        committed = read_or_none(draw_commitment_from_predicate, said)
        if committed is None or committed.application != application.reference:
            continue
        if said.is_counted:
            one = Contributor(member=said.member, commitment=said.reference)
            nodes.setdefault(said.member, one)
    if not nodes:
        raise NotFound(
            "no other member has committed to a nonce for this application",
            code="desk.contributors",
            hint="they do so by: comity assess contribute APPLICATION",
        )
    wanted = len(nodes) if least is None else least
    if not 1 <= wanted <= len(nodes):
        message = f"{len(nodes)} members committed to a nonce, {wanted} are wanted"
        faults = [Fault(message=message)]
        raise InvalidDocument("no such draw", code="desk.contributors", faults=faults)
    return Contributors(nodes=tuple(nodes.values()), least=wanted)


def check_third(shelf: Shelf, application: Said, third: Third, now: Instant) -> None:
    """Refuse to plan with a third that cannot be one.

    Raises:
        InvalidDocument: The beacon's round is no later than now.
        VerificationFailed: A commitment is another member's, or for another application.
    """
    match third:
        case BeaconRound():
            check_due(third, now)
        case Contributors():
            for node in third.nodes:
                said = get(shelf, node.commitment, "draw-commitment")
                committed = draw_commitment_from_predicate(said.statement.predicate)
                is_for = committed.application == application.reference
                if said.member != node.member or not is_for:
                    raise VerificationFailed(
                        "this commits another member, or to another application's draw",
                        code="desk.draw",
                        place=place_of(said.reference),
                    )
        case _:
            assert_never(third)
