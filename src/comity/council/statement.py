# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Codecs of the council's own statements: proposal and ballot (docs/spec/council.md)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import assert_never

from comity.council.rule import All, AtLeast, Base, Choice, Electorate, Leaf, Rule
from comity.council.tally import Ballot, Proposal
from comity.errors import Fault
from comity.kernel.canonical import Json
from comity.kernel.digest import sha256
from comity.kernel.fields import Fields
from comity.kernel.ids import MemberId
from comity.kernel.reference import Reference, to_ratio_json, to_reference_json

MAX_DEPTH = 8


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
    rule = _rule(fields.inner("rule"), 0)
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
        choice=Choice(fields.choice("choice", [choice.value for choice in Choice])),
        sequence=fields.integer("sequence"),
    )
    fields.finish("not a ballot", code="council.ballot")
    return ballot


def to_rule_json(rule: Rule) -> dict[str, Json]:
    """Write a rule as data."""
    match rule:
        case Leaf():
            return {
                "leaf": {
                    "share": to_ratio_json(rule.share),
                    "strict": rule.strict,
                    "base": rule.base.value,
                    "group": rule.group,
                }
            }
        case All(parts=parts):
            return {"all": [to_rule_json(part) for part in parts]}
        case AtLeast(count=count, parts=parts):
            return {"at_least": {"count": count, "parts": [to_rule_json(p) for p in parts]}}
        case _:
            assert_never(rule)


def from_rule_json(value: Json) -> Rule:
    """Read a rule.

    Raises:
        InvalidDocument: With every fault of it, a rule that can never pass among them.
    """
    fields = Fields(value, faults=[])
    rule = _rule(fields, 0)
    fields.finish("not a rule", code="council.rule")
    return rule


def _rule(fields: Fields, depth: int) -> Rule:
    if depth > MAX_DEPTH:
        fields.fault("", f"is deeper than {MAX_DEPTH} levels")
    elif fields.has("leaf"):
        return _leaf(fields.inner("leaf"))
    elif fields.has("all"):
        return All(parts=_parts(fields, "all", depth))
    elif fields.has("at_least"):
        inner = fields.inner("at_least")
        parts = _parts(inner, "parts", depth)
        count = inner.integer("count", low=1)
        if count > len(parts):
            inner.fault("count", f"asks {count} of {len(parts)} parts and can never pass")
        return AtLeast(count=count, parts=parts)
    else:
        fields.fault("", "is none of leaf, all, at_least")
    return All(parts=())


def _parts(fields: Fields, name: str, depth: int) -> tuple[Rule, ...]:
    parts = tuple(_rule(row, depth + 1) for row in fields.rows(name))
    if not parts:
        fields.fault(name, "has no parts and would always pass")
    return parts


def _leaf(fields: Fields) -> Leaf:
    share = fields.ratio("share")
    strict = fields.flag("strict")
    if not 0 < share <= 1 or (strict and share == 1):
        fields.fault("share", "can never or always pass; it is above 0 and at most 1")
    return Leaf(
        share=share,
        strict=strict,
        base=Base(fields.choice("base", [base.value for base in Base])),
        group=fields.optional("group", fields.text),
    )


def _members(fields: Fields) -> frozenset[MemberId]:
    return frozenset(MemberId(text) for text in fields.texts("members"))
