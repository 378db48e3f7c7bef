# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Decision rules as data: one object decides, explains itself in words, and can be replayed.

A rule is a tree of leaves (a count against a share of a base) joined by `All`, `Any` and
`AtLeast`. It is pure data: what a member adopts is the rule's digest, so nobody can decide
under another rule than the one agreed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from typing import TypeAlias, assert_never

from comity.kernel.ids import MemberId


class Choice(Enum):
    """What a member says; silence is not a choice and is derived from its absence."""

    YES = "yes"
    NO = "no"
    ABSTAIN = "abstain"


class Base(Enum):
    """Of whom a share is taken."""

    MEMBERS = "members"
    CAST = "cast"
    YES_AND_NO = "yes_and_no"


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """Yes votes reach a share of a base, perhaps within one group.

    Args:
        share: In (0, 1].
        strict: More than the share, rather than at least.
        base: Whom the share is taken of.
        group: Only members of this group count, or None for all.
    """

    share: Fraction
    strict: bool
    base: Base
    group: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class All:
    """Every part passes."""

    parts: tuple["Rule", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AtLeast:
    """At least `count` of the parts pass; `Any` is at least one."""

    count: int
    parts: tuple["Rule", ...]


Rule: TypeAlias = Leaf | All | AtLeast


@dataclass(frozen=True, slots=True, kw_only=True)
class Electorate:
    """Who may vote, and in which groups they stand.

    Args:
        groups: Group name to its members; groups may overlap.
    """

    members: frozenset[MemberId]
    groups: Mapping[str, frozenset[MemberId]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why one part of a rule passed or failed, with the numbers that decided.

    Args:
        yes: Votes in favour that counted.
        base: Size of the base; a part with an empty base fails.
    """

    passed: bool
    words: str
    yes: int | None = None
    base: int | None = None
    parts: tuple["Reason", ...] = ()


def decide(rule: Rule, electorate: Electorate, votes: Mapping[MemberId, Choice]) -> Reason:
    """Decide a rule on the final votes, part by part.

    Args:
        votes: One choice a member; votes of strangers are not counted.
    """
    match rule:
        case Leaf():
            return _decide_leaf(rule, electorate, votes)
        case All(parts=parts):
            reasons = tuple(decide(part, electorate, votes) for part in parts)
            return Reason(
                passed=all(r.passed for r in reasons), words=explain(rule), parts=reasons
            )
        case AtLeast(count=count, parts=parts):
            reasons = tuple(decide(part, electorate, votes) for part in parts)
            passed = sum(r.passed for r in reasons) >= count
            return Reason(passed=passed, words=explain(rule), parts=reasons)
        case _:
            assert_never(rule)


def explain(rule: Rule) -> str:
    """Say a rule in one sentence without a full stop."""
    match rule:
        case Leaf(share=share, strict=strict, base=base, group=group):
            amount = "more than" if strict else "at least"
            of_whom = {
                Base.MEMBERS: "the members",
                Base.CAST: "the votes cast",
                Base.YES_AND_NO: "the votes for and against",
            }[base]
            where = f" in {group}" if group else ""
            return f"{amount} {share} of {of_whom}{where} in favour"
        case All(parts=parts):
            return " and ".join(_nested(part) for part in parts)
        case AtLeast(count=count, parts=parts):
            inner = "; ".join(explain(part) for part in parts)
            return f"at least {count} of {len(parts)} hold: {inner}"
        case _:
            assert_never(rule)


def without_hegemon(groups: tuple[str, ...]) -> Rule:
    """Return the default rule: half of all, and a third of each region but one.

    More than half the members, and at least a third of the members in all regions but one,
    so that neither one bloc nor one large region can decide or block alone.
    """
    half = Leaf(share=Fraction(1, 2), strict=True, base=Base.MEMBERS)
    thirds = tuple(
        Leaf(share=Fraction(1, 3), strict=False, base=Base.MEMBERS, group=group)
        for group in groups
    )
    return All(parts=(half, AtLeast(count=max(1, len(groups) - 1), parts=thirds)))


def _nested(rule: Rule) -> str:
    return explain(rule) if isinstance(rule, Leaf) else f"({explain(rule)})"


def _decide_leaf(
    rule: Leaf, electorate: Electorate, votes: Mapping[MemberId, Choice]
) -> Reason:
    who = electorate.members
    if rule.group is not None:
        who = who & electorate.groups.get(rule.group, frozenset())
    counted = [choice for member, choice in votes.items() if member in who]
    yes = counted.count(Choice.YES)
    match rule.base:
        case Base.MEMBERS:
            base = len(who)
        case Base.CAST:
            base = len(counted)
        case Base.YES_AND_NO:
            base = yes + counted.count(Choice.NO)
        case _:
            assert_never(rule.base)
    need = rule.share * base
    passed = base > 0 and (yes > need if rule.strict else yes >= need)
    return Reason(passed=passed, words=explain(rule), yes=yes, base=base)
