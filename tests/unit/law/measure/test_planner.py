# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

from tests.unit.law.measure.conftest import Case, case

from comity.law.conduct import Relation
from comity.law.fact import Silence
from comity.law.measure.course import norms_of


def _met(case_: Case, conduct: str) -> set[str]:
    return {met.ask.norm.name for met in case_.measure(conduct).meets}


def test_the_strictest_figure_meets_both_and_says_whose_it_is(calm: Case) -> None:
    """184 days are 180 days as well."""
    logs = calm.measure("logs")
    (bound,) = logs.bounds
    assert (bound.relation, bound.figure, bound.norms) == (
        Relation.AT_LEAST, 184, ("chn.one.logs",),
    )  # fmt: skip
    assert _met(calm, "logs") == {"eu.one.logs", "chn.one.logs"}
    (clock,) = calm.measure("notice").bounds
    assert (clock.relation, clock.figure) == (Relation.AT_MOST, 4)


def test_one_value_meets_the_ask_for_any_of_several(calm: Case) -> None:
    """What one market names, another accepts."""
    assert calm.measure("mark").values == ("machine",)
    assert _met(calm, "mark") == {"eu.one.mark", "chn.one.mark"}


def test_what_is_entailed_needs_no_measure_of_its_own(calm: Case) -> None:
    """A mode for minors is care; the reader is told through what."""
    assert _met(calm, "minor_mode") == {"chn.one.young", "eu.one.care"}
    through = {met.ask.norm.name: met.through for met in calm.measure("minor_mode").meets}
    assert through == {"chn.one.young": "", "eu.one.care": "minor_mode"}
    assert "care" not in {each.conduct.name for each in calm.course.measures}


def test_a_ban_costs_nothing_and_is_told_apart(calm: Case) -> None:
    """Nobody works to refrain."""
    refrained = {str(each.constraint.conduct): each.asked_by for each in calm.course.restraints}
    assert set(refrained) == {"lies", "weights"}
    assert norms_of(refrained["weights"]) == ("bra.one.weights",)
    assert calm.course.days == sum(each.days for each in calm.course.measures)


def test_days_are_those_of_the_table(calm: Case) -> None:
    """A base and so much for each value; what nobody estimated is marked."""
    assert calm.measure("mark").days == 8
    assert calm.measure("mark").is_assumed_by_kind
    named = case("CHN", talks=True)
    assert named.measure("identity").days == 20
    assert not named.measure("identity").is_assumed_by_kind


def test_the_cheaper_of_two_ways_is_taken() -> None:
    """An assessment by oneself, where both are allowed."""
    assert case("CHN", users=5000).measure("route").values == ("self",)


def test_duties_that_contradict_each_other_are_named_and_left_out() -> None:
    """Both sides of a contradiction, and nothing else."""
    torn = case("EU", "BRA", simulates=True, talks=True)
    cores = {frozenset(norms_of(each.asks)): each.exclusions for each in torn.course.conflicts}
    assert set(cores) == {
        frozenset({"eu.one.weights", "bra.one.weights"}),
        frozenset({"eu.one.logs", "bra.one.erased"}),
    }
    (why,) = cores[frozenset({"eu.one.logs", "bra.one.erased"})]
    assert why.name == "kept_and_erased"
    assert {"weights", "logs", "erased"}.isdisjoint(
        m.conduct.name for m in torn.course.measures
    )


def test_norms_that_ask_the_same_stand_on_one_side_of_a_conflict() -> None:
    """A reader sees one contradiction, not one for each pair of norms."""
    torn = case("EU", "CHN", "BRA", talks=True)
    cores = [set(norms_of(each.asks)) for each in torn.course.conflicts]
    assert {"chn.one.logs", "bra.one.erased"} in cores
    assert {"eu.one.logs", "bra.one.erased"} in cores
    assert len(cores) == 2


def test_a_figure_says_how_far_it_may_go_where_something_else_leaves_no_room() -> None:
    """Logs of at least 30 days, and erased: whoever kept them for 100 could not erase them."""
    erasing = case("BRA", talks=True, users=500)
    (limit,) = erasing.measure("logs").avoids
    assert (limit.relation, limit.bound) == (Relation.AT_LEAST, 100)
    assert case("BRA", users=500).measure("logs").avoids == ()
    assert case("CHN", "EU", talks=True).measure("logs").avoids == ()


def test_an_exclusion_counts_where_its_condition_holds() -> None:
    """What cannot be done together here can be done together elsewhere."""
    silent = case("EU", "BRA", talks=Silence.NOT_KNOWN)
    assert silent.course.conflicts == ()
    assert case("EU", "BRA", talks=True).course.conflicts


def test_a_recommendation_gives_way_to_a_duty() -> None:
    """And says that it did."""
    both = case("EU", "BRA", soft=True)
    assert both.measure("mark").values == ("machine", "watermark")
    assert norms_of(both.course.unheeded) == ("bra.soft.lies",)
    alone = case("BRA", soft=True)
    assert alone.course.unheeded == ()
    assert "lies" in {each.conduct.name for each in alone.course.measures}


def test_nothing_asked_needs_nothing() -> None:
    """Nothing to do is an answer."""
    nothing = case("EU", "CHN", is_ai_system=False)
    assert (nothing.course.measures, nothing.course.days) == ((), 0)
