# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Conditions as expressions over columns say what the interpreter says, cell by cell."""

import datetime as dt
import random
from collections.abc import Mapping, Sequence
from decimal import Decimal

import polars as pl
import pytest
from benchmarks.synthetic import synthetic
from tests.fakes.columns import columns_of
from tests.fakes.system import random_system

from comity.files.library import shipped_library
from comity.kernel.ids import FactName
from comity.kernel.localtext import LocalText
from comity.kernel.truth import Truth
from comity.law.condition import And, Cmp, Condition, Gap, Has, In, Is, Not, Or, Ref
from comity.law.evaluate import evaluate
from comity.law.fact import Answer, Fact, Kind, OpenSet, Silence
from comity.law.sweep.compile import compile_all
from comity.law.sweep.layout import Layout, layout_of
from comity.law.sweep.plane import Planes, packed

TEXT = LocalText(by_tag={"en": "x"})
NULLABLE = {Truth.TRUE: True, Truth.FALSE: False, Truth.UNDETERMINED: None}
WIDE = tuple(f"v{i:03d}" for i in range(150))

KNOWN_Q = OpenSet(known_in=frozenset("q"), known_out=frozenset())

Rows = Sequence[Mapping[str, Answer]]


def _fact(name: str, kind: Kind, values: tuple[str, ...] = ()) -> Fact:
    return Fact(
        name=FactName(name), kind=kind, values=values, label=TEXT, question=TEXT, means=TEXT
    )


FACTS: dict[str, Fact] = {
    fact.name: fact
    for fact in (
        _fact("b", Kind.BOOL),
        _fact("e", Kind.ENUM, ("p", "q", "r")),
        _fact("wide_enum", Kind.ENUM, WIDE),
        _fact("s", Kind.SET, ("p", "q", "r")),
        _fact("wide_set", Kind.SET, WIDE),
        _fact("n", Kind.NUMBER),
        _fact("d", Kind.DATE),
        _fact("later", Kind.DATE),
    )
}


def polars(
    wholes: Mapping[str, Condition],
    rows: Rows,
    layout: Layout,
    meanings: Mapping[str, Condition],
) -> dict[str, list[bool | None]]:
    """Rule by Polars."""
    encoded = columns_of(rows, layout)
    program = compile_all(wholes, meanings, layout, encoded.open_sets)
    return program.run(encoded.frame).to_dict(as_series=False)


def planes(
    wholes: Mapping[str, Condition],
    rows: Rows,
    layout: Layout,
    meanings: Mapping[str, Condition],
) -> dict[str, list[bool | None]]:
    """Rule by planes of bits."""
    engine = Planes(encoded=columns_of(rows, layout), layout=layout, meanings=meanings)
    found = {}
    for name, whole in wholes.items():
        plane = engine.of(whole)
        ones = [
            packed(pl.Series([i == j for j in range(len(rows))]).to_numpy())
            for i in range(len(rows))
        ]
        found[name] = [
            True if (plane.holds & one).any() else False if (plane.fails & one).any() else None
            for one in ones
        ]
    return found


ENGINES = [polars, planes]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("condition", "answers", "truth"),
    [
        (Is("b"), {"b": True}, True),
        (Is("b"), {}, None),
        (Is("b"), {"b": Silence.NOT_APPLICABLE}, False),
        (Not(Is("b")), {"b": Silence.NOT_APPLICABLE}, True),
        (In("e", ("p", "q")), {"e": "q"}, True),
        (In("e", ("p", "q")), {"e": "r"}, False),
        (In("e", ("p",)), {"e": Silence.DISPUTED}, None),
        (In("e", ("p",)), {"e": Silence.NOT_APPLICABLE}, False),
        (In("wide_enum", (WIDE[140],)), {"wide_enum": WIDE[140]}, True),
        (In("wide_enum", (WIDE[140],)), {"wide_enum": WIDE[12]}, False),
        (Has("s", ("p", "q")), {"s": frozenset("q")}, True),
        (Has("s", ("p", "q"), every=True), {"s": frozenset("q")}, False),
        (Has("s", ("p",)), {"s": KNOWN_Q}, None),
        (Has("s", ("p", "q")), {"s": KNOWN_Q}, True),
        (Has("s", ("p", "q"), every=True),
         {"s": OpenSet(known_in=frozenset("q"), known_out=frozenset("p"))}, False),
        (Has("wide_set", (WIDE[3], WIDE[149])), {"wide_set": frozenset({WIDE[149]})}, True),
        (Has("wide_set", (WIDE[3], WIDE[149]), every=True),
         {"wide_set": frozenset({WIDE[149]})}, False),
        (Cmp("n", at_least=True, bound=10**25), {"n": 10**25 - 1}, False),
        (Cmp("n", at_least=True, bound=10**25), {"n": 10**25}, True),
        (Cmp("n", at_least=False, bound=10**26), {"n": 10**26 - 1}, True),
        (Cmp("n", at_least=False, bound=10**26), {"n": 10**26}, False),
        (Cmp("n", at_least=False, bound=Decimal("0.5")), {"n": Silence.NOT_APPLICABLE}, False),
        (Cmp("d", at_least=False, bound=dt.date(2026, 8, 2)), {"d": dt.date(2026, 8, 1)}, True),
        (Cmp("d", at_least=False, bound=dt.date(2026, 8, 2)), {"d": Silence.NOT_APPLICABLE},
         False),
        (Cmp("d", at_least=True, bound=dt.date(1, 1, 1)), {"d": dt.date(1, 1, 1)}, True),
        (Gap("later", "d", 1, "month"),
         {"d": dt.date(2024, 1, 31), "later": dt.date(2024, 2, 29)}, True),
        (Gap("later", "d", 1, "month"),
         {"d": dt.date(2024, 1, 31), "later": dt.date(2024, 2, 28)}, False),
        (Gap("later", "d", 1, "month"),
         {"d": dt.date(2024, 3, 30), "later": dt.date(2024, 4, 29)}, False),
        (Gap("later", "d", 1, "year"),
         {"d": dt.date(2024, 2, 29), "later": dt.date(2025, 2, 28)}, True),
        (Gap("later", "d", 10**9, "day"),
         {"d": dt.date(1, 1, 1), "later": dt.date(9999, 12, 31)}, False),
        (Gap("later", "d", 10**9, "year"),
         {"d": dt.date(1, 1, 1), "later": dt.date(9999, 12, 31)}, False),
        (Gap("later", "d", 1, "day"), {"d": Silence.NOT_APPLICABLE}, False),
        (Gap("later", "d", 1, "month"), {"later": Silence.NOT_APPLICABLE}, False),
        (Gap("later", "d", 1, "day"), {"later": dt.date(2024, 1, 1)}, None),
        (And(()), {}, True),
        (Or(()), {}, False),
        (And((Is("b"), In("e", ("p",)))), {"e": "q"}, False),
        (Or((Is("b"), In("e", ("p",)))), {"e": "q"}, None),
        (Ref("defined"), {"b": False}, True),
    ],
    ids=str,
)  # fmt: skip
def test_a_truth_is_that_of_the_interpreter(
    engine: object, condition: Condition, answers: dict[str, Answer], truth: object
) -> None:
    """Each kind of atom, at its edges: partly known, not applicable, at a bound, month ends."""
    meanings = {"defined": Not(Is("b"))}
    layout = layout_of(FACTS, [condition, *meanings.values()])
    found = engine({"x": condition}, [answers, {}], layout, meanings)  # type: ignore[operator] # one of ENGINES

    assert found["x"][0] is truth
    assert NULLABLE[evaluate(condition, answers, meanings)] is truth


@pytest.mark.parametrize("engine", ENGINES)
def test_engines_agree_on_random_systems_and_laws(engine: object) -> None:
    """Nothing known to all known, sets known in part, and what is not applicable."""
    dice = random.Random(11)  # noqa: S311 - a test that can be repeated
    law = synthetic(dice.getrandbits(32))
    rows = [random_system(law.facts, dice) for _ in range(12)]
    layout = layout_of(law.facts, [*law.norms.values(), *law.meanings.values()])
    found = engine(law.norms, rows, layout, law.meanings)  # type: ignore[operator] # one of ENGINES
    for name, whole in law.norms.items():
        expected = [NULLABLE[evaluate(whole, row, law.meanings)] for row in rows]
        assert found[name] == expected, name


@pytest.mark.parametrize("engine", ENGINES)
def test_engines_agree_on_all_packs(engine: object) -> None:
    """Every norm that ships."""
    library = shipped_library()
    dice = random.Random(12)  # noqa: S311 - a test that can be repeated
    rows = [random_system(library.vocabulary.facts, dice) for _ in range(8)]
    wholes = {str(name): norm.applies_when for name, norm in library.norms.items()}
    layout = layout_of(library.vocabulary.facts, [*wholes.values(), *library.meanings.values()])
    found = engine(wholes, rows, layout, library.meanings)  # type: ignore[operator] # one of ENGINES
    for name, whole in wholes.items():
        expected = [NULLABLE[evaluate(whole, row, library.meanings)] for row in rows]
        assert found[name] == expected, name
