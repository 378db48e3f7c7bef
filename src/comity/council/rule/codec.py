# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Rules as JSON: read with every fault at once, written in one way (docs/spec/council.md)."""

import difflib
from collections.abc import Callable, Collection, Mapping
from dataclasses import fields as dataclass_fields
from typing import assert_never

from comity.council.rule.floor import Answer, Base
from comity.council.rule.procedure import (
    AMENDMENTS_UNTIL_H,
    Departed,
    OnBreak,
    Procedure,
    Roll,
    Silence,
)
from comity.council.rule.rule import (
    IN_FAVOUR,
    Across,
    All,
    AtLeast,
    Leaf,
    Not,
    Number,
    Rule,
    Share,
    any_of,
)
from comity.kernel.canonical import Json, to_canonical
from comity.kernel.digest import Digest, sha256
from comity.kernel.fields import Fields
from comity.kernel.reference import to_ratio_json

MAX_DEPTH = 8
MAX_PARTS = 400
"""Clauses of one rule, those within others counted; more are refused before any is read."""

PROCEDURE_FIELDS = tuple(
    field.name for field in dataclass_fields(Procedure) if field.name != "adopts"
)


def to_rule_json(rule: Rule) -> dict[str, Json]:
    """Write a rule as data; equal rules are written alike."""
    match rule:
        case Leaf():
            return {"leaf": _to_leaf_json(rule)}
        case All(parts=parts):
            return {"all": [to_rule_json(part) for part in parts]}
        case AtLeast(count=count, parts=parts):
            return {"at_least": {"count": count, "parts": [to_rule_json(p) for p in parts]}}
        case Not(part=part):
            return {"not": to_rule_json(part)}
        case Across(family=family, missing=missing, leaf=leaf):
            inner = _to_leaf_json(leaf)
            return {"across": {"family": family, "missing": missing, "leaf": inner}}
        case _:
            assert_never(rule)


def from_rule_json(value: Json) -> Rule:
    """Read a rule.

    Raises:
        InvalidDocument: With every fault of it.
    """
    fields = Fields(value, faults=[])
    rule = read_rule(fields)
    fields.finish("not a rule", code="council.rule")
    return rule


def digest_of(procedure: Procedure) -> Digest:
    """Return what a member adopts: the digest of the whole procedure's canonical JSON."""
    return sha256(to_canonical(to_whole_json(procedure)))


def to_whole_json(procedure: Procedure) -> dict[str, Json]:
    """Write a procedure as `rule` and, where it says more than the rule, `procedure`."""
    more = to_procedure_json(procedure)
    rule: dict[str, Json] = {"rule": to_rule_json(procedure.adopts)}
    return rule | ({"procedure": more} if more else {})


def from_whole_json(value: Json) -> Procedure:
    """Read a rule with what surrounds it.

    Raises:
        InvalidDocument: With every fault of it.
    """
    fields = Fields(value, faults=[])
    procedure = read_whole(fields)
    fields.finish("not a rule", code="council.rule")
    return procedure


def read_whole(fields: Fields) -> Procedure:
    """Read `rule` and the optional `procedure` of a larger document, noting faults there."""
    adopts = read_rule(fields.inner("rule"))
    more = fields.optional("procedure", fields.inner)
    return Procedure(adopts=adopts) if more is None else read_procedure(more, adopts)


def to_procedure_json(procedure: Procedure) -> dict[str, Json]:
    """Write what a procedure says beside its rule; defaults are left out."""
    written: dict[str, Json] = {}
    if procedure.quorum is not None:
        written["quorum"] = to_rule_json(procedure.quorum)
    if procedure.silence is not None:
        written["silence"] = _to_silence_json(procedure.silence)
    for name, said in (
        ("negative_needs_reason", procedure.negative_needs_reason),
        ("closes_early", procedure.closes_early),
    ):
        written |= {name: True} if said else {}
    if procedure.roll is not Roll.AT_OPEN:
        written["roll"] = procedure.roll.value
    for name, fate in (("departed", procedure.departed), ("suspended", procedure.suspended)):
        written |= {name: fate.value} if fate is not Departed.REMOVE else {}
    if procedure.amendments_until_h != AMENDMENTS_UNTIL_H:
        written["amendments_until_h"] = procedure.amendments_until_h
    if procedure.reveal_min is not None:
        written["reveal_min"] = procedure.reveal_min
    if procedure.challenge_days:
        written["challenge_days"] = procedure.challenge_days
    return written


def read_procedure(fields: Fields, adopts: Rule) -> Procedure:
    """Read what a procedure says beside its rule, noting faults in the larger document."""
    quorum = fields.optional("quorum", lambda name: read_rule(fields.inner(name)))
    silence = fields.optional("silence", lambda name: _read_silence(fields.inner(name)))
    departed, suspended = (
        Departed(_word(fields, name, [fate.value for fate in Departed], "remove"))
        for name in ("departed", "suspended")
    )
    hours = fields.optional("amendments_until_h", fields.integer)
    procedure = Procedure(
        adopts=adopts,
        quorum=quorum,
        silence=silence,
        negative_needs_reason=fields.optional("negative_needs_reason", fields.flag) or False,
        roll=Roll(_word(fields, "roll", [roll.value for roll in Roll], "at_open")),
        departed=departed,
        suspended=suspended,
        closes_early=fields.optional("closes_early", fields.flag) or False,
        amendments_until_h=AMENDMENTS_UNTIL_H if hours is None else hours,
        reveal_min=fields.optional("reveal_min", fields.integer),
        challenge_days=fields.optional("challenge_days", fields.integer) or 0,
    )
    for name in fields.rest():
        fields.fault(name, "is no part of a procedure", near=near_name(name, PROCEDURE_FIELDS))
    return procedure


def near_name(name: str, options: Collection[str]) -> str | None:
    """Return the option a misspelt name probably means."""
    alike = [option for option in sorted(options) if option.casefold() == name.casefold()]
    return next(iter(alike or difflib.get_close_matches(name, sorted(options), 1)), None)


def _word(fields: Fields, name: str, options: Collection[str], default: str) -> str:
    return fields.choice(name, options) if fields.has(name) else default


def _read_silence(fields: Fields) -> Silence:
    period_h = fields.integer("period_h", low=1)
    broken_by = read_rule(fields.inner("broken_by"))
    on_break = OnBreak(fields.choice("on_break", [each.value for each in OnBreak]))
    extend_h = fields.optional("extend_h", fields.integer) or 0
    if (on_break is OnBreak.EXTEND) != bool(extend_h):
        fields.fault("extend_h", "is above 0 where a break extends, and only there")
    return Silence(period_h=period_h, broken_by=broken_by, on_break=on_break, extend_h=extend_h)


def _to_silence_json(silence: Silence) -> dict[str, Json]:
    written: dict[str, Json] = {
        "period_h": silence.period_h,
        "broken_by": to_rule_json(silence.broken_by),
        "on_break": silence.on_break.value,
    }
    return written | ({"extend_h": silence.extend_h} if silence.extend_h else {})


def read_rule(fields: Fields, depth: int = 0) -> Rule:
    """Read a rule that stands within a larger document, noting its faults there."""
    found = [word for word in _READ if fields.has(word)]
    if depth == 0 and has_too_many({word: fields.value(word) for word in found}):
        fields.fault("", f"has more than {MAX_PARTS} parts")
    elif depth > MAX_DEPTH:
        fields.fault("", f"is deeper than {MAX_DEPTH} levels")
    elif len(found) == 1:
        return _READ[found[0]](fields, depth)
    else:
        several = f"is several of {', '.join(found)}" if found else "is none of them"
        fields.fault("", f"{several}; a rule is one of {', '.join(_READ)}")
    return All(parts=())


def has_too_many(clause: object) -> bool:
    """Tell whether a clause as it is written has more than `MAX_PARTS` parts, read or not.

    However deep they nest: nothing here calls itself, and it ends at the bound.
    """
    seen, waiting = 0, [clause]
    while waiting and seen <= MAX_PARTS:
        one = waiting.pop()
        seen += 1
        if isinstance(one, Mapping):
            at_least = one.get("at_least")
            parts = at_least.get("parts") if isinstance(at_least, Mapping) else None
            for inner in (one.get("all"), one.get("any"), parts):
                if isinstance(inner, list | tuple):
                    waiting.extend(inner[: MAX_PARTS + 1])
            waiting.extend([one["not"]] if "not" in one else [])
    return seen > MAX_PARTS


def _parts(fields: Fields, name: str, depth: int) -> tuple[Rule, ...]:
    parts = tuple(read_rule(row, depth + 1) for row in fields.rows(name))
    if not parts:
        fields.fault(name, "has no parts")
    return parts


def _at_least(fields: Fields, depth: int) -> Rule:
    fields = fields.inner("at_least")
    parts = _parts(fields, "parts", depth)
    count = fields.integer("count", low=1)
    if count > len(parts):
        fields.fault("count", f"asks {count} of {len(parts)} parts and can never pass")
    return AtLeast(count=count, parts=parts)


def _across(fields: Fields, _depth: int) -> Rule:
    fields = fields.inner("across")
    leaf = _leaf(fields.inner("leaf"))
    if leaf.within is not None:
        fields.fault("leaf.group", "is given by the family; leave it out")
    return Across(family=fields.text("family"), missing=fields.integer("missing"), leaf=leaf)


def _leaf(fields: Fields) -> Leaf:
    return Leaf(
        need=_need(fields),
        count=_count(fields) if fields.has("count") else IN_FAVOUR,
        by=fields.optional("by", fields.text),
        within=fields.optional("group", fields.text),
    )


def _need(fields: Fields) -> Share | Number:
    if fields.has("number"):
        if fields.has("share"):
            fields.fault("number", "stands beside a share; a leaf has one of them")
        return Number(least=fields.integer("number", low=1))
    share = fields.ratio("share")
    strict = fields.flag("strict")
    if not 0 < share <= 1 or (strict and share == 1):
        fields.fault("share", "can never or always pass; it is above 0 and at most 1")
    base = Base(fields.choice("base", [base.value for base in Base]))
    return Share(of=base, least=share, strict=strict)


def _count(fields: Fields) -> frozenset[Answer]:
    known = {answer.value: answer for answer in Answer}
    said = fields.texts("count")
    for word in said:
        if word not in known:
            fields.fault("count", f"names {word!r}, which is no answer")
    found = frozenset(known[word] for word in said if word in known)
    return found or IN_FAVOUR


def _to_leaf_json(leaf: Leaf) -> dict[str, Json]:
    written: dict[str, Json] = {"group": leaf.within}
    match leaf.need:
        case Number(least=least):
            written["number"] = least
        case Share(of=of, least=share, strict=strict):
            written |= {"share": to_ratio_json(share), "strict": strict, "base": of.value}
        case _:
            assert_never(leaf.need)
    if leaf.count != IN_FAVOUR:
        written["count"] = sorted(answer.value for answer in leaf.count)
    if leaf.by is not None:
        written["by"] = leaf.by
    return written


_READ: dict[str, Callable[[Fields, int], Rule]] = {
    "leaf": lambda fields, _: _leaf(fields.inner("leaf")),
    "all": lambda fields, depth: All(parts=_parts(fields, "all", depth)),
    "any": lambda fields, depth: any_of(*_parts(fields, "any", depth)),
    "at_least": _at_least,
    "not": lambda fields, depth: Not(part=read_rule(fields.inner("not"), depth + 1)),
    "across": _across,
}
