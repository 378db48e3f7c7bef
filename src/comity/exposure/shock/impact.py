# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What a scenario cuts off in a network: nodes, and the edges that export rules block."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from comity.exposure.shock.cascade import Array, Cascade, Side, prepare
from comity.exposure.shock.course import run
from comity.exposure.shock.network import Network, Node
from comity.exposure.shock.scenario import Rule, Scenario, is_controlled, is_struck, is_target
from comity.kernel.truth import Truth, all_of, any_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Impact:
    """What a scenario does directly.

    Args:
        struck: By node, whether it is itself cut off.
        blocked: Pairs of buyer and supplier between which nothing may pass, and whether that
            is certain.
    """

    struck: tuple[Truth, ...]
    blocked: tuple[tuple[int, int, Truth], ...]

    @property
    def is_nothing(self) -> bool:
        """Tell whether the scenario touches nothing here."""
        return not self.blocked and all(one is Truth.FALSE for one in self.struck)


def impact_of(scenario: Scenario, network: Network) -> Impact:
    """Work out what a scenario does directly."""
    struck = [is_struck(scenario, node) for node in network.nodes]
    blocked: dict[tuple[int, int], Truth] = {}
    for rule in scenario.rules:
        bound = _bound(rule, network)
        for place, node in enumerate(network.nodes):
            if node.kind == "component":
                goods = is_controlled(rule, node.place, node.layer)
                struck[place] = any_of((struck[place], all_of((goods, is_target(rule, node)))))
        for edge, truth in _edges(rule, network, bound):
            blocked[edge] = any_of((blocked.get(edge, Truth.FALSE), truth))
    pairs = ((buyer, supplier, truth) for (buyer, supplier), truth in blocked.items())
    return Impact(struck=tuple(struck), blocked=tuple(pairs))


def opened(struck: Sequence[Truth], side: Side) -> Array:
    """Return 0 for what is cut off on a side, and 1 for the rest."""
    closed = {Truth.TRUE} if side == "optimistic" else {Truth.TRUE, Truth.UNDETERMINED}
    return np.array([0.0 if one in closed else 1.0 for one in struck])


def under(impact: Impact, cascade: Cascade) -> Cascade:
    """Return a cascade in which the blocked edges deliver nothing."""
    if not impact.blocked:
        return cascade
    counts = {Truth.TRUE} if cascade.side == "optimistic" else {Truth.TRUE, Truth.UNDETERMINED}
    return cascade.blocking(
        {(one, other) for one, other, truth in impact.blocked if truth in counts}
    )


def _bound(rule: Rule, network: Network) -> tuple[Truth, ...]:
    """Tell which suppliers a rule binds: by what they deliver, or by what that rests on."""
    goods = tuple(
        is_controlled(rule, node.place, node.layer) if node.kind == "supplier" else Truth.FALSE
        for node in network.nodes
    )
    if rule.threshold is None:
        return goods
    least, most = (_content(network, goods, side) for side in ("optimistic", "pessimistic"))
    limit = float(rule.threshold)
    return tuple(
        any_of((one, _reached(low, high, limit))) if node.kind == "supplier" else one
        for one, node, low, high in zip(goods, network.nodes, least, most, strict=True)
    )


def _content(network: Network, goods: Sequence[Truth], side: Side) -> Array:
    """Return what part of each node would be lost without the controlled goods.

    It stands in for the share of value that such rules count; nobody publishes that. Short-run
    substitution does not lower it: what is replaced tomorrow is in the goods today.
    """
    cascade = prepare(network, side, substitutes=False)
    found: Array = 1 - run(cascade, opened(goods, side)[:, None])[:, 0]
    return found


def _reached(low: float, high: float, limit: float) -> Truth:
    slack = 1e-9
    if low > 0 and low >= limit - slack:
        return Truth.TRUE
    return Truth.UNDETERMINED if high > 0 and high >= limit - slack else Truth.FALSE


def _edges(
    rule: Rule, network: Network, bound: Sequence[Truth]
) -> Iterator[tuple[tuple[int, int], Truth]]:
    positions = network.positions()
    for place, node in enumerate(network.nodes):
        target = is_target(rule, node) if _buys(node) else Truth.FALSE
        if target is Truth.FALSE:
            continue
        for part in (part for need in node.needs for part in need.parts):
            truth = all_of((target, bound[positions[part.node]]))
            if truth is not Truth.FALSE:
                yield (place, positions[part.node]), truth


def _buys(node: Node) -> bool:
    return node.kind in {"supplier", "component"}
