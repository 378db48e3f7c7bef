# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What was done to a finding that does not hold: one named error for each.

Source:
    docs/spec/evidence.md, "What verification checks".
"""

from comity.errors import VerificationFailed


def wrong_bank(place: str, message: str) -> VerificationFailed:
    """Say that a statement is about another bank than the one under this root."""
    return VerificationFailed(
        message,
        code="evidence.wrong_bank",
        hint="application, plan and bank statement name one root; these do not",
        place=place,
    )


def foreign_plan(place: str, message: str) -> VerificationFailed:
    """Say that a part belongs to another plan."""
    return VerificationFailed(
        message,
        code="evidence.foreign_plan",
        hint="every part of a finding names its plan by the digest of the entry as logged",
        place=place,
    )


def altered_transcript(place: str, message: str) -> VerificationFailed:
    """Say that the transcript is not the one whose digest was signed."""
    return VerificationFailed(
        message,
        code="evidence.altered_transcript",
        hint="a question, an answer or an outcome was changed after the finding was signed",
        place=place,
    )


def omitted_draw(place: str, message: str) -> VerificationFailed:
    """Say that a question that was due is not in the transcript."""
    return VerificationFailed(
        message,
        code="evidence.omitted_draw",
        hint="outcomes count in draw order without a gap; what was left out may have failed",
        place=place,
    )


def reordered_draws(place: str, message: str) -> VerificationFailed:
    """Say that questions stand in another order than they were due in."""
    return VerificationFailed(
        message,
        code="evidence.reordered_draws",
        hint="a tester who orders outcomes decides when the test stops",
        place=place,
    )


def doubled_draw(place: str, message: str) -> VerificationFailed:
    """Say that one question is counted twice."""
    return VerificationFailed(
        message,
        code="evidence.doubled_draw",
        hint="an item is drawn once; a good one counted twice makes evidence of nothing",
        place=place,
    )


def foreign_question(place: str, message: str) -> VerificationFailed:
    """Say that a question was asked that no draw of this plan makes due."""
    return VerificationFailed(
        message,
        code="evidence.foreign_question",
        hint="only items of the planned categories are drawn, and no more than there are",
        place=place,
    )


def wrong_score(place: str, message: str) -> VerificationFailed:
    """Say that an answer does not score as recorded."""
    return VerificationFailed(
        message,
        code="evidence.score",
        hint="the answer or its outcome was altered, or the tester scored it otherwise",
        place=place,
    )


def wrong_verdict(place: str, message: str) -> VerificationFailed:
    """Say that a verdict does not replay."""
    return VerificationFailed(
        message,
        code="evidence.verdict",
        hint="the plan's acceptance and rejection numbers give another verdict",
        place=place,
    )


def wrong_number(place: str, message: str) -> VerificationFailed:
    """Say that a number of the finding does not replay."""
    return VerificationFailed(
        message,
        code="evidence.number",
        hint="counts, e-values and bounds are re-derived exactly; this one is another",
        place=place,
    )
