# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import datetime as dt

import pytest

from comity.errors import InvalidDocument
from comity.kernel.ids import MarketCode
from comity.kernel.localtext import LocalText
from comity.law.determine import Status, determine
from comity.law.fact import ASKED_ON, MARKETS, OpenSet, Silence
from comity.law.norm import Role
from comity.law.pack import Library
from comity.law.profile import Change, Profile
from comity.law.situation import situation_of

EU, WAICO = MarketCode("EU"), MarketCode("WAICO")
TEXT = LocalText(by_tag={"en": "X"})
LATER = dt.date(2027, 1, 1)
PROFILE = Profile(
    system="x",
    name=TEXT,
    purpose=TEXT,
    roles=(Role.PROVIDER,),
    answers={"is_ai_system": True, "sector": "health", "biometric": False, "staff": 50},
    in_market={WAICO: {"is_ai_system": False}},
    changes=(Change(on=LATER, answers={"generates": frozenset({"image"})}),),
)


def test_an_answer_for_one_market_holds_there_alone(library: Library) -> None:
    """It takes precedence over what is said of all."""
    situation = situation_of(library, PROFILE, markets=["EU", "WAICO"], on=LATER)
    said = {market: closure.answers["is_ai_system"] for market, closure in
            situation.closures.items()}  # fmt: skip
    assert said == {EU: True, WAICO: False}


def test_a_change_counts_from_its_first_day_on(library: Library) -> None:
    """And the law of one day may be asked of the facts of another."""

    def status(on: dt.date, facts_on: dt.date | None = None) -> Status:
        found = determine(library, PROFILE, markets=["EU"], on=on, facts_on=facts_on)
        (ruling,) = [each for each in found.rulings if each.norm.name == "eu.act.2"]
        return ruling.status

    before = LATER - dt.timedelta(days=1)
    assert (status(before), status(LATER)) == (Status.CANNOT_TELL, Status.APPLIES)
    assert status(before, LATER) is Status.APPLIES
    assert status(LATER, before) is Status.CANNOT_TELL


def test_the_day_of_the_law_is_what_a_norm_means_by_the_day_asked(library: Library) -> None:
    """A transition ends by the calendar, not by what somebody knows."""
    situation = situation_of(
        library, PROFILE, markets=["EU"], on=LATER, facts_on=dt.date(2026, 1, 1)
    )
    assert situation.closures[EU].answers[ASKED_ON] == LATER


def test_markets_with_equal_answers_share_what_follows(library: Library) -> None:
    """Thirty markets are closed once, and each still stands for itself."""
    alike = Profile(system="x", name=TEXT, purpose=TEXT, answers={"remote_biometric": True})
    situation = situation_of(library, alike, markets=["EU", "CHN"], on=LATER)
    one, other = situation.closures.values()
    assert one.derived is other.derived
    assert one.answers["biometric"] is True
    assert [closure.answers[MARKETS] for closure in (one, other)] == [
        OpenSet(known_in=frozenset({market}), known_out=frozenset()) for market in ("EU", "CHN")
    ]


def test_what_only_the_author_says_does_not_apply_is_told_apart(library: Library) -> None:
    """A guard that speaks for itself needs nobody's word."""
    profile = Profile(
        system="x",
        name=TEXT,
        purpose=TEXT,
        answers={"generates": frozenset(), "sector": Silence.NOT_APPLICABLE},
    )
    situation = situation_of(library, profile, markets=["EU"], on=LATER)
    assert situation.closures[EU].answers["watermarks"] is Silence.NOT_APPLICABLE
    assert not situation.said_not_applicable(EU, "watermarks")
    assert situation.said_not_applicable(EU, "sector")
    assert not situation.said_not_applicable(EU, "staff")


def test_not_applicable_where_the_guard_holds_is_a_contradiction(library: Library) -> None:
    """Who generates images may be asked whether it marks them."""
    profile = Profile(
        system="x",
        name=TEXT,
        purpose=TEXT,
        answers={"generates": frozenset({"image"}), "watermarks": Silence.NOT_APPLICABLE},
    )
    with pytest.raises(InvalidDocument, match="contradict"):
        situation_of(library, profile, markets=["EU"], on=LATER)
