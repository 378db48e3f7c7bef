# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import datetime as dt
from decimal import Decimal

import pytest

from comity.errors import InvalidDocument
from comity.kernel.truth import Truth
from comity.law.condition import (
    ALWAYS,
    And,
    Cmp,
    Condition,
    Gap,
    Has,
    In,
    Is,
    Not,
    Or,
    Ref,
    Span,
)
from comity.law.evaluate import evaluate, is_apart, plus
from comity.law.fact import Answer, OpenSet, Silence

T, F, U = Truth.TRUE, Truth.FALSE, Truth.UNDETERMINED
DAY = dt.date(2026, 8, 2)
PARTLY = OpenSet(known_in=frozenset({"a"}), known_out=frozenset({"b"}))


def _truth(condition: Condition, **answers: Answer) -> Truth:
    return evaluate(condition, answers, {"d.yes": Is("x"), "d.not": Not(Ref("d.yes"))})


@pytest.mark.parametrize(
    "silence", [Silence.NOT_ASKED, Silence.NOT_KNOWN, Silence.DISPUTED], ids=lambda s: s.value
)
@pytest.mark.parametrize(
    "atom",
    [
        Is("x"),
        In("x", ("a",)),
        Has("x", ("a",)),
        Has("x", ("a", "b"), every=True),
        Cmp("x", at_least=True, bound=5),
        Cmp("x", at_least=False, bound=5),
        Gap("x", "y", 1, "day"),
    ],
    ids=str,
)
def test_what_nobody_answered_is_never_no(atom: Condition, silence: Silence) -> None:
    """The field's shared defect, measured in shared/research/law.md 3.5."""
    assert _truth(atom, x=silence, y=DAY) is U
    assert _truth(Not(atom), x=silence, y=DAY) is U
    assert _truth(atom, y=DAY) is U


@pytest.mark.parametrize(
    "atom",
    [
        Is("x"),
        In("x", ("a",)),
        Has("x", ("a",)),
        Has("x", ("a", "b"), every=True),
        Cmp("x", at_least=True, bound=5),
        Cmp("x", at_least=False, bound=5),
        Gap("x", "y", 1, "day"),
        Gap("y", "x", 1, "day"),
    ],
    ids=str,
)
def test_what_is_said_of_a_thing_that_is_not_is_false(atom: Condition) -> None:
    """Not applicable is known: neither "at least" nor "below" holds of it."""
    assert _truth(atom, x=Silence.NOT_APPLICABLE, y=DAY) is F
    assert _truth(atom, x=Silence.NOT_APPLICABLE) is F
    assert _truth(Not(atom), x=Silence.NOT_APPLICABLE, y=DAY) is T


@pytest.mark.parametrize(
    ("condition", "answer", "truth"),
    [
        (Is("x"), True, T),
        (Is("x"), False, F),
        (In("x", ("a", "b")), "b", T),
        (In("x", ("a", "b")), "c", F),
        (Has("x", ("a", "b")), frozenset({"b"}), T),
        (Has("x", ("a", "b")), frozenset({"c"}), F),
        (Has("x", ("a", "b")), frozenset(), F),
        (Has("x", ("a", "b"), every=True), frozenset({"a", "b", "c"}), T),
        (Has("x", ("a", "b"), every=True), frozenset({"a"}), F),
        (Cmp("x", at_least=True, bound=10**25), 10**25, T),
        (Cmp("x", at_least=True, bound=10**25), 10**25 - 1, F),
        (Cmp("x", at_least=False, bound=10**25), 10**25 - 1, T),
        (Cmp("x", at_least=True, bound=Decimal("0.1")), Decimal("0.1"), T),
        (Cmp("x", at_least=True, bound=DAY), DAY, T),
        (Cmp("x", at_least=False, bound=DAY), DAY, F),
        (Ref("d.not"), False, T),
    ],
)
def test_an_answer_decides_an_atom(condition: Condition, answer: Answer, truth: Truth) -> None:
    """Exactly: 10^25 is not the double that is nearest to it."""
    assert _truth(condition, x=answer) is truth


@pytest.mark.parametrize(
    ("atom", "truth"),
    [
        (Has("x", ("a", "c")), T),
        (Has("x", ("b",)), F),
        (Has("x", ("b", "c")), U),
        (Has("x", ("a", "b"), every=True), F),
        (Has("x", ("a", "c"), every=True), U),
        (Has("x", ("a",), every=True), T),
    ],
)
def test_a_partly_known_set_decides_what_it_can(atom: Condition, truth: Truth) -> None:
    """An unknown element is neither in nor out."""
    assert _truth(atom, x=PARTLY) is truth


def test_one_false_part_decides_a_conjunction() -> None:
    """What is unknown beside it does not matter."""
    assert _truth(And((Is("u"), Is("x"))), x=False) is F
    assert _truth(And((Is("u"), Is("x"))), x=True) is U
    assert _truth(Or((Is("u"), Is("x"))), x=True) is T
    assert _truth(Or((Is("u"), Is("x"))), x=False) is U


def test_a_conjunction_of_nothing_holds() -> None:
    """A norm without `when` always holds."""
    assert _truth(ALWAYS) is T
    assert _truth(Or(())) is F


@pytest.mark.parametrize(
    ("day", "amount", "span", "reached"),
    [
        (dt.date(2024, 1, 31), 1, "month", dt.date(2024, 2, 29)),
        (dt.date(2023, 1, 31), 1, "month", dt.date(2023, 2, 28)),
        (dt.date(2024, 2, 29), 1, "year", dt.date(2025, 2, 28)),
        (dt.date(2026, 12, 31), 6, "month", dt.date(2027, 6, 30)),
        (dt.date(2026, 8, 2), 36, "month", dt.date(2029, 8, 2)),
        (dt.date(2026, 8, 2), 0, "day", dt.date(2026, 8, 2)),
        (dt.date(2026, 8, 31), 30, "day", dt.date(2026, 9, 30)),
        (dt.date(9999, 1, 1), 10**12, "month", None),
        (dt.date(9999, 1, 1), 10**12, "day", None),
    ],
)
def test_months_and_years_are_those_of_the_calendar(
    day: dt.date, amount: int, span: Span, reached: dt.date | None
) -> None:
    """Regulation 1182/71, Art. 3(2)(c): a month without the date ends on its last day."""
    assert plus(day, amount, span) == reached


def test_a_span_is_reached_on_its_day_and_not_before() -> None:
    """At least six months includes the day they are full."""
    start = dt.date(2026, 8, 31)
    assert is_apart(dt.date(2027, 2, 28), start, 6, "month")
    assert not is_apart(dt.date(2027, 2, 27), start, 6, "month")
    assert not is_apart(dt.date(9999, 12, 31), start, 10**9, "year")


@pytest.mark.parametrize("answer", [True, "a", 5, frozenset({"a"})])
def test_an_answer_of_another_kind_is_refused(answer: Answer) -> None:
    """A caller's mistake must not become a ruling."""
    atoms: dict[type, Condition] = {
        bool: In("x", ("a",)),
        str: Is("x"),
        int: Has("x", ("a",)),
        frozenset: Cmp("x", at_least=True, bound=5),
    }
    with pytest.raises(InvalidDocument) as caught:
        _truth(atoms[type(answer)], x=answer)
    assert caught.value.code == "law.answer_kind"
