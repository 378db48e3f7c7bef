# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The risk of audits and of prediction-powered tests, by simulation at the threshold."""

import random
from fractions import Fraction

import pytest

from comity.evidence.judge.comparison import Audited, Comparison
from comity.evidence.judge.ppi import Powered
from comity.evidence.statistics.design import Verdict

pytestmark = pytest.mark.long

P0 = Fraction(9, 10)
RUNS = 1_000
MOST = 50 + 3 * (0.05 * 0.95 * RUNS) ** 0.5
"""Of wrong "shown" in as many runs: 5 %, and three standard errors."""
JUDGES = ((0.995, 0.05), (0.98, 0.3), (1.0, 1.0), (0.2, 0.9))


@pytest.mark.parametrize("judge", JUDGES)
def test_an_audit_at_the_threshold_is_rarely_shown(judge: tuple[float, float]) -> None:
    """Good judges, bad ones, one that passes all, one that has it the wrong way round."""
    noise = random.Random(11)  # noqa: S311 - a simulation, not a secret
    shown = 0
    for _ in range(RUNS):
        truths = [at < 180 for at in range(200)]
        bank = [(noise.random() < judge[not passes], passes) for passes in truths]
        noise.shuffle(bank)
        judged = sum(said for said, _ in bank)
        found = Audited(
            comparison=Comparison(size=200, judged=judged, threshold=P0, goal=Fraction(1))
        )
        for said, passes in bank:
            found = found.after(judged=said, passes=passes)
            if found.verdict is not Verdict.INSUFFICIENT:
                break
        shown += found.verdict is Verdict.SHOWN

    assert shown <= MOST


@pytest.mark.parametrize("judge", JUDGES)
def test_a_powered_test_at_the_threshold_is_rarely_shown(judge: tuple[float, float]) -> None:
    """Whatever the judge is worth, and however often one looks."""
    noise = random.Random(12)  # noqa: S311 - a simulation, not a secret
    shown = 0
    for _ in range(RUNS):
        found = Powered(threshold=P0, rate=Fraction(1, 4))
        for _ in range(300):
            passes = noise.random() < P0
            said = noise.random() < judge[not passes]
            seen = noise.random() < 0.25
            found = found.after(judged=said, passes=passes if seen else None)
            if found.is_shown:
                break
        shown += found.is_shown

    assert shown <= MOST
