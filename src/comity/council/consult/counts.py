# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Integer counts of answers, by group of people and opinion: what is signed and decides."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from comity.council.consult.votes import Integers, Votes

OUTSIDE = -1
"""The label of who is in no group."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What groups answered; three tables of groups by opinions."""

    agree: Integers
    disagree: Integers
    passed: Integers

    @property
    def seen(self) -> Integers:
        """Return how many gave any answer."""
        return self.agree + self.disagree + self.passed


def count(votes: Votes, labels: NDArray[np.integer], groups: int) -> Counts:
    """Count answers by group.

    Args:
        labels: Of each person its group, or OUTSIDE.
    """
    width = len(votes.opinions)
    flat = (labels.astype(np.int32) * 3 + 1) * width
    key = np.repeat(flat, votes.per_person)
    key += votes.answers.astype(np.int32) * width
    key += votes.columns
    if len(labels) and int(labels.min()) < 0:
        key = key[key >= 0]
    found = np.bincount(key, minlength=3 * groups * width).reshape(groups, 3, width)
    return Counts(agree=found[:, 2], disagree=found[:, 0], passed=found[:, 1])


def count_strata(votes: Votes) -> Counts:
    """Count answers by declared stratum."""
    return count(votes, votes.stratum, len(votes.strata))
