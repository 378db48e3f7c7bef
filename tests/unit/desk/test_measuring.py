# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from comity.desk.duties import Inquiry
from comity.desk.measuring import Answer, Wanted, measures_for
from comity.errors import InvalidDocument, NotFound

ON = dt.date(2026, 11, 22)
EXAMPLE = Path(__file__).parents[3] / "examples" / "public-assistant.toml"


@pytest.fixture(scope="module")
def answer() -> Answer:
    """Return the plan for the public assistant in three markets."""
    return measures_for(EXAMPLE, Inquiry(markets=("EU", "CHN", "VNM"), on=ON), Wanted())


def test_every_binding_duty_is_met_or_named_as_one_that_cannot_be(answer: Answer) -> None:
    """A plan that forgot one would be worse than none."""
    plan = answer.plan
    accounted = {met.ask.key for measure in plan.measures for met in measure.meets}
    accounted |= {ask.key for each in plan.restraints for ask in each.asked_by}
    accounted |= {ask.key for each in plan.conflicts for ask in each.asks}
    assert {ask.key for ask in answer.asked.duties} == accounted


def test_one_measure_meets_duties_of_several_markets(answer: Answer) -> None:
    """That is what a plan for all markets at once is for."""
    markets = [{met.ask.market for met in each.meets} for each in answer.plan.measures]
    assert any(len(each) > 1 for each in markets)


def test_what_cannot_be_told_is_no_part_of_the_plan(answer: Answer) -> None:
    """It stands apart, with what it would add and the facts it hangs on."""
    open_norms = {each.norm for each in answer.if_bound}
    planned = {met.ask.norm.name for each in answer.plan.measures for met in each.meets}
    assert open_norms
    assert open_norms.isdisjoint(planned)
    assert all(each.asks[0].unsettled for each in answer.if_bound)


def test_an_answer_is_written_as_plain_values(answer: Answer) -> None:
    """Costs are named as assumptions wherever they go."""
    plain: Any = answer.to_json()
    assert "assumptions" in plain["costs"]["about"]
    assert plain["costs"]["unit"] == "person-day"
    assert plain["plan"]["days"] == answer.plan.days
    assert len(plain["plan"]["measures"]) == len(answer.plan.measures)


def test_coming_duties_are_planned_for_where_asked_for() -> None:
    """And no longer stand among what is to come."""
    inquiry = Inquiry(markets=("EU",), on=dt.date(2026, 7, 1))
    now = measures_for(EXAMPLE, inquiry, Wanted())
    then = measures_for(EXAMPLE, inquiry, Wanted(coming=True))
    assert now.to_come
    assert then.to_come == ()
    assert then.plan.days > now.plan.days


def test_a_table_of_ones_own_moves_the_days_and_not_the_duties(tmp_path: Path) -> None:
    """Whoever knows better writes better figures."""
    costs = tmp_path / "costs.toml"
    kinds = ("bool", "number", "enum", "set")
    costs.write_text(
        'about = "ours"\n'
        + "".join(f'[[kind]]\nname = "{k}"\ndays = 1\nbecause = "x"\n' for k in kinds),
        "utf-8",
    )
    inquiry = Inquiry(markets=("EU",), on=ON)
    found = measures_for(EXAMPLE, inquiry, Wanted(costs=costs))
    assert found.plan.days == len(found.plan.measures)
    assert all(each.is_assumed_by_kind for each in found.plan.measures)


def test_what_does_not_exist_is_named(tmp_path: Path) -> None:
    """A profile, a table, a market."""
    inquiry = Inquiry(markets=("EU",), on=ON)
    with pytest.raises(NotFound, match="profile"):
        measures_for(tmp_path / "none.toml", inquiry, Wanted())
    with pytest.raises(NotFound, match="costs"):
        measures_for(EXAMPLE, inquiry, Wanted(costs=tmp_path / "none.toml"))
    with pytest.raises(InvalidDocument, match="unknown market"):
        measures_for(EXAMPLE, Inquiry(markets=("EUU",), on=ON), Wanted())
