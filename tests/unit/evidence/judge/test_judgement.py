# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""One word passes an answer; nothing that resembles it does."""

import pytest

from comity.errors import InvalidDocument
from comity.evidence.judge.judgement import (
    MAX_OUTPUT_BYTES,
    Judgement,
    is_vote_to_pass,
    judgement_from,
    kept,
)
from comity.kernel.canonical import Json


@pytest.mark.parametrize("output", ["PASS", " PASS\n", "\r\nPASS\t"])
def test_the_one_word_is_a_vote_to_pass(output: str) -> None:
    """White space is the model's way of ending a line."""
    assert is_vote_to_pass(output)


@pytest.mark.parametrize(
    "output",
    [
        None,
        "",
        "FAIL",
        "pass",
        "Pass",
        "PASS.",
        "PASS!",
        "**PASS**",
        '"PASS"',
        "PASS PASS",
        "PASS\nFAIL",
        "FAIL\nPASS",
        "The answer says PASS.",
        "Verdict: PASS",
        "NOT PASS",
        "ＰＡＳＳ",
        "РАSS",
        "PA\u200bSS",
        "PASS\u200b",
        "\u00a0PASS",
        "SSAP\u202e",
        "true",
        "1",
    ],
)
def test_everything_else_is_a_vote_to_fail(output: str | None) -> None:
    """A judge that explains, quotes, decorates or is spoofed has not passed the answer."""
    assert not is_vote_to_pass(output)


@pytest.mark.parametrize(
    ("outputs", "is_pass"),
    [
        (("PASS",), True),
        (("PASS", "FAIL", "PASS"), True),
        (("PASS", None, "FAIL"), False),
        (("PASS", "FAIL"), False),
        ((None, None, "PASS"), False),
    ],
)
def test_more_than_half_of_the_votes_pass(
    outputs: tuple[str | None, ...], *, is_pass: bool
) -> None:
    """No vote is a vote to fail, and a tie fails."""
    assert Judgement(outputs=outputs).is_pass is is_pass


def test_a_judgement_reads_as_it_was_written() -> None:
    """What the chain covers is what the judge said, to the letter."""
    judgement = Judgement(outputs=(" PASS\n", None, "no idea"))

    assert judgement_from(judgement.to_json()) == judgement
    assert not judgement.is_clear
    assert Judgement(outputs=("PASS", "FAIL")).is_clear


@pytest.mark.parametrize(
    "value",
    [
        None,
        {},
        [],
        {"outputs": None},
        {"outputs": "PASS"},
        {"outputs": []},
        {"outputs": [True]},
        {"outputs": ["PASS", 1]},
        {"outputs": ["PASS"] * 10},
        {"outputs": ["x" * (MAX_OUTPUT_BYTES + 1)]},
    ],
)
def test_what_is_no_judgement_is_refused(value: Json) -> None:
    """A finding must not rest on what nobody can read."""
    with pytest.raises(InvalidDocument):
        judgement_from(value)


def test_an_output_too_long_or_no_text_is_kept_as_none() -> None:
    """It could not have been the one word."""
    assert kept("x" * MAX_OUTPUT_BYTES) is not None
    assert kept("x" * (MAX_OUTPUT_BYTES + 1)) is None
    assert kept("PASS\ud800") is None
    assert kept(None) is None
