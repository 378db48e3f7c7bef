# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""How far everything works once something is cut off: steps that sink to a fixed point."""

from collections.abc import Iterator

import numpy as np

from comity.exposure.shock.cascade import Array, Cascade
from comity.exposure.shock.settle import Ladder

SETTLED = 1e-12
"""Steps end where nothing moves by more."""

MAX_ROUNDS = 200
"""Steps that are taken together; past them the rest is settled by a `Ladder`."""


def run(cascade: Cascade, open_: Array) -> Array:
    """Return how far each node works in the end, from 0 to 1: the greatest fixed point.

    Args:
        open_: Nodes by scenarios: 0 where a node itself is cut off, else 1.
    """
    now = open_
    for ahead in steps(cascade, open_):
        now = ahead
    return now


def steps(cascade: Cascade, open_: Array) -> Iterator[Array]:
    """Yield how far each node works after each round, until nothing sinks any more.

    Chains longer than `MAX_ROUNDS`, and circles that sink slowly, come to their end in one
    last round.
    """
    now = open_.astype(np.float64)
    for _ in range(MAX_ROUNDS):
        ahead = cascade.step(now, open_)
        if float(np.abs(ahead - now).max(initial=0.0)) < SETTLED:
            return
        now = ahead
        yield now
    yield Ladder(cascade).settle(now, open_)
