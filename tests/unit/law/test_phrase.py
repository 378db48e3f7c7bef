# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import datetime as dt
from collections.abc import Callable

import pytest

from comity.kernel.ids import ConductName
from comity.kernel.localtext import LocalText
from comity.law.condition import ALWAYS, And, Cmp, Condition, Gap, Has, In, Is, Not, Or
from comity.law.conduct import Conduct, Constraint, Relation
from comity.law.fact import Kind
from comity.law.pack import Library
from comity.law.phrase import demand_in_words, in_words, shown_number


@pytest.mark.parametrize(
    "whole",
    [
        Not(And((Is("biometric"), Or((Is("watermarks"), Not(Is("is_ai_system"))))))),
        Or((And((Is("biometric"), Is("watermarks"))), In("sector", ("finance", "health")))),
        And((Or((Is("biometric"), Is("watermarks"))), Has("generates", ("text",)))),
        Has("generates", ("audio", "text"), every=True),
        Cmp("training_compute", at_least=True, bound=10**25 + 1),
        Cmp("placed_on_market", at_least=False, bound=dt.date(2026, 8, 2)),
        Gap("placed_on_market", "released_on", 6, "month"),
    ],
    ids=str,
)
def test_a_condition_in_words_reads_back_the_same(
    library: Library, condition: Callable[[str], Condition], whole: Condition
) -> None:
    """What a ruling shows is what was evaluated."""
    assert condition(in_words(whole, library.vocabulary.facts)) == whole


def test_a_condition_is_told_in_chinese() -> None:
    """The words of the other table."""
    told = in_words(And((Is("a"), Not(Has("b", ("x", "y"))))), language="zh")
    assert told == "a 且 非 b 含任一 [x, y]"


def test_what_always_holds_is_told_so() -> None:
    """An empty sentence would look like a fault."""
    assert in_words(ALWAYS) == "always"


@pytest.mark.parametrize(
    ("value", "shown"),
    [(10**25, "10^25"), (10**25 + 1, str(10**25 + 1)), (500, "500"), (10_000, "10000")],
)
def test_powers_of_ten_are_shown_as_such(value: int, shown: str) -> None:
    """Nobody counts 25 zeros; anything else is shown digit by digit."""
    assert shown_number(value) == shown


def _conduct(kind: Kind, unit: str | None = None) -> Conduct:
    text = LocalText(by_tag={"en": "Keep logs"})
    return Conduct(name=ConductName("x"), kind=kind, unit=unit, label=text, means=text)


@pytest.mark.parametrize(
    ("kind", "unit", "relation", "values", "bound", "told"),
    [
        (Kind.BOOL, None, Relation.YES, (), None, "Keep logs"),
        (Kind.NUMBER, "day", Relation.AT_LEAST, (), 180, "Keep logs: at least 180 days"),
        (Kind.NUMBER, None, Relation.AT_MOST, (), 3, "Keep logs: at most 3"),
        (Kind.ENUM, None, Relation.ONE_OF, ("in_log",), None, "Keep logs: in log"),
        (Kind.ENUM, None, Relation.ONE_OF, ("a", "b"), None, "Keep logs: is one of a, b"),
        (Kind.SET, None, Relation.ALL_OF, ("a", "b"), None, "Keep logs: a and b"),
        (Kind.SET, None, Relation.WITHIN, ("EU",), None, "Keep logs: within EU"),
        (Kind.SET, None, Relation.NONE_OF, ("EU",), None, "Keep logs: has none of EU"),
    ],
)
def test_a_demand_is_told_by_the_label_of_its_conduct(  # noqa: PLR0917 - one row a case
    kind: Kind,
    unit: str | None,
    relation: Relation,
    values: tuple[str, ...],
    bound: int | None,
    told: str,
) -> None:
    """An official reads labels, not names of variables."""
    constraint = Constraint(
        conduct=ConductName("x"), relation=relation, values=values, bound=bound
    )
    assert demand_in_words(constraint, _conduct(kind, unit)) == told
