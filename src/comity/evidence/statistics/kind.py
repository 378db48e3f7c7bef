# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The kinds of designs there are: numbers that count failures, and bets on scores."""

from functools import lru_cache
from math import log

from comity.evidence.statistics.design import Design, design_from, numbers_of
from comity.evidence.statistics.scores import ScoreDesign, score_design_from
from comity.kernel.fields import Fields

AnyDesign = Design | ScoreDesign


@lru_cache(maxsize=64)
def as_counted(design: AnyDesign) -> Design:
    """Return the numbers that judge as a design does where every score is whole or nothing.

    For forecasts and pictures of tests of scores; a design that counts is its own.
    """
    if isinstance(design, Design):
        return design
    from comity.evidence.statistics.surface import surface_of  # noqa: PLC0415 - it needs numpy
    from comity.evidence.statistics.task import joined  # noqa: PLC0415 - it needs numpy, too

    surface = surface_of(design.extent, design.threshold, design.goal, design.cap)
    accept = surface.accept_from(log(1 / design.risk))
    futile = surface.reject_from(log(1 / (1 - design.power)))
    grown = surface.accept_from(0.0)
    reject = tuple(max(f, most + 1) for f, most in zip(futile, grown, strict=True))
    acceptance, rejection = numbers_of(joined(accept, reject, accept[-1]))
    return Design(
        size=design.size,
        threshold=design.threshold,
        goal=design.goal,
        risk=design.risk,
        power=design.power,
        cap=design.cap,
        acceptance=acceptance,
        rejection=rejection,
        about=design.about,
    )


def any_design_from(fields: Fields) -> AnyDesign:
    """Read a design of either kind; one that names none counts failures."""
    return score_design_from(fields) if fields.has("kind") else design_from(fields)
