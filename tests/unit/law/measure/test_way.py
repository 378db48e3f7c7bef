# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

from typing import Any

from tests.unit.law.measure.conftest import Case, case

from comity.law.conduct import Division
from comity.law.measure.course import Conflict, norms_of
from comity.law.measure.way import Alter, Separate, Way, Withhold


def _conflict(torn: Case, *norms: str) -> Conflict:
    (found,) = (c for c in torn.course.conflicts if set(norms_of(c.asks)) == set(norms))
    return found


def _by(ways: tuple[Way, ...], kind: type) -> list[Way]:
    return [way for way in ways if isinstance(way.step, kind)]


def test_conduct_that_is_divisible_by_place_can_be_separated() -> None:
    """Logs are kept in one market and erased in the other, for the price of a deployment."""
    torn = case("EU", "BRA", talks=True)
    ways = torn.ways(_conflict(torn, "eu.one.logs", "bra.one.erased"))
    (way,) = _by(ways, Separate)
    assert isinstance(way.step, Separate)
    assert way.step.apart.by is Division.PLACE
    assert way.course.conflicts == ()
    apart = {(m.conduct.name, m.label) for m in way.course.measures if m.label}
    assert apart == {("logs", "EU"), ("erased", "BRA")}
    assert way.days == sum(m.days for m in way.course.measures) + 30


def test_conduct_that_is_divisible_by_design_can_be_separated_by_function() -> None:
    """Names where they are needed, none where they are not."""
    torn = case("EU", "CHN", talks=True, names_needed=False)
    ways = torn.ways(_conflict(torn, "eu.one.nameless", "chn.one.names"))
    divisions = [w.step.apart.by for w in ways if isinstance(w.step, Separate)]
    assert divisions == [Division.PLACE, Division.DESIGN]


def test_what_is_done_once_for_all_cannot_be_separated() -> None:
    """Weights that are published are published everywhere."""
    torn = case("EU", "BRA", simulates=True, talks=True)
    ways = torn.ways(_conflict(torn, "eu.one.weights", "bra.one.weights"))
    assert _by(ways, Separate) == []


def test_withholding_from_a_market_lets_its_duties_fall_away() -> None:
    """And says which, and what the rest costs."""
    torn = case("EU", "BRA", simulates=True, talks=True)
    ways = torn.ways(_conflict(torn, "eu.one.weights", "bra.one.weights"))
    gone = {str(w.step.market): w for w in ways if isinstance(w.step, Withhold)}
    assert set(gone) == {"EU", "BRA"}
    assert all(ask.market == "EU" for ask in gone["EU"].dropped)
    assert "eu.one.weights" in norms_of(gone["EU"].dropped)
    assert gone["EU"].course.conflicts == ()
    assert gone["EU"].days < gone["BRA"].days


def test_a_fact_that_is_changed_frees_of_the_norm_and_the_rest_is_determined_anew() -> None:
    """To stop simulating is the smallest change; what else it moves is said."""
    torn = case("EU", "BRA", simulates=True, talks=True)
    ways = torn.ways(_conflict(torn, "eu.one.weights", "bra.one.weights"))
    (way,) = _by(ways, Alter)
    assert isinstance(way.step, Alter)
    assert way.step.alteration.answers == {"simulates": False}
    assert norms_of(way.dropped) == ("eu.one.weights",)
    assert [set(norms_of(c.asks)) for c in way.course.conflicts] == [
        {"eu.one.logs", "bra.one.erased"}
    ]
    assert way.days == way.course.days + 2


def test_a_fact_of_the_world_may_end_as_well_as_a_norm() -> None:
    """Where nothing talks, what is kept can be erased; the duty to erase falls away besides."""
    torn = case("EU", "BRA", talks=True)
    conflict = _conflict(torn, "eu.one.logs", "bra.one.erased")
    ends = [w.step.alteration.ends for w in torn.ways(conflict) if isinstance(w.step, Alter)]
    assert ends == [("bra.one.erased", "kept_and_erased")]


def test_a_way_out_of_every_conflict_leaves_none() -> None:
    """One step for all of them, the least costly first."""
    torn = case("EU", "CHN", "BRA", talks=True, names_needed=False)
    guide = torn.guide()
    every = [guide.ways(conflict) for conflict in torn.course.conflicts]
    ways = guide.out_of_all(torn.course.conflicts, every)
    assert ways
    assert all(way.course.conflicts == () for way in ways)
    assert [way.days for way in ways] == sorted(way.days for way in ways)
    assert any(isinstance(way.step, Separate) for way in ways)


def test_a_way_is_written_as_plain_values() -> None:
    """A program reads what a person sees."""
    torn = case("EU", "BRA", simulates=True, talks=True)
    ways = torn.ways(_conflict(torn, "eu.one.weights", "bra.one.weights"))
    plain: list[Any] = [way.to_json() for way in ways]
    words = [each["way"] for each in plain]
    assert words == ["withhold", "withhold", "change facts"]
    assert plain[2]["facts"] == [{"fact": "simulates", "from": True, "to": False}]
