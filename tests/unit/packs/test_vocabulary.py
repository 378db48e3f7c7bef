# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The shared vocabulary: labelled, general, used, true of the world, and shared indeed."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from comity.files.library import shipped_library
from comity.files.profile import read_profile
from comity.kernel.ids import FactName
from comity.law.close import close
from comity.law.condition import Condition, Not, disjunction, facts_in
from comity.law.conduct import Conduct
from comity.law.fact import MARKETS, Answer, Fact, OpenSet
from comity.law.pack import Library
from comity.law.prove.theory import Possibility, Theory

ROOT = Path(__file__).parents[3]
PROFILES = sorted((*ROOT.glob("examples/*.toml"), *ROOT.glob("src/comity/demo/**/*.toml")))
PREFIXES = ("dpv:", "ai:", "eu-aiact:")
LEGAL_WORDS = {
    "act", "aia", "annex", "article", "bill", "ccpa", "chapter", "clause", "csl", "decree",
    "directive", "dsl", "gdpr", "iso", "ndr", "nist", "paragraph", "pipl", "recital",
    "regulation", "section",
}  # fmt: skip
SET_BY_THE_QUESTION = {"asked_on", "markets"}

IMPLIED: tuple[tuple[Mapping[str, Answer], Mapping[str, Answer]], ...] = (
    (
        {"uses_face_recognition": True},
        {"processes_biometric_data": True, "processes_personal_data": True},
    ),
    ({"profiles_people": True}, {"processes_personal_data": True}),
    ({"processes_personal_data": False}, {"tags_users": False, "data_leaves_market": False}),
    ({"back_end_only": True}, {"interacts_with_people": False, "voice_interaction": False}),
    ({"human_verifies_before_effect": True}, {"autonomy": "human_decides"}),
    ({"autonomy": "no_human"}, {"human_verifies_before_effect": False}),
    (
        {"decides_promotions": True},
        {"workers_concerned": True, "affects_rights_of_people": True},
    ),
    ({"social_media": True}, {"handles_content_for_others": True, "online_service": True}),
    ({"used_inside_provider_only": True}, {"offered_to_public": False}),
    ({"large_language_model": True}, {"trained_on_data": True}),
)
SHARED_BY = {
    "log_retention": {"CHN", "EU"},
    "output_mark": {"CHN", "EU", "IND", "KAZ", "USA", "VNM"},
    "label_removal": {"CHN", "IND", "USA", "VNM"},
    "ai_disclosure": {"CHN", "EU", "KEN", "USA", "VNM"},
    "notice_clear_and_timely": {"EU", "IND", "KOR", "USA", "VNM"},
    "explanation_given": {"CAN", "CHN", "EU", "KAZ", "KOR", "USA", "VNM"},
    "human_review_on_request": {"CAN", "EU", "GBR", "USA", "VNM"},
    "human_oversight": {"BRA", "CHL", "EU", "KAZ", "KOR", "USA", "VNM"},
    "automated_decision_opt_out": {"CHN", "USA", "VNM"},
    "incident_notice": {"CHN", "EU", "USA", "VNM"},
    "data_breach_notice": {"EU", "KAZ", "SAU"},
    "impact_assessment": {"BRA", "CAN", "CHN", "EU", "USA", "VNM"},
    "assessment_review_interval": {"KAZ", "USA"},
    "registration": {"CHN", "EU", "USA", "VNM"},
    "local_representative": {"CHN", "EU", "KOR", "VNM"},
    "data_storage_place": {"CHN", "EU", "KAZ"},
    "takedown_time": {"IND", "USA"},
    "whistleblowers_protected": {"EU", "USA"},
}


@pytest.fixture(scope="module")
def library() -> Library:
    """Return every pack that ships."""
    return shipped_library()


@pytest.fixture(scope="module")
def theory(library: Library) -> Theory:
    """Return the facts, guards and axioms in a solver."""
    vocabulary = library.vocabulary
    axioms = (disjunction((Not(one.when), one.implies)) for one in vocabulary.axioms)
    return Theory(facts=vocabulary.facts, axioms=axioms, meanings=library.meanings)


def _words(library: Library) -> list[Fact | Conduct]:
    vocabulary = library.vocabulary
    return [*vocabulary.facts.values(), *vocabulary.conducts.values()]


def _holds(answers: Mapping[str, Answer], name: str, expected: Answer) -> bool:
    answer = answers[name]
    if isinstance(answer, OpenSet) and isinstance(expected, frozenset):
        return expected <= answer.known_in
    return answer == expected


def test_every_fact_and_conduct_has_a_label_in_english_and_chinese(library: Library) -> None:
    """A reader of either language would otherwise meet a bare identifier."""
    assert [
        word.name for word in _words(library) if {"en", "zh"} - word.label.by_tag.keys()
    ] == []


def test_every_fact_asks_a_question_and_says_what_it_means(library: Library) -> None:
    """An engineer answers the question, and the definition settles the doubt."""
    facts = library.vocabulary.facts.values()
    assert [f.name for f in facts if not f.question.by_tag["en"].endswith("?")] == []
    assert [fact.name for fact in facts if not fact.means.by_tag["en"]] == []


def test_no_name_is_that_of_a_law_or_an_article(library: Library) -> None:
    """A fact named after one law would not be asked for another."""
    names = (*library.vocabulary.facts, *library.vocabulary.conducts)
    assert [name for name in names if LEGAL_WORDS & set(name.split("_"))] == []
    assert [name for name in names if re.search(r"\d", name)] == []


def test_every_identifier_of_the_data_privacy_vocabulary_has_a_known_prefix(
    library: Library,
) -> None:
    """A concept nobody can look up names nothing."""
    named = [word.dpv for word in _words(library) if word.dpv]
    assert len(named) > len(PREFIXES)
    assert [dpv for dpv in named if not dpv.startswith(PREFIXES)] == []


def test_every_conduct_is_asked_for_by_a_norm(library: Library) -> None:
    """A variable that no duty speaks of relates nothing to anything."""
    asked = {
        demand.constraint.conduct for norm in library.norms.values() for demand in norm.demands
    }
    assert library.vocabulary.conducts.keys() - asked == set()


def test_every_fact_decides_something(library: Library) -> None:
    """A question whose answer changes nothing wastes the time of whoever answers."""
    excluding = (facts_in(each.when) for each in library.vocabulary.exclusions)
    guards = (fact.guard for fact in library.vocabulary.facts.values() if fact.guard)
    used = library.asked_facts.union(*excluding, *map(facts_in, guards))
    for axiom in library.vocabulary.axioms:
        used |= facts_in(axiom.when) | facts_in(axiom.implies)
    assert library.vocabulary.facts.keys() - used - SET_BY_THE_QUESTION == set()


def test_every_market_with_a_pack_can_be_named(library: Library) -> None:
    """A question could otherwise be asked of a market the answers cannot name."""
    markets = library.vocabulary.facts[MARKETS].values
    assert {str(pack.market) for pack in library.packs} - set(markets) == set()


def test_every_axiom_says_something_of_a_system_that_can_be(
    library: Library, theory: Theory
) -> None:
    """Axioms that contradict each other would make honest answers impossible."""
    for axiom in library.vocabulary.axioms:
        cases: tuple[Condition, ...] = (axiom.when, Not(axiom.implies))
        for case in cases:
            assert theory.possible(case) is Possibility.POSSIBLE, axiom.name


def test_no_axiom_rests_on_the_definition_of_a_law(library: Library) -> None:
    """What a law defines is true under that law, not of the world."""
    of_packs = {known.name for pack in library.packs for known in pack.definitions}
    for axiom in library.vocabulary.axioms:
        named = library.opened(axiom.when) | library.opened(axiom.implies)
        assert named & of_packs == set(), axiom.name


@pytest.mark.parametrize(("said", "follows"), IMPLIED, ids="-".join)
def test_an_axiom_answers_what_follows(
    library: Library, said: Mapping[str, Answer], follows: Mapping[str, Answer]
) -> None:
    """Nobody should be asked what their own answers already say."""
    closure = close(said, library.vocabulary, library.meanings)
    assert closure.contradictions == ()
    assert {name: closure.answers[FactName(name)] for name in follows} == follows


def test_a_task_lies_in_its_area(library: Library) -> None:
    """A set that is known in part takes in what follows and leaves the rest open."""
    said: Mapping[str, Answer] = {"tasks": frozenset({"remote_biometric_identification"})}
    answers = close(said, library.vocabulary, library.meanings).answers
    assert _holds(answers, "use_area", frozenset({"biometric_identification"}))
    assert answers["processes_biometric_data"] is True


@pytest.mark.parametrize("path", PROFILES, ids=lambda path: path.stem)
def test_no_example_contradicts_an_axiom(library: Library, path: Path) -> None:
    """An honest profile of a real system would be the counterexample."""
    profile = read_profile(path, library)
    for market in profile.markets or ():
        answers = {**profile.answers, **profile.in_market.get(market, {})}
        found = close(answers, library.vocabulary, library.meanings)
        assert found.contradictions == (), market


@pytest.mark.parametrize(("conduct", "markets"), SHARED_BY.items(), ids=list(SHARED_BY))
def test_regimes_that_ask_the_same_speak_of_the_same_conduct(
    library: Library, conduct: str, markets: set[str]
) -> None:
    """Two regimes conflict, agree or differ only where they speak of one variable."""
    speaking = {
        str(library.pack_of[norm.name].market)
        for norm in library.norms.values()
        for demand in norm.demands
        if demand.constraint.conduct == conduct
    }
    assert markets - speaking == set()
