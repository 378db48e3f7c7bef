# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Replaying rules: what passes, who alone could have changed it, how blocs hold together."""

import datetime as dt
from fractions import Fraction

import pytest

from comity.council.replay.agreement import agreement
from comity.council.replay.board import Board
from comity.council.replay.history import Chamber, History, Item, history_of, merged
from comity.council.replay.replay import board_of, differences, replay
from comity.council.replay.ruling import rule_on
from comity.council.rule.floor import Answer, Base, Weights
from comity.council.rule.outcome import State
from comity.council.rule.procedure import OnBreak, Procedure, Silence
from comity.council.rule.rule import (
    AGAINST,
    Leaf,
    Not,
    Number,
    Share,
    double_majority,
    without_hegemon,
)
from comity.errors import InvalidDocument

YES, NO, ABSTAIN, SILENT = Answer.YES, Answer.NO, Answer.ABSTAIN, Answer.SILENT
HALF = Procedure(adopts=Leaf(need=Share(of=Base.MEMBERS, least=Fraction(1, 2), strict=True)))
UNOPPOSED = Procedure(adopts=Not(part=Leaf(need=Number(least=1), count=AGAINST)))
PEOPLE = Weights(
    name="people", unit="person", source="made up", values={"a": 70, "b": 20, "c": 6, "d": 4}
)


def past(*rows: str) -> History:
    """Build a history of seats a, b, c, d from rows such as "yyn-"; a dot is no seat."""
    words = {"y": YES, "n": NO, "a": ABSTAIN, "-": SILENT}
    return history_of(
        {
            Item(id=str(number)): {
                seat: words[sign] for seat, sign in zip("abcd", row, strict=True) if sign != "."
            }
            for number, row in enumerate(rows)
        },
        missing=None,
    )


def test_an_item_passes_as_the_rule_says_and_not_as_it_was() -> None:
    """The record is kept beside; it decides nothing."""
    found = replay(HALF, past("yyyn", "yynn", "y--n"), Chamber(), {})

    assert found.states == (State.ADOPTED, State.REJECTED, State.REJECTED)
    assert found.passed == 1


def test_a_seat_that_did_not_exist_is_in_no_base() -> None:
    """Two of three is more than half although there would be a fourth seat today."""
    found = replay(HALF, past("yyn.", "yyn-"), Chamber(), {})

    assert found.states == (State.ADOPTED, State.REJECTED)


def test_who_could_have_blocked_is_who_turns_an_adopted_item() -> None:
    """Three of four: any one that voted yes could have stopped it, the one against not."""
    found = replay(HALF, past("yyyn"), Chamber(), {s: [s] for s in "abcd"} | {"ab": ["a", "b"]})

    assert {a.name: a.could_block for a in found.actors} == {
        "a": 1, "b": 1, "c": 1, "d": 0, "ab": 1,
    }  # fmt: skip
    assert {a.could_carry for a in found.actors} == {0}


def test_who_could_have_carried_is_who_turns_a_failed_item() -> None:
    """Two of four: either of the others alone would have made three."""
    found = replay(HALF, past("yyn-"), Chamber(), {s: [s] for s in "abcd"})

    assert {a.name: a.could_carry for a in found.actors} == {"a": 0, "b": 0, "c": 1, "d": 1}


def test_an_actor_turns_only_where_it_had_a_seat() -> None:
    """Nobody blocks before it joins."""
    found = replay(HALF, past("yy..", "yyy."), Chamber(), {"c": ["c"]})

    assert found.passed == 2
    assert found.actors[0].could_block == 0
    assert found.actors[0].seats == ("c",)


def test_weights_decide_who_can_block() -> None:
    """Under population the giant blocks alone and the three small ones together do not."""
    chamber = Chamber(weights={"people": PEOPLE})
    rule = Procedure(
        adopts=double_majority(Fraction(1, 4), Fraction(65, 100), "people", blocking=0)
    )

    found = replay(rule, past("yyyy"), chamber, {"a": ["a"], "bcd": ["b", "c", "d"]})

    assert [actor.could_block for actor in found.actors] == [1, 0]


def test_two_rules_differ_where_one_adopts_and_say_why() -> None:
    """A difference without its reason is an opinion."""
    history = past("yyyn", "yyyy")
    one, other = (replay(each, history, Chamber(), {}) for each in (HALF, UNOPPOSED))

    (found,) = differences(one, other, history, Chamber())

    assert found.position == 0
    assert (found.one.state, found.other.state) == (State.ADOPTED, State.REJECTED)
    assert (found.one.reason.counted, found.one.reason.base) == (3, 4)
    assert "against" in found.other.reason.words


def test_silence_nobody_broke_adopts_and_a_broken_one_goes_to_the_vote() -> None:
    """A history holds what was said in the end, and that is what breaks silence."""
    objected = Leaf(need=Number(least=1), count=AGAINST)
    silence = Silence(period_h=72, broken_by=objected, on_break=OnBreak.VOTE)
    procedure = Procedure(adopts=HALF.adopts, silence=silence)

    found = replay(procedure, past("----", "yyyn", "y--n"), Chamber(), {})

    assert found.states == (State.SILENCE_HELD, State.ADOPTED, State.REJECTED)


def test_an_extended_silence_that_was_broken_goes_to_the_vote_too() -> None:
    """There is no later hour in a history in which somebody might give way."""
    objected = Leaf(need=Number(least=1), count=AGAINST)
    silence = Silence(period_h=72, broken_by=objected, on_break=OnBreak.EXTEND, extend_h=24)
    procedure = Procedure(adopts=HALF.adopts, silence=silence)

    found = rule_on(procedure, past("yyyn").floor(0, Chamber()))

    assert found.state is State.ADOPTED


def test_everything_a_rule_names_and_nobody_gives_is_said_at_once() -> None:
    """A group that is not there has nobody, so a slip of the pen would decide everything."""
    chamber = Chamber(
        groups={"regions:north": frozenset("ab")},
        weights={"people": Weights(name="people", unit="", source="", values={"a": 1})},
    )
    leaf = Leaf(need=Number(least=1), by="people", within="regions:nort")
    wants = Procedure(adopts=without_hegemon(), quorum=leaf)

    with pytest.raises(InvalidDocument) as refused:
        replay(wants, past("yyyn"), chamber, {})

    said = [(fault.message, fault.near) for fault in refused.value.faults]
    assert [near for _, near in said] == ["regions:north", "regions", None]
    assert "no weight 'people' is given for b, c, d" in said[2][0]


def test_a_seat_without_a_weight_is_named_with_the_items_it_counts_on() -> None:
    """Whoever reads that a seat has left the body must find where it stood."""
    leaf = Leaf(need=Number(least=1), by="people")
    people = Weights(name="people", unit="", source="", values=dict.fromkeys("abd", 1))

    with pytest.raises(InvalidDocument) as refused:
        replay(
            Procedure(adopts=leaf),
            past("yy.y", "yyny"),
            Chamber(weights={"people": people}),
            {},
        )

    message = "no weight 'people' is given for c; c has a seat on one item, '1'"
    assert [fault.message for fault in refused.value.faults] == [message]
    assert refused.value.hint is not None
    assert "--weights" in refused.value.hint


def test_agreement_is_one_where_all_say_the_same_and_zero_where_three_ways_are_equal() -> None:
    """Two who differ stand half way: (1 - 1/2) / 2."""
    board = board_of(past("yyn-", "yya-", "nnn-", "yna."), Chamber(), HALF)

    assert agreement(board, "ab").index == pytest.approx((1 + 1 + 1 + 0.25) / 4)
    assert agreement(board, "abc").index == pytest.approx((0.5 + 0.5 + 1 + 0) / 4)
    assert agreement(board, "abc").unanimous == 1


def test_agreement_asks_of_items_on_which_two_voted() -> None:
    """One vote agrees with itself, which says nothing of the bloc."""
    board = Board(past("y---", "----"), Chamber())

    assert agreement(board, "ab").index is None
    assert agreement(board, "ab").items == 0


def test_histories_join_and_a_seat_one_does_not_have_had_none_then() -> None:
    """A council whose elected members change has one history all the same."""
    old = history_of({Item(id="old", date=dt.date(2011, 3, 17)): {"a": YES}}, missing=None)

    joined = merged([old, past("nyyy")])

    assert joined.seats == ("a", "b", "c", "d")
    assert list(joined.seated()) == [1, 4]
    assert joined.floor(0, Chamber()).seats == {"a"}
    assert joined.floor(1, Chamber()).answer("a") is NO
