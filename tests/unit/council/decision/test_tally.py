# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Counting ballots: what counts, what is flagged, what the rule says of it."""

import itertools
from fractions import Fraction

import pytest

from comity.council.decision.statement import (
    from_ballot_json,
    from_motion_json,
    propose,
    to_ballot_json,
    to_motion_json,
)
from comity.council.decision.tally import Ballot, Electorate, tally
from comity.council.rule.codec import from_rule_json, to_rule_json
from comity.council.rule.decide import decide
from comity.council.rule.explain import explain
from comity.council.rule.floor import Answer, Base, Floor
from comity.council.rule.rule import (
    All,
    AtLeast,
    Leaf,
    Rule,
    Share,
    without_hegemon,
)
from comity.errors import InvalidDocument
from comity.kernel.digest import sha256
from comity.kernel.ids import MemberId, Origin
from comity.kernel.reference import Reference

A, B, C, D = (MemberId(name * 64) for name in "abcd")
HALF = Leaf(need=Share(of=Base.MEMBERS, least=Fraction(1, 2), strict=True))
MOTION = propose(
    "Common thresholds",
    "Above nine in ten, category by category.",
    HALF,
    Electorate(members=frozenset({A, B, C}), groups={}),
)


def ballot(member: MemberId, choice: Answer = Answer.YES, sequence: int = 0) -> Ballot:
    """Cast a ballot on the motion."""
    return Ballot(member=member, text=MOTION.proposal.text, choice=choice, sequence=sequence)


def test_two_of_three_pass_more_than_half() -> None:
    """The base is the members, so silence weighs against."""
    result = tally(MOTION.proposal, [ballot(A), ballot(B)])

    assert result.passed
    assert (result.reason.counted, result.reason.base) == (2, 3)
    assert result.silent == (C,)


def test_exactly_half_is_not_more_than_half() -> None:
    """A strict share is strict on whole numbers too."""
    assert not decide(HALF, Floor(seats=frozenset({A, B}), answers={A: Answer.YES})).passed


def test_a_later_ballot_replaces_an_earlier_one() -> None:
    """A member may change its mind until it stops sending."""
    result = tally(MOTION.proposal, [ballot(A), ballot(A, Answer.NO, 1), ballot(B)])

    assert dict(result.votes) == {A: Answer.NO, B: Answer.YES}


def test_equivocation_counts_for_neither_side_and_revives_nothing() -> None:
    """Two votes under one number must not let an older, kinder vote through."""
    result = tally(
        MOTION.proposal, [ballot(A), ballot(A, Answer.NO, 1), ballot(A, Answer.YES, 1)]
    )

    assert dict(result.votes) == {}
    assert {words for _, words in result.flagged} == {"two votes under one number"}


def test_strangers_and_other_texts_are_flagged_and_not_counted() -> None:
    """Nothing is silently counted or silently dropped."""
    other = Ballot(member=B, text=sha256(b"another"), choice=Answer.YES, sequence=0)
    result = tally(MOTION.proposal, [ballot(A), ballot(D), other])

    assert dict(result.votes) == {A: Answer.YES}
    assert {words for _, words in result.flagged} == {
        "not a member of the electorate",
        "names another text",
    }


def test_the_order_of_ballots_never_matters() -> None:
    """Every follower reads the same logs in another order and must see the same result."""
    cast = [ballot(A), ballot(A, Answer.NO, 1), ballot(B), ballot(D), ballot(C, Answer.ABSTAIN)]
    results = {repr(tally(MOTION.proposal, order)) for order in itertools.permutations(cast)}

    assert len(results) == 1


@pytest.mark.parametrize(
    ("yes", "passes"),
    [("abcd", False), ("abce", True), ("abf", False), ("adef", True)],
)
def test_no_bloc_decides_alone_under_the_default_rule(yes: str, *, passes: bool) -> None:
    """Regions of four, one and one: the large region has a majority, yet is never enough."""
    groups = {"north": "abcd", "south": "e", "islands": "f"}
    floor = Floor(
        seats=frozenset("abcdef"),
        groups={f"region:{name}": frozenset(who) for name, who in groups.items()},
        answers=dict.fromkeys(yes, Answer.YES),
    )

    assert decide(without_hegemon(), floor).passed is passes


def test_an_empty_base_never_passes() -> None:
    """Nobody voting is not everybody agreeing."""
    leaf = Leaf(need=Share(of=Base.CAST, least=Fraction(1, 2), strict=False))

    assert not decide(leaf, Floor(seats=frozenset("abc"))).passed


def test_abstention_counts_in_the_base_of_votes_cast_only() -> None:
    """What abstaining does depends on the base, and each base is said."""
    floor = Floor(seats=frozenset("abc"), answers={"a": Answer.YES, "b": Answer.ABSTAIN})
    cast = Leaf(need=Share(of=Base.CAST, least=Fraction(1, 2), strict=True))
    for_and_against = Leaf(need=Share(of=Base.YES_AND_NO, least=Fraction(1, 2), strict=True))

    assert not decide(cast, floor).passed
    assert decide(for_and_against, floor).passed


def test_a_rule_explains_itself() -> None:
    """The same object decides and says in words what it asks."""
    assert explain(without_hegemon()) == (
        "more than half of the members are in favour and "
        "in every region but one, at least a third of the members are in favour"
    )


def test_proposal_and_ballot_round_trip() -> None:
    """What one node writes another reads the same."""
    reference = Reference(log=Origin("example/log"), index=3, sha256=sha256(b"entry"))
    groups = {"north": frozenset({A})}
    motion = propose(
        "t",
        "text",
        without_hegemon(),
        Electorate(members=frozenset({A, B}), groups=groups),
    )

    assert from_motion_json(to_motion_json(motion)) == motion
    assert from_ballot_json(A, to_ballot_json(ballot(A), reference)) == ballot(A)


@pytest.mark.parametrize(
    "rule",
    [
        AtLeast(count=3, parts=(HALF,)),
        All(parts=()),
        Leaf(need=Share(of=Base.CAST, least=Fraction(1), strict=True)),
        Leaf(need=Share(of=Base.CAST, least=Fraction(0))),
    ],
)
def test_a_rule_that_never_or_always_passes_is_refused(rule: Rule) -> None:
    """Such a rule is a mistake of its author, found before anybody votes under it."""
    with pytest.raises(InvalidDocument) as caught:
        from_rule_json(to_rule_json(rule))

    assert caught.value.faults


def test_a_broken_proposal_lists_all_its_faults() -> None:
    """An official mends a text once, not once per fault."""
    with pytest.raises(InvalidDocument) as caught:
        from_motion_json({"title": 1, "rule": {"leaf": {"share": 5}}, "electorate": {}})

    assert len(caught.value.faults) >= 6
