# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What either side of a dependence loses where the other leaves; no game is solved."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from comity.exposure.diversify.reach import reach
from comity.exposure.measure.interval import Interval
from comity.exposure.shock.network import NOT_ASKED, Network, Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One side as the network sees it.

    Args:
        name: What people call it.
        homes: Codes that are its own.
        targets: Keys of its layers and of the systems that serve it.
    """

    name: str
    homes: frozenset[str]
    targets: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """What one thing loses, from the optimistic to the pessimistic run."""

    node: Node
    lost: Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """A supplier of a layer that still works where a partner has left.

    Args:
        works: How far.
        is_sure: Whether its jurisdiction is known not to be the partner's.
    """

    node: Node
    works: Interval
    is_sure: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Leverage:
    """A state and a partner.

    Args:
        loses: What the state loses if the partner leaves, by layer and system.
        partner_loses: What the partner loses if the state leaves; None where nobody states
            what the partner rests on, which is unknown and not nothing.
        partner_loses_bloc: The same if the whole bloc leaves.
        alternatives: By layer that loses anything, who else supplies it.
        members_lose: By other member of the bloc, what it loses if the partner leaves.
        bloc_alternatives: Those of the alternatives that sit in the bloc.
    """

    partner: str
    loses: tuple[Loss, ...]
    partner_loses: tuple[Loss, ...] | None
    partner_loses_bloc: tuple[Loss, ...] | None
    alternatives: Mapping[str, tuple[Alternative, ...]]
    members_lose: Mapping[str, tuple[Loss, ...]]
    bloc_alternatives: frozenset[str]


def leverage(
    network: Network, state: Side, partners: Sequence[Side], bloc: Sequence[Side] = ()
) -> tuple[Leverage, ...]:
    """Compare, partner by partner, what either side loses where the other leaves.

    To leave is to be lost as a shock loses a jurisdiction: its suppliers, what stands on its
    territory, what its firms own.

    Args:
        bloc: The other members.
    """
    union = frozenset({*state.homes}.union(*(one.homes for one in bloc)))
    suppliers = [node for node in network.of_kind("supplier") if node.label]
    keys = list(dict.fromkeys([*_targets([state, *partners, *bloc]), *_keys(suppliers)]))
    cuts = [state.homes, union, *(one.homes for one in partners)]
    lost = reach(network, keys, cuts, substitutes=True)
    nodes = {node.key: node for node in network.nodes}

    def losses(side: Side, cut: int) -> tuple[Loss, ...]:
        return tuple(Loss(node=nodes[key], lost=lost[key][cut]) for key in side.targets)

    found = []
    for cut, partner in enumerate(partners, 2):
        loses = losses(state, cut)
        hit = {one.node.layer for one in loses if one.lost.most and one.node.layer}
        gone = {key: row[cut] for key, row in lost.items()}
        around = [node for node in suppliers if node.layer in hit]
        others = _alternatives(around, partner.homes, gone)
        has_other = bool(partner.targets)
        one = Leverage(
            partner=partner.name,
            loses=loses,
            partner_loses=losses(partner, 0) if has_other else None,
            partner_loses_bloc=losses(partner, 1) if has_other and bloc else None,
            alternatives=others,
            members_lose={one.name: losses(one, cut) for one in bloc if one.targets},
            bloc_alternatives=_inside(others, union),
        )
        found.append(one)
    return tuple(found)


def _inside(
    others: Mapping[str, tuple[Alternative, ...]], homes: Collection[str]
) -> frozenset[str]:
    """Return the keys of the alternatives that sit under some jurisdictions."""
    rows = (one for row in others.values() for one in row)
    return frozenset(one.node.key for one in rows if one.node.place.jurisdiction in homes)


def _alternatives(
    suppliers: Sequence[Node], homes: Collection[str], lost: Mapping[str, Interval]
) -> Mapping[str, tuple[Alternative, ...]]:
    """Return by layer who works at least in part, even on the pessimistic run or perhaps."""
    found: dict[str, list[Alternative]] = {}
    for node in suppliers:
        code = node.place.jurisdiction
        gone = lost[node.key]
        if code in homes or gone.least == 1:
            continue
        works = Interval(least=1 - gone.most, most=1 - gone.least)
        is_sure = code not in {None, NOT_ASKED}
        found.setdefault(node.layer, []).append(
            Alternative(node=node, works=works, is_sure=is_sure)
        )
    return {
        layer: tuple(sorted(row, key=lambda one: (-one.works.least, one.node.label)))
        for layer, row in sorted(found.items())
    }


def _targets(sides: Sequence[Side]) -> list[str]:
    return [key for side in sides for key in side.targets]


def _keys(nodes: Sequence[Node]) -> list[str]:
    return [node.key for node in nodes]
