# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""How far things rest on jurisdictions, directly and through others: a shock for each."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import ceil, floor

import numpy as np

from comity.exposure.measure.interval import Interval
from comity.exposure.shock.cascade import Array, Side, prepare
from comity.exposure.shock.course import run
from comity.exposure.shock.impact import impact_of, opened
from comity.exposure.shock.network import Network
from comity.exposure.shock.scenario import Scenario
from comity.kernel.localtext import LocalText
from comity.kernel.material import PPM

NOBODY_NAMED = "?"
"""Stands for a jurisdiction that nobody named: who is unknown may be under its law."""

_SLACK = 0.01
"""Of a millionth: what the cascade's own tolerance may add."""


def reach(
    network: Network,
    keys: Sequence[str],
    cuts: Sequence[frozenset[str]],
    *,
    upstream: bool = True,
    substitutes: bool = False,
) -> Mapping[str, tuple[Interval, ...]]:
    """Return what each node loses where all jurisdictions of a cut are lost together.

    Args:
        upstream: Whether what suppliers rest on counts.
        substitutes: Whether losses are made good at short notice.

    Returns:
        By key, one interval a cut, rounded outward to millionths: the optimistic run, and
        the pessimistic one, in which whatever is unknown is at its worst.
    """
    title = LocalText(by_tag={"en": "a cut"})
    impacts = [
        impact_of(Scenario(id="cut", title=title, jurisdictions=tuple(sorted(cut))), network)
        for cut in cuts
    ]
    places = [network.positions()[key] for key in keys]

    def lost(side: Side) -> Array:
        if not cuts:
            return np.zeros((len(places), 0))
        cascade = prepare(network, side, upstream=upstream, substitutes=substitutes)
        open_ = np.stack([opened(one.struck, side) for one in impacts], axis=1)
        return np.asarray(1 - run(cascade, open_)[places])

    least, most = lost("optimistic"), lost("pessimistic")
    return {
        key: tuple(
            Interval(least=_down(low), most=_up(high))
            for low, high in zip(least[row], most[row], strict=True)
        )
        for row, key in enumerate(keys)
    }


def codes_of(network: Network) -> tuple[str, ...]:
    """Return every jurisdiction that anything in a network is said to stand under."""
    found = {
        code
        for node in network.nodes
        for code in (node.place.jurisdiction, node.place.territory, node.place.owner)
        if code
    }
    return tuple(sorted(found))


def _down(share: float) -> Fraction:
    return Fraction(max(0, floor(share * PPM + _SLACK)), PPM)


def _up(share: float) -> Fraction:
    return Fraction(min(PPM, ceil(share * PPM - _SLACK)), PPM)
