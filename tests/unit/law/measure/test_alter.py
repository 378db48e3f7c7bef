# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

from dataclasses import replace

from tests.fakes.regimes import COSTS, determined

from comity.kernel.ids import MarketCode, NormId
from comity.law.determine import Status, rule_on
from comity.law.fact import Silence
from comity.law.measure.alter import Alteration, Target, alterations, altered
from comity.law.measure.cost import Effort
from comity.law.situation import Situation

CHN, EU = MarketCode("CHN"), MarketCode("EU")


def _found(situation: Situation, norm: str, market: MarketCode) -> tuple[Alteration, ...]:
    return alterations(situation, _target(situation, norm, market), COSTS)


def _target(situation: Situation, norm: str, market: MarketCode) -> Target:
    held = situation.library.norms[NormId(norm)]
    return Target(conditions={norm: held.applies_when}, market=market)


def _status(situation: Situation, norm: str) -> Status:
    (found,) = (r for r in rule_on(situation).rulings if r.norm.name == norm)
    return found.status


def test_an_alteration_is_confirmed_by_the_interpreter() -> None:
    """What the search finds, a determination says again."""
    situation = determined("CHN", "EU", talks=True).situation
    (found,) = _found(situation, "chn.one.names", CHN)
    assert found.answers == {"talks": False}
    assert found.before == {"talks": True}
    after = altered(situation, found)
    assert _status(after, "chn.one.names") is Status.DOES_NOT_APPLY
    assert after.markets == situation.markets


def test_a_fact_nobody_can_change_is_not_offered() -> None:
    """To be no AI system at all is no way out: the table does not list it."""
    situation = determined("EU").situation
    assert _found(situation, "eu.one.care", EU) == ()
    assert "is_ai_system" not in COSTS.by_fact


def test_answers_that_follow_from_others_move_along() -> None:
    """It simulates, so it talks: both have to end before the norm does."""
    situation = determined("CHN", simulates=True, talks=Silence.NOT_ASKED).situation
    found = _found(situation, "chn.one.names", CHN)
    assert [each.answers for each in found] == [{"simulates": False, "talks": False}]
    assert found[0].days == 9


def test_a_number_goes_just_below_the_bound() -> None:
    """The smallest step counts, not the roundest figure."""
    situation = determined("CHN", users=5000).situation
    (found,) = _found(situation, "chn.one.crowd", CHN)
    assert found.answers == {"users": 999}


def test_the_least_costly_of_the_smallest_comes_first() -> None:
    """One fact before two, then by what the table says."""
    situation = determined("EU", "CHN", names_needed=False).situation
    dear = replace(COSTS, by_fact={**COSTS.by_fact, "is_ai_system": Effort(days=1)})
    found = alterations(situation, _target(situation, "eu.one.nameless", EU), dear)
    assert [list(each.answers) for each in found] == [["is_ai_system"], ["names_needed"]]


def test_an_answer_for_one_market_is_changed_there() -> None:
    """Otherwise the answer that takes precedence would stand."""
    determination = determined("CHN", talks=False)
    profile = determination.profile.answering("talks", answer=True, market=CHN)
    situation = replace(determination.situation, profile=profile)
    (found,) = _found(altered_to(situation), "chn.one.names", CHN)
    assert _status(altered(situation, found), "chn.one.names") is Status.DOES_NOT_APPLY


def altered_to(situation: Situation) -> Situation:
    """Return the situation with its answers closed anew."""
    nothing = Alteration(ends=(), answers={}, before={}, days=0)
    return altered(situation, nothing)
