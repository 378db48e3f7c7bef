# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import datetime as dt
from collections.abc import Mapping

import pytest

from comity.kernel.ids import NormId
from comity.kernel.truth import Truth
from comity.law.condition import ALWAYS, Condition, Gap, Is, Not, Or, Ref
from comity.law.evaluate import evaluate
from comity.law.fact import Answer, OpenSet, Silence
from comity.law.generate import generate
from comity.law.pack import Library

NOT_APPLICABLE = Silence.NOT_APPLICABLE


def _truth(library: Library, condition: Condition, answers: Mapping[str, Answer]) -> Truth:
    name = NormId("n")
    engine = generate({name: condition}, library.vocabulary.facts, library.meanings)
    decided = engine.decide(answers)
    if decided.applies:
        return Truth.TRUE
    return Truth.UNDETERMINED if decided.undetermined else Truth.FALSE


@pytest.mark.parametrize(
    "answers",
    [
        {},
        {"is_ai_system": True, "sector": "health", "generates": frozenset({"image"})},
        {"is_ai_system": True, "sector": "health", "generates": frozenset(), "staff": 9},
        {"sector": "other"},
        {"sector": NOT_APPLICABLE, "is_ai_system": True, "staff": NOT_APPLICABLE},
        {"generates": OpenSet(known_in=frozenset(), known_out=frozenset({"image", "audio"}))},
        {"is_ai_system": True, "sector": "health", "training_compute": 10**25 + 1},
        {"is_ai_system": True, "sector": "health", "training_compute": 10**25},
    ],
)
def test_the_engine_agrees_with_the_interpreter(
    library: Library, answers: Mapping[str, Answer]
) -> None:
    """The interpreter is the specification; larger runs stand in tests/laws."""
    decided = library.engine.decide(answers)
    for name, norm in library.norms.items():
        truth = evaluate(norm.applies_when, answers, library.meanings)
        assert (name in decided.applies) is (truth is Truth.TRUE)
        assert (name in decided.undetermined) is (truth is Truth.UNDETERMINED)


def test_norms_come_in_the_order_they_were_given(library: Library) -> None:
    """Two runs print the same."""
    assert library.engine.norms == tuple(library.norms)


def test_nothing_of_a_pack_stands_in_the_source_but_quoted(library: Library) -> None:
    """A pack is data: its names never become names of code."""
    source = library.engine.source
    assert "'is_ai_system'" in source
    assert "is_ai_system" not in source.replace("'is_ai_system'", "")


@pytest.mark.parametrize(
    ("condition", "answers", "truth"),
    [
        (ALWAYS, {}, Truth.TRUE),
        (Or(()), {}, Truth.FALSE),
        (Not(ALWAYS), {}, Truth.FALSE),
        (Not(Not(Is("biometric"))), {"biometric": False}, Truth.FALSE),
        (Not(Ref("eu.act.scope")), {"is_ai_system": False}, Truth.TRUE),
        (Gap("placed_on_market", "released_on", 1, "month"), {}, Truth.UNDETERMINED),
        (
            Gap("placed_on_market", "released_on", 1, "month"),
            {"placed_on_market": dt.date(2026, 2, 28), "released_on": dt.date(2026, 1, 31)},
            Truth.TRUE,
        ),
        (
            Not(Gap("placed_on_market", "released_on", 1, "month")),
            {"placed_on_market": NOT_APPLICABLE},
            Truth.TRUE,
        ),
    ],
)
def test_corners_of_the_tree_are_generated_right(
    library: Library, condition: Condition, answers: Mapping[str, Answer], truth: Truth
) -> None:
    """Empty joins, double negation, definitions and gaps have no special case left."""
    assert _truth(library, condition, answers) is truth


def test_no_norms_at_all_are_decided(library: Library) -> None:
    """An empty library is a library."""
    engine = generate({}, library.vocabulary.facts, library.meanings)
    assert engine.decide({}).applies == ()
