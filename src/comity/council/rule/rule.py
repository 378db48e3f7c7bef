# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Decision rules as data: a tree of counts, which decides, explains itself and is analysed.

What a member adopts is the rule's digest, so nobody can decide under another rule than the
one agreed. Sugar such as a double majority is written in these few words and has no word of
its own.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from comity.council.rule.floor import Answer, Base

IN_FAVOUR = frozenset({Answer.YES})
AGAINST = frozenset({Answer.NO, Answer.OBJECT})
NOT_IN_FAVOUR = frozenset(Answer) - IN_FAVOUR
ATTENDING = Base.PRESENT.counts
"""Whoever said anything valid; what a quorum counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A part of a base.

    Args:
        of: Whom it is taken of.
        least: In (0, 1].
        strict: More than the share, rather than at least.
    """

    of: Base
    least: Fraction
    strict: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A fixed amount: seats, or units of the weight.

    Args:
        least: 1 or more.
    """

    least: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """Enough seats said one of some answers.

    Args:
        need: How much is enough; a share of an empty base is never reached.
        count: The answers that count.
        by: Name of the weights that count, or None where each seat counts one.
        within: Only seats of this group count, on both sides of a share; None for all.
    """

    need: Share | Number
    count: frozenset[Answer] = IN_FAVOUR
    by: str | None = None
    within: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class All:
    """Every part holds."""

    parts: tuple["Rule", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AtLeast:
    """At least `count` of the parts hold; with a count of 1 it is "any"."""

    count: int
    parts: tuple["Rule", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Not:
    """The part does not hold."""

    part: "Rule"


@dataclass(frozen=True, slots=True, kw_only=True)
class Across:
    """A leaf holds within each group of a family, some few excepted.

    Args:
        family: Such as "region"; only its groups that have a seat count.
        missing: How many of them may fail, 0 or more; with fewer than `missing` + 1 groups
            one must still hold.
        leaf: Its `within` is None and is each group in turn.
    """

    family: str
    missing: int
    leaf: Leaf


Rule: TypeAlias = Leaf | All | AtLeast | Not | Across


def any_of(*parts: Rule) -> Rule:
    """Return the rule that holds when one of *parts* does."""
    return AtLeast(count=1, parts=parts)


def without_hegemon(family: str = "region") -> Rule:
    """Return the default rule: half of all, and a third of each region but one.

    More than half the members, and at least a third of the members in all regions but one,
    so that neither one bloc nor one large region can decide or block alone.
    """
    half = Leaf(need=Share(of=Base.MEMBERS, least=Fraction(1, 2), strict=True))
    third = Leaf(need=Share(of=Base.MEMBERS, least=Fraction(1, 3)))
    return All(parts=(half, Across(family=family, missing=1, leaf=third)))


def double_majority(members: Fraction, weight: Fraction, by: str, blocking: int) -> Rule:
    """Return a majority of heads and of weight, with a blocking minority.

    Args:
        members: Share of the seats, in (0, 1].
        weight: Share of the weights named *by*, in (0, 1].
        blocking: Fewer seats than this that are not in favour cannot block by weight; 0 for
            none.

    Source:
        Treaty on European Union, article 16(4).
    """
    heads = Leaf(need=Share(of=Base.MEMBERS, least=members))
    people: Rule = Leaf(need=Share(of=Base.MEMBERS, least=weight), by=by)
    if blocking:
        block = Leaf(need=Number(least=blocking), count=NOT_IN_FAVOUR)
        people = any_of(people, Not(part=block))
    return All(parts=(heads, people))
