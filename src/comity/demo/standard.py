# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The three regulators decide together by which numbers they test, under a rule as data."""

from collections.abc import Iterable

from comity.council.decision.statement import (
    from_ballot_json,
    from_motion_json,
    propose,
    to_ballot_json,
    to_motion_json,
)
from comity.council.decision.tally import Ballot, Electorate, Result, tally
from comity.council.rule.explain import explain
from comity.council.rule.floor import Answer
from comity.council.rule.rule import without_hegemon
from comity.demo.cast import Actor, Cast, read_clock
from comity.demo.teller import Teller
from comity.desk.record import record
from comity.desk.shelf import ViewShelf

TITLE = "Common numbers for testing public AI services"
TEXT = (
    "Each category of a committed bank is judged for itself: shown when more than nine in "
    "ten of its items pass, at a risk of one in twenty over all attempts; the test aims at "
    "services of which 97 in 100 pass. A missing, late or broken answer is a failure."
)


def tell_standard(teller: Teller, cast: Cast) -> Result:
    """Propose, vote, and count from one member's own view."""
    groups = {
        "region:Latin America": frozenset({cast.bra.member}),
        "region:South-East Asia": frozenset({cast.khm.member, cast.sgp.member}),
    }
    members = frozenset(actor.member for actor in cast.regulators)
    rule = without_hegemon()
    motion = propose(TITLE, TEXT, rule, Electorate(members=members, groups=groups))
    text = motion.proposal.text
    proposal = record(
        cast.khm.node, "proposal", to_motion_json(motion), subject=text, now=read_clock()
    )
    cast.publish(cast.khm)
    for actor in cast.regulators:
        ballot = Ballot(member=actor.member, text=text, choice=Answer.YES, sequence=0)
        predicate = to_ballot_json(ballot, proposal)
        record(actor.node, "ballot", predicate, subject=text, now=read_clock())
    cast.publish(*cast.regulators)
    result = count(cast.sgp)
    votes = ", ".join(f"{_name(cast, member)} {vote.value}" for member, vote in result.votes)
    teller.say(f"{TITLE}: {'adopted' if result.passed else 'not adopted'} ({votes})")
    teller.say(f"Rule: {explain(rule)}.", indent=2, style="dim")
    return result


def count(reader: Actor) -> Result:
    """Count the one motion as a member sees it in the logs it follows."""
    shelf = ViewShelf(reader.node.view())
    (said,) = shelf.of_kind("proposal")
    motion = from_motion_json(said.statement.predicate)
    return tally(motion.proposal, _ballots(shelf))


def _ballots(shelf: ViewShelf) -> Iterable[Ballot]:
    for said in shelf.of_kind("ballot"):
        yield from_ballot_json(said.member, said.statement.predicate)


def _name(cast: Cast, member: str) -> str:
    return next(actor.short for actor in cast.everyone if actor.member == member)
