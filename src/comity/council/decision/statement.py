# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Codecs of the council's own statements: proposal and ballot (docs/spec/council.md)."""

from collections.abc import Mapping
from dataclasses import dataclass

from comity.council.decision.tally import SAYABLE, Ballot, Electorate, Proposal
from comity.council.rule.codec import read_rule, to_rule_json
from comity.council.rule.floor import Answer
from comity.council.rule.rule import Rule
from comity.errors import Fault
from comity.kernel.canonical import Json
from comity.kernel.digest import sha256
from comity.kernel.fields import Fields
from comity.kernel.ids import MemberId
from comity.kernel.reference import Reference, to_reference_json


@dataclass(frozen=True, slots=True, kw_only=True)
class Motion:
    """A proposal with the words that are put to the vote."""

    title: str
    text: str
    proposal: Proposal


def propose(title: str, text: str, rule: Rule, electorate: Electorate) -> Motion:
    """Put a text to the vote; the digest of its UTF-8 bytes is what ballots name."""
    proposal = Proposal(text=sha256(text.encode()), rule=rule, electorate=electorate)
    return Motion(title=title, text=text, proposal=proposal)


def to_motion_json(motion: Motion) -> dict[str, Json]:
    """Write a proposal's predicate, without `issued`."""
    electorate = motion.proposal.electorate
    return {
        "title": motion.title,
        "text": motion.text,
        "rule": to_rule_json(motion.proposal.rule),
        "electorate": {
            "members": sorted(electorate.members),
            "groups": [
                {"name": name, "members": sorted(who)}
                for name, who in sorted(electorate.groups.items())
            ],
        },
    }


def from_motion_json(predicate: Mapping[str, Json]) -> Motion:
    """Read a proposal's predicate.

    Raises:
        InvalidDocument: With every fault of it.
    """
    faults: list[Fault] = []
    fields = Fields(predicate, faults=faults)
    title, text = fields.text("title"), fields.text("text")
    rule = read_rule(fields.inner("rule"))
    voters = fields.inner("electorate")
    members = _members(voters)
    groups = {row.text("name"): _members(row) for row in voters.rows("groups")}
    fields.finish("not a proposal", code="council.proposal")
    return propose(title, text, rule, Electorate(members=members, groups=groups))


def to_ballot_json(ballot: Ballot, proposal: Reference) -> dict[str, Json]:
    """Write a ballot's predicate, without `issued`."""
    return {
        "proposal": to_reference_json(proposal),
        "text": ballot.text.hex(),
        "choice": ballot.choice.value,
        "sequence": ballot.sequence,
    }


def from_ballot_json(member: MemberId, predicate: Mapping[str, Json]) -> Ballot:
    """Read the ballot that *member* signed.

    Raises:
        InvalidDocument: With every fault of it.
    """
    fields = Fields(predicate, faults=[])
    fields.reference("proposal")
    ballot = Ballot(
        member=member,
        text=fields.digest("text"),
        choice=Answer(fields.choice("choice", [choice.value for choice in SAYABLE])),
        sequence=fields.integer("sequence"),
    )
    fields.finish("not a ballot", code="council.ballot")
    return ballot


def _members(fields: Fields) -> frozenset[MemberId]:
    return frozenset(MemberId(text) for text in fields.texts("members"))
