# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What one question came to: pass or fail, or a score from 0 to 1 in whole millionths."""

from dataclasses import dataclass

WHOLE_PPM = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How far an answer is right, in millionths, from 0 to 1,000,000."""

    ppm: int


Outcome = bool | Score
"""Passed, failed, or a score."""


def ppm_of(outcome: Outcome) -> int:
    """Return an outcome in millionths; a pass is the whole, a failure nothing."""
    if isinstance(outcome, Score):
        return outcome.ppm
    return WHOLE_PPM if outcome else 0


def is_passed(outcome: Outcome) -> bool:
    """Tell whether an outcome passes: a score does only when it is the whole."""
    return ppm_of(outcome) == WHOLE_PPM
