# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The three regulators decide together by which numbers they test, under a rule as data."""

from comity.council.decision.docket import Ballot
from comity.council.decision.electorate import Electorate
from comity.council.decision.proposal import propose
from comity.council.decision.result import Result
from comity.council.decision.statement import to_ballot_json, to_motion_json
from comity.council.rule.explain import explain
from comity.council.rule.floor import Answer
from comity.council.rule.procedure import Procedure
from comity.council.rule.rule import without_hegemon
from comity.demo.cast import Actor, Cast, read_clock
from comity.demo.teller import Teller
from comity.desk.council.decision.docket import Chamber
from comity.desk.log.record import record

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
    electorate = Electorate(members=members, groups=groups)
    motion = propose(TITLE, TEXT, Procedure(adopts=rule), electorate)
    text = motion.proposal.text
    proposal = record(
        cast.khm.node, "proposal", to_motion_json(motion), subject=text, now=read_clock()
    )
    cast.publish(cast.khm)
    for actor in cast.regulators:
        ballot = Ballot(proposal=proposal, text=text, choice=Answer.YES, sequence=0)
        record(actor.node, "ballot", to_ballot_json(ballot), subject=text, now=read_clock())
    cast.publish(*cast.regulators)
    result = count(cast.sgp)
    votes = ", ".join(f"{_name(cast, one.member)} {one.words}" for one in result.standings)
    teller.say(f"{TITLE}: {'adopted' if result.passed else 'not adopted'} ({votes})")
    teller.say(f"Rule: {explain(rule)}.", indent=2, style="dim")
    return result


def count(reader: Actor) -> Result:
    """Count the one motion as a member sees it in the logs it follows."""
    chamber = Chamber(reader.node.view())
    (proposal,) = chamber.proposals()
    return chamber.tally(proposal, read_clock())


def _name(cast: Cast, member: str) -> str:
    return next(actor.short for actor in cast.everyone if actor.member == member)
