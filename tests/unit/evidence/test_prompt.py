# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A prompt is one message, a scripted conversation or a pair, and nothing else."""

import pytest

from comity.errors import InvalidDocument
from comity.evidence.prompt import (
    Conversation,
    answer_text,
    conversations_of,
    find_fault,
    text_of,
)
from comity.kernel.canonical import Json


def test_a_text_is_one_message_recorded_as_it_is() -> None:
    """Banks of before this form read and score as they did."""
    assert conversations_of("Is it safe?") == (Conversation(turns=("Is it safe?",)),)
    assert text_of("Is it safe?") == "Is it safe?"
    assert answer_text("Is it safe?", ["no"]) == "no"


def test_a_script_is_one_conversation_with_its_system_message() -> None:
    """The second turn means nothing without the first."""
    prompt: Json = {"turns": ["My name is Ana.", "What is my name?"], "system": "Be brief."}

    (conversation,) = conversations_of(prompt)

    assert conversation.turns == ("My name is Ana.", "What is my name?")
    assert conversation.system == "Be brief."
    assert answer_text(prompt, ["Hello.", "Ana"]) == '["Hello.","Ana"]'


def test_a_script_of_one_turn_is_still_recorded_as_a_list() -> None:
    """Whoever scores it must know the form from the prompt alone."""
    assert answer_text({"turns": ["Hello"]}, ["Hi"]) == '["Hi"]'


def test_a_pair_is_two_conversations_that_know_nothing_of_each_other() -> None:
    """An answer that saw the other question would hide an unequal treatment."""
    one, other = conversations_of({"pair": ["Hire Ali?", "Hire Eva?"]})

    assert (one.turns, other.turns) == (("Hire Ali?",), ("Hire Eva?",))


def test_a_scorer_reads_the_canonical_text_of_a_script() -> None:
    """Two testers score the same bytes."""
    assert text_of({"turns": ["b"], "system": "a"}) == '{"system":"a","turns":["b"]}'


@pytest.mark.parametrize(
    ("prompt", "words"),
    [
        (7, "a prompt is a text"),
        (None, "a prompt is a text"),
        ([], "a prompt is a text"),
        ({}, "either turns or a pair"),
        ({"turns": ["a"], "pair": ["a", "b"]}, "either turns or a pair"),
        ({"turns": []}, "turns is not a list of 1 to 32 texts"),
        ({"turns": ["a"] * 33}, "turns is not a list"),
        ({"turns": ["a", 1]}, "turns is not a list"),
        ({"turns": "abc"}, "turns is not a list"),
        ({"pair": ["a"]}, "pair is not a list of two texts"),
        ({"pair": ["a", "b"], "system": "s"}, "system is a text beside turns"),
        ({"turns": ["a"], "system": 1}, "system is a text beside turns"),
    ],
)
def test_what_is_no_prompt_is_refused_in_words(prompt: Json, words: str) -> None:
    """A bank is written by people."""
    with pytest.raises(InvalidDocument, match="not a prompt") as caught:
        conversations_of(prompt)

    assert words in str(caught.value)
    assert words in (find_fault(prompt) or "")


def test_a_misspelt_field_is_told_from_the_one_it_meant() -> None:
    """The near miss saves a look into the manual."""
    with pytest.raises(InvalidDocument) as caught:
        conversations_of({"turn": ["a"]})

    assert caught.value.faults[0].near == "turns"
