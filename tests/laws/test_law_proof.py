# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Laws of the solver's view of conditions: it agrees with the interpreter, and only refines."""

import datetime as dt
import random
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fakes.system import random_system

from comity.files.library import shipped_library
from comity.kernel.ids import FactName
from comity.kernel.localtext import LocalText
from comity.kernel.truth import Truth
from comity.law.close import close
from comity.law.condition import (
    Cmp,
    Condition,
    Gap,
    Has,
    In,
    Is,
    Not,
    Ref,
    conjunction,
    disjunction,
)
from comity.law.evaluate import evaluate
from comity.law.fact import Answer, Fact, Kind, Silence
from comity.law.pack import Library
from comity.law.prove.bound import theory_of
from comity.law.prove.core import minimal_cores
from comity.law.prove.refine import decide
from comity.law.prove.theory import Possibility, Theory

TEXT = LocalText(by_tag={"en": "x"})
COLOURS, PARTS = ("red", "green", "blue"), ("p", "q")


def _fact(name: str, kind: Kind, *values: str, guard: Condition | None = None) -> Fact:
    return Fact(
        name=FactName(name), kind=kind, values=values, label=TEXT, question=TEXT, means=TEXT,
        guard=guard,
    )  # fmt: skip


SOME_COLOURS = st.sets(st.sampled_from(COLOURS), min_size=1).map(lambda s: tuple(sorted(s)))
SOME_PARTS = st.sets(st.sampled_from(PARTS), min_size=1).map(lambda s: tuple(sorted(s)))
FACTS: dict[str, Fact] = {
    fact.name: fact
    for fact in (
        _fact("b0", Kind.BOOL),
        _fact("b1", Kind.BOOL),
        _fact("b2", Kind.BOOL, guard=Is("b0")),
        _fact("e0", Kind.ENUM, *COLOURS),
        _fact("e1", Kind.ENUM, *COLOURS, guard=Ref("defined")),
        _fact("s0", Kind.SET, *PARTS),
        _fact("s1", Kind.SET, *PARTS, guard=Is("b1")),
        _fact("n0", Kind.NUMBER),
        _fact("n1", Kind.NUMBER, guard=Is("b0")),
        _fact("d0", Kind.DATE),
        _fact("d1", Kind.DATE),
        _fact("d2", Kind.DATE, guard=Is("b1")),
    )
}
MEANINGS: Mapping[str, Condition] = {"defined": disjunction((Is("b0"), In("e0", ("red",))))}
BOUNDS: list[int | Decimal] = [0, 1, 10**25, 10**25 + 1, Decimal("0.5")]
DAYS = [
    dt.date(2023, 2, 28), dt.date(2024, 1, 30), dt.date(2024, 1, 31), dt.date(2024, 2, 28),
    dt.date(2024, 2, 29), dt.date(2024, 8, 31), dt.date(2025, 2, 28), dt.date(2100, 2, 28),
]  # fmt: skip
CONDITIONS: st.SearchStrategy[Condition] = st.recursive(
    st.one_of(
        st.sampled_from([Is("b0"), Is("b1"), Is("b2"), Ref("defined")]),
        st.builds(In, st.sampled_from(["e0", "e1"]), SOME_COLOURS),
        st.builds(Has, st.sampled_from(["s0", "s1"]), SOME_PARTS, st.booleans()),
        st.builds(Cmp, st.sampled_from(["n0", "n1"]), st.booleans(), st.sampled_from(BOUNDS)),
        st.builds(Cmp, st.sampled_from(["d0", "d1", "d2"]), st.booleans(),
                  st.sampled_from(DAYS)),
        st.builds(Gap, st.sampled_from(["d0", "d1", "d2"]), st.sampled_from(["d0", "d1", "d2"]),
                  st.integers(0, 14), st.sampled_from(["day", "month", "year"])),
    ),
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(conjunction),
        st.lists(inner, min_size=2, max_size=3).map(disjunction),
        st.builds(Not, inner),
    ),
    max_leaves=8,
)  # fmt: skip
VALUES: Mapping[Kind, st.SearchStrategy[Answer]] = {
    Kind.BOOL: st.booleans(),
    Kind.ENUM: st.sampled_from(COLOURS),
    Kind.SET: st.frozensets(st.sampled_from(PARTS)),
    Kind.NUMBER: st.sampled_from(BOUNDS),
    Kind.DATE: st.sampled_from(DAYS),
}


@st.composite
def _systems(draw: st.DrawFn) -> dict[str, Answer]:
    """Answer every fact, *not applicable* where the guard is false."""
    answers: dict[str, Answer] = {
        name: draw(VALUES[fact.kind]) for name, fact in FACTS.items() if fact.guard is None
    }
    for name, fact in FACTS.items():
        if fact.guard is not None:
            applies = evaluate(fact.guard, answers, MEANINGS) is Truth.TRUE
            answers[name] = draw(VALUES[fact.kind]) if applies else Silence.NOT_APPLICABLE
    return answers


def _theory(*axioms: Condition) -> Theory:
    return Theory(FACTS, axioms, MEANINGS)


@given(condition=CONDITIONS, system=_systems())
def test_of_a_system_known_whole_the_solver_says_what_the_interpreter_says(
    condition: Condition, system: dict[str, Answer]
) -> None:
    """The interpreter is the specification, calendar months and guards included."""
    theory = _theory()
    claims = theory.encoder.claim(condition), theory.encoder.claim(Not(condition))
    said = theory.encoder.said(system)
    holds = evaluate(condition, system, MEANINGS) is Truth.TRUE
    possible = [theory.check([claim, said]) is Possibility.POSSIBLE for claim in claims]
    assert possible == [holds, not holds]


@given(condition=CONDITIONS, system=_systems(), hidden=st.sets(st.sampled_from(sorted(FACTS))))
def test_a_decision_is_what_every_completion_says(
    condition: Condition, system: dict[str, Answer], hidden: set[str]
) -> None:
    """The solver may know more than Kleene's logic, and never something else."""
    answers = {name: answer for name, answer in system.items() if name not in hidden}
    decided = decide(_theory(), condition, answers, MEANINGS)
    kleene = evaluate(condition, answers, MEANINGS)
    assert kleene in {decided, Truth.UNDETERMINED}
    assert decided in {evaluate(condition, system, MEANINGS), Truth.UNDETERMINED}


@given(conditions=st.lists(CONDITIONS, min_size=1, max_size=3), system=_systems())
def test_a_found_system_meets_the_conditions(
    conditions: list[Condition], system: dict[str, Answer]
) -> None:
    """And where none is found, none that we can think of meets them."""
    found = _theory().find(*conditions)
    if found.verdict is Possibility.POSSIBLE:
        truths = [evaluate(each, found.answers, MEANINGS) for each in conditions]
        assert truths == [Truth.TRUE] * len(conditions)
    else:
        assert found.verdict is Possibility.IMPOSSIBLE
        assert any(evaluate(each, system, MEANINGS) is Truth.FALSE for each in conditions)


@given(first=CONDITIONS, second=CONDITIONS)
def test_the_quick_answer_is_the_exact_one(first: Condition, second: Condition) -> None:
    """Months told from days where every calendar agrees give no other verdict."""
    theory = _theory()
    found = theory.find(first, second).verdict
    assert theory.possible(first, second) is found
    with theory.assuming(first):
        assert theory.possible(second) is found


@settings(max_examples=40)
@given(conditions=st.lists(CONDITIONS, min_size=2, max_size=5, unique=True))
def test_cores_are_exactly_the_minimal_impossible_sets(conditions: list[Condition]) -> None:
    """None is missed and none is larger than it need be."""
    theory = _theory()
    named = dict(enumerate(conditions))
    impossible = {
        frozenset(keys)
        for signs in product([True, False], repeat=len(named))
        if (keys := [key for key, sign in zip(named, signs, strict=True) if sign])
        and theory.possible(*(named[key] for key in keys)) is Possibility.IMPOSSIBLE
    }
    minimal = {keys for keys in impossible if not any(other < keys for other in impossible)}
    assert set(minimal_cores(theory, named)) == minimal


@pytest.fixture(scope="module")
def library() -> Library:
    """Return every pack that ships."""
    return shipped_library()


def _consistent(library: Library, dice: random.Random) -> Mapping[str, Answer]:
    """Answer half of the facts at random, take back what contradicts, and close the rest."""
    said = random_system(library.vocabulary.facts, dice, unknown=0.5)
    answers = {k: v for k, v in said.items() if v is not Silence.NOT_APPLICABLE}
    while True:
        closure = close(answers, library.vocabulary, library.meanings)
        if not closure.contradictions:
            return closure.answers
        for name in {name for each in closure.contradictions for name in each.facts}:
            answers.pop(name, None)


def test_real_law_is_only_refined(library: Library) -> None:
    """The solver takes no ruling back; see the long battery for a hundred times as many."""
    dice = random.Random(11)  # noqa: S311 - a test that can be repeated
    theory = theory_of(library)
    names = sorted(library.norms)
    for _ in range(6):
        answers = _consistent(library, dice)
        for name in dice.sample(names, 50):
            whole = library.norms[name].applies_when
            kleene = evaluate(whole, answers, library.meanings)
            decided = decide(theory, whole, answers, library.meanings)
            assert kleene in {decided, Truth.UNDETERMINED}, name


def test_a_guard_is_obeyed_whatever_is_asked_of_the_fact() -> None:
    """What does not apply is false, whichever way it is put."""
    none = [Cmp("n1", at_least=True, bound=1), Cmp("n1", at_least=False, bound=1)]
    theory = _theory(Not(Is("b0")))
    assert [theory.possible(each) for each in none] == [Possibility.IMPOSSIBLE] * 2
    assert theory.possible(*map(Not, none)) is Possibility.POSSIBLE


def test_an_unguarded_fact_has_one_of_its_values() -> None:
    """A list of all values leaves nothing over; guarded, it may leave all over."""
    outside = [Not(In("e0", COLOURS)), Not(In("e1", COLOURS))]
    theory = Theory({**FACTS, "e1": replace(FACTS["e1"], guard=Is("b0"))})
    assert [theory.possible(each) for each in outside] == [
        Possibility.IMPOSSIBLE,
        Possibility.POSSIBLE,
    ]
