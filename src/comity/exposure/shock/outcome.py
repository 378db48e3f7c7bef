# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What a scenario leaves working: which systems stop or degrade, in what order, for whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

import numpy as np

from comity.exposure.shock.cascade import TOLERANCE, Array, Cascade, prepare
from comity.exposure.shock.course import steps
from comity.exposure.shock.impact import Impact, impact_of, opened, under
from comity.exposure.shock.network import Network, Node, Range
from comity.exposure.shock.recovery import recoveries_of
from comity.exposure.shock.scenario import Scenario
from comity.kernel.truth import Truth

STOPPED = 0.05
"""What works at most so far counts as stopped; a convention, said on every page."""


class Fate(Enum):
    """What becomes of a node: certain on both runs, or possible on the pessimistic one."""

    STOPS = "stops"
    MAY_STOP = "may_stop"
    DEGRADES = "degrades"
    MAY_DEGRADE = "may_degrade"
    WORKS = "works"


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What becomes of one node.

    Args:
        works: How far it still works, from the pessimistic to the optimistic run.
        direct: The same where only direct suppliers count: what a list of suppliers shows.
        round: After how many steps of the cascade it is first hit; 0 where it is cut off
            itself, None where it is not hit.
        recovery_days: The longest stated recovery among what it loses; None where none is.
        is_recovery_known: Whether every part that is lost states one.
    """

    node: Node
    works: Range
    direct: Range
    fate: Fate
    round: int | None
    recovery_days: int | None
    is_recovery_known: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a scenario does to a network.

    Args:
        effects: Of systems, states' layers, suppliers and components, by key.
        is_nothing: Nothing here is touched.
        is_everything: Every supplier and component is cut off itself.
    """

    scenario: Scenario
    effects: Mapping[str, Effect]
    impact: Impact
    is_nothing: bool
    is_everything: bool


def shock(network: Network, scenario: Scenario) -> Outcome:
    """Run a scenario, on the optimistic and on the pessimistic side."""
    impact = impact_of(scenario, network)
    kind, harsh = prepare(network, "optimistic"), prepare(network, "pessimistic")
    high, _ = _run(kind, impact)
    low, rounds = _run(harsh, impact)
    near_high, _ = _run(prepare(network, "optimistic", upstream=False), impact)
    near_low, _ = _run(prepare(network, "pessimistic", upstream=False), impact)
    recoveries = recoveries_of(network, low < 1 - TOLERANCE)
    effects = {}
    for place, node in enumerate(network.nodes):
        works = Range(low=float(low[place]), high=float(high[place]))
        days, is_known = recoveries[place]
        effects[node.key] = Effect(
            node=node,
            works=works,
            direct=Range(low=float(near_low[place]), high=float(near_high[place])),
            fate=fate_of(works),
            round=rounds.get(place),
            recovery_days=days,
            is_recovery_known=is_known,
        )
    removable = [
        truth
        for node, truth in zip(network.nodes, impact.struck, strict=True)
        if node.kind in {"supplier", "component"}
    ]
    return Outcome(
        scenario=scenario,
        effects=effects,
        impact=impact,
        is_nothing=impact.is_nothing,
        is_everything=bool(removable) and all(one is Truth.TRUE for one in removable),
    )


def fate_of(works: Range) -> Fate:
    """Say in a word what an interval means."""
    if works.high <= STOPPED:
        return Fate.STOPS
    if works.low <= STOPPED:
        return Fate.MAY_STOP
    if works.high < 1 - TOLERANCE:
        return Fate.DEGRADES
    return Fate.MAY_DEGRADE if works.low < 1 - TOLERANCE else Fate.WORKS


def _run(cascade: Cascade, impact: Impact) -> tuple[Array, dict[int, int]]:
    """Return how far each node works, and the round in which each is first hit."""
    open_ = opened(impact.struck, cascade.side)[:, None]
    now, rounds = open_, {int(place): 0 for place in np.flatnonzero(open_[:, 0] < 1)}
    for number, ahead in enumerate(steps(under(impact, cascade), open_), 1):
        now = ahead
        for place in np.flatnonzero(ahead[:, 0] < 1 - TOLERANCE):
            rounds.setdefault(int(place), number)
    return now[:, 0], rounds
