# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Codecs of what decides: proposal, amendment, ballot (docs/spec/council.md)."""

import math
from collections.abc import Iterator, Mapping
from typing import assert_never

from comity.council.decision.docket import SAYABLE, Amendment, Ballot
from comity.council.decision.proposal import Motion, Proposal, Terms, propose
from comity.council.decision.statement_electorate import read_electorate, to_electorate_json
from comity.council.rule.codec import read_whole, to_whole_json
from comity.council.rule.floor import Answer
from comity.council.rule.procedure import OnBreak, Procedure
from comity.council.rule.rule import Across, All, AtLeast, Leaf, Not, Rule
from comity.errors import Fault
from comity.kernel.canonical import Json
from comity.kernel.digest import Digest, sha256
from comity.kernel.fields import Fields
from comity.kernel.instant import to_rfc3339
from comity.kernel.reference import to_reference_json

__all__ = [
    "from_amendment_json", "from_ballot_json", "from_motion_json", "propose",
    "to_amendment_json", "to_ballot_json", "to_motion_json",
]  # fmt: skip


def to_motion_json(motion: Motion) -> dict[str, Json]:
    """Write a proposal's predicate, without `issued`."""
    proposal = motion.proposal
    terms = proposal.terms
    written: dict[str, Json] = {
        "title": motion.title,
        **_words_json(motion.text, proposal.text),
        **to_whole_json(proposal.procedure),
        "electorate": to_electorate_json(proposal.electorate),
    }
    for name, instant in (("opens", terms.opens), ("closes", terms.closes)):
        if instant is not None:
            written[name] = to_rfc3339(instant)
    if terms.topic:
        written["topic"] = terms.topic
    if terms.receipts > 1:
        written["receipts"] = terms.receipts
    return written


def from_motion_json(predicate: Mapping[str, Json]) -> Motion:
    """Read a proposal's predicate.

    Raises:
        InvalidDocument: With every fault of it.
    """
    faults: list[Fault] = []
    fields = Fields(predicate, faults=faults)
    title = fields.text("title")
    text, digest = _words(fields)
    procedure = read_whole(fields)
    electorate = read_electorate(fields.inner("electorate"))
    terms = Terms(
        opens=fields.optional("opens", fields.instant),
        closes=fields.optional("closes", fields.instant),
        topic=fields.optional("topic", fields.text) or "",
        receipts=fields.integer("receipts", low=1) if fields.has("receipts") else 1,
    )
    _check_terms(fields, terms, procedure)
    is_timed = terms.closes is not None or procedure.silence is not None
    if is_timed and terms.receipts >= len(electorate.members):
        fields.fault("receipts", "are more than there are other members to give them")
    for name in sorted(_unknown_weights(procedure, electorate.weights)):
        fields.fault("rule", f"speaks of weights {name!r}, which the electorate does not have")
    fields.finish("not a proposal", code="council.proposal")
    proposal = Proposal(text=digest, procedure=procedure, electorate=electorate, terms=terms)
    return Motion(title=title, text=text, proposal=proposal)


def to_amendment_json(amendment: Amendment) -> dict[str, Json]:
    """Write an amendment's predicate, without `issued`."""
    written: dict[str, Json] = {
        "proposal": to_reference_json(amendment.proposal),
        **_words_json(amendment.text, amendment.digest),
    }
    if amendment.closes is not None:
        written["closes"] = to_rfc3339(amendment.closes)
    return written


def from_amendment_json(predicate: Mapping[str, Json]) -> Amendment:
    """Read an amendment's predicate.

    Raises:
        InvalidDocument: With every fault of it.
    """
    fields = Fields(predicate, faults=[])
    proposal = fields.reference("proposal")
    text, digest = _words(fields)
    closes = fields.optional("closes", fields.instant)
    fields.finish("not an amendment", code="council.amendment")
    return Amendment(proposal=proposal, text=text, digest=digest, closes=closes)


def to_ballot_json(ballot: Ballot) -> dict[str, Json]:
    """Write a ballot's predicate, without `issued`."""
    written: dict[str, Json] = {
        "proposal": to_reference_json(ballot.proposal),
        "text": ballot.text.hex(),
        "choice": ballot.choice.value,
        "sequence": ballot.sequence,
    }
    return written | ({"reason": ballot.reason} if ballot.reason else {})


def from_ballot_json(predicate: Mapping[str, Json]) -> Ballot:
    """Read a ballot's predicate.

    Raises:
        InvalidDocument: With every fault of it.
    """
    fields = Fields(predicate, faults=[])
    ballot = Ballot(
        proposal=fields.reference("proposal"),
        text=fields.digest("text"),
        choice=Answer(fields.choice("choice", [choice.value for choice in SAYABLE])),
        sequence=fields.integer("sequence"),
        reason=fields.optional("reason", fields.text) or "",
    )
    fields.finish("not a ballot", code="council.ballot")
    return ballot


def _words_json(text: str | None, digest: Digest) -> dict[str, Json]:
    return {"blob": digest.hex()} if text is None else {"text": text}


def _words(fields: Fields) -> tuple[str | None, Digest]:
    """Read a text that stands here or in a public blob."""
    if fields.has("blob"):
        if fields.has("text"):
            fields.fault("blob", "stands beside a text; one of them says what is adopted")
        return None, fields.digest("blob")
    text = fields.text("text")
    return text, sha256(text.encode("utf-8", "surrogatepass"))


def _check_terms(fields: Fields, terms: Terms, procedure: Procedure) -> None:
    if terms.opens is not None and terms.closes is not None and terms.closes <= terms.opens:
        fields.fault("closes", "is not after the opening")
    if procedure.silence is None:
        return
    if terms.opens is None:
        fields.fault("opens", "is missing; silence is counted from it")
    hours = procedure.silence.period_h + procedure.silence.extend_h
    if _hours(terms) <= hours and procedure.silence.on_break is not OnBreak.FAIL:
        fields.fault("closes", f"leaves no time for a vote after {hours} hours of silence")
    if procedure.silence.on_break is OnBreak.FAIL and terms.closes is not None:
        fields.fault("closes", "says nothing where broken silence ends it; leave it out")


def _hours(terms: Terms) -> float:
    """Return the hours from opening to close; no end where one of them is missing."""
    if terms.opens is None or terms.closes is None:
        return math.inf
    return (terms.closes - terms.opens).total_seconds() / 3600


def _unknown_weights(procedure: Procedure, known: Mapping[str, object]) -> set[str]:
    rules = [procedure.adopts]
    rules += [] if procedure.quorum is None else [procedure.quorum]
    rules += [] if procedure.silence is None else [procedure.silence.broken_by]
    named = {leaf.by for rule in rules for leaf in _leaves(rule)}
    return {name for name in named if name is not None} - set(known)


def _leaves(rule: Rule) -> Iterator[Leaf]:
    match rule:
        case Leaf():
            yield rule
        case Across(leaf=leaf):
            yield leaf
        case Not(part=part):
            yield from _leaves(part)
        case All(parts=parts) | AtLeast(parts=parts):
            for part in parts:
                yield from _leaves(part)
        case _:
            assert_never(rule)
