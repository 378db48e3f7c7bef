# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import random
from collections.abc import Mapping

import pytest

from comity.files.library import shipped_library
from comity.kernel.truth import Truth
from comity.law.evaluate import evaluate
from comity.law.fact import Answer, Silence
from comity.law.interview import plausible
from comity.law.pack import Library
from comity.law.plane import Table, Tally
from comity.law.reason import Tracer, unsettled_facts


def _answers(library: Library, dice: random.Random, unknown: float) -> dict[str, Answer]:
    """Answer some facts, with any kind of answer there is."""
    found: dict[str, Answer] = {}
    for fact in library.vocabulary.facts.values():
        if dice.random() > unknown:
            tried = plausible(fact, library, Silence.NOT_ASKED)
            found[fact.name] = dice.choice([*tried, *Silence])
    return found


@pytest.mark.parametrize("seed", range(4))
def test_every_row_of_every_norm_is_what_the_interpreter_says(seed: int) -> None:
    """The interpreter is the specification; the packs are the cases."""
    library, dice = shipped_library(), random.Random(seed)  # noqa: S311 - repeatable
    shared = _answers(library, dice, 0.6)
    facts = list(library.vocabulary.facts.values())
    departures: list[Mapping[str, Answer]] = [{}]
    for fact in dice.sample(facts, 40):
        tried = dice.choice(plausible(fact, library, Silence.NOT_ASKED))
        other = dice.choice(facts)
        departures.append({fact.name: tried, other.name: Silence.NOT_APPLICABLE})
    table = Table(shared, departures)
    rows = [dict(shared), *({**shared, **departure} for departure in departures)]
    for name in dice.sample(sorted(library.norms), 60):
        norm = library.norms[name]
        holds, fails, _ = library.nodes_of[name](table)
        for row, answers in enumerate(rows):
            truth = evaluate(norm.applies_when, answers, library.meanings)
            assert holds >> row & 1 == (truth is Truth.TRUE), (name, row)
            assert fails >> row & 1 == (truth is Truth.FALSE), (name, row)


@pytest.mark.parametrize("seed", range(4))
def test_the_facts_that_matter_are_those_a_trace_names(seed: int) -> None:
    """A settled part of a condition asks nothing more."""
    library, dice = shipped_library(), random.Random(seed)  # noqa: S311 - repeatable
    answers = _answers(library, dice, 0.5)
    tracer = Tracer(answers=answers, meanings=library.meanings)
    table = Table(answers, ())
    for name, norm in library.norms.items():
        plane = library.nodes_of[name](table)
        found = set(library.program.named(plane[2]))
        assert found == set(unsettled_facts(tracer.trace(norm.applies_when))), name


def test_a_tally_counts_row_by_row() -> None:
    """However many planes there are."""
    dice = random.Random(1)  # noqa: S311 - repeatable
    planes = [dice.getrandbits(50) for _ in range(300)]
    tally = Tally()
    for plane in planes:
        tally.add(plane)
    counts = [tally.of(row) for row in range(50)]
    assert counts == [sum(plane >> row & 1 for plane in planes) for row in range(50)]
    assert Tally().of(3) == 0
