# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Codecs of what a consultation says: opened, opinions added, answers counted, concluded.

The wire form is docs/spec/consultation.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from comity.council.consult.consultation import Addition, Consultation, Stratum, Thresholds
from comity.council.consult.opinion import (
    MAX_OPINIONS,
    MAX_TEXT,
    LeftOut,
    Opinion,
    is_tag,
    name_flaw,
)
from comity.council.consult.outcome import State
from comity.kernel.alike import copies
from comity.kernel.canonical import Json
from comity.kernel.digest import to_hex
from comity.kernel.fields import Fields
from comity.kernel.ids import MemberId
from comity.kernel.instant import Instant, to_rfc3339
from comity.kernel.reference import Reference, to_ratio_json, to_reference_json

_STATES = tuple(state.value for state in State)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedCount:
    """How one declared group answered, as its node signs it.

    Args:
        people: How many answered anything.
        opinions: Ids; the three lists are parallel to them.
        table: Commitment to the table of answers, as JSON.
    """

    issued: Instant
    consultation: Reference
    stratum: str
    people: int
    opinions: tuple[str, ...]
    agree: tuple[int, ...]
    disagree: tuple[int, ...]
    passed: tuple[int, ...]
    table: Mapping[str, Json]


@dataclass(frozen=True, slots=True, kw_only=True)
class Conclusion:
    """What a member concluded from the signed counts it names.

    Args:
        votes: The signed counts that went in, by group.
        additions: The statements of opinions that were taken into account.
        states: Opinions by where they stand; those with the highest bound first.
        counts: Commitment to the result document, as JSON.
        labels: Commitment to who was placed where, as JSON.
    """

    issued: Instant
    consultation: Reference
    votes: tuple[Reference, ...]
    additions: tuple[Reference, ...]
    people: int
    states: Mapping[State, tuple[str, ...]]
    counts: Mapping[str, Json]
    labels: Mapping[str, Json]


def to_consultation_json(asked: Consultation) -> dict[str, Json]:
    """Write a consultation's predicate, without `issued`."""
    limits = asked.thresholds
    said: dict[str, Json] = {
        "question": asked.question,
        "groups_are": asked.kind,
        "strata": [{"name": one.name, "member": one.signer} for one in asked.strata],
        "opens": to_rfc3339(asked.opens),
        "closes": to_rfc3339(asked.closes),
        "thresholds": {
            "agree": to_ratio_json(limits.agree),
            "found": to_ratio_json(limits.found),
            "least_seen": limits.least_seen,
            "both_sides": limits.both_sides,
        },
        "opinions": [to_opinion_json(one) for one in asked.opinions],
    }
    return {**said, "adding": asked.adding} if asked.adding else said


def from_consultation_json(predicate: Mapping[str, Json]) -> Consultation:
    """Read a consultation's predicate.

    Raises:
        InvalidDocument: With every fault of it.
    """
    fields = Fields(predicate, faults=[])
    fields.instant("issued")
    opens, closes = fields.instant("opens"), fields.instant("closes")
    if closes <= opens:
        fields.fault("closes", "is not after opens")
    asked = Consultation(
        question=fields.text("question"),
        kind=fields.text("groups_are"),
        strata=_strata(fields),
        opens=opens,
        closes=closes,
        thresholds=_thresholds(fields.inner("thresholds")),
        opinions=_opinions(fields, "opinions"),
        adding=fields.optional("adding", fields.text) or "",
    )
    fields.finish("not a consultation", code="council.consultation")
    return asked


def to_opinion_json(opinion: Opinion) -> dict[str, Json]:
    """Write one opinion."""
    said: dict[str, Json] = {
        "name": opinion.name,
        "text": opinion.text,
        "language": opinion.language,
    }
    return {**said, "seed": True} if opinion.is_seed else said


def to_addition_json(addition: Addition, consultation: Reference) -> dict[str, Json]:
    """Write the predicate of added opinions, without `issued`."""
    out: list[Json] = []
    for one in addition.left_out:
        said: dict[str, Json] = {
            "name": one.name,
            "sha256": to_hex(one.sha256),
            "reason": one.reason,
        }
        out.append(said if one.text is None else {**said, "text": one.text})
    return {
        "consultation": to_reference_json(consultation),
        "add": [to_opinion_json(one) for one in addition.added],
        "left_out": out,
    }


def from_addition_json(predicate: Mapping[str, Json]) -> tuple[Reference, Addition]:
    """Read the predicate of added opinions, and the consultation they belong to.

    Raises:
        InvalidDocument: With every fault of it.
    """
    fields = Fields(predicate, faults=[])
    fields.instant("issued")
    consultation = fields.reference("consultation")
    added = _opinions(fields, "add")
    left = tuple(
        LeftOut(
            name=row.text("name"),
            sha256=row.digest("sha256"),
            reason=row.text("reason"),
            text=row.optional("text", row.text),
        )
        for row in fields.rows("left_out")
    )
    _refuse_repeated(fields, "left_out", [one.name for one in left])
    if not added and not left:
        fields.fault("add", "is empty, and nothing is left out")
    fields.finish("not a statement of opinions", code="council.opinions")
    return consultation, Addition(added=added, left_out=left)


def to_count_json(count: SignedCount) -> dict[str, Json]:
    """Write the predicate of a signed count, without `issued`."""
    return {
        "consultation": to_reference_json(count.consultation),
        "stratum": count.stratum,
        "people": count.people,
        "opinions": list(count.opinions),
        "agree": list(count.agree),
        "disagree": list(count.disagree),
        "pass": list(count.passed),
        "table": dict(count.table),
    }


def from_count_json(predicate: Mapping[str, Json]) -> SignedCount:
    """Read the predicate of a signed count.

    Raises:
        InvalidDocument: With every fault of it: lists that are not parallel, or more answers
            to one opinion than people.
    """
    fields = Fields(predicate, faults=[])
    count = SignedCount(
        issued=fields.instant("issued"),
        consultation=fields.reference("consultation"),
        stratum=fields.text("stratum"),
        people=fields.integer("people"),
        opinions=fields.texts("opinions"),
        agree=fields.integers("agree"),
        disagree=fields.integers("disagree"),
        passed=fields.integers("pass"),
        table=_commitment(fields, "table"),
    )
    _refuse_repeated(fields, "opinions", count.opinions)
    lists = (count.agree, count.disagree, count.passed)
    if any(len(one) != len(count.opinions) for one in lists):
        fields.fault("agree", "disagree and pass have not as many numbers as opinions")
    for place, given in enumerate(zip(*lists, strict=False)):
        if sum(given) > count.people:
            fields.fault(f"agree[{place}]", "with disagree and pass is more than people")
    fields.finish("not a signed count of answers", code="council.consultation_votes")
    return count


def to_conclusion_json(found: Conclusion) -> dict[str, Json]:
    """Write a conclusion's predicate, without `issued`."""
    return {
        "consultation": to_reference_json(found.consultation),
        "votes": [to_reference_json(one) for one in found.votes],
        "additions": [to_reference_json(one) for one in found.additions],
        "people": found.people,
        **{state.value: list(found.states.get(state, ())) for state in State},
        "counts": dict(found.counts),
        "labels": dict(found.labels),
    }


def from_conclusion_json(predicate: Mapping[str, Json]) -> Conclusion:
    """Read a conclusion's predicate.

    Raises:
        InvalidDocument: With every fault of it; no opinion stands in two states.
    """
    fields = Fields(predicate, faults=[])
    states = {State(name): fields.texts(name) for name in _STATES}
    found = Conclusion(
        issued=fields.instant("issued"),
        consultation=fields.reference("consultation"),
        votes=fields.references("votes"),
        additions=fields.references("additions"),
        people=fields.integer("people"),
        states=states,
        counts=_commitment(fields, "counts"),
        labels=_commitment(fields, "labels"),
    )
    every = [name for names in states.values() for name in names]
    _refuse_repeated(fields, State.AGREED.value, every)
    fields.finish("not the result of a consultation", code="council.consultation_result")
    return found


def _strata(fields: Fields) -> tuple[Stratum, ...]:
    found = tuple(
        Stratum(name=_name(row), signer=MemberId(row.text("member")))
        for row in fields.rows("strata")
    )
    for place, said in copies(one.name for one in found):
        fields.fault("strata", f"{found[place].name!r} {said}")
    if len(found) < 2:
        fields.fault("strata", "has fewer than two groups, so nothing could be across them")
    return found


def _thresholds(fields: Fields) -> Thresholds:
    return Thresholds(
        agree=_share(fields, "agree"),
        found=_share(fields, "found"),
        least_seen=fields.integer("least_seen", low=1),
        both_sides=fields.integer("both_sides"),
    )


def _share(fields: Fields, name: str) -> Fraction:
    share = fields.ratio(name)
    if fields.has(name) and not 0 < share < 1:
        fields.fault(name, "is not between 0 and 1")
        return Fraction(1, 2)
    return share


def _opinions(fields: Fields, name: str) -> tuple[Opinion, ...]:
    found = tuple(_opinion(row) for row in fields.rows(name))
    _refuse_repeated(fields, name, [one.name for one in found])
    if len(found) > MAX_OPINIONS:
        fields.fault(name, f"has more than {MAX_OPINIONS}")
    return found


def _opinion(row: Fields) -> Opinion:
    text = row.text("text")
    if len(text) > MAX_TEXT:
        row.fault("text", f"is longer than {MAX_TEXT} characters")
    language = row.text("language")
    if language and not is_tag(language):
        row.fault("language", "is no language tag such as en or pt-BR")
    return Opinion(
        name=_name(row),
        text=text,
        language=language,
        is_seed=row.optional("seed", row.flag) or False,
    )


def _name(row: Fields) -> str:
    name = row.text("name")
    flaw = name_flaw(name) if name else None
    if flaw is not None:
        row.fault("name", flaw)
    return name


def _commitment(fields: Fields, name: str) -> Mapping[str, Json]:
    inner = fields.inner(name)
    found: dict[str, Json] = {
        "sha256": to_hex(inner.digest("sha256")),
        "bucket": inner.integer("bucket", low=256),
        "media": inner.text("media"),
        "access": inner.text("access"),
    }
    return {**inner.rest(), **found}


def _refuse_repeated(fields: Fields, name: str, values: Sequence[str]) -> None:
    seen: set[str] = set()
    for value in values:
        if value in seen:
            fields.fault(name, f"names {value[:40]!r} twice")
        seen.add(value)
