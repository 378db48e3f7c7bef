# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Closing whole columns gives the answers and contradictions that closing each row gives."""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fakes.columns import columns_of
from tests.fakes.system import random_answer, random_system

from comity.files.library import shipped_library
from comity.kernel.ids import FactName
from comity.kernel.localtext import LocalText
from comity.law.close import close
from comity.law.condition import Condition, Has, In, Is, Not, Or, Ref, conjunction, disjunction
from comity.law.fact import Answer, Fact, Kind, Silence
from comity.law.pack import Axiom, Vocabulary
from comity.law.sweep.closing import closer_of, opened
from comity.law.sweep.layout import later_key, layout_of

TEXT = LocalText(by_tag={"en": "x"})


def _fact(name: str, kind: Kind, values: tuple[str, ...] = ()) -> Fact:
    return Fact(
        name=FactName(name), kind=kind, values=values, label=TEXT, question=TEXT, means=TEXT
    )


FACTS: dict[str, Fact] = {
    **{f"b{i}": _fact(f"b{i}", Kind.BOOL) for i in range(4)},
    "e0": replace(_fact("e0", Kind.ENUM, ("p", "q")), guard=Is("b0")),
    "e1": _fact("e1", Kind.ENUM, ("p", "q")),
    "s0": replace(_fact("s0", Kind.SET, ("p", "q", "r")), guard=Not(Is("b1"))),
    "s1": _fact("s1", Kind.SET, ("p", "q", "r")),
    "n0": replace(_fact("n0", Kind.NUMBER), guard=Is("b2")),
    "d0": replace(_fact("d0", Kind.DATE), guard=Has("s1", ("p",))),
    "g0": replace(_fact("g0", Kind.BOOL), guard=Ref("defined")),
}
MEANINGS: dict[str, Condition] = {"defined": Or((Is("b3"), In("e1", ("p",))))}
WORDS = st.sets(st.sampled_from(["p", "q", "r"]), min_size=1).map(
    lambda few: tuple(sorted(few))
)
PAIR = st.sets(st.sampled_from(["p", "q"]), min_size=1).map(lambda few: tuple(sorted(few)))
ATOMS: st.SearchStrategy[Condition] = st.one_of(
    st.sampled_from([Is("b0"), Is("b1"), Is("b2"), Is("b3"), Is("g0"), Ref("defined")]),
    st.builds(In, st.sampled_from(["e0", "e1"]), PAIR),
    st.builds(Has, st.sampled_from(["s0", "s1"]), WORDS, st.booleans()),
)
CONDITIONS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(conjunction),
        st.lists(inner, min_size=2, max_size=3).map(disjunction),
        st.builds(Not, inner),
    ),
    max_leaves=4,
)
AXIOMS = st.lists(st.tuples(CONDITIONS, CONDITIONS), min_size=1, max_size=4).map(
    lambda pairs: tuple(
        Axiom(name=f"a{i}", when=when, implies=implies)
        for i, (when, implies) in enumerate(pairs)
    )
)


def spoken(vocabulary: Vocabulary) -> Iterator[Condition]:
    """Yield the conditions of the guards and axioms."""
    for fact in vocabulary.facts.values():
        yield from () if fact.guard is None else (fact.guard,)
    for axiom in vocabulary.axioms:
        yield from (axiom.when, axiom.implies)


def check(
    vocabulary: Vocabulary,
    meanings: Mapping[str, Condition],
    rows: Sequence[Mapping[str, Answer]],
) -> int:
    """Close the rows both ways; return how many contradict a rule."""
    layout = layout_of(vocabulary.facts, [*meanings.values(), *spoken(vocabulary)])
    closer = closer_of(vocabulary.axioms, meanings, layout)
    found, broken = closer.close(columns_of(rows, layout))
    closures = [close(row, vocabulary, meanings) for row in rows]
    expected = columns_of([closure.answers for closure in closures], layout).frame
    sets = [name for name, fact in layout.facts.items() if fact.kind is Kind.SET]
    whole = opened(found, sets, layout).frame
    for name in expected.columns:
        if name not in {later_key(fact) for fact in layout.monthly}:
            assert whole[name].to_list() == expected[name].to_list(), name
    assert broken.tolist() == [bool(closure.contradictions) for closure in closures]
    return int(broken.sum())


def _rows(
    facts: Mapping[str, Fact], dice: random.Random, count: int
) -> list[dict[str, Answer]]:
    """Answer at random; *not applicable* is derived, never given."""
    return [
        {
            name: answer
            for name, answer in random_system(facts, dice).items()
            if answer is not Silence.NOT_APPLICABLE
        }
        for _ in range(count)
    ]


@settings(max_examples=40, deadline=None)
@given(axioms=AXIOMS, seed=st.integers(0, 2**32))
def test_any_axioms_and_guards_close_columns_as_they_close_rows(
    axioms: tuple[Axiom, ...], seed: int
) -> None:
    """Every kind of fact, guarded and not; axioms that name one fact twice among them."""
    dice = random.Random(seed)  # noqa: S311 - repeatable
    vocabulary = Vocabulary(facts=FACTS, conducts={}, axioms=axioms)
    check(vocabulary, MEANINGS, _rows(FACTS, dice, 12))


def test_the_shipped_vocabulary_closes_columns_as_it_closes_rows() -> None:
    """From nothing known to all known, contradictions among them."""
    library = shipped_library()
    dice = random.Random(4)  # noqa: S311 - repeatable
    rows = _rows(library.vocabulary.facts, dice, 40)
    some = [dict(list(row.items())[:20]) for row in rows]
    broken = check(library.vocabulary, library.meanings, [*rows, *some, {}])
    assert 0 < broken < len(rows) + len(some)


@pytest.mark.parametrize("fact", ["b0", "e1", "s1"])
def test_closing_again_changes_nothing(fact: str) -> None:
    """A fixpoint: what follows has followed."""
    dice = random.Random(5)  # noqa: S311 - repeatable
    axiom = Axiom(name="a", when=Is("b3"), implies=conjunction((Is("b0"), Has("s1", ("q",)))))
    vocabulary = Vocabulary(facts=FACTS, conducts={}, axioms=(axiom,))
    layout = layout_of(FACTS, MEANINGS.values())
    closer = closer_of(vocabulary.axioms, MEANINGS, layout)
    rows = [{fact: random_answer(FACTS[fact], dice), "b3": True} for _ in range(20)]
    once, _ = closer.close(columns_of(rows, layout))
    twice, _ = closer.close(once)
    assert once.frame.equals(twice.frame)
    assert once.open_sets == twice.open_sets


def test_a_vocabulary_without_rules_leaves_all_as_it_is() -> None:
    """Nothing follows, nothing contradicts."""
    plain = {"b0": FACTS["b0"]}
    assert check(Vocabulary(facts=plain, conducts={}, axioms=()), {}, [{}, {"b0": True}]) == 0
