# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""From signed statements to a result: pure, and independent of the order they are read in."""

from collections.abc import Iterator
from functools import lru_cache, partial

from comity.council.decision.ballots import Urn
from comity.council.decision.bloc import revocations
from comity.council.decision.clock import Clock, Timing, clock_of
from comity.council.decision.count import Counter
from comity.council.decision.course import Asked, CountAt, Course, course_of
from comity.council.decision.docket import Docket
from comity.council.decision.early import Early, settled_early
from comity.council.decision.result import Flag, Result, State
from comity.council.decision.text import InForce, text_in_force
from comity.kernel.instant import Instant, shifted


def tally(docket: Docket, as_of: Instant) -> Result:
    """Decide a proposal from the statements a reader holds, as of an instant.

    A member's ballot with the highest sequence number counts. Two different ballots under one
    number are equivocation: neither counts, and no older one is revived. What does not count
    is flagged with its reason, never silently counted nor silently dropped. Whether something
    was in time is told by the receipts of other members, never by its author's clock. Any
    order of the same statements gives the same result and the same explanation.
    """
    return counted(docket, as_of)[0]


def counted(docket: Docket, as_of: Instant) -> tuple[Result, InForce]:
    """Decide a proposal as `tally` does, and return the text it was decided on with it."""
    clock = clock_of(docket, as_of)
    text = text_in_force(docket, clock)
    proposal = docket.proposal.said.proposal
    closes_early = proposal.procedure.closes_early
    course = course_of(
        Asked(
            procedure=proposal.procedure,
            terms=proposal.terms,
            closes=text.closes,
            as_of=as_of,
            at=lru_cache(maxsize=8)(_counter(docket, clock, text).at),
            reached=clock.received(docket.proposal),
            early=partial(_early, docket, clock) if closes_early else None,
        )
    )
    text = course.text or text
    return _result(docket, clock, text, course), text


def _counter(docket: Docket, clock: Clock, text: InForce) -> Counter:
    return Counter(docket=docket, clock=clock, text=text, urn=Urn(docket, clock, text))


def _early(
    docket: Docket, clock: Clock, begins: Instant | None, later_s: int
) -> tuple[Early, CountAt] | None:
    """Find when a vote was decided early, and count it on the text that was in force then."""
    found = settled_early(docket, clock, begins, later_s)
    if found is None:
        return None
    return found, _counter(docket, clock, found.text).at


def _result(docket: Docket, clock: Clock, text: InForce, course: Course) -> Result:
    flags = [*text.flags, *course.count.flags, *_doubts(docket, clock)]
    reveal_min = docket.proposal.said.proposal.procedure.reveal_min
    return Result(
        proposal=docket.proposal.reference,
        as_of=clock.as_of,
        state=_state(docket, clock, course, flags),
        passed=course.passed and not _is_withdrawn(docket, clock, course),
        is_decided=course.is_decided,
        text=text.digest,
        closes=course.ends,
        standings=course.count.standings,
        removed=course.count.seats.removed,
        flagged=tuple(sorted(set(flags), key=lambda flag: flag.order)),
        outcome=course.outcome,
        is_revealed=_is_revealed(reveal_min, course, clock.as_of),
        logs=tuple(sorted(docket.logs, key=lambda log: log.origin)),
    )


def _doubts(docket: Docket, clock: Clock) -> Iterator[Flag]:
    """Flag a proposal that is not its member's, or that another may see with other words."""
    proposal = docket.proposal
    if proposal.disputed_by is not None:
        yield Flag(
            member=proposal.member,
            code="disputed",
            words="the proposal is signed by a key that its owner declared stolen",
            reference=proposal.reference,
        )
    if clock.may_be_doubtful(proposal):
        yield Flag(
            member=proposal.member,
            code="forked",
            words="its log told two stories, and another proposal may stand in the other",
            reference=proposal.reference,
        )


def _state(docket: Docket, clock: Clock, course: Course, flags: list[Flag]) -> State:
    if _is_withdrawn(docket, clock, course):
        return State.WITHDRAWN
    days = docket.proposal.said.proposal.procedure.challenge_days
    if not course.is_decided or course.decided_at is None or not days:
        return course.state
    until = shifted(course.decided_at, days * 86_400)
    if _is_challenged(docket, clock, until, flags):
        return State.CHALLENGED
    return State.FINAL if clock.as_of >= until else course.state


def _is_withdrawn(docket: Docket, clock: Clock, course: Course) -> bool:
    """Tell whether the proposer took the proposal back before it was decided."""
    limit = course.ends if course.decided_at is None else course.decided_at
    if docket.proposal.reference not in revocations(docket, clock, limit):
        return False
    return not (course.is_decided and course.decided_at is None)


def _is_challenged(docket: Docket, clock: Clock, until: Instant, flags: list[Flag]) -> bool:
    electorate = docket.proposal.said.proposal.electorate.members
    revoked = revocations(docket, clock, None)
    found = False
    for logged in sorted(set(docket.challenges), key=lambda one: one.order):
        if logged.said.of != docket.proposal.reference:
            continue
        timing = clock.timing(logged, until)
        if logged.disputed_by is not None or clock.is_doubtful(logged, until):
            words = "a challenge that may not be its member's own changes nothing"
        elif logged.member not in electorate:
            words = "a challenge by who has no seat changes nothing"
        elif timing is not Timing.IN_TIME:
            words = "a challenge after the days for it changes nothing"
        elif logged.reference in revoked:
            words = "the challenge was taken back"
        else:
            words, found = f"challenges the count: {logged.said.reason}", True
        flags.append(
            Flag(
                member=logged.member, code="challenge", words=words,
                reference=logged.reference,
            )
        )  # fmt: skip
    return found


def _is_revealed(reveal_min: int | None, course: Course, as_of: Instant) -> bool:
    if reveal_min is None or course.ends is None or course.is_decided:
        return True
    return as_of >= shifted(course.ends, -60 * reveal_min)
