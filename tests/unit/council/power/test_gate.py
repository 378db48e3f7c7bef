# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

from comity.council.power.gate import (
    ALWAYS,
    NEVER,
    Bar,
    Below,
    Formula,
    Gate,
    clauses,
    gate,
    is_monotone,
    negate,
)

HEADS = Bar(measure=0, least=3)
PEOPLE = Bar(measure=1, least=50)
BLOCK = Bar(measure=0, least=5)


def test_decided_parts_leave_a_gate() -> None:
    """A rule that half settles itself is shown as what is left of it."""
    assert gate(2, [ALWAYS, HEADS]) == HEADS
    assert gate(1, [NEVER, HEADS, PEOPLE]) == Gate(count=1, parts=(HEADS, PEOPLE))
    assert gate(2, [NEVER, HEADS]) == NEVER
    assert gate(1, [ALWAYS, HEADS]) == ALWAYS


def test_to_deny_twice_is_to_say() -> None:
    """Not reaching two of three bars is staying below two of them."""
    formula = Gate(count=2, parts=(HEADS, PEOPLE, BLOCK))
    denied = negate(formula)
    assert denied == Gate(
        count=2, parts=(Below(measure=0, least=3), Below(measure=1, least=50),
                        Below(measure=0, least=5)),
    )  # fmt: skip
    assert negate(denied) == formula
    assert not is_monotone(denied)


def test_a_blocking_minority_is_one_more_clause() -> None:
    """Heads and people, or all but a few: the two ways the Union's Council adopts."""
    formula = Gate(count=2, parts=(HEADS, Gate(count=1, parts=(PEOPLE, BLOCK))))
    assert clauses(formula) == ((BLOCK,), (HEADS, PEOPLE))


def test_a_clause_that_another_contains_is_left_out() -> None:
    """Readers need each way to win once."""
    formula = Gate(count=1, parts=(HEADS, BLOCK))
    assert clauses(formula) == ((HEADS,),)


def test_many_clauses_are_not_listed() -> None:
    """Ten of twenty bars are 184,756 ways to win, which nobody reads."""
    parts = tuple[Formula, ...](Bar(measure=at, least=1) for at in range(20))
    assert clauses(Gate(count=10, parts=parts)) is None
    assert clauses(Below(measure=0, least=1)) is None
