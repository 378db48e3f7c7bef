# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A rule in one sentence, from the same data that decides."""

from collections.abc import Set as AbstractSet
from typing import assert_never

from comity.council.rule.floor import Answer, Base
from comity.council.rule.rule import (
    AGAINST,
    IN_FAVOUR,
    NOT_IN_FAVOUR,
    Across,
    All,
    AtLeast,
    Leaf,
    Not,
    Number,
    Rule,
    Share,
)

_BASES = {
    Base.MEMBERS: "the members",
    Base.PRESENT: "those present",
    Base.CAST: "the votes cast",
    Base.YES_AND_NO: "the votes for and against",
}


def explain(rule: Rule) -> str:
    """Say a rule in one clause without a full stop."""
    match rule:
        case Leaf():
            where = f" in {_group(rule.within)}" if rule.within else ""
            return f"{_amount(rule)}{where} {_said(rule.count)}"
        case All(parts=parts):
            return " and ".join(_nested(part) for part in parts)
        case AtLeast(count=1, parts=parts):
            return " or ".join(_nested(part) for part in parts)
        case AtLeast(count=count, parts=parts):
            inner = "; ".join(explain(part) for part in parts)
            return f"at least {count} of {len(parts)} hold: {inner}"
        case Not(part=part):
            return f"not ({explain(part)})"
        case Across(family=family, missing=missing, leaf=leaf):
            all_but = f" but {missing}" if missing else ""
            return f"{_amount(leaf)} {_said(leaf.count)} in every {family}{all_but}"
        case _:
            assert_never(rule)


def _amount(leaf: Leaf) -> str:
    unit = "" if leaf.by is None else f" by {leaf.by}"
    match leaf.need:
        case Number(least=least):
            what = "members" if leaf.by is None else f"of {leaf.by}"
            return f"at least {least} {what}"
        case Share(of=of, least=share, strict=strict):
            amount = "all" if share == 1 else f"{'more than' if strict else 'at least'} {share}"
            return f"{amount} of {_BASES[of]}{unit}"
        case _:
            assert_never(leaf.need)


def _said(count: AbstractSet[Answer]) -> str:
    named = {IN_FAVOUR: "in favour", AGAINST: "against", NOT_IN_FAVOUR: "not in favour"}
    words = sorted(answer.value for answer in count)
    return named.get(frozenset(count), f"with {' or '.join(words)}")


def _group(name: str) -> str:
    return name.partition(":")[2] or name


def _nested(part: Rule) -> str:
    is_plain = isinstance(part, Leaf | Across)
    return explain(part) if is_plain else f"({explain(part)})"
