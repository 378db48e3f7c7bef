# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A result is a function of what was said, never of the order in which it was read."""

import random
from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fakes.council import (
    CLOSES,
    HALF,
    OPENS,
    STRANGER,
    A,
    B,
    C,
    D,
    E,
    Scene,
    at,
    origin_of,
)

from comity.council.decision.ballots import Urn
from comity.council.decision.bloc import Blocs, Given, live_mandates
from comity.council.decision.cast import Cast, Positions
from comity.council.decision.clock import clock_of
from comity.council.decision.count import Counter
from comity.council.decision.docket import SAYABLE, Change
from comity.council.decision.early import settled_early
from comity.council.decision.mandates import Mandates
from comity.council.decision.roll import seats_of
from comity.council.decision.tally import tally
from comity.council.decision.text import text_in_force
from comity.council.rule.floor import Answer
from comity.council.rule.procedure import Departed, Procedure
from comity.council.rule.settled import Unsettled
from comity.kernel.digest import sha256
from comity.kernel.ids import MemberId
from comity.kernel.instant import Instant, shifted
from comity.kernel.reference import Reference

MEMBERS = st.sampled_from([A, B, C, D, E, STRANGER])
HOURS = st.sampled_from([1, 30, 100, 167, 169, 200])
ANSWERS = st.sampled_from(SAYABLE)
BY_HALF = Procedure(adopts=HALF)
TEXTS = st.sampled_from([None, "Notice is given within 48 hours."])


ANY = tuple(range(10))
OF_BALLOTS = (0, 1, 2, 7, 9)
OF_BLOCS = (3, 4, 4, 7, 8)
OF_POSITIONS = (3, 3, 3, 7)


def deed(draw: st.DrawFn, scene: Scene, kinds: Sequence[int]) -> None:
    """Let somebody do one thing."""
    kind = draw(st.sampled_from(kinds))
    people = MEMBERS if kinds is ANY else st.sampled_from([A, B])
    member, hour = draw(people), at(draw(HOURS))
    match kind:
        case 0 | 1 | 2:
            scene.vote(
                member, draw(ANSWERS), sequence=draw(st.integers(0, 1)), received=hour,
                text=draw(TEXTS), disputed_by=draw(st.sampled_from([None, None, 3, 9])),
                reason=draw(st.sampled_from(["", "Too late."])),
            )  # fmt: skip
        case 3:
            scene.position(
                member, draw(st.sampled_from(["x", "y"])),
                draw(st.sampled_from([*SAYABLE, None])), sequence=draw(st.integers(0, 1)),
                received=hour, text=draw(TEXTS), reason=draw(st.sampled_from(["", "Late."])),
                disputed_by=draw(st.sampled_from([None, None, 3, 9])),
            )  # fmt: skip
        case 4:
            scene.mandate(
                member, draw(st.sampled_from(["x", "y"])), draw(people), received=hour,
                scope=draw(st.sampled_from([(), ("Incidents",), ("fees",)])),
                until=draw(st.sampled_from([None, None, at(40), at(101), at(300)])),
                disputed_by=draw(st.sampled_from([None, None, 3, 9])),
            )  # fmt: skip
        case 5:
            change = draw(st.sampled_from(list(Change)))
            scene.change(member, change, by=member, decided=sha256(b"d"), received=hour)
        case 6:
            scene.amend(by=draw(st.sampled_from([A, B])), received=hour)
        case 7:
            scene.fork(member)
        case 8 if scene.docket.mandates:
            scene.withdraw(draw(st.sampled_from(scene.docket.mandates)), received=hour)
        case _:
            scene.spoil(member)


@st.composite
def scenes(
    draw: st.DrawFn, procedure: Procedure = BY_HALF, kinds: Sequence[int] = ANY
) -> Scene:
    """Return a vote in which much goes wrong."""
    scene = Scene(procedure=procedure)
    scene.adopt(sha256(b"d"))
    for _ in range(draw(st.integers(0, 14))):
        deed(draw, scene, kinds)
    for member in draw(st.sets(st.sampled_from([A, B, C]))):
        steal(scene, member, at(draw(HOURS)))
    return scene


def steal(scene: Scene, member: MemberId, received: Instant) -> None:
    """Let another receive entry 3 of a member's log, which may declare a key stolen."""
    place = Reference(log=origin_of(member), index=3, sha256=sha256(b"stolen"))
    scene.receive(replace(scene.docket.proposal, reference=place), D, received)


@given(scene=scenes(), seed=st.integers(0, 2**32), hour=HOURS)
@settings(max_examples=60)
def test_any_shuffle_gives_the_same_result_and_explanation(
    scene: Scene, seed: int, hour: int
) -> None:
    """Every follower reads the same logs in another order, and must see the same."""
    dice = random.Random(seed)  # noqa: S311 - a shuffle, no secret
    mixed: dict[str, Any] = {}
    for one in fields(scene.docket):
        value = getattr(scene.docket, one.name)
        if isinstance(value, tuple):
            twice = [*value, *value]
            dice.shuffle(twice)
            mixed[one.name] = tuple(twice) if one.name != "logs" else tuple(reversed(value))
    here = tally(scene.docket, at(hour))
    there = tally(replace(scene.docket, **mixed), at(hour))

    assert repr(here) == repr(there)


@given(scene=scenes())
@settings(max_examples=40)
def test_every_seat_stands_somewhere_and_nothing_is_dropped_in_silence(scene: Scene) -> None:
    """Each ballot of a member counts, is superseded by its own later one, or is flagged."""
    result = scene.tally(CLOSES)
    assert sum(result.counts.values()) == len(result.standings)
    flagged = {flag.reference for flag in result.flagged}
    counted = {one.by for one in result.standings}
    seats = {one.member: one for one in result.standings}
    for ballot in scene.docket.ballots:
        if ballot.reference in flagged | counted:
            continue
        newer = [
            other for other in scene.docket.ballots
            if other.member == ballot.member and (
                other.said.sequence > ballot.said.sequence
                or (other.said.sequence, other.said.choice)
                == (ballot.said.sequence, ballot.said.choice)
            ) and other != ballot
        ]  # fmt: skip
        assert newer
        assert ballot.member in seats


@given(scene=scenes(), member=MEMBERS)
@settings(max_examples=30)
def test_a_statement_received_after_the_close_changes_no_decision(
    scene: Scene, member: Any
) -> None:
    """What is decided stays as it was, whatever is said afterwards."""
    before = scene.tally(at(2, CLOSES))
    scene.vote(member, Answer.NO, sequence=9, received=at(1, CLOSES))
    after = scene.tally(at(2, CLOSES))

    assert after.standings == before.standings
    assert after.outcome == before.outcome


@given(scene=scenes(), member=st.sampled_from([A, B, STRANGER]))
@settings(max_examples=30)
def test_a_second_story_told_after_the_close_changes_no_decision(
    scene: Scene, member: Any
) -> None:
    """Of who gave no receipts: theirs count for nothing once they are known to lie."""
    before = scene.tally(at(2, CLOSES))
    forked = {log.member for log in scene.docket.logs}
    if member not in forked:
        scene.fork(member)
    after = scene.tally(at(2, CLOSES))

    assert after.standings == before.standings
    assert (after.text, after.outcome) == (before.text, before.outcome)


@given(scene=scenes(replace(BY_HALF, closes_early=True)))
@settings(max_examples=60)
def test_counting_on_finds_the_end_that_counting_afresh_finds(scene: Scene) -> None:
    """A running count is quicker and no other count."""
    docket = scene.docket
    clock = clock_of(docket, CLOSES)
    found = settled_early(docket, clock, OPENS, 0)
    afresh = None
    ends = {one.said.until for one in docket.mandates if one.said.until is not None}
    heard = {shifted(at(hour), 1) for hour in (1, 2, 3, 30, 100, 167)}
    for limit in sorted(heard | {end for end in ends if end < CLOSES}):
        text = text_in_force(docket, clock, limit)
        urn = Urn(docket, clock, text)
        count = Counter(docket=docket, clock=clock, text=text, urn=urn).at(limit)
        is_over = Unsettled(scene.procedure, count.floor).is_settled
        if is_over and afresh is None and docket.receipts:
            afresh = limit
    assert (found and found.limit) == afresh


@given(scene=scenes(BY_HALF, OF_BLOCS), dice=st.randoms(use_true_random=False))
@settings(max_examples=60)
def test_mandates_kept_as_they_arrive_are_those_read_anew(
    scene: Scene, dice: random.Random
) -> None:
    """A flood of mandates is then looked at once, and changes no count."""
    mandates, withdrawals = list(scene.docket.mandates), list(scene.docket.withdrawals)
    dice.shuffle(mandates)
    dice.shuffle(withdrawals)
    docket = replace(
        scene.docket, mandates=tuple(mandates), withdrawals=tuple(withdrawals)
    )  # fmt: skip
    clock = clock_of(docket, CLOSES)
    kept = Mandates(docket, clock, {"x", "y"})
    for hour in sorted({1, 2, 30, 40, 100, 101, 167}):
        limit = shifted(at(hour), dice.choice([0, 1]))
        anew = live_mandates(docket, clock, limit, [])
        members = [A, B, C, D, E, STRANGER]
        assert {one: kept.of(one, limit) for one in members} == {
            one: anew.get(one, ()) for one in members
        }


STRICT = replace(
    BY_HALF, negative_needs_reason=True, departed=Departed.KEEP, suspended=Departed.KEEP
)


@given(scene=scenes(STRICT, (*OF_BALLOTS, 5)))
@settings(max_examples=60)
def test_ballots_kept_as_they_arrive_answer_as_all_of_them_do(scene: Scene) -> None:
    """A flood of ballots is then looked at once, and changes no answer."""
    docket, clock = scene.docket, clock_of(scene.docket, CLOSES)
    text, seats = text_in_force(docket, clock, CLOSES), seats_of(docket, clock, CLOSES)
    every, held = Urn(docket, clock, text), Urn(docket, clock, text)
    cast = Cast(docket, clock, text, seats)
    for hour in (1, 2, 30, 100, 167):
        limit = shifted(at(hour), 1)
        for member in (A, B, C, D, E):
            held.hold(member, cast.of(member, limit), cast.spoilt(member, limit))
            here = held.answer(member, seats, limit, [])
            there = every.answer(member, seats, limit, [])
            assert (here and here.answer) == (there and there.answer)


@given(scene=scenes(STRICT, OF_POSITIONS))
@settings(max_examples=60)
def test_positions_kept_as_they_arrive_fill_whom_all_of_them_do(scene: Scene) -> None:
    """A flood of positions is then looked at once, and speaks for nobody else."""
    for giver, bloc, holder in ((C, "x", A), (D, "x", B), (E, "y", A)):
        scene.mandate(giver, bloc, holder)
    docket, clock = scene.docket, clock_of(scene.docket, CLOSES)
    text = text_in_force(docket, clock, CLOSES)
    positions, mandates = Positions(docket, clock, text), Mandates(docket, clock, {"x", "y"})
    members = [A, B, C, D, E, STRANGER]
    kept = Blocs(docket, clock, text, shifted(OPENS, 1))
    for hour in (1, 2, 30, 40, 100, 167):
        limit = shifted(at(hour), 1)
        anew = Blocs(docket, clock, text, limit)
        for each in {Given(bloc=bloc, holder=one) for bloc in "xy" for one in members}:
            kept.positioned(each, positions.of(each, limit))
        for member in members:
            kept.mandated(member, mandates.of(member, limit))
            assert kept.fill(member) == anew.fill(member)
