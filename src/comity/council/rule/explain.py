# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A rule in one sentence, from the same data that decides."""

from collections.abc import Set as AbstractSet
from typing import assert_never

from comity.council.rule.floor import Answer
from comity.council.rule.procedure import (
    AMENDMENTS_UNTIL_H,
    Departed,
    OnBreak,
    Procedure,
    Roll,
    Silence,
)
from comity.council.rule.rule import Across, All, AtLeast, Leaf, Not, Number, Rule, Share
from comity.council.rule.wording import EN, Wording

REGION = "region"
"""The family whose groups are places, of which one says "in"."""

_DAY_H = 24


def explain(rule: Rule, wording: Wording = EN) -> str:
    """Say a rule in one clause without a full stop."""
    match rule:
        case Leaf():
            return _leaf(rule, wording)
        case All() | AtLeast():
            return _joint(rule, wording)
        case Not(part=Leaf() as leaf):
            return _leaf(leaf, wording, is_denied=True)
        case Not(part=part):
            return wording.say("not", inner=_nested(part, wording))
        case Across():
            return _across(rule, wording)
        case _:
            assert_never(rule)


def _joint(rule: All | AtLeast, wording: Wording) -> str:
    match rule:
        case All(parts=()):
            return wording.say("always")
        case All(parts=parts):
            *before, last = parts
            said = [_nested(part, wording, is_last=False) for part in before]
            return wording.say("and").join([*said, _nested(last, wording)])
        case AtLeast(count=1, parts=parts):
            return wording.say("or").join(_nested(part, wording) for part in parts)
        case AtLeast(count=count, parts=parts):
            inner = "; ".join(explain(part, wording) for part in parts)
            named = {"count": wording.number(count), "parts": wording.number(len(parts))}
            return wording.say("of several", inner=inner, **named)


def explain_procedure(procedure: Procedure, wording: Wording = EN) -> str:
    """Say a whole procedure in one sentence with its full stop."""
    adopts = explain(procedure.adopts, wording)
    if procedure.silence is None:
        said = wording.say("adopted", adopts=adopts)
    else:
        said = _silence(procedure.silence, adopts, wording)
    if procedure.quorum is not None:
        said += wording.say("quorum", quorum=explain(procedure.quorum, wording))
    for phrase, holds in (
        ("reasons", procedure.negative_needs_reason),
        ("at close", procedure.roll is Roll.AT_CLOSE),
        ("keeps departed", procedure.departed is Departed.KEEP),
        ("keeps suspended", procedure.suspended is Departed.KEEP),
        ("closes early", procedure.closes_early),
    ):
        said += wording.say(phrase) if holds else ""
    if procedure.amendments_until_h != AMENDMENTS_UNTIL_H:
        hours = _period(procedure.amendments_until_h, wording)
        said += wording.say("amendments", hours=hours)
    if procedure.reveal_min is not None:
        said += wording.say("reveal", minutes=procedure.reveal_min)
    if procedure.challenge_days:
        said += wording.say("challenge", days=procedure.challenge_days)
    return f"{said}."


def _silence(silence: Silence, adopts: str, wording: Wording) -> str:
    said = wording.say(
        "silent",
        period=_period(silence.period_h, wording),
        broken=explain(silence.broken_by, wording),
    )
    match silence.on_break:
        case OnBreak.VOTE:
            return said + wording.say("then vote", adopts=adopts)
        case OnBreak.FAIL:
            return said + wording.say("then fail")
        case OnBreak.EXTEND:
            extend = _period(silence.extend_h, wording)
            return said + wording.say("then extend", extend=extend, adopts=adopts)
        case _:
            assert_never(silence.on_break)


def _period(hours: int, wording: Wording) -> str:
    if hours % _DAY_H == 0 and hours > 3 * _DAY_H:
        return wording.say("days", count=hours // _DAY_H)
    return wording.say("hours", count=hours)


def _leaf(leaf: Leaf, wording: Wording, *, is_denied: bool = False) -> str:
    where = "" if leaf.within is None else _where(leaf.within, wording)
    several, one = _said(leaf.count, wording)
    match leaf.need:
        case Number(least=1) if is_denied and leaf.by is None:
            return wording.say("nobody", where=where, said=one)
        case Number(least=least) if leaf.by is None:
            phrase = "fewer than" if is_denied else "at least"
            amount = wording.say(phrase, amount=wording.number(least))
            is_one = least == 1
            said = one if is_one else several
            return wording.say(
                "seat" if is_one else "seats", amount=amount, where=where, said=said
            )
        case Number(least=least):
            amount = wording.say("less than" if is_denied else "at least", amount=least)
            said = _those(leaf.count, wording)
            weight = _name(leaf.by)
            return wording.say("weight", those=said, where=where, amount=amount, weight=weight)
        case Share() as share:
            return _share(leaf, share, where, wording, is_denied=is_denied)
        case _:
            assert_never(leaf.need)


def _share(leaf: Leaf, share: Share, where: str, wording: Wording, *, is_denied: bool) -> str:
    amount = wording.share(share.least)
    if share.least == 1 and not share.strict:
        amount = wording.say("not all", amount=amount) if is_denied else amount
    elif share.strict:
        amount = wording.say("at most" if is_denied else "more than", amount=amount)
    else:
        amount = wording.say("less than" if is_denied else "at least", amount=amount)
    base = wording.bases[share.of]
    if leaf.by is None:
        several, _ = _said(leaf.count, wording)
        return wording.say("of base", amount=amount, base=base, where=where, said=several)
    return wording.say(
        "of weight",
        those=_those(leaf.count, wording),
        where=where,
        amount=amount,
        weight=_name(leaf.by),
        base=base,
    )


def _across(rule: Across, wording: Wording) -> str:
    inner, family = _leaf(rule.leaf, wording), _name(rule.family)
    if not rule.missing:
        return wording.say("everywhere", family=family, inner=inner)
    missing = wording.number(rule.missing)
    return wording.say("all but", family=family, missing=missing, inner=inner)


def _said(count: AbstractSet[Answer], wording: Wording) -> tuple[str, str]:
    found = wording.said.get(frozenset(count))
    if found is not None:
        return found
    words = [wording.answers[answer] for answer in Answer if answer in count]
    said = wording.say("or").join(words)
    return said, said


def _those(count: AbstractSet[Answer], wording: Wording) -> str:
    named = wording.those.get(frozenset(count))
    return named or wording.say("who", said=_said(count, wording)[0])


def _where(group: str, wording: Wording) -> str:
    family, _, name = group.partition(":")
    phrase = "in region" if family == REGION and name else "in group"
    return wording.say(phrase, group=_name(name or group))


def _name(name: str | None) -> str:
    return (name or "").replace("_", " ")


def _nested(part: Rule, wording: Wording, *, is_last: bool = True) -> str:
    """Say a part, in brackets where it would run into what stands beside it."""
    match part:
        case Leaf() | Not(part=Leaf()):
            return explain(part, wording)
        case Across() if is_last:
            return explain(part, wording)
        case _:
            return f"({explain(part, wording)})"
