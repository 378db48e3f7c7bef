# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import datetime as dt
from dataclasses import replace
from fractions import Fraction

from comity.files.library import shipped_library
from comity.kernel.canonical import to_canonical
from comity.kernel.ids import MarketCode
from comity.kernel.localtext import LocalText
from comity.law.block import Document
from comity.law.determine import Status, rule_on
from comity.law.fact import Answer, OpenSet, Silence
from comity.law.interview import MOST_ANSWERS, Outcome, agenda, next_questions, plausible
from comity.law.norm import Role
from comity.law.pack import Library
from comity.law.profile import Profile
from comity.law.read import read_library
from comity.law.situation import Situation, situation_of

ON = dt.date(2027, 11, 21)


def _ask(library: Library, **answers: Answer) -> Situation:
    text = LocalText(by_tag={"en": "X"})
    profile = Profile(
        system="x", name=text, purpose=text, answers=answers, roles=(Role.PROVIDER,)
    )
    return situation_of(library, profile, markets=["EU", "WAICO"], on=ON)


def test_the_question_that_settles_most_comes_first(library: Library) -> None:
    """All three norms ask whether it is an AI system: "no" settles them all."""
    first, *_ = next_questions(_ask(library))
    assert (first.fact, first.concerns) == ("is_ai_system", 3)
    assert first.outcomes == (
        Outcome(answer=True, settles=1, applies=1),
        Outcome(answer=False, settles=3, applies=0),
    )
    assert first.settles == Fraction(2)


def test_only_questions_that_still_matter_are_asked(library: Library) -> None:
    """An excluded norm asks nothing."""
    determination = _ask(library, is_ai_system=True, sector="health", staff=5)
    assert {question.fact for question in next_questions(determination)} == {
        "training_compute",
    }


def test_nothing_open_asks_nothing(library: Library) -> None:
    """The interview ends by itself."""
    assert next_questions(_ask(library, is_ai_system=False)) == ()


def test_who_does_not_know_is_not_asked_again(library: Library) -> None:
    """Unlike who was not asked."""
    determination = _ask(library, is_ai_system=Silence.NOT_KNOWN)
    assert "is_ai_system" not in {each.fact for each in next_questions(determination, limit=99)}


def test_axioms_count_in_what_an_answer_settles(library: Library) -> None:
    """Answering one fact may answer another."""
    determination = _ask(
        library, is_ai_system=True, sector="health", generates=frozenset({"image"}), staff=50
    )
    asked = {each.fact: each for each in next_questions(determination, limit=99)}
    assert asked["biometric"].outcomes[0] == Outcome(answer=True, settles=1, applies=0)


def test_the_order_does_not_depend_on_the_run(library: Library) -> None:
    """Two people asking the same get the same list."""
    one, other = next_questions(_ask(library)), next_questions(_ask(library))
    assert [to_canonical(each.to_json()) for each in one] == [
        to_canonical(each.to_json()) for each in other
    ]


def test_plausible_answers_stand_on_both_sides_of_every_line(library: Library) -> None:
    """Between two thresholds the law draws no line."""
    facts = library.vocabulary.facts
    silent = Silence.NOT_ASKED
    assert plausible(facts["training_compute"], library, silent) == (0, 10**25 + 1)
    assert plausible(facts["staff"], library, silent) == (0, 10)
    assert plausible(facts["biometric"], library, silent) == (True, False)
    assert plausible(facts["sector"], library, silent) == ("health", "finance", "other")
    assert plausible(facts["placed_on_market"], library, silent) == (dt.date(2020, 1, 1),)


def test_plausible_sets_add_one_value_to_what_is_certain(library: Library) -> None:
    """What is known of a set is not asked again."""
    partly = OpenSet(known_in=frozenset({"text"}), known_out=frozenset({"audio"}))
    tried = plausible(library.vocabulary.facts["generates"], library, partly)
    assert tried == (frozenset({"text"}), frozenset({"text", "image"}))
    assert len(tried) <= MOST_ANSWERS


def test_an_answer_that_would_contradict_is_not_tried(library: Library) -> None:
    """Who watermarks what it generates generates something."""
    determination = _ask(library, watermarks=True)
    (asked,) = [q for q in next_questions(determination, limit=99) if q.fact == "generates"]
    assert frozenset() not in {outcome.answer for outcome in asked.outcomes}


def test_a_question_is_open_only_where_nobody_answered_it(library: Library) -> None:
    """An answer for one market leaves the others to be asked about."""
    text = LocalText(by_tag={"en": "X"})
    profile = Profile(
        system="x",
        name=text,
        purpose=text,
        roles=(Role.PROVIDER,),
        in_market={MarketCode("EU"): {"is_ai_system": False}},
    )
    situation = situation_of(library, profile, markets=["EU", "WAICO"], on=ON)
    (asked,) = next_questions(situation)
    assert (asked.fact, asked.markets, asked.norms) == (
        "is_ai_system",
        ("WAICO",),
        ("waico.plan.1",),
    )


def test_what_is_disputed_or_skipped_is_not_asked(library: Library) -> None:
    """Whoever disputes it has been asked."""
    situation = _ask(library, is_ai_system=Silence.DISPUTED)
    asked = {each.fact for each in next_questions(situation, limit=99)}
    assert "is_ai_system" not in asked
    assert "sector" in asked
    left = agenda(situation, limit=99, skipped=frozenset({"sector"})).questions
    assert {each.fact for each in left} == asked - {"sector"}


SOUNDS = """\
```comity
fact sings bool
  label "Sings"
  question "Does it sing?"
  means "Out loud."
fact makes set [text, audio, video]
  label "Makes"
  question "What does it make?"
  means "By itself."
axiom songs_are_heard
  when sings
  implies makes has audio
conduct marked bool
  label "Mark"
  means "A mark."
```
"""
MARKS = """\
```comity
pack eu.y
  title "Y"
  market EU
  status binding
  version 2026-11-21

norm eu.y.1
  title "Mark"
  who provider
  must marked
  when makes has video
  cite "1"
  basis text
  source "S"
```
"""


def test_who_does_not_know_the_rest_of_a_set_is_not_asked_again() -> None:
    """An axiom puts one value into it whatever its author knows."""
    documents = [Document(name="v.md", text=SOUNDS), Document(name="y.md", text=MARKS)]
    library = read_library(documents)
    assert _facts_asked(library, sings=True) == ["makes"]
    assert _facts_asked(library, sings=True, makes=Silence.NOT_KNOWN) == []


def _facts_asked(library: Library, **answers: Answer) -> list[str]:
    text = LocalText(by_tag={"en": "X"})
    profile = Profile(
        system="x", name=text, purpose=text, roles=(Role.PROVIDER,), answers=answers
    )
    situation = situation_of(library, profile, markets=["EU"], on=ON)
    (closure,) = situation.closures.values()
    assert isinstance(closure.answers["makes"], OpenSet)
    return [each.fact for each in next_questions(situation)]


def test_the_agenda_names_what_cannot_be_told(library: Library) -> None:
    """The same norms a determination leaves open, on the same day."""
    for day in (ON, dt.date(2026, 1, 1), dt.date(2031, 1, 1)):
        situation = replace(_ask(library, sector="health"), on=day)
        open_ones = rule_on(situation).of(status=Status.CANNOT_TELL)
        assert agenda(situation).undetermined == tuple(each.norm.name for each in open_ones)


def test_an_outcome_is_what_the_answer_then_does() -> None:
    """On the real packs: answering settles exactly as many norms as was said."""
    library = shipped_library()
    text = LocalText(by_tag={"en": "X"})
    profile = Profile(system="x", name=text, purpose=text, roles=(Role.PROVIDER,))
    markets = ["EU", "CHN", "KHM", "VNM"]
    situation = situation_of(library, profile, markets=markets, on=ON)
    before = agenda(situation, limit=200)
    checked = 0
    for question in before.questions[::25]:
        for outcome in question.outcomes:
            other = profile.answering(question.fact, outcome.answer)
            after = agenda(situation_of(library, other, markets=markets, on=ON), limit=0)
            assert len(before.undetermined) - len(after.undetermined) == outcome.settles
            checked += 1
    assert checked >= 10
