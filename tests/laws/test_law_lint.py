# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Laws of the linter: what it says of scopes and exceptions, every system confirms."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from comity.kernel.truth import Truth
from comity.law.block import Document
from comity.law.close import close
from comity.law.condition import Condition, Has, In, Is, Not, Ref, conjunction, disjunction
from comity.law.evaluate import evaluate
from comity.law.fact import Answer
from comity.law.lint.finding import Finding, Rule
from comity.law.lint.linter import Linter
from comity.law.lint.place import places_of
from comity.law.norm import Norm
from comity.law.pack import Library
from comity.law.read import read_library

LAW = """\
```comity
pack eu.x
  title "X"
  market EU
  status binding
  version 2026-11-21

fact a bool
  label "A"
  question "A?"
  means "A."

fact b bool
  label "B"
  question "B?"
  means "B."
  guard a

fact sort enum [x, y, z]
  label "Sort"
  question "Which?"
  means "One."

fact parts set [p, q]
  label "Parts"
  question "Which?"
  means "Any."
  guard sort is x

axiom p_means_b
  when parts has p
  implies b

define eu.x.d
  when a or sort is y

conduct done bool
  label "Do"
  means "It."

norm eu.x.1
  title "X"
  who provider
  must done
  when a
  cite "1"
  basis text
  source "S"
```
"""
DOCUMENT = Document(name="x.md", text=LAW)
LIBRARY = read_library([DOCUMENT])
PLACES = places_of([DOCUMENT])
ATOMS: list[Condition] = [
    Is("a"), Is("b"), In("sort", ("x",)), In("sort", ("y", "z")), Has("parts", ("p",)),
    Has("parts", ("p", "q"), every=True), Has("parts", ("q",)), Ref("eu.x.d"),
]  # fmt: skip
CONDITIONS: st.SearchStrategy[Condition] = st.recursive(
    st.sampled_from(ATOMS),
    lambda inner: st.one_of(
        inner.map(Not),
        st.lists(inner, min_size=2, max_size=3).map(conjunction),
        st.lists(inner, min_size=2, max_size=3).map(disjunction),
    ),
    max_leaves=5,
)


def _systems() -> Iterator[dict[str, Answer]]:
    """Yield every consistent system, guards derived."""
    sets = [frozenset(chosen) for chosen in ((), ("p",), ("q",), ("p", "q"))]
    for a, b, sort, parts in product((True, False), (True, False), "xyz", sets):
        said: dict[str, Answer] = {"a": a, "sort": sort}
        said |= {"b": b} if a else {}
        said |= {"parts": parts} if sort == "x" else {}
        closed = close(said, LIBRARY.vocabulary, LIBRARY.meanings)
        if not closed.contradictions:
            yield dict(closed.answers)


SYSTEMS = tuple(_systems())


def _linted(norm: Norm) -> tuple[Finding, ...]:
    (pack,) = LIBRARY.packs
    library: Library = replace(LIBRARY, packs=(replace(pack, norms=(norm,)),))
    linter = Linter(library=library, places=PLACES)
    return tuple(linter.reach.of_norm(pack, norm))


def _holds(condition: Condition, system: dict[str, Answer]) -> bool:
    return evaluate(condition, system, LIBRARY.meanings) is Truth.TRUE


def _norm(when: Condition, unless: Sequence[Condition]) -> Norm:
    (norm,) = LIBRARY.norms.values()
    return replace(norm, when=when, unless=tuple(unless))


@settings(max_examples=60, deadline=None)
@given(when=CONDITIONS, unless=st.lists(CONDITIONS, max_size=2))
def test_a_norm_is_dead_or_swallowed_just_where_no_system_is_bound(
    when: Condition, unless: list[Condition]
) -> None:
    """Every system of a small world is asked, by the interpreter."""
    norm = _norm(when, unless)
    rules = {each.rule for each in _linted(norm)}
    scope = any(_holds(when, system) for system in SYSTEMS)
    bound = any(_holds(norm.applies_when, system) for system in SYSTEMS)

    assert (Rule.DEAD in rules) is (not scope)
    assert (Rule.SWALLOWED in rules) is (scope and not bound)
    everywhere = all(_holds(when, system) for system in SYSTEMS)
    assert (Rule.VACUOUS in rules) is (bound and everywhere)


@settings(max_examples=60, deadline=None)
@given(when=CONDITIONS, unless=st.lists(CONDITIONS, min_size=1, max_size=3))
def test_without_its_shadowed_exceptions_a_norm_binds_the_same_systems(
    when: Condition, unless: list[Condition]
) -> None:
    """And without any other it binds some it did not."""
    norm = _norm(when, unless)
    found = [each for each in _linted(norm) if each.rule is Rule.SHADOWED]
    if any(each.rule in {Rule.DEAD, Rule.SWALLOWED} for each in _linted(norm)):
        assert found == []
        return
    shadowed = {int(each.message.split()[1]) - 1 for each in found}
    kept = [each for place, each in enumerate(unless) if place not in shadowed]

    assert _bound(when, kept) == _bound(when, unless)
    for place in range(len(kept)):
        assert _bound(when, [*kept[:place], *kept[place + 1 :]]) != _bound(when, unless)


def _bound(when: Condition, unless: Sequence[Condition]) -> list[bool]:
    condition = _norm(when, unless).applies_when
    return [_holds(condition, system) for system in SYSTEMS]
