# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

from pathlib import Path

import pytest

from comity.errors import InvalidDocument, NotFound
from comity.files.costs import SHIPPED_COSTS, read_costs
from comity.files.library import shipped_library
from comity.law.conduct import Division
from comity.law.fact import Kind
from comity.law.measure.cost import CostTable

KINDS = "".join(
    f'[[kind]]\nname = "{kind}"\ndays = 3\nbecause = "x"\n'
    for kind in ("bool", "number", "enum", "set")
)


def _read(tmp_path: Path, text: str) -> CostTable:
    path = tmp_path / "costs.toml"
    path.write_text(text, "utf-8")
    return read_costs(path, shipped_library())


def test_the_table_that_comes_along_says_of_each_figure_how_it_came_about() -> None:
    """They are assumptions, and presented as such."""
    costs = read_costs(SHIPPED_COSTS, shipped_library())
    assert "assumptions" in costs.about
    assert all(rate.because for rate in costs.by_conduct.values())
    assert all(effort.because for effort in costs.by_fact.values())
    assert set(costs.by_kind) == {Kind.BOOL, Kind.NUMBER, Kind.ENUM, Kind.SET}


def test_what_nobody_can_change_is_no_way_out() -> None:
    """Where a provider is, what a law says of it, and being an AI system are given."""
    costs = read_costs(SHIPPED_COSTS, shipped_library())
    given = {
        "is_ai_system", "established_in_market", "placed_on_market", "asked_on", "markets",
        "permitted_by_national_law", "group_revenue", "otherwise_listed_high_risk",
    }  # fmt: skip
    assert given <= {*shipped_library().vocabulary.facts, "asked_on", "markets"}
    assert given.isdisjoint(costs.by_fact)


def test_a_table_of_ones_own_takes_its_place(tmp_path: Path) -> None:
    """Whole, with what it says of single values."""
    own = (
        'about = "ours"\ndeployment = 7\nvariant = 2\n' + KINDS
        + '[[conduct]]\nname = "output_mark"\ndays = 1\neach = 2\nbecause = "x"\n'
        '[[conduct.value]]\nname = "watermark"\ndays = 9\n'
    )  # fmt: skip
    costs = _read(tmp_path, own)
    rate = costs.by_conduct["output_mark"]
    assert (rate.days, rate.each, dict(rate.of_value)) == (1, 2, {"watermark": 9})
    assert costs.apart == {Division.PLACE: 7, Division.DESIGN: 2}
    mark = shipped_library().vocabulary.conducts["output_mark"]
    logs = shipped_library().vocabulary.conducts["log_retention"]
    assert not costs.is_default(mark)
    assert (costs.is_default(logs), costs.rate(logs).days) == (True, 3)


def test_every_fault_of_a_table_is_named(tmp_path: Path) -> None:
    """With its place and what was probably meant."""
    text = (
        'about = ""\ndeploiment = 3\n' + KINDS + '[[kind]]\nname = "bool"\ndays = 1.5\n'
        '[[conduct]]\nname = "log_retentions"\ndays = -1\nbecause = "x"\n'
        '[[conduct]]\nname = "output_mark"\ndays = 1\nbecause = "x"\n'
        '[[conduct.value]]\nname = "watermarks"\ndays = 9\n'
        '[[fact]]\nname = "generate"\ndays = 1\n'
    )
    with pytest.raises(InvalidDocument) as caught:
        _read(tmp_path, text)
    said = [fault.message for fault in caught.value.faults]
    near = {fault.near for fault in caught.value.faults}
    assert {"deployment", "log_retention", "watermark", "generates"} <= near
    for part in ("about is missing", "twice", "whole number", "because is missing"):
        assert any(part in message for message in said), part
    assert all(fault.line for fault in caught.value.faults)


def test_a_kind_without_a_figure_is_a_fault(tmp_path: Path) -> None:
    """Otherwise what nobody listed would be free."""
    with pytest.raises(InvalidDocument) as caught:
        _read(tmp_path, 'about = "ours"\n' + KINDS.replace('"set"', '"bool"'))
    said = [fault.message for fault in caught.value.faults]
    assert "no [[kind]] says what a set costs by default" in said


def test_a_table_that_is_not_there_is_named(tmp_path: Path) -> None:
    """The path is the user's own."""
    with pytest.raises(NotFound, match="cannot read the costs"):
        read_costs(tmp_path / "none.toml", shipped_library())
