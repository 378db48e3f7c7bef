# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The solver against the interpreter on all packs, and random laws against both.

On what is known they agree; on what is not the solver may only refine. The share of open
rulings it refines is recorded with the test, and printed by benchmarks/law_proof.py.
"""

import random
from collections import Counter
from collections.abc import Callable, Mapping

import pytest
from benchmarks.law_proof import two_regimes
from benchmarks.synthetic import system
from tests.fakes.system import random_system

from comity.files.library import shipped_library
from comity.kernel.truth import Truth
from comity.law.close import close
from comity.law.condition import Not
from comity.law.evaluate import evaluate
from comity.law.fact import Answer, Silence
from comity.law.pack import Library
from comity.law.prove.bound import sides_of, theory_of
from comity.law.prove.conflict import Search
from comity.law.prove.refine import decide
from comity.law.prove.theory import Possibility, Theory

pytestmark = pytest.mark.long

WHOLE_SYSTEMS = 2
OPEN_SYSTEMS = 80
NORMS_A_SYSTEM = 100
RANDOM_LAWS = 2


@pytest.fixture(scope="module")
def library() -> Library:
    """Return every pack that ships."""
    return shipped_library()


def _consistent(library: Library, dice: random.Random, unknown: float) -> Mapping[str, Answer]:
    """Answer at random, take back what contradicts, and close the rest."""
    said = random_system(library.vocabulary.facts, dice, unknown=unknown)
    answers = {k: v for k, v in said.items() if v is not Silence.NOT_APPLICABLE}
    while True:
        closure = close(answers, library.vocabulary, library.meanings)
        if not closure.contradictions:
            return closure.answers
        for name in {name for each in closure.contradictions for name in each.facts}:
            answers.pop(name, None)


def _compared(library: Library, theory: Theory, answers: Mapping[str, Answer]) -> int:
    """Hold the solver to every ruling of the interpreter; return how many there were."""
    count = 0
    for name, norm in library.norms.items():
        truth = evaluate(norm.applies_when, answers, library.meanings)
        if truth is Truth.UNDETERMINED:
            continue
        holds, fails = (
            theory.encoder.claim(c) for c in (norm.applies_when, Not(norm.applies_when))
        )
        said = theory.encoder.said(answers)
        wrong = fails if truth is Truth.TRUE else holds
        right = holds if truth is Truth.TRUE else fails
        assert theory.check([wrong, said]) is Possibility.IMPOSSIBLE, name
        assert theory.check([right, said]) is Possibility.POSSIBLE, name
        count += 1
    return count


def test_what_is_known_of_all_packs_is_ruled_on_alike(library: Library) -> None:
    """Every norm that ships, for several systems."""
    dice = random.Random(20261122)  # noqa: S311 - a test that can be repeated
    theory = theory_of(library)
    systems = (_consistent(library, dice, 0.02) for _ in range(WHOLE_SYSTEMS))
    assert sum(_compared(library, theory, answers) for answers in systems) > 500


def test_what_is_open_is_only_refined(
    library: Library, record_property: Callable[[str, object], None]
) -> None:
    """The share is small: closing the answers first leaves little to the solver."""
    dice = random.Random(20261122)  # noqa: S311 - a test that can be repeated
    theory = theory_of(library)
    counts: Counter[str] = Counter()
    for _ in range(OPEN_SYSTEMS):
        answers = _consistent(library, dice, dice.random())
        for name in dice.sample(sorted(library.norms), NORMS_A_SYSTEM):
            whole = library.norms[name].applies_when
            kleene = evaluate(whole, answers, library.meanings)
            decided = decide(theory, whole, answers, library.meanings)
            assert kleene in {decided, Truth.UNDETERMINED}, name
            counts["open"] += kleene is Truth.UNDETERMINED
            counts["refined"] += decided is not kleene
    record_property("share_refined", counts["refined"] / counts["open"])
    assert 0 < counts["refined"] < counts["open"]


@pytest.mark.parametrize("seed", range(RANDOM_LAWS))
def test_random_laws_are_ruled_on_alike(seed: int) -> None:
    """Calendar months, wide numbers and two dozen axioms."""
    library = two_regimes(seed)
    theory = theory_of(library)
    dice = random.Random(seed)  # noqa: S311 - a test that can be repeated
    compared = 0
    while compared < 100:
        said = system(library.vocabulary.facts, dice, unknown=0.1)
        closure = close(said, library.vocabulary, library.meanings)
        while closure.contradictions:
            for each in closure.contradictions:
                said.update(dict.fromkeys(each.facts, Silence.NOT_ASKED))
            closure = close(said, library.vocabulary, library.meanings)
        compared += _compared(library, theory, closure.answers)


@pytest.mark.parametrize("seed", range(RANDOM_LAWS))
def test_every_pair_without_a_conflict_has_none(seed: int) -> None:
    """What the search leaves out is impossible, asked of each pair by itself."""
    library = two_regimes(seed)
    theory = theory_of(library)
    sides = sides_of(library, ("a", "b"))
    found = {
        tuple(party.norm.name for party in each.parties)
        for each in Search(library=library).conflicts(sides).conflicts
    }
    for _, one in sides[0].norms():
        for _, other in sides[1].norms():
            demands = {d.modality.value for d in (*one.demands, *other.demands)}
            alike = one.demands[0].constraint == other.demands[0].constraint
            if alike and demands == {"must", "must not"}:
                together = theory.possible(one.applies_when, other.applies_when)
                expected = together is Possibility.POSSIBLE
                assert ((one.name, other.name) in found) is expected
