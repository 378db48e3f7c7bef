# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

from tests.unit.law.measure.conftest import Case, case

from comity.law.fact import Silence
from comity.law.measure.prospect import Prospect, prospects


def _prospects(case_: Case) -> dict[str, Prospect]:
    owed = case_.owed
    found = prospects(case_.planner, owed.duties, [*owed.doubtful, *owed.later])
    return {each.norm: each for each in found}


def test_an_open_duty_says_what_it_would_add() -> None:
    """And on which facts it hangs."""
    found = _prospects(case("CHN", users=Silence.NOT_KNOWN))["chn.one.crowd"]
    assert [each.conduct.name for each in found.measures] == ["route"]
    assert found.days == 1
    assert found.asks[0].unsettled == ("users",)
    assert not found.is_met


def test_what_the_plan_meets_as_it_is_adds_nothing() -> None:
    """Most open duties ask what another already asks."""
    found = _prospects(case("EU", "CHN", users=Silence.NOT_KNOWN))
    assert found["chn.one.crowd"].days == 1
    there = case("EU", "CHN", users=Silence.NOT_KNOWN, coming=True)
    assert _prospects(there)["chn.one.crowd"].is_met


def test_an_open_duty_that_would_collide_says_with_what() -> None:
    """A figure in days would be of a course that meets less."""
    found = _prospects(case("EU", "CHN", talks=Silence.NOT_KNOWN, names_needed=False))
    names = found["chn.one.names"]
    assert names.days is None
    (conflict,) = names.conflicts
    assert {ask.norm.name for ask in conflict.asks} == {"chn.one.names", "eu.one.nameless"}
    assert not names.is_met
