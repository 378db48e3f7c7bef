# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The codec of the `system` statement: one version of a system, as its provider says it.

Source:
    docs/spec/statements.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from comity.errors import Fault
from comity.kernel.canonical import Json
from comity.kernel.digest import Digest
from comity.kernel.fields import Fields
from comity.kernel.ids import MarketCode
from comity.kernel.material import from_material_json, to_material_json
from comity.law.answer import read_answer, to_plain
from comity.law.fact import Answer, Fact, Silence
from comity.law.market import is_market
from comity.law.norm import Role
from comity.law.profile import Profile

_CODE = "law.system"


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What makes this version this version.

    Args:
        method: How the digest was taken, such as "files".
        sha256: The system version digest, the statement's subject.
        what: What it was taken of, in words.
    """

    method: str
    sha256: Digest
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """A system as registered.

    Args:
        unread: Answers to facts that our vocabulary does not hold, or not in this form:
            kept as they came, and unknown to the logic.
        unread_in: The same of answers for one market.
        rest: Fields of the predicate that we do not know.
    """

    profile: Profile
    identity: Identity
    unread: Mapping[str, Json] = field(default_factory=dict)
    unread_in: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)
    rest: Mapping[str, Json] = field(default_factory=dict)


def to_system_json(registration: Registration, facts: Mapping[str, Fact]) -> dict[str, Json]:
    """Write a system's predicate, without `issued`.

    Args:
        facts: The vocabulary; an answer carries the unit of its fact.

    A statement speaks of its own day: the changes of a profile are worked in beforehand.
    """
    profile, identity = registration.profile, registration.identity
    in_market: dict[str, dict[str, Json]] = {
        market: dict(unread) for market, unread in registration.unread_in.items()
    }
    for market, said in profile.in_market.items():
        in_market.setdefault(market, {}).update(_answers_json(said, facts))
    return {
        **registration.rest,
        "system": profile.system,
        "name": dict(profile.name.by_tag),
        "version": profile.version,
        "purpose": dict(profile.purpose.by_tag),
        "identity": {
            "method": identity.method,
            "sha256": identity.sha256.hex(),
            "what": identity.what,
        },
        "facts": {**registration.unread, **_answers_json(profile.answers, facts)},
        **({"facts_in": in_market} if in_market else {}),
        "markets": list(profile.markets or ()),
        "materials": [to_material_json(material) for material in profile.materials],
        "example": profile.example,
    }


def from_system_json(predicate: Mapping[str, Json], facts: Mapping[str, Fact]) -> Registration:
    """Read a system's predicate; who issued it is its provider.

    Raises:
        InvalidDocument: With every fault of it (code `law.system`). An answer we cannot
            read is no fault: other members' vocabularies may be newer.
    """
    faults: list[Fault] = []
    fields = Fields(predicate, faults=faults)
    identity = fields.inner("identity")
    answers, unread = _answers(fields.value("facts"), facts, fields, "facts")
    in_market, unread_in = _in_market(fields, facts)
    fields.optional("issued", fields.text)
    registration = Registration(
        profile=Profile(
            system=fields.text("system"),
            name=fields.local_text("name"),
            version=fields.text("version"),
            purpose=fields.local_text("purpose"),
            example=fields.flag("example"),
            roles=(Role.PROVIDER,),
            markets=_markets(fields),
            answers=answers,
            in_market=in_market,
            materials=tuple(from_material_json(row) for row in fields.rows("materials")),
        ),
        identity=Identity(
            method=identity.text("method"),
            sha256=identity.digest("sha256"),
            what=identity.text("what"),
        ),
        unread=unread,
        unread_in=unread_in,
        rest=fields.rest(),
    )
    fields.finish("not a system's registration", code=_CODE)
    return registration


def _answers_json(answers: Mapping[str, Answer], facts: Mapping[str, Fact]) -> dict[str, Json]:
    return {
        name: to_plain(facts[name], answer)
        for name, answer in answers.items()
        if answer is not Silence.NOT_ASKED
    }


def _in_market(
    fields: Fields, facts: Mapping[str, Fact]
) -> tuple[dict[MarketCode, dict[str, Answer]], dict[str, dict[str, Json]]]:
    """Read the answers for one market each; there need be none."""
    if not fields.has("facts_in"):
        return {}, {}
    inner = fields.inner("facts_in")
    read: dict[MarketCode, dict[str, Answer]] = {}
    unread: dict[str, dict[str, Json]] = {}
    for market in inner.names():
        if not is_market(market):
            inner.fault(market, "is no market")
            continue
        answers, left = _answers(inner.value(market), facts, inner, market)
        read[MarketCode(market)] = answers
        if left:
            unread[market] = left
    return read, unread


def _answers(
    said: Json, facts: Mapping[str, Fact], fields: Fields, name: str
) -> tuple[dict[str, Answer], dict[str, Json]]:
    if not isinstance(said, Mapping):
        fields.fault(name, "is not an object of answers by fact name")
        return {}, {}
    answers: dict[str, Answer] = {}
    unread: dict[str, Json] = {}
    for fact, plain in said.items():
        wrong: object = True
        if fact in facts:
            answers[fact], wrong = read_answer(facts[fact], plain)
        if wrong:
            answers.pop(fact, None)
            unread[fact] = plain
    return answers, unread


def _markets(fields: Fields) -> tuple[MarketCode, ...]:
    codes = fields.texts("markets")
    for position, code in enumerate(codes):
        if not is_market(code):
            fields.fault(f"markets[{position}]", f"{code[:20]!r} is no market")
    return tuple(MarketCode(code) for code in codes)
