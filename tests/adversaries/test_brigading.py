# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Four of ten who answer want divisive opinions to look agreed."""

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.fakes.opinions import Town, attacked, town

from comity.council.consult.analysis import analyse
from comity.council.consult.consultation import Thresholds
from comity.council.consult.result import Result
from comity.council.consult.votes import to_votes


def result_of(made: Town) -> Result:
    """Return what is concluded of a town."""
    votes = to_votes(made.names, ("a", "b", "c"), made.answers)
    return analyse(votes, Thresholds()).result


def in_top_tenth(made: Town, scores: NDArray[np.float64]) -> int:
    """Return how many of the promoted opinions stand among the best tenth."""
    best = np.argsort(-scores, kind="stable")[: len(made.names) // 10]
    return len(set(best.tolist()) & set(made.promoted.tolist()))


def consensus(result: Result) -> NDArray[np.float64]:
    """Return the product over found groups, as Polis ranks."""
    counts = result.by_group
    product: NDArray[np.float64] = np.prod((counts.agree + 1) / (counts.seen + 2), axis=0)
    return product


@pytest.fixture(scope="module")
def brigaded() -> Town:
    """Return a town in which two fifths attack and hide among the others."""
    return attacked(town(2_000, 400, seed=3), 0.4, mimic=True)


def test_declared_groups_withstand_what_found_groups_do_not(brigaded: Town) -> None:
    """An attacker is registered by its own group's node, and weighs in that group alone."""
    result = result_of(brigaded)
    approval = result.by_stratum.agree.sum(axis=0) / result.by_stratum.seen.sum(axis=0)
    assert in_top_tenth(brigaded, approval) == 10
    assert in_top_tenth(brigaded, consensus(result)) >= 8
    assert in_top_tenth(brigaded, np.array(result.bounds, np.float64)) <= 1


def test_hardly_any_promoted_opinion_is_called_agreed(brigaded: Town) -> None:
    """The list an official reads is decided by the declared groups."""
    states = result_of(brigaded).states
    assert sum(states[place].value == "agreed" for place in brigaded.promoted) <= 1
