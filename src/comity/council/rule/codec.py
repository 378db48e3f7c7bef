# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Rules as JSON: read with every fault at once, written in one way (docs/spec/council.md)."""

from collections.abc import Callable
from typing import assert_never

from comity.council.rule.floor import Answer, Base
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
from comity.kernel.canonical import Json
from comity.kernel.fields import Fields
from comity.kernel.reference import to_ratio_json

MAX_DEPTH = 8


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


def read_rule(fields: Fields, depth: int = 0) -> Rule:
    """Read a rule that stands within a larger document, noting its faults there."""
    found = [word for word in _READ if fields.has(word)]
    if depth > MAX_DEPTH:
        fields.fault("", f"is deeper than {MAX_DEPTH} levels")
    elif len(found) == 1:
        return _READ[found[0]](fields, depth)
    else:
        several = f"is several of {', '.join(found)}" if found else "is none of them"
        fields.fault("", f"{several}; a rule is one of {', '.join(_READ)}")
    return All(parts=())


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
