# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

from collections.abc import Mapping

from comity.kernel.truth import Truth
from comity.law.condition import And, Condition, Gap, Is, Not, Or, Ref
from comity.law.fact import Answer
from comity.law.reason import Clause, Tracer, deciding, unsettled_facts

MEANINGS: Mapping[str, Condition] = {"d.in": And((Is("a"), Is("b"))), "d.out": Not(Ref("d.in"))}


def _clauses(condition: Condition, **answers: Answer) -> list[tuple[str, Truth]]:
    trace = Tracer(answers=answers, meanings=MEANINGS).trace(condition)
    return [
        (clause.atom.fact, clause.truth)
        for clause in deciding(trace)
        if isinstance(clause.atom, Is)
    ]


def test_one_false_clause_is_the_whole_reason() -> None:
    """The reader needs no list of what would also have to hold."""
    condition = And((And((Is("a"), Is("b"))), Is("c")))
    assert _clauses(condition, a=True, b=False, c=True) == [("b", Truth.FALSE)]


def test_the_shortest_of_several_reasons_is_told() -> None:
    """One clause is easier to check than two."""
    condition = Or((And((Is("a"), Is("b"))), Is("c")))
    assert _clauses(condition, a=True, b=True, c=True) == [("c", Truth.TRUE)]


def test_every_clause_of_a_conjunction_that_holds_is_told() -> None:
    """Each of them was needed."""
    assert _clauses(And((Is("a"), Is("b"))), a=True, b=True) == [
        ("a", Truth.TRUE),
        ("b", Truth.TRUE),
    ]


def test_a_reason_says_through_which_definitions_it_came() -> None:
    """Whether it is high-risk is decided inside its definition."""
    trace = Tracer(answers={"a": False}, meanings=MEANINGS).trace(Ref("d.out"))
    assert deciding(trace) == (
        Clause(atom=Is("a"), truth=Truth.FALSE, through=("d.out", "d.in")),
    )


def test_only_open_clauses_that_still_matter_are_asked() -> None:
    """A question whose answer changes nothing wastes an engineer's day."""
    condition = And((Or((Is("a"), Is("b"))), Or((Is("c"), Is("d"))), Is("e")))
    tracer = Tracer(answers={"a": True, "e": True}, meanings=MEANINGS)
    assert unsettled_facts(tracer.trace(condition)) == ("c", "d")


def test_a_settled_condition_asks_nothing() -> None:
    """Whatever else is unknown."""
    tracer = Tracer(answers={"a": False}, meanings=MEANINGS)
    assert unsettled_facts(tracer.trace(And((Is("a"), Is("u"))))) == ()


def test_an_open_gap_asks_for_both_dates() -> None:
    """One date alone does not tell how far they are apart."""
    tracer = Tracer(answers={}, meanings=MEANINGS)
    assert unsettled_facts(tracer.trace(Gap("x", "y", 1, "day"))) == ("x", "y")
