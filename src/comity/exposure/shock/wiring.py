# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Make the network of bills of materials and of what is known of suppliers."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from comity.exposure.material.bill import Bill, parts_of
from comity.exposure.material.layer import COMPUTE
from comity.exposure.shock.network import NOT_ASKED, Need, Network, Node, Part, Place
from comity.exposure.shock.sharing import UNKNOWN, Assumption, Entry, anybody, need_of
from comity.kernel.material import PPM, Material, Upstream


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A state whose layers are looked at, over its bills."""

    code: str
    bills: tuple[Bill, ...]


def wire(
    bills: Iterable[Bill],
    supplies: Sequence[Material] = (),
    states: Iterable[State] = (),
    *,
    assume: Assumption = UNKNOWN,
) -> Network:
    """Return the network.

    A supplier is one node in each layer it delivers, whoever uses it; what it rests on comes
    from *supplies* alone. Each component rests on its supplier and on its own upstream; a
    layer of a bill on its components, a system on each of its layers, a layer of a state on
    that layer of its bills, by their weights.

    Raises:
        InvalidDocument: The stated shares of a bill exceed the whole.
    """
    chosen = tuple(states)
    every = {bill.key: bill for bill in (*bills, *(b for one in chosen for b in one.bills))}
    wiring = _Wiring(assume=assume)
    for bill in every.values():
        wiring.bill(bill)
    wiring.suppliers([*every.values()], supplies)
    for state in chosen:
        wiring.state(state)
    nodes = {node.key: node for node in wiring.nodes}
    for need in (need for node in wiring.nodes for need in node.needs):
        for part in need.parts:
            if part.node not in nodes:
                nodes[part.node] = anybody(part.node)
    return Network(nodes=tuple(nodes.values()))


def supplier_key(layer: str, supplier: str) -> str:
    """Name a supplier's node in one layer."""
    return f"supplier/{layer}/{supplier.casefold()}"


def component_key(bill: Bill, material: Material) -> str:
    """Name a component's node."""
    return f"component/{bill.key}/{material.layer}/{material.name}"


def layer_key(bill: Bill, layer: str) -> str:
    """Name the node of one layer of a bill."""
    return f"layer/{bill.key}/{layer}"


def system_key(bill: Bill) -> str:
    """Name a system's node."""
    return f"system/{bill.key}"


def state_key(code: str, layer: str) -> str:
    """Name the node of one layer of a state."""
    return f"state/{code}/{layer}"


class _Wiring:
    """Gathers nodes; nothing is decided here but who rests on whom."""

    def __init__(self, *, assume: Assumption) -> None:
        self.nodes: list[Node] = []
        self.assume = assume

    def bill(self, bill: Bill) -> None:
        """Add the components, the layers and, where it is one, the system of a bill."""
        rows = {one.name: one for one in bill.materials}
        self.nodes.extend(self._component(bill, one, rows) for one in bill.materials)
        layers: dict[str, list[Material]] = defaultdict(list)
        for one in bill.materials:
            layers[one.layer].append(one)
        for layer, same in layers.items():
            self.nodes.append(self._layer(bill, layer, same))
        if bill.is_system:
            needs = tuple(
                Need(name=layer, parts=(Part(node=layer_key(bill, layer)),))
                for layer in bill.layers()
            )
            self.nodes.append(
                Node(
                    key=system_key(bill),
                    kind="system",
                    label=bill.name,
                    needs=needs,
                    markets=bill.markets,
                )
            )

    def suppliers(self, bills: Sequence[Bill], supplies: Sequence[Material]) -> None:
        """Add one node for each supplier in each layer."""
        rows = {one.name: one for one in supplies}
        named: dict[str, list[Material]] = defaultdict(list)
        told: dict[str, list[Material]] = defaultdict(list)
        for one in (*supplies, *(one for bill in bills for one in bill.materials)):
            if one.supplier:
                named[supplier_key(one.layer, one.supplier)].append(one)
        for one in supplies:
            told[_as_supplier(one)].append(one)
        for key in {**told, **named}:
            found = [*told[key], *named[key]]
            days = [one.recovery_days for one in told[key] if one.recovery_days is not None]
            seat = _seat_of(found)
            self.nodes.append(
                Node(
                    key=key,
                    kind="supplier",
                    label=found[0].supplier or found[0].name,
                    layer=found[0].layer,
                    place=Place(supplier=found[0].supplier, jurisdiction=seat),
                    needs=tuple(
                        need
                        for one in told[key]
                        for need in self._upstream(one.upstream, rows, _as_supplier)
                    ),
                    recovery_days=max(days, default=None),
                    seats=(seat,),
                )
            )

    def state(self, state: State) -> None:
        """Add one node for each layer that any bill of a state speaks of."""
        layers: dict[str, list[Bill]] = defaultdict(list)
        for bill in state.bills:
            for layer in bill.layers():
                layers[layer].append(bill)
        for layer, speaking in layers.items():
            total = sum(bill.weight for bill in speaking)
            parts = tuple(
                Part(node=layer_key(bill, layer), share=float(bill.weight / total))
                for bill in speaking
            )
            self.nodes.append(
                Node(
                    key=state_key(state.code, layer),
                    kind="state",
                    label=f"{state.code} {layer}",
                    layer=layer,
                    needs=(Need(name=layer, parts=parts),),
                    markets=(state.code,),
                )
            )

    def _layer(self, bill: Bill, layer: str, same: Sequence[Material]) -> Node:
        parts_of(layer, same)  # refuses more than the whole
        entries = [
            Entry(
                node=component_key(bill, one),
                share_ppm=one.share_ppm,
                substitute_ppm=one.substitutability_ppm,
            )
            for one in same
        ]
        return Node(
            key=layer_key(bill, layer),
            kind="layer",
            label=f"{bill.name}: {layer}",
            layer=layer,
            needs=(need_of(layer, layer, entries, self.assume),),
            markets=bill.markets,
        )

    def _component(self, bill: Bill, one: Material, rows: Mapping[str, Material]) -> Node:
        needs = list(self._upstream(one.upstream, rows, lambda row: component_key(bill, row)))
        if one.supplier:
            part = Part(node=supplier_key(one.layer, one.supplier))
            needs.append(Need(name="supplier", parts=(part,)))
        if one.chips and not any(need.name == "chips" for need in needs):
            maker = Part(node=f"supplier/chips/?{one.chips}")
            weight = self.assume.need(None)
            needs.append(Need(name="chips", parts=(maker,), weight=weight, is_upstream=True))
        unasked = None if one.layer in COMPUTE else NOT_ASKED
        territory = one.territory or unasked
        owner = one.owner or unasked
        return Node(
            key=component_key(bill, one),
            kind="component",
            label=one.name,
            layer=one.layer,
            place=Place(
                supplier=NOT_ASKED if one.supplier else None,
                jurisdiction=NOT_ASKED if one.supplier else one.jurisdiction,
                territory=territory,
                owner=owner,
            ),
            needs=tuple(needs),
            recovery_days=one.recovery_days,
            markets=bill.markets,
            seats=tuple(
                code for code in (territory, owner, bill.seat or None) if code != NOT_ASKED
            ),
        )

    def _upstream(
        self,
        links: Iterable[Upstream],
        rows: Mapping[str, Material],
        key_of: Callable[[Material], str],
    ) -> Iterator[Need]:
        """Yield the needs that links meet; those that name one need are alternatives."""
        grouped: dict[str, list[Upstream]] = defaultdict(list)
        for link in links:
            if link.name in rows:
                grouped[link.need or rows[link.name].layer].append(link)
        for name, same in grouped.items():
            entries = [
                Entry(
                    node=key_of(rows[link.name]),
                    share_ppm=link.share_ppm,
                    substitute_ppm=rows[link.name].substitutability_ppm,
                )
                for link in same
            ]
            weights = [link.need_ppm for link in same if link.need_ppm is not None]
            weight = self.assume.need(max(weights) / PPM if weights else None)
            layer = rows[same[0].name].layer
            yield need_of(name, layer, entries, self.assume, weight=weight, is_upstream=True)


def _as_supplier(material: Material) -> str:
    return supplier_key(material.layer, material.supplier or material.name)


def _seat_of(found: Iterable[Material]) -> str | None:
    """Return the supplier's one jurisdiction; None where none is said, or several are."""
    codes = {one.jurisdiction for one in found if one.jurisdiction}
    return codes.pop() if len(codes) == 1 else None
