# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Norms that another norm of their pack already says."""

from collections.abc import Callable

import pytest

from comity.law.lint.finding import Finding, Level, Rule

Lint = Callable[..., tuple[Finding, ...]]
Norm = Callable[..., str]

WIDE = ("must log_retention at least 180 day", "when is_ai_system", "from 2026-01-01")


@pytest.mark.parametrize(
    "narrow",
    [
        WIDE,
        ("must log_retention at least 90 day", *WIDE[1:]),
        (WIDE[0], "when is_ai_system and biometric", WIDE[2]),
        (WIDE[0], WIDE[1], "unless biometric", WIDE[2]),
        (WIDE[0], WIDE[1], "from 2027-01-01", "until 2028-01-01"),
        ("should log_retention at least 180 day", *WIDE[1:]),
        ("must not log_retention at most 90 day", *WIDE[1:]),
    ],
)
def test_a_norm_within_another_is_redundant(
    lint: Lint, norm: Norm, narrow: tuple[str, ...]
) -> None:
    """Equal, asking less, binding fewer, for a shorter time, with less force."""
    (finding,) = lint(norm(*WIDE) + "\n\n" + norm(*narrow, name="eu.x.2"))

    assert (finding.level, finding.rule) == (Level.WARNING, Rule.REDUNDANT)
    assert finding.subject == "eu.x.2"
    assert finding.message.startswith("eu.x.1 ")


@pytest.mark.parametrize(
    "other",
    [
        ("must log_retention at least 365 day", *WIDE[1:]),
        (WIDE[0], "when biometric", WIDE[2]),
        (WIDE[0], WIDE[1], "from 2025-01-01"),
        (WIDE[0], "must marked", *WIDE[1:]),
        ("may log_retention at least 180 day", *WIDE[1:]),
    ],
)
def test_a_norm_that_adds_something_is_not_redundant(
    lint: Lint, norm: Norm, other: tuple[str, ...]
) -> None:
    """Stricter, wider, earlier, of more conduct, or a permission."""
    findings = lint(norm(*WIDE) + "\n\n" + norm(*other, name="eu.x.2"))

    assert "eu.x.2" not in {each.subject for each in findings}


def test_a_norm_for_another_role_is_not_redundant(lint: Lint, norm: Norm) -> None:
    """What one owes, the other does not do for him."""
    other = norm(*WIDE, name="eu.x.2").replace("who provider", "who deployer")

    assert lint(norm(*WIDE) + "\n\n" + other) == ()


def test_a_must_is_not_redundant_beside_a_should(lint: Lint, norm: Norm) -> None:
    """Of the two, it is the "should" that adds nothing."""
    should = norm(WIDE[0].replace("must", "should"), *WIDE[1:])

    (finding,) = lint(should + "\n\n" + norm(*WIDE, name="eu.x.2"))

    assert finding.subject == "eu.x.1"


@pytest.mark.parametrize(
    ("clause", "cite"), [('asks "In plain words."', "Art. 1"), ("from 2026-01-01", "Art. 2")]
)
def test_a_text_that_repeats_itself_or_asks_more_in_words_gives_a_note(
    lint: Lint, norm: Norm, clause: str, cite: str
) -> None:
    """An encoder does not shorten the law."""
    second = norm(*WIDE[:2], clause, "exceptions unresearched", name="eu.x.2", cite=cite)
    (finding,) = lint(norm(*WIDE[:2]) + "\n\n" + second)

    assert (finding.level, finding.rule) == (Level.NOTE, Rule.REDUNDANT)


def test_a_softer_norm_within_a_harder_one_hints_at_a_missing_exception(
    lint: Lint, norm: Norm
) -> None:
    """A text that only encourages some whom it elsewhere binds has freed them somewhere."""
    special = norm("should marked", "when biometric", name="eu.x.2")

    (finding,) = lint(norm("must marked") + "\n\n" + special)

    assert finding.message.endswith("so the other may lack an exception")
