# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import datetime as dt
import json
from decimal import Decimal, Inexact

import pytest

from comity.kernel.canonical import to_canonical
from comity.law.condition import (
    ALWAYS,
    EXACT,
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
    conjunction,
    disjunction,
    exact_number,
    exact_text,
    facts_in,
    refs_in,
    to_json,
)


def test_ten_to_the_twenty_fifth_survives_as_json() -> None:
    """A double would make it another number; the law says this one."""
    encoded = to_canonical(to_json(Cmp("training_compute", at_least=True, bound=10**25)))
    assert json.loads(encoded)[2] == "1" + "0" * 25


def test_every_kind_of_node_has_its_own_json() -> None:
    """Two conditions that differ may never share a digest."""
    nodes: list[Condition] = [
        Is("a"),
        In("a", ("x",)),
        Has("a", ("x",)),
        Has("a", ("x",), every=True),
        Cmp("a", at_least=True, bound=1),
        Cmp("a", at_least=False, bound=1),
        Cmp("a", at_least=True, bound=dt.date(2026, 8, 2)),
        Gap("a", "b", 6, "month"),
        Gap("a", "b", 6, "day"),
        And((Is("a"), Is("b"))),
        Or((Is("a"), Is("b"))),
        Not(Is("a")),
        Ref("a"),
    ]
    assert len({to_canonical(to_json(node)) for node in nodes}) == len(nodes)


def test_nested_conjunctions_are_one_conjunction() -> None:
    """Brackets that change no meaning change no digest."""
    nested = conjunction((Is("a"), conjunction((Is("b"), Is("c")))))
    assert nested == And((Is("a"), Is("b"), Is("c")))


def test_a_disjunction_of_one_is_that_one() -> None:
    """A pair of brackets is no node."""
    assert disjunction((Is("a"),)) == Is("a")


def test_a_disjunction_keeps_a_conjunction_inside() -> None:
    """Flattening goes no further than the same word."""
    assert disjunction((And((Is("a"), Is("b"))), Is("c"))) == Or(
        (
            And((Is("a"), Is("b"))),
            Is("c"),
        )
    )


def test_always_is_a_conjunction_of_nothing() -> None:
    """A norm without `when` always holds within its market."""
    assert conjunction(()) == ALWAYS


def test_facts_and_definitions_named_are_found() -> None:
    """The interview and the generator ask which facts a norm rests on."""
    whole = And((Is("a"), Not(Or((Gap("b", "c", 1, "day"), Ref("d.e"))))))
    assert facts_in(whole) == {"a", "b", "c"}
    assert refs_in(whole) == {"d.e"}


def test_a_decimal_that_is_integral_is_an_int() -> None:
    """One number, one form."""
    assert exact_number(Decimal("1E+3")) == 1000
    assert isinstance(exact_number(Decimal("1E+3")), int)


def test_a_decimal_is_written_without_exponent() -> None:
    """A reader of the JSON form needs no float syntax."""
    assert exact_text(exact_number(Decimal("0.0000250"))) == "0.000025"


def test_our_arithmetic_refuses_to_round() -> None:
    """A rounded threshold is another law."""
    with pytest.raises(Inexact):
        EXACT.divide(Decimal(1), Decimal(3))
