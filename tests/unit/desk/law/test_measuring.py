# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from comity.desk.law.duties import Inquiry
from comity.desk.law.measuring import Outlook, Wanted, outlook_for
from comity.errors import InvalidDocument, NotFound

ON = dt.date(2026, 11, 22)
EXAMPLE = Path(__file__).parents[4] / "examples" / "public-assistant.toml"


@pytest.fixture(scope="module")
def outlook() -> Outlook:
    """Return the outlook of the public assistant in three markets."""
    return outlook_for(EXAMPLE, Inquiry(markets=("EU", "CHN", "VNM"), on=ON), Wanted())


def test_every_binding_duty_is_met_or_named_as_one_that_cannot_be(outlook: Outlook) -> None:
    """A course that forgot one would be worse than none."""
    course = outlook.course
    accounted = {met.ask.key for measure in course.measures for met in measure.meets}
    accounted |= {ask.key for each in course.restraints for ask in each.asked_by}
    accounted |= {ask.key for each in course.conflicts for ask in each.asks}
    assert {ask.key for ask in outlook.owed.duties} == accounted


def test_one_measure_meets_duties_of_several_markets(outlook: Outlook) -> None:
    """That is what planning for all markets at once is for."""
    markets = [{met.ask.market for met in each.meets} for each in outlook.course.measures]
    assert any(len(each) > 1 for each in markets)


def test_what_cannot_be_told_is_no_part_of_the_course(outlook: Outlook) -> None:
    """It stands apart, with what it would add and the facts it hangs on."""
    open_norms = {each.norm for each in outlook.if_bound}
    planned = {met.ask.norm.name for each in outlook.course.measures for met in each.meets}
    assert open_norms
    assert open_norms.isdisjoint(planned)
    assert all(each.asks[0].unsettled for each in outlook.if_bound)


def test_an_outlook_is_written_as_plain_values(outlook: Outlook) -> None:
    """Costs are named as assumptions wherever they go."""
    plain: Any = outlook.to_json()
    assert "assumptions" in plain["costs"]["about"]
    assert plain["costs"]["unit"] == "person-day"
    assert plain["course"]["days"] == outlook.course.days
    assert len(plain["course"]["measures"]) == len(outlook.course.measures)


def test_coming_duties_are_planned_for_where_asked_for() -> None:
    """And no longer stand among what is to come."""
    inquiry = Inquiry(markets=("EU",), on=dt.date(2026, 7, 1))
    now = outlook_for(EXAMPLE, inquiry, Wanted())
    then = outlook_for(EXAMPLE, inquiry, Wanted(coming=True))
    assert now.to_come
    assert then.to_come == ()
    assert then.course.days > now.course.days


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
    found = outlook_for(EXAMPLE, inquiry, Wanted(costs=costs))
    assert found.course.days == len(found.course.measures)
    assert all(each.is_assumed_by_kind for each in found.course.measures)


def test_what_does_not_exist_is_named(tmp_path: Path) -> None:
    """A profile, a table, a market."""
    inquiry = Inquiry(markets=("EU",), on=ON)
    with pytest.raises(NotFound, match="profile"):
        outlook_for(tmp_path / "none.toml", inquiry, Wanted())
    with pytest.raises(NotFound, match="costs"):
        outlook_for(EXAMPLE, inquiry, Wanted(costs=tmp_path / "none.toml"))
    with pytest.raises(InvalidDocument, match="unknown market"):
        outlook_for(EXAMPLE, Inquiry(markets=("EUU",), on=ON), Wanted())
