# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A rule written as the TOML that `files/rule.py` reads."""

import json
from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import assert_never

from comity.council.rule.floor import Answer
from comity.council.rule.procedure import (
    AMENDMENTS_UNTIL_H,
    Departed,
    Procedure,
    Roll,
    Silence,
)
from comity.council.rule.rule import Across, All, AtLeast, Leaf, Not, Number, Rule, Share
from comity.files.rule import RuleFile
from comity.files.ruleclause import COUNTS
from comity.kernel.share import exactly


def to_toml(rule: RuleFile) -> str:
    """Write a rule as TOML; reading it gives the same procedure."""
    return "\n".join(_lines(rule)) + "\n"


def _lines(rule: RuleFile) -> Iterator[str]:
    procedure = rule.procedure
    yield f"title = {_text(rule.title)}"
    for name, said in (("about", rule.about), ("body", rule.body)):
        if said:
            yield f"{name} = {_text(said)}"
    if rule.cautions:
        yield f"cautions = [{', '.join(_text(caution) for caution in rule.cautions)}]"
    yield from _settings(procedure)
    yield f"adopts = {_clause(procedure.adopts)}"
    if procedure.quorum is not None:
        yield f"quorum = {_clause(procedure.quorum)}"
    if procedure.silence is not None:
        yield from ("", "[silence]", *_silence(procedure.silence))
    for source in rule.sources:
        yield from ("", "[[source]]", f"article = {_text(source.article)}")
        yield from (f"source = {_text(source.source)}", f'basis = "{source.basis.value}"')


def _settings(procedure: Procedure) -> Iterator[str]:
    if procedure.negative_needs_reason:
        yield "negative_needs_reason = true"
    if procedure.closes_early:
        yield "closes_early = true"
    if procedure.roll is not Roll.AT_OPEN:
        yield f'roll = "{procedure.roll.value}"'
    for name, fate in (("departed", procedure.departed), ("suspended", procedure.suspended)):
        if fate is not Departed.REMOVE:
            yield f'{name} = "{fate.value}"'
    if procedure.amendments_until_h != AMENDMENTS_UNTIL_H:
        yield f"amendments_until_h = {procedure.amendments_until_h}"
    if procedure.reveal_min is not None:
        yield f"reveal_min = {procedure.reveal_min}"
    if procedure.challenge_days:
        yield f"challenge_days = {procedure.challenge_days}"


def _silence(silence: Silence) -> Iterator[str]:
    yield f"period_h = {silence.period_h}"
    yield f'on_break = "{silence.on_break.value}"'
    if silence.extend_h:
        yield f"extend_h = {silence.extend_h}"
    yield f"broken_by = {_clause(silence.broken_by)}"


def _clause(rule: Rule) -> str:
    match rule:
        case Leaf():
            return _table(_leaf(rule))
        case All(parts=parts):
            return _table([f"all = {_clauses(parts)}"])
        case AtLeast(count=1, parts=parts):
            return _table([f"any = {_clauses(parts)}"])
        case AtLeast(count=count, parts=parts):
            inner = _table([f"count = {count}", f"parts = {_clauses(parts)}"])
            return _table([f"at_least = {inner}"])
        case Not(part=part):
            return _table([f"not = {_clause(part)}"])
        case Across(family=family, missing=missing, leaf=leaf):
            said = [f"family = {_text(family)}", f"missing = {missing}", *_leaf(leaf)]
            return _table([f"across = {_table(said)}"])
        case _:
            assert_never(rule)


def _clauses(parts: Iterable[Rule]) -> str:
    return f"[{', '.join(_clause(part) for part in parts)}]"


def _leaf(leaf: Leaf) -> Iterator[str]:
    match leaf.need:
        case Number(least=least):
            yield f"number = {least}"
        case Share(of=of, least=share, strict=strict):
            yield f'share = "{"more than " if strict else ""}{_share(share)}"'
            yield f'of = "{of.value}"'
        case _:
            assert_never(leaf.need)
    if leaf.count != COUNTS["in_favour"]:
        yield f"count = {_count(leaf.count)}"
    if leaf.by is not None:
        yield f"by = {_text(leaf.by)}"
    if leaf.within is not None:
        yield f"group = {_text(leaf.within)}"


def _share(share: Fraction) -> str:
    return exactly(share) if share.denominator in {20, 25, 50, 100} else str(share)


def _count(count: frozenset[Answer]) -> str:
    named = next((name for name, answers in COUNTS.items() if answers == count), None)
    words = [answer.value for answer in Answer if answer in count]
    return _text(named) if named else f"[{', '.join(_text(word) for word in words)}]"


def _table(said: Iterable[str]) -> str:
    return f"{{ {', '.join(said)} }}"


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")
