# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Plans against brute force: seeded markets, each tried in whole, in exact fractions."""

import random

import pytest
from tests.fakes.appraisal import CEILINGS, appraise
from tests.fakes.bazaar import random_market


@pytest.mark.parametrize("seed", range(8))
def test_no_plan_is_better_and_none_is_claimed_to_be(seed: int) -> None:
    """Cost, gap, what stays and what is proved, of one buyer and of several that pool."""
    dice = random.Random(seed)  # noqa: S311 - replayable, not secret
    appraise(random_market(dice), dice.choice(CEILINGS), dice.choice([0.0, 1e-4]))
