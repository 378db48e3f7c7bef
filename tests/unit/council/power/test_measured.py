# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

from fractions import Fraction

import numpy as np
from tests.fakes.coalition import nobody, weighted

from comity.council.power.measured import Meter
from comity.council.power.method import Method

GAME = weighted(12, (4, 4, 4, 2, 2, 1))


def _meter(wanted: Method | None) -> Meter:
    return Meter(
        wanted=wanted,
        samples=500,
        new_generator=lambda: np.random.Generator(np.random.PCG64(1)),
    )


def test_what_can_be_exact_is_exact() -> None:
    """Nobody has to ask for it."""
    found = _meter(None).measure(GAME, nobody)
    assert found.is_exact
    assert found.method is Method.KINDS
    assert found.voices["S0"].shapley.value == Fraction(7, 30)
    assert found.voices["S0"].shapley.low is None


def test_a_preview_says_so() -> None:
    """It is right here, and yet no exact figure."""
    found = _meter(Method.PREVIEW).measure(GAME, nobody)
    assert not found.is_exact
    assert found.method is Method.PREVIEW
    assert found.voices["S0"].shapley.value == Fraction(7, 30)


def test_a_sample_has_intervals_and_its_shares_add_up() -> None:
    """Of the normalised index there is none, and it is left out rather than made up."""
    found = _meter(Method.SAMPLE).measure(GAME, nobody)
    assert found.samples == 500
    voices = found.voices.values()
    assert sum(voice.share.value for voice in voices) == 1
    assert all(voice.share.low is None for voice in voices)
    assert all(voice.shapley.high is not None for voice in voices)
