# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Measure the tally of 193 members and 1,000 statements, by procedure.

Run it as a script: python benchmarks/council_tally.py [rounds]
"""

import datetime as dt
import random
import sys
import time
from collections.abc import Callable
from fractions import Fraction
from functools import partial
from typing import TypeVar

from comity.council.decision.docket import (
    SAYABLE,
    Ballot,
    BlocPosition,
    Docket,
    Logged,
    Mandate,
    Receipt,
)
from comity.council.decision.electorate import Electorate
from comity.council.decision.proposal import Terms, propose
from comity.council.decision.tally import tally
from comity.council.rule.floor import Answer, Base, Weights
from comity.council.rule.procedure import OnBreak, Procedure, Silence
from comity.council.rule.rule import (
    AGAINST,
    Leaf,
    Number,
    Share,
    double_majority,
    without_hegemon,
)
from comity.kernel.digest import sha256
from comity.kernel.ids import MemberId, Origin
from comity.kernel.instant import Instant, from_rfc3339
from comity.kernel.reference import Reference

T = TypeVar("T")

OPENS = from_rfc3339("2026-12-01T09:00:00Z")
CLOSES = from_rfc3339("2026-12-08T09:00:00Z")
SEATS = 193
GOAL_S = 0.2

HALF = Leaf(need=Share(of=Base.CAST, least=Fraction(1, 2), strict=True))
RULES = {
    "half of the votes cast": Procedure(adopts=HALF),
    "default, five regions": Procedure(adopts=without_hegemon()),
    "55 % and 65 %, blocking 4": Procedure(
        adopts=double_majority(Fraction(55, 100), Fraction(65, 100), "population", 4)
    ),
    "silence, then a vote": Procedure(
        adopts=without_hegemon(),
        silence=Silence(
            period_h=72,
            broken_by=Leaf(need=Number(least=1), count=AGAINST),
            on_break=OnBreak.VOTE,
        ),
    ),
    "default, closes early": Procedure(adopts=without_hegemon(), closes_early=True),
}


def docket(procedure: Procedure, dice: random.Random) -> Docket:
    """Return 1,000 statements of 193 made-up members about one text."""
    members = [MemberId(sha256(b"%d" % number).hex()) for number in range(SEATS)]
    place: dict[MemberId, int] = {}

    def log(member: MemberId, said: T) -> Logged[T]:
        index = place[member] = place.get(member, 0) + 1
        origin = Origin(f"{member[:8]}.example/log")
        digest = sha256(f"{member}{index}".encode())
        return Logged(
            reference=Reference(log=origin, index=index, sha256=digest),
            member=member,
            said=said,
        )

    people = {str(member): dice.randint(1, 1400) for member in members}
    electorate = Electorate(
        members=frozenset(members),
        groups={f"region:{name}": frozenset(members[name::5]) for name in range(5)},
        weights={
            "population": Weights(
                name="population", unit="million people", source="made up", values=people
            )
        },
    )
    terms = Terms(opens=OPENS, closes=CLOSES, topic="incidents")
    motion = propose("Notice", "Within 72 hours.", procedure, electorate, terms)
    proposal = log(members[0], motion)
    text = motion.proposal.text
    votes = [dice.choice((*SAYABLE, Answer.YES, Answer.YES, Answer.YES)) for _ in members]
    ballots = [
        log(member, Ballot(proposal=proposal.reference, text=text, choice=vote, sequence=n))
        for n in range(2)
        for member, vote in zip(members, votes, strict=True)
        if dice.random() < 0.9
    ]
    mandates = [
        log(member, Mandate(bloc="b", holder=members[1], scope=(), until=None, rule="-"))
        for member in members[2::4]
    ]
    position = BlocPosition(
        bloc="b", proposal=proposal.reference, text=text, choice=Answer.YES, sequence=0
    )
    positions = [log(members[1], position)]
    left = 1000 - 1 - len(ballots) - len(mandates) - len(positions)
    received = [proposal, *ballots, *mandates, *positions]
    receipts = [
        log(
            dice.choice(members),
            Receipt(of=received[n % len(received)].reference, received=_later(dice)),
        )
        for n in range(left)
    ]
    return Docket(
        proposal=proposal,
        ballots=tuple(ballots),
        mandates=tuple(mandates),
        positions=tuple(positions),
        receipts=tuple(receipts),
    )


def _later(dice: random.Random) -> Instant:
    return Instant(OPENS + dt.timedelta(minutes=dice.randint(1, 9_000)))


def cpu_s(work: Callable[[], object], rounds: int) -> float:
    """Return the least CPU-seconds of some rounds."""
    found = []
    for _ in range(rounds):
        start = time.process_time()
        work()
        found.append(time.process_time() - start)
    return min(found)


def main() -> None:
    """Print one row for each procedure."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    print(f"{SEATS} members, 1,000 statements; goal {GOAL_S} CPU-s")
    print(f"{'procedure':<28}{'state':<16}{'CPU-s':>8}{'of goal':>9}")
    for name, procedure in RULES.items():
        case = docket(procedure, random.Random(7))  # noqa: S311 - made-up votes, no secret
        result = tally(case, CLOSES)
        spent = cpu_s(partial(tally, case, CLOSES), rounds)
        print(f"{name:<28}{result.state.value:<16}{spent:>8.4f}{spent / GOAL_S:>8.0%}")


if __name__ == "__main__":
    main()
