# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Columns of a register as codes: what the slow reading of one cell says, for all at once."""

import datetime as dt
from decimal import Decimal

import polars as pl
import pytest
from tests.fakes.columns import columns_of

from comity.kernel.ids import FactName
from comity.kernel.localtext import LocalText
from comity.law.condition import Cmp, Condition, Gap
from comity.law.fact import MARKETS, Answer, Fact, Kind, OpenSet
from comity.law.sweep.cell import read_cell
from comity.law.sweep.closing import opened
from comity.law.sweep.encode import MOST_FAULTS, encode
from comity.law.sweep.layout import ROLE, layout_of

TEXT = LocalText(by_tag={"en": "x"})
WIDE = tuple(f"v{i:03d}" for i in range(70))
BOUNDS: list[int | Decimal] = [0, 5, Decimal("0.5"), 10**25, 10**25 + 1, 10**26, 2**53, 10**50]


def _fact(name: str, kind: Kind, values: tuple[str, ...] = (), unit: str | None = None) -> Fact:
    return Fact(
        name=FactName(name), kind=kind, values=values, unit=unit,
        label=TEXT, question=TEXT, means=TEXT,
    )  # fmt: skip


FACTS: dict[str, Fact] = {
    "flag": _fact("flag", Kind.BOOL),
    "sector": _fact("sector", Kind.ENUM, ("health", "finance", "other")),
    "makes": _fact("makes", Kind.SET, ("text", "image", "audio")),
    "wide": _fact("wide", Kind.SET, WIDE),
    "compute": _fact("compute", Kind.NUMBER, unit="FLOP"),
    "placed": _fact("placed", Kind.DATE),
    "released": _fact("released", Kind.DATE),
}
SPOKEN: list[Condition] = [
    *(Cmp("compute", at_least=True, bound=bound) for bound in BOUNDS),
    Gap("placed", "released", 6, "month"),
]
LAYOUT = layout_of(FACTS, SPOKEN, ["EU", "CHN"])


def _same(raw: pl.DataFrame, rows: list[dict[str, Answer]]) -> None:
    """Hold what is encoded against the slow twin, column by column."""
    encoding = encode(raw, LAYOUT)
    assert encoding.faults == ()
    sets = [name for name, fact in LAYOUT.facts.items() if fact.kind is Kind.SET]
    found = opened(encoding.encoded, sets, LAYOUT).frame
    expected = columns_of(rows, LAYOUT).frame
    for name in expected.columns:
        assert found[name].to_list() == expected[name].to_list(), name


@pytest.mark.parametrize(
    ("column", "kind", "answers"),
    [
        ("flag", pl.Boolean, [True, False, None]),
        ("sector", pl.String, ["health", "other", None]),
        ("sector", pl.Enum(["other", "health", "finance"]), ["health", "other", None]),
        ("sector", pl.Categorical, ["health", "other", None]),
        ("compute", pl.Int64, [0, 5, 2**53, None]),
        ("compute", pl.UInt64, [0, 5, 2**63, None]),
        ("compute", pl.Int8, [0, 5, 100, None]),
        ("compute", pl.Decimal(38, 2), [Decimal("0.49"), Decimal("0.50"), Decimal(5), None]),
        ("compute", pl.Decimal(38, 0), [10**25 - 1, 10**25, 10**25 + 1, 10**26 - 1, 10**26]),
        ("compute", pl.Int128, [10**25 - 1, 10**25, 10**25 + 1, 10**26, None]),
        ("compute", pl.Float64, [0.5, 0.499, 5.0, 4.999, None]),
        (
            "placed",
            pl.Date,
            [dt.date(1, 1, 1), dt.date(2024, 2, 29), dt.date(9999, 12, 31), None],
        ),
    ],
    ids=str,
)
def test_each_type_of_column_is_read_exactly(
    column: str, kind: pl.DataType, answers: list[object]
) -> None:
    """10^25 and its neighbours are three numbers, whatever type a column has."""
    raw = pl.DataFrame({column: pl.Series(answers, dtype=kind, strict=False)})
    rows: list[dict[str, Answer]] = [
        {} if answer is None else {column: _exact(answer)} for answer in answers
    ]
    _same(raw, rows)


def _exact(answer: object) -> Answer:
    if isinstance(answer, float):
        return Decimal(repr(answer))
    assert isinstance(answer, bool | str | int | Decimal | dt.date)
    return answer


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("10^25", 10**25), ("10^25 FLOP", 10**25), ("1e26", 10**26), ("9.5e24", 95 * 10**23),
        ("10000000000000000000000000", 10**25), ("9999999999999999999999999", 10**25 - 1),
        ("10000000000000000000000001 FLOP", 10**25 + 1), ("0.5", Decimal("0.5")),
        ("10^50", 10**50),
    ],
)  # fmt: skip
def test_a_number_may_be_written_as_a_text(text: str, value: int | Decimal) -> None:
    """No floating number stands between the author and the threshold."""
    _same(pl.DataFrame({"compute": [text, None]}), [{"compute": value}, {}])


def test_sets_known_in_part_lie_in_two_columns() -> None:
    """What is certainly in, what certainly is not; a list alone is the whole set."""
    raw = pl.DataFrame(
        {
            "makes": [["text"], ["text"], None, [], None, ["image", "image"]],
            "makes__known_out": [None, ["audio"], ["audio"], None, None, []],
            "wide": [[WIDE[69]], [], None, [WIDE[0], WIDE[64]], None, [WIDE[1]]],
        },
        schema_overrides={"makes__known_out": pl.List(pl.String)},
    )
    rows: list[dict[str, Answer]] = [
        {"makes": frozenset({"text"}), "wide": frozenset({WIDE[69]})},
        {"makes": OpenSet(known_in=frozenset({"text"}), known_out=frozenset({"audio"})),
         "wide": frozenset()},
        {"makes": OpenSet(known_in=frozenset(), known_out=frozenset({"audio"}))},
        {"makes": frozenset(), "wide": frozenset({WIDE[0], WIDE[64]})},
        {},
        {"makes": OpenSet(known_in=frozenset({"image"}), known_out=frozenset()),
         "wide": frozenset({WIDE[1]})},
    ]  # fmt: skip
    _same(raw, rows)


@pytest.mark.parametrize("kind", [pl.String, pl.Categorical])
def test_a_set_may_be_written_as_one_text(kind: pl.DataType) -> None:
    """Words divided by commas, as tables of other programs have them; "" is the empty set."""
    texts = ["text", "text, image", "", None, "image,text"]
    out = [None, "audio", None, "audio", None]
    raw = pl.DataFrame({
        "makes": pl.Series(texts, dtype=kind),
        "makes__known_out": pl.Series(out, dtype=kind),
        "wide": pl.Series([f"{WIDE[0]},{WIDE[69]}", *[None] * 4], dtype=kind),
    })  # fmt: skip
    _same(raw, [
        {"makes": frozenset({"text"}), "wide": frozenset({WIDE[0], WIDE[69]})},
        {"makes": OpenSet(known_in=frozenset({"text", "image"}),
                          known_out=frozenset({"audio"}))},
        {"makes": frozenset()},
        {"makes": OpenSet(known_in=frozenset(), known_out=frozenset({"audio"}))},
        {"makes": frozenset({"text", "image"})},
    ])  # fmt: skip
    _same(pl.DataFrame({MARKETS: ["EU,FJI", "FJI", None]}),
          [{MARKETS: frozenset({"EU"})}, {MARKETS: frozenset()}, {}])  # fmt: skip


def test_a_role_may_be_a_word_and_an_empty_list_says_nothing() -> None:
    """As a profile without roles: nobody said what the author is."""
    _same(pl.DataFrame({ROLE: ["provider", None]}), [{ROLE: frozenset({"provider"})}, {}])
    lists = pl.DataFrame({ROLE: [["provider", "deployer"], []]})
    _same(lists, [{ROLE: frozenset({"provider", "deployer"})}, {}])


def test_a_market_no_rule_names_is_a_market_all_the_same() -> None:
    """A system in Fiji alone is not in the EU; that is known, not unknown."""
    raw = pl.DataFrame({MARKETS: [["EU", "FJI"], ["FJI"], None]})
    rows: list[dict[str, Answer]] = [{MARKETS: frozenset({"EU"})}, {MARKETS: frozenset()}, {}]
    _same(raw, rows)


@pytest.mark.parametrize(
    ("column", "cell", "kind", "message", "near"),
    [
        ("sector", "helth", pl.String, "'helth' is not one of health, finance", "health"),
        ("sector", "helth", pl.Enum(["helth"]), "'helth' is not one of health", "health"),
        ("makes", ["text", "vidoe"], pl.List(pl.String), "'vidoe' is not one of", None),
        ("makes", "text,vidoe", pl.String, "'vidoe' is not one of", None),
        (MARKETS, "EU,FRA", pl.String, "FRA is a member state of the EU", "EU"),
        ("makes", ["text", None], pl.List(pl.String), "a list holds null", None),
        ("compute", float("nan"), pl.Float64, "nan is no exact number from 0", None),
        ("compute", float("inf"), pl.Float64, "inf is no exact number from 0", None),
        ("compute", -1.0, pl.Float64, "-1.0 is no exact number from 0", None),
        ("compute", 1e25, pl.Float64, "is a floating number and not exact", None),
        ("compute", -1, pl.Int64, "-1 is no exact number from 0", None),
        ("compute", Decimal(-1), pl.Decimal(38, 0), "-1 is no exact number from 0", None),
        ("compute", "1e400", pl.String, "'1e400 FLOP' is not an exact number", None),
        ("compute", "many", pl.String, "'many FLOP' is not an exact number", None),
        ("compute", "10 FLIP", pl.String, "'FLIP' does not convert exactly to FLOP", "FLOP"),
        ("compute", "not known", pl.String, "", None),
        (MARKETS, ["FRA"], pl.List(pl.String), "FRA is a member state of the EU", "EU"),
        (MARKETS, ["eu"], pl.List(pl.String), "'eu' is no market", "EU"),
        (ROLE, ["boss"], pl.List(pl.String), "'boss' is not one of provider", None),
    ],
)  # fmt: skip
def test_a_malformed_cell_is_told_and_its_row_set_aside(
    column: str, cell: object, kind: pl.DataType, message: str, near: str | None
) -> None:
    """The row by its place, the fault, and what was probably meant."""
    raw = pl.DataFrame({
        column: pl.Series([None, cell, None], dtype=kind, strict=False),
        "flag": [True, False, None],
    })  # fmt: skip
    encoding = encode(raw, LAYOUT)
    assert encoding.faulty.tolist() == [False, True, False]
    assert encoding.encoded.frame["flag"].to_list() == [True, None]
    (fault,) = encoding.faults
    assert (fault.row, fault.column, fault.near) == (1, column, near)
    assert message in fault.message


def test_what_is_in_a_set_and_out_of_it_is_a_fault() -> None:
    """Both cannot be."""
    raw = pl.DataFrame({"makes": [["text"]], "makes__known_out": [["text"]]})
    (fault,) = encode(raw, LAYOUT).faults
    assert fault.message == "text: both in the set and not in it"


def test_a_date_beyond_the_calendar_is_a_fault() -> None:
    """A column of days can hold the year 10000; the law cannot."""
    days = pl.Series("placed", [2_932_897, 2_932_896], dtype=pl.Int32).cast(pl.Date)
    encoding = encode(pl.DataFrame([days]), LAYOUT)
    assert encoding.faulty.tolist() == [True, False]


def test_a_row_without_an_id_is_a_fault() -> None:
    """Nobody could look it up."""
    raw = pl.DataFrame({"flag": [True, False]})
    encoding = encode(raw, LAYOUT, raw["flag"].to_numpy())
    assert [(fault.row, fault.column) for fault in encoding.faults] == [(0, "id")]


def test_faults_beyond_the_first_hundred_are_counted_not_told() -> None:
    """A register of a million faults does not make a million messages."""
    raw = pl.DataFrame({"sector": ["wrong"] * (MOST_FAULTS + 50)})
    encoding = encode(raw, LAYOUT)
    assert len(encoding.faults) == MOST_FAULTS
    assert encoding.faulty.all()


def test_no_rows_are_encoded_as_no_rows() -> None:
    """A register may be empty."""
    raw = pl.DataFrame(schema={"makes": pl.List(pl.String), "placed": pl.Date})
    assert encode(raw, LAYOUT).encoded.frame.height == 0


@pytest.mark.parametrize("plain", [True, object(), [1], Decimal("NaN"), Decimal("1e70")])
def test_a_cell_that_is_no_number_is_never_one(plain: object) -> None:
    """Whatever type a file may hold."""
    answer, faults = read_cell(FACTS["compute"], plain)
    assert faults
    assert not isinstance(answer, int | Decimal)


def test_more_bounds_than_a_byte_counts_are_told_apart() -> None:
    """A law of six hundred thresholds."""
    bounds: list[Condition] = [
        Cmp("compute", at_least=True, bound=10 * bound) for bound in range(1, 601)
    ]
    layout = layout_of(FACTS, bounds)
    values = [0, 9, 10, 2490, 2500, 2501, 2510, 5000, 6000, 6001]
    expected = [layout.rank("compute", value) for value in values]
    for kind in (pl.Int64, pl.Decimal(38, 0), pl.String, pl.Float64):
        raw = pl.DataFrame({"compute": pl.Series(values).cast(kind)})
        assert encode(raw, layout).encoded.frame["compute"].to_list() == expected
