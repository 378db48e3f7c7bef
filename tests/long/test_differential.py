# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Four engines, one law: more than a million cells (systems by norms) without one mismatch.

The interpreter is the specification. Held against it: the engine generated for all norms,
the engines generated for each market, the expressions of a sweep, its planes of bits, and
what closing the answers first does to a ruling.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np
import pytest
from benchmarks.synthetic import synthetic
from tests.fakes.columns import columns_of
from tests.fakes.system import random_answer, random_system

from comity.files.library import shipped_library
from comity.kernel.ids import NormId
from comity.kernel.truth import Truth
from comity.law.close import close
from comity.law.condition import Condition
from comity.law.evaluate import evaluate
from comity.law.fact import Answer, Fact, Silence
from comity.law.generate import Engine, generate
from comity.law.pack import Axiom, Library, Vocabulary
from comity.law.sweep.compile import compile_all
from comity.law.sweep.layout import layout_of
from comity.law.sweep.plane import Planes

pytestmark = pytest.mark.long

REAL_SYSTEMS = 2_000
MILLION = 1_000_000
RANDOM_LAWS = 20
SYSTEMS_A_LAW = 100
CLOSED_SYSTEMS = 400
WORLDS = 30
VIEWS_A_WORLD = 15

Rulings = Mapping[NormId, Truth]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """How many cells were compared, which truths they held, and where engines differ."""

    count: int
    seen: frozenset[Truth]
    mismatches: Sequence[str]


@pytest.fixture(scope="module")
def library() -> Library:
    """Return every pack that ships."""
    return shipped_library()


@pytest.fixture(scope="module")
def wholes(library: Library) -> Mapping[NormId, Condition]:
    """Return what has to hold for each norm that ships."""
    return {name: norm.applies_when for name, norm in library.norms.items()}


def interpreted(
    wholes: Mapping[NormId, Condition],
    answers: Mapping[str, Answer],
    meanings: Mapping[str, Condition],
) -> dict[NormId, Truth]:
    """Rule on every norm as the specification does."""
    return {name: evaluate(whole, answers, meanings) for name, whole in wholes.items()}


def generated(engine: Engine, answers: Mapping[str, Answer]) -> dict[NormId, Truth]:
    """Rule on every norm as the generated engine does."""
    decided = engine.decide(answers)
    rulings = dict.fromkeys(engine.norms, Truth.FALSE)
    rulings.update(dict.fromkeys(decided.applies, Truth.TRUE))
    rulings.update(dict.fromkeys(decided.undetermined, Truth.UNDETERMINED))
    return rulings


def compare(pairs: Iterator[tuple[str, Rulings, Rulings]]) -> Cells:
    """Compare two rulings cell by cell; each pair comes with the name of its system."""
    count, seen, mismatches = 0, set[Truth](), list[str]()
    for system, expected, found in pairs:
        count += len(expected)
        seen.update(expected.values())
        if expected != found:
            mismatches += [
                f"{system}, {name}: {truth.value}, the other engine {found[name].value}"
                for name, truth in expected.items()
                if found[name] is not truth
            ]
    return Cells(count=count, seen=frozenset(seen), mismatches=mismatches)


def columns(
    wholes: Mapping[NormId, Condition],
    systems: Sequence[Mapping[str, Answer]],
    facts: Mapping[str, Fact],
    meanings: Mapping[str, Condition],
) -> Iterator[tuple[str, dict[NormId, Truth]]]:
    """Rule on all systems at once, by expressions over columns and by planes of bits."""
    layout = layout_of(facts, [*wholes.values(), *meanings.values()])
    encoded = columns_of(systems, layout)
    named = {str(name): whole for name, whole in wholes.items()}
    found = compile_all(named, meanings, layout, encoded.open_sets).run(encoded.frame)
    for number, row in enumerate(found.rows()):
        truths = (Truth.from_bool(value) for value in row)
        yield f"system {number}, by expressions", dict(zip(wholes, truths, strict=True))
    engine = Planes(encoded=encoded, layout=layout, meanings=meanings)
    planes = [engine.of(whole) for whole in wholes.values()]
    holds, fails = (np.stack([plane[side] for plane in planes]) for side in (0, 1))
    for number in range(len(systems)):
        word, bit = divmod(number, 64)
        one = np.uint64(1) << np.uint64(bit)
        yes, no = (holds[:, word] & one) != 0, (fails[:, word] & one) != 0
        codes = zip(yes.tolist(), no.tolist(), strict=True)
        truths = (
            Truth.TRUE if is_so else Truth.FALSE if is_not else Truth.UNDETERMINED
            for is_so, is_not in codes
        )
        yield f"system {number}, by planes", dict(zip(wholes, truths, strict=True))


def test_engines_agree_on_a_million_cells_of_real_law(
    library: Library, wholes: Mapping[NormId, Condition], dice: random.Random
) -> None:
    """Every norm that ships, for systems from all known to nothing known."""
    facts, meanings = library.vocabulary.facts, library.meanings
    systems = [random_system(facts, dice) for _ in range(MILLION // len(wholes) + 1)]
    expected = [interpreted(wholes, answers, meanings) for answers in systems]

    def pairs() -> Iterator[tuple[str, Rulings, Rulings]]:
        for number, answers in enumerate(systems):
            yield f"system {number}", expected[number], generated(library.engine, answers)

    cells = compare(pairs())
    assert cells.mismatches == []
    assert cells.count >= MILLION
    assert cells.seen == set(Truth)
    found = columns(wholes, systems, facts, meanings)
    at_once = compare(
        (engine, truths, rulings)
        for truths, (engine, rulings) in zip(chain(expected, expected), found, strict=True)
    )
    assert at_once.mismatches == []
    assert at_once.count >= 2 * MILLION


def test_the_engine_of_each_market_is_the_engine_of_all(
    library: Library, dice: random.Random
) -> None:
    """Fewer norms make another program, never another ruling."""

    def pairs() -> Iterator[tuple[str, Rulings, Rulings]]:
        for number in range(REAL_SYSTEMS):
            answers = random_system(library.vocabulary.facts, dice)
            whole = generated(library.engine, answers)
            parts: dict[NormId, Truth] = {}
            for engine in library.engines.values():
                parts.update(generated(engine, answers))
            yield f"system {number}", whole, parts

    cells = compare(pairs())
    assert cells.mismatches == []
    assert cells.count >= 1_000_000


def test_engines_agree_on_laws_nobody_wrote(dice: random.Random) -> None:
    """Random conditions reach corners of the language that real packs do not."""
    cells = 0
    for _ in range(RANDOM_LAWS):
        law = synthetic(dice.getrandbits(32))
        engine = generate(law.norms, law.facts, law.meanings)
        systems = [random_system(law.facts, dice) for _ in range(SYSTEMS_A_LAW)]
        expected = [interpreted(law.norms, answers, law.meanings) for answers in systems]
        found = compare(
            (f"system {number}", expected[number], generated(engine, answers))
            for number, answers in enumerate(systems)
        )
        assert found.mismatches == []
        at_once = columns(law.norms, systems, law.facts, law.meanings)
        for truths, (name, rulings) in zip(chain(expected, expected), at_once, strict=True):
            assert truths == rulings, name
        assert found.seen == set(Truth)
        cells += found.count
    assert cells >= 500_000


def test_the_twin_that_reads_unknown_as_no_differs_everywhere(
    library: Library, wholes: Mapping[NormId, Condition], dice: random.Random
) -> None:
    """The comparison has teeth: one silence taken for "no" and rulings change."""

    def said(answer: Answer) -> Answer:
        return Silence.NOT_APPLICABLE if isinstance(answer, Silence) else answer

    def pairs() -> Iterator[tuple[str, Rulings, Rulings]]:
        for number in range(20):
            answers = random_system(library.vocabulary.facts, dice, unknown=0.3)
            guessed = {name: said(answer) for name, answer in answers.items()}
            expected = interpreted(wholes, answers, library.meanings)
            yield f"system {number}", expected, generated(library.engine, guessed)

    assert len(compare(pairs()).mismatches) > 100


def test_closing_the_answers_never_turns_a_ruling_round(
    library: Library, wholes: Mapping[NormId, Condition], dice: random.Random
) -> None:
    """What was decided before axioms and guards spoke is decided so after."""
    settled = 0
    for number in range(CLOSED_SYSTEMS):
        answers = random_system(library.vocabulary.facts, dice)
        closure = close(answers, library.vocabulary, library.meanings)
        before = interpreted(wholes, answers, library.meanings)
        after = interpreted(wholes, closure.answers, library.meanings)
        for name, truth in before.items():
            if truth is not Truth.UNDETERMINED:
                assert after[name] is truth, f"system {number}, {name}"
            else:
                settled += after[name] is not truth
    assert settled > 100


def whole_world(library: Library, dice: random.Random) -> dict[str, Answer]:
    """Return answers to nearly every fact, closed, that contradict no axiom and no guard."""
    vocabulary = library.vocabulary
    world: dict[str, Answer] = {}
    for name, fact in sorted(vocabulary.facts.items(), key=lambda _: dice.random()):
        if isinstance(world.get(name), Silence) or name not in world:
            _answer_if_possible(world, fact, library, dice)
    closure = close(world, vocabulary, library.meanings)
    assert not closure.contradictions
    return dict(closure.answers)


def _answer_if_possible(
    world: dict[str, Answer], fact: Fact, library: Library, dice: random.Random
) -> None:
    for _ in range(3):
        tried = {**world, fact.name: random_answer(fact, dice)}
        closure = close(tried, library.vocabulary, library.meanings)
        if not closure.contradictions:
            world.clear()
            world.update(closure.answers)
            return


def turned(
    library: Library,
    vocabulary: Vocabulary,
    wholes: Mapping[NormId, Condition],
    dice: random.Random,
) -> tuple[int, int]:
    """Show parts of whole worlds, close them, and rule.

    Returns:
        Rulings that only closing decided, and rulings that the whole world contradicts.
    """
    gained = wrong = 0
    for _ in range(WORLDS):
        world = whole_world(library, dice)
        truth = interpreted(wholes, world, library.meanings)
        for _ in range(VIEWS_A_WORLD):
            share = dice.random()
            part = {name: each for name, each in world.items() if dice.random() < share}
            given = {n: a for n, a in part.items() if a is not Silence.NOT_APPLICABLE}
            open_ = interpreted(wholes, given, library.meanings)
            closed = close(given, vocabulary, library.meanings)
            for name, found in interpreted(wholes, closed.answers, library.meanings).items():
                if found is Truth.UNDETERMINED:
                    continue
                gained += open_[name] is Truth.UNDETERMINED
                wrong += truth[name] is ~found
    return gained, wrong


def test_what_closing_decides_is_so_in_the_whole_world(
    library: Library, wholes: Mapping[NormId, Condition], dice: random.Random
) -> None:
    """Hide any part of a world that obeys the axioms: no ruling contradicts the world."""
    gained, wrong = turned(library, library.vocabulary, wholes, dice)
    assert wrong == 0
    assert gained > 100


def test_the_twin_with_axioms_turned_round_contradicts_the_world(
    library: Library, wholes: Mapping[NormId, Condition], dice: random.Random
) -> None:
    """The worlds have teeth: an implication read backwards makes rulings that are false."""
    backwards = tuple(
        Axiom(name=axiom.name, when=axiom.implies, implies=axiom.when)
        for axiom in library.vocabulary.axioms
    )
    vocabulary = replace(library.vocabulary, axioms=backwards)
    _, wrong = turned(library, vocabulary, wholes, dice)
    assert wrong > 0
