# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What Comity signs in English is said in the page's language, and nothing else is touched."""

import re

import pytest

from comity.desk.exposure.diversifysheet import ASSUMPTIONS as OF_PLANS
from comity.desk.exposure.leverage import ASSUMPTIONS as OF_LEVERAGE
from comity.web.phrase import _SENTENCES, _WORDS, in_language


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        (
            "shown at a risk of 1 %, and 5 % is accepted",
            "在 1 % 的风险下已证明，可接受的风险为 5 %",
        ),
        (
            "shown at a risk of 0.5 % after 12 further items of the same draw",
            "在同一次抽题中再问 12 题后，在 0.5 % 的风险下已证明",
        ),
        (
            "the tester found it not shown; declined with the whole",
            "测试方的判定为未证明；随整体一并不予承认",
        ),
        ("a trusted member found it not shown", "一个受信任的成员的判定为未证明"),
    ],
)
def test_our_sentences_are_said_in_chinese(sentence: str, said: str) -> None:
    """Sentences within sentences too."""
    assert in_language(sentence, "zh").text == said
    assert in_language(sentence, "zh").is_own


@pytest.mark.parametrize(
    "sentence",
    [
        "",
        "We do not like it.",
        "the tester found it wanting",
        "the minister found it not shown",
        "; declined with the whole" * 200,
        "{0.__class__} found it not shown",
    ],
)
def test_others_sentences_stay_as_they_are(sentence: str) -> None:
    """A member may write what it likes; it is shown, and said to be in another language."""
    said = in_language(sentence, "ar")

    assert (said.text, said.is_own) == (sentence, False)
    assert in_language(sentence, "en").text == sentence


def test_every_translation_keeps_the_places() -> None:
    """A number left out would be another reason."""
    for english, chinese, arabic in (*_WORDS, *_SENTENCES):
        places = sorted(re.findall(r"\{\w\}", english))

        assert sorted(re.findall(r"\{\w\}", chinese)) == places
        assert sorted(re.findall(r"\{\w\}", arabic)) == places


def test_names_may_hold_braces() -> None:
    """What stands in a place is put there as it is."""
    sentence = "{x}, which the policy requires, is not recognised"

    assert "{x}" in in_language(sentence, "zh").text


@pytest.mark.parametrize("tag", ["zh", "ar"])
def test_what_is_taken_for_granted_is_said_in_the_reader_s_language(tag: str) -> None:
    """A figure whose assumptions one cannot read is a figure without them."""
    for sentence in (*OF_PLANS, *OF_LEVERAGE, "the ceiling on USA"):
        assert in_language(sentence, tag).is_own, sentence
