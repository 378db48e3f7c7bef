# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Which text is voted on: the proposal's own, or the last amendment that took effect."""

from dataclasses import dataclass

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
        return InForce(
            digest=before.digest, words=before.words, earlier=before.earlier,
            closes=before.closes, flags=(*before.flags, flag),
        )  # fmt: skip
    said = logged.said
    return InForce(
        digest=said.digest,
        words=said.text,
        earlier=(before.earlier | {before.digest}) - {said.digest},
        closes=said.closes or before.closes,
        flags=before.flags,
    )


def _fault(
    before: InForce, logged: Logged[Amendment], docket: Docket, clock: Clock
) -> str | None:
    """Say why an amendment changes nothing, or None where it does."""
    terms = docket.proposal.said.proposal.terms
    if logged.member != docket.proposal.member:
        return "an amendment by another member than the proposer changes nothing"
    if logged.disputed_by is not None:
        return "signed by a key that its owner declared stolen"
    if docket.proposal.said.proposal.procedure.silence is not None:
        at = clock.received(logged)
        begun = clock.as_of if at is None else at
        if terms.opens is not None and begun >= terms.opens:
            return "under silence no text changes once the silence has begun"
    moved = logged.said.closes
    if moved is not None and (before.closes is None or moved < before.closes):
        return "an amendment may only move the close to a later time"
    timing = clock.timing(logged, before.closes)
    if timing is not timing.IN_TIME:
        return f"an amendment {clock.lateness(logged, timing).words} changes nothing"
    return None
