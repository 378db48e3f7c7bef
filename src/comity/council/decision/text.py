# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Which text is voted on: the proposal's own, or the last amendment that took effect."""

from dataclasses import dataclass, replace

from comity.council.decision.clock import Clock
from comity.council.decision.docket import Amendment, Docket, Logged
from comity.council.decision.result import Flag
from comity.kernel.digest import Digest
from comity.kernel.instant import Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class InForce:
    """The text in force and until when it is voted on.

    Args:
        earlier: Digests of the texts it replaced.
        words: Of the text; None where they stand in a public blob.
    """

    digest: Digest
    words: str | None
    earlier: frozenset[Digest]
    closes: Instant | None
    flags: tuple[Flag, ...]


def text_in_force(docket: Docket, clock: Clock) -> InForce:
    """Apply the proposer's amendments in the order of its log.

    Only the proposer amends; others say in a position what they would change. A close moves
    later only. Under silence nothing changes once it has begun: a text that nobody had time to
    read must not become law by silence.
    """
    motion = docket.proposal.said
    found = InForce(
        digest=motion.proposal.text, words=motion.text, earlier=frozenset(),
        closes=motion.proposal.terms.closes, flags=(),
    )  # fmt: skip
    for logged in sorted(set(docket.amendments), key=lambda one: one.order):
        if logged.said.proposal == docket.proposal.reference:
            found = _amended(found, logged, docket, clock)
    return found


def _amended(
    before: InForce, logged: Logged[Amendment], docket: Docket, clock: Clock
) -> InForce:
    why = _fault(before, logged, docket, clock)
    if why is not None:
        flag = Flag(
            member=logged.member, code="amendment", words=why, reference=logged.reference
        )  # fmt: skip
        return replace(before, flags=(*before.flags, flag))
    said = logged.said
    return replace(
        before,
        digest=said.digest,
        words=said.text,
        earlier=(before.earlier | {before.digest}) - {said.digest},
        closes=said.closes or before.closes,
    )


def _fault(
    before: InForce, logged: Logged[Amendment], docket: Docket, clock: Clock
) -> str | None:
    """Say why an amendment changes nothing, or None where it does."""
    if logged.member != docket.proposal.member:
        return "an amendment by another member than the proposer changes nothing"
    if clock.is_stolen(logged, before.closes):
        return "signed by a key that its owner declared stolen"
    if docket.is_doubtful(logged):
        return "its log told two stories, and it may stand in one of them only"
    if _is_silent(logged, docket, clock):
        return "under silence no text changes once the silence has begun"
    return _untimely(before, logged, clock)


def _is_silent(logged: Logged[Amendment], docket: Docket, clock: Clock) -> bool:
    """Tell whether silence had begun when others received an amendment."""
    proposal = docket.proposal.said.proposal
    if proposal.procedure.silence is None or proposal.terms.opens is None:
        return False
    received = clock.received(logged)
    return (clock.as_of if received is None else received) >= proposal.terms.opens


def _untimely(before: InForce, logged: Logged[Amendment], clock: Clock) -> str | None:
    moved = logged.said.closes
    if moved is not None and (before.closes is None or moved < before.closes):
        return "an amendment may only move the close to a later time"
    timing = clock.timing(logged, before.closes)
    if timing is not timing.IN_TIME:
        return f"an amendment {clock.lateness(logged, timing).words} changes nothing"
    return None
