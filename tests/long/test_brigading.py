# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The attack of the research at its full size: 10,000 honest people, 400 opinions."""

import numpy as np
import pytest
from tests.adversaries.test_brigading import consensus, in_top_tenth, result_of
from tests.fakes.opinions import attacked, town

pytestmark = pytest.mark.long


@pytest.mark.parametrize("part", [0.1, 0.2, 0.4])
@pytest.mark.parametrize("seed", [3, 11, 12])
def test_declared_groups_withstand_every_share_of_attackers(part: float, seed: int) -> None:
    """Research, section 3.3: at most one of ten reaches the top tenth, at any share."""
    made = attacked(town(10_000, 400, seed=seed), part, mimic=True)
    assert in_top_tenth(made, np.array(result_of(made).bounds, np.float64)) <= 1


def test_found_groups_and_approval_fall_to_two_fifths() -> None:
    """The same table's other columns: all ten of approval, nearly all of the product."""
    made = attacked(town(10_000, 400, seed=3), 0.4, mimic=True)
    result = result_of(made)
    approval = result.by_stratum.agree.sum(axis=0) / result.by_stratum.seen.sum(axis=0)
    assert in_top_tenth(made, approval) == 10
    assert in_top_tenth(made, consensus(result)) >= 8
    assert in_top_tenth(made, np.array(result.intercept, np.float64)) >= 8
