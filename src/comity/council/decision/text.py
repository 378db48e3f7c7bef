# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Which text is voted on: the proposal's own, or the last amendment that took effect."""

from dataclasses import dataclass, replace

from comity.council.decision.clock import Clock, Timing
from comity.council.decision.docket import Amendment, Docket, Logged
from comity.council.decision.result import Flag
from comity.kernel.digest import Digest
from comity.kernel.instant import Instant, shifted


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


def text_in_force(docket: Docket, clock: Clock, until: Instant | None = None) -> InForce:
    """Apply the proposer's amendments in the order of its log.

    Only the proposer amends; others say in a position what they would change. A close moves
    later only, and an amendment leaves as many hours before it as the procedure asks: a text
    that nobody has time to vote on again would undo every ballot. Under silence nothing changes
    once it has begun: a text that nobody had time to read must not become law by silence.

    Args:
        until: First instant at which an amendment is too late in any case, as where the vote
            was decided early; None for no such instant.
    """
    motion = docket.proposal.said
    found = InForce(
        digest=motion.proposal.text, words=motion.text, earlier=frozenset(),
        closes=motion.proposal.terms.closes, flags=(),
    )  # fmt: skip
    for logged in sorted(set(docket.amendments), key=lambda one: one.order):
        if logged.said.proposal == docket.proposal.reference:
            why = _fault(found, logged, _Asked(docket=docket, clock=clock, until=until))
            found = _amended(found, logged, why)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    docket: Docket
    clock: Clock
    until: Instant | None


def _amended(before: InForce, logged: Logged[Amendment], why: str | None) -> InForce:
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


def _fault(before: InForce, logged: Logged[Amendment], asked: _Asked) -> str | None:
    """Say why an amendment changes nothing, or None where it does."""
    docket, clock = asked.docket, asked.clock
    limit = _limit(before, logged.said.closes, asked)
    if logged.member != docket.proposal.member:
        return "an amendment by another member than the proposer changes nothing"
    if clock.is_stolen(logged, before.closes):
        return "signed by a key that its owner declared stolen"
    if clock.is_doubtful(logged, limit):
        return "its log told two stories, and it may stand in one of them only"
    if _is_silent(logged, docket, clock):
        return "under silence no text changes once the silence has begun"
    return _untimely(before, logged, limit, asked)


def _limit(before: InForce, moved: Instant | None, asked: _Asked) -> Instant | None:
    """Return the first instant at which an amendment is too late; None where none is.

    One that moves the close is held against the hours before the new close.
    """
    limits = [] if asked.until is None else [asked.until]
    if before.closes is not None:
        hours = asked.docket.proposal.said.proposal.procedure.amendments_until_h
        closes = before.closes if moved is None else max(moved, before.closes)
        limits += [before.closes, shifted(closes, -3600 * hours)]
    return min(limits, default=None)


def _is_silent(logged: Logged[Amendment], docket: Docket, clock: Clock) -> bool:
    """Tell whether silence had begun when others received an amendment."""
    proposal = docket.proposal.said.proposal
    if proposal.procedure.silence is None or proposal.terms.opens is None:
        return False
    received = clock.received(logged)
    return (clock.as_of if received is None else received) >= proposal.terms.opens


def _untimely(
    before: InForce, logged: Logged[Amendment], limit: Instant | None, asked: _Asked
) -> str | None:
    moved, clock = logged.said.closes, asked.clock
    if moved is not None and (before.closes is None or moved < before.closes):
        return "an amendment may only move the close to a later time"
    timing = clock.timing(logged, limit)
    if timing is Timing.IN_TIME:
        return None
    if timing is Timing.TO_COME or clock.timing(logged, before.closes) is not Timing.IN_TIME:
        return f"an amendment {clock.lateness(logged, timing).words} changes nothing"
    if asked.until is not None and asked.until == limit:
        return "an amendment received after the vote was decided changes nothing"
    hours = asked.docket.proposal.said.proposal.procedure.amendments_until_h
    return (
        f"an amendment not received {hours} hours before the close changes nothing; "
        "with the close moved it would"
    )
