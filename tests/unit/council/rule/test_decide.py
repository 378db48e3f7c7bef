# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Deciding a rule on a floor: each base, each joint, and the numbers that are told."""

from collections.abc import Mapping
from fractions import Fraction

import pytest

from comity.council.rule.decide import decide
from comity.council.rule.floor import Answer, Base, Floor, Weights
from comity.council.rule.rule import (
    AGAINST,
    Across,
    All,
    AtLeast,
    Leaf,
    Not,
    Number,
    Share,
    double_majority,
)

HALF = Fraction(1, 2)


def floor_of(said: Mapping[str, Answer], **weights: int) -> Floor:
    """Seat each answer once, by name; weights by the same names."""
    measure = Weights(name="people", unit="person", source="made up", values=weights)
    return Floor(seats=frozenset(said), answers=said, weights={"people": measure})


EVERY = floor_of({answer.value: answer for answer in Answer})
"""One seat of each answer: yes, no, object, abstain, recused, present, void, silent."""


@pytest.mark.parametrize(
    ("base", "size"),
    [(Base.MEMBERS, 8), (Base.PRESENT, 6), (Base.CAST, 4), (Base.YES_AND_NO, 3)],
)
def test_each_base_holds_the_answers_it_says(base: Base, size: int) -> None:
    """A void ballot is a seat and no presence; an abstention is cast and takes no side."""
    reason = decide(Leaf(need=Share(of=base, least=HALF)), EVERY)

    assert (reason.counted, reason.base, reason.passed) == (1, size, False)


@pytest.mark.parametrize(("strict", "passed"), [(False, True), (True, False)])
def test_exactly_the_share_is_at_least_and_not_more_than(*, strict: bool, passed: bool) -> None:
    """Compared in whole numbers, so a tie is a tie."""
    floor = floor_of({"a": Answer.YES, "b": Answer.NO})

    share = Share(of=Base.CAST, least=HALF, strict=strict)
    assert decide(Leaf(need=share), floor).passed is passed


def test_a_share_of_nobody_is_not_reached() -> None:
    """And its denial holds: which is why such rules are checked."""
    leaf = Leaf(need=Share(of=Base.CAST, least=HALF))
    empty = floor_of({"a": Answer.SILENT})

    assert not decide(leaf, empty).passed
    assert decide(Not(part=leaf), empty).passed


def test_weights_count_exactly() -> None:
    """A hair below 65 % of 1.4 billion is below."""
    said = {"a": Answer.YES, "b": Answer.NO}
    leaf = Leaf(need=Share(of=Base.MEMBERS, least=Fraction(65, 100)), by="people")

    assert decide(leaf, floor_of(said, a=910_000_000, b=490_000_000)).passed
    assert not decide(leaf, floor_of(said, a=909_999_999, b=490_000_001)).passed


def test_a_blocking_minority_needs_its_number() -> None:
    """Three of the largest cannot block by people alone."""
    rule = double_majority(HALF, Fraction(65, 100), "people", 4)
    said = {name: Answer.NO if name in "abc" else Answer.YES for name in "abcdefgh"}
    people = dict(zip("abcdefgh", (90, 80, 70, 9, 8, 7, 6, 5), strict=True))

    assert decide(rule, floor_of(said, **people)).passed
    assert not decide(rule, floor_of({**said, "d": Answer.ABSTAIN}, **people)).passed


def test_joints_say_which_of_their_parts_held() -> None:
    """All, so many of, and a denied count, which keeps the numbers of the count."""
    one, nine = Leaf(need=Number(least=1)), Leaf(need=Number(least=9))
    floor = floor_of({"a": Answer.YES})

    assert [part.passed for part in decide(All(parts=(one, nine)), floor).parts] == [
        True,
        False,
    ]
    assert decide(AtLeast(count=1, parts=(one, nine)), floor).passed
    assert not decide(AtLeast(count=2, parts=(one, nine)), floor).passed
    denied = decide(Not(part=Leaf(need=Number(least=1), count=AGAINST)), floor)
    assert (denied.passed, denied.counted, denied.words) == (True, 0, "nobody is against")


@pytest.mark.parametrize(("missing", "passed"), [(0, False), (1, True), (5, True)])
def test_a_family_may_miss_some_and_never_all(*, missing: int, passed: bool) -> None:
    """With more allowed to fail than there are, one must still hold."""
    floor = Floor(
        seats=frozenset("abc"),
        answers={"a": Answer.YES},
        groups={"r:x": frozenset("a"), "r:y": frozenset("bc"), "r:empty": frozenset()},
    )
    rule = Across(family="r", missing=missing, leaf=Leaf(need=Number(least=1)))

    assert decide(rule, floor).passed is passed
    none = Across(family="r", missing=missing, leaf=Leaf(need=Number(least=3)))
    assert not decide(none, floor).passed
