# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import random
from collections.abc import Mapping

import pytest

from comity.files.library import shipped_library
from comity.law.block import Document
from comity.law.close import Closure, close, extend
from comity.law.fact import Answer, OpenSet, Silence
from comity.law.interview import plausible
from comity.law.pack import Library
from comity.law.read import read_library

TEXTS = '\n  label "L"\n  question "Q"\n  means "M"\n'
FACTS = "".join(f"fact {name} bool{TEXTS}" for name in "abcdf") + (
    f"fact sort enum [x, y]{TEXTS}"
    f"fact shape enum [x, y, z]{TEXTS}"
    f"fact forms set [x, y]{TEXTS}"
    f"fact depends bool{TEXTS}  guard a\n"
    f"fact wide set [x, y]{TEXTS}  guard depends\n"
)


def _close(axioms: str, **answers: Answer) -> Closure:
    axioms = axioms.replace(" implies", "\n  implies")
    text = f"```comity\n{FACTS}{axioms}\n```"
    library: Library = read_library([Document(name="v.md", text=text)])
    return close(answers, library.vocabulary, library.meanings)


CASES: list[tuple[str, dict[str, Answer], str, Answer]] = [
    ("when a implies b", {"a": True}, "b", True),
    ("when a implies b", {"b": False}, "a", False),
    ("when a implies b and c", {"a": True}, "c", True),
    ("when a implies not b", {"a": True}, "b", False),
    ("when a or b implies c", {"c": False}, "b", False),
    ("when a and b implies c", {"a": True, "c": False}, "b", False),
    ("when a implies b or c", {"a": True, "b": False}, "c", True),
    ("when a implies b or b", {"a": True}, "b", True),
    ("when a and b and a implies c", {"b": True, "c": False}, "a", False),
    ("when a implies sort is x", {"a": True}, "sort", "x"),
    ("when a implies sort is not x", {"a": True}, "sort", "y"),
    ("when a implies forms has x", {"a": True}, "forms",
     OpenSet(known_in=frozenset("x"), known_out=frozenset())),
    ("when a implies forms has none of [x, y]", {"a": True}, "forms", frozenset()),
    ("when a implies forms has all of [x, y]", {"a": True}, "forms", frozenset("xy")),
    ("when forms has x implies a", {"a": False}, "forms",
     OpenSet(known_in=frozenset(), known_out=frozenset("x"))),
    ("when a implies b", {"a": True, "b": Silence.NOT_KNOWN}, "b", True),
    ("when a implies b", {"a": True, "b": Silence.DISPUTED}, "b", True),
    ("when a implies not a", {}, "a", False),
    ("when a implies b or not a", {"b": False}, "a", False),
]  # fmt: skip


@pytest.mark.parametrize(("axiom", "answers", "fact", "derived"), CASES)
def test_an_axiom_derives_what_follows(
    axiom: str, answers: Mapping[str, Answer], fact: str, derived: Answer
) -> None:
    """Closing the answers first decides what Kleene's logic alone cannot."""
    closure = _close(f"axiom one\n  {axiom}", **answers)
    assert closure.answers[fact] == derived
    assert closure.derived[fact].rule == "one"
    assert closure.contradictions == ()


@pytest.mark.parametrize(
    ("axiom", "answers", "fact"),
    [
        ("when a implies b", {"b": True}, "a"),
        ("when a implies b", {"a": False}, "b"),
        ("when a implies b or c", {"a": True}, "b"),
        ("when a implies shape is not x", {"a": True}, "shape"),
        ("when a implies forms has any of [x, y]", {"a": True}, "forms"),
    ],
)
def test_an_axiom_derives_nothing_more(
    axiom: str, answers: Mapping[str, Answer], fact: str
) -> None:
    """An implication has no converse, and a choice is not made for anybody."""
    assert fact not in _close(f"axiom one\n  {axiom}", **answers).answers


def test_axioms_chain_and_say_what_they_rest_on() -> None:
    """A reader traces a derived answer back to given ones."""
    closure = _close("axiom two\n  when b implies c\naxiom one\n  when a implies b", a=True)
    assert closure.answers["c"] is True
    assert closure.derived["c"].from_facts == ("b",)
    assert closure.derived["b"].from_facts == ("a",)


def test_a_broken_axiom_names_the_answers_that_break_it() -> None:
    """Given ones, not derived ones: those the author can correct."""
    closure = _close(
        "axiom one\n  when a implies b\naxiom two\n  when b implies c", a=True, c=False
    )
    assert {each.rule for each in closure.contradictions} <= {"one", "two"}
    assert set(closure.contradictions[0].facts) == {"a", "c"}


def test_an_axiom_about_one_set_does_not_run_in_circles() -> None:
    """A set may be known in part, derived in part, and broken."""
    axioms = "axiom one\n  when forms has x implies forms has y"
    partly = OpenSet(known_in=frozenset("x"), known_out=frozenset())
    assert _close(axioms, forms=partly).answers["forms"] == frozenset("xy")
    (broken,) = _close(axioms, forms=frozenset("x")).contradictions
    assert broken.facts == ("forms",)


def test_a_false_guard_makes_a_fact_not_applicable() -> None:
    """Derived, and through every guard that rests on it."""
    closure = _close("", a=False)
    assert closure.answers["depends"] is Silence.NOT_APPLICABLE
    assert closure.answers["wide"] is Silence.NOT_APPLICABLE


def test_an_open_guard_leaves_a_fact_open() -> None:
    """What may apply is not inapplicable."""
    assert "depends" not in _close("").answers


def test_a_no_to_a_fact_that_does_not_apply_is_no_contradiction() -> None:
    """People answer "no" where "not applicable" is meant."""
    closure = _close("", a=False, depends=False, wide=frozenset())
    assert closure.contradictions == ()
    assert closure.answers["depends"] is Silence.NOT_APPLICABLE


def test_a_yes_to_a_fact_that_does_not_apply_is_a_contradiction() -> None:
    """One of the two answers is wrong."""
    (broken,) = _close("", a=False, depends=True).contradictions
    assert (broken.rule, broken.facts) == ("depends", ("depends", "a"))


def test_closing_changes_nothing_that_was_answered() -> None:
    """It adds; it never overrules."""
    given: dict[str, Answer] = {"a": True, "b": False, "sort": "x"}
    closure = _close("axiom one\n  when a implies sort is y", **given)
    assert {name: closure.answers[name] for name in given} == given


def test_the_last_value_is_not_derived_where_the_fact_may_not_apply() -> None:
    """Neither value may hold because there is nothing to have one."""
    facts = f"fact state enum [x, y]{TEXTS}  guard c\n"
    axiom = "axiom one\n  when a implies state is not x"
    assert "state" not in _close(facts + axiom, a=True).answers
    assert _close(facts + axiom, a=True, c=True).answers["state"] == "y"
    assert _close(facts + axiom, a=True, c=False).answers["state"] is Silence.NOT_APPLICABLE


def test_what_is_only_known_to_be_out_of_a_set_fits_a_set_that_does_not_apply() -> None:
    """It claims nothing."""
    partly = OpenSet(known_in=frozenset(), known_out=frozenset("x"))
    assert _close("", a=False, wide=partly).contradictions == ()


@pytest.mark.parametrize("seed", range(6))
def test_one_more_answer_adds_what_closing_all_of_them_would(seed: int) -> None:
    """The interview closes hundreds of hypothetical answers, each from where it stands."""
    library, dice = shipped_library(), random.Random(seed)  # noqa: S311 - repeatable
    facts = [library.vocabulary.facts[name] for name in sorted(library.closing_rules)]
    closed: dict[str, Answer] = {}
    said: dict[str, Answer] = {}
    for _ in range(60):
        fact = dice.choice(facts)
        known = closed.get(fact.name, Silence.NOT_ASKED)
        if known is not Silence.NOT_ASKED and not isinstance(known, OpenSet):
            continue
        answer = dice.choice(plausible(fact, library, known))
        added = extend(library, closed, fact.name, answer)
        whole = close({**said, fact.name: answer}, library.vocabulary, library.meanings)
        assert bool(added.contradictions) is bool(whole.contradictions), fact.name
        if not added.contradictions:
            said[fact.name] = answer
            closed.update(added.answers)
            assert closed == whole.answers, fact.name
    assert len(said) > 20


def test_not_applicable_is_only_what_the_guard_lets_it_be() -> None:
    """An open guard leaves the author's word; a guard that holds denies it."""
    said = Silence.NOT_APPLICABLE
    assert _close("", depends=said).contradictions == ()
    assert _close("", depends=said, a=False).contradictions == ()
    (contradiction,) = _close("", depends=said, a=True).contradictions
    assert (contradiction.rule, set(contradiction.facts)) == ("depends", {"depends", "a"})
