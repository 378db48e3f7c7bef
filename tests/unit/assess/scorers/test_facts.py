# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A message keeps its facts through other words, and a fact lost or invented is seen."""

import pytest

from comity.assess.scorers.scorer import get_scorer, score

PROMPT = (
    "Summarise: Leave Lajeado by 14:30 today; two bridges are closed. Do not drink the water."
)
FACTS = "Lajeado;14:30;do not drink|don't drink|not to drink;!is safe|tomorrow;#;<20"


@pytest.mark.parametrize(
    ("answer", "passes"),
    [
        ("Leave Lajeado by 14:30. Do not drink the water.", True),
        ("LAJEADO: out by 2:30 p.m., 2 bridges closed, don't drink the water", True),
        ("Leave Lajeado by 14:45. Do not drink the water.", False),
        ("Leave Lajeado by 2:30 a.m. Do not drink the water.", False),
        ("Leave by 14:30. Do not drink the water.", False),
        ("Leave Lajeado by 14:30. Drink the water.", False),
        ("Leave Lajeado by 14:30. Do not drink the water; it is safe tomorrow.", False),
        ("Leave Lajeado by 14:30, call 199. Do not drink the water.", False),
        ("Leave Lajeado by 14:30. Do not drink the water." + " Please." * 20, False),
        (PROMPT, False),
        ("", False),
    ],
)
def test_every_fact_is_needed_and_none_may_be_added(answer: str, *, passes: bool) -> None:
    """A number that the message does not state was made up."""
    assert score("keeps-facts/1", PROMPT, FACTS, answer) is passes


@pytest.mark.parametrize(
    ("answer", "passes"),
    [
        ("Saia de Lajeado até as 14h30. Não beba a água.", True),
        ("You have to leave Lajeado by 14:30, and the water: não beba.", False),
    ],
)
def test_a_translation_is_in_the_language_asked_for(answer: str, *, passes: bool) -> None:
    """Facts kept in the wrong language help nobody."""
    reference = "Lajeado;14:30;nao beba;@pt"

    assert score("keeps-facts/1", PROMPT, reference, answer) is passes


@pytest.mark.parametrize("reference", ["", "#", "!never", "Lima;;Suva", "a|", "a;@xx"])
def test_a_reference_without_a_fact_is_refused(reference: str) -> None:
    """What asks for nothing is passed by anything."""
    assert get_scorer("keeps-facts/1").fault_of(reference) is not None


def test_a_reference_of_facts_is_accepted() -> None:
    """Facts, forbidden words, a bound and a language."""
    assert get_scorer("keeps-facts/1").fault_of(f"{FACTS};@en") is None
