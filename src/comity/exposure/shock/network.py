# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Who rests on whom: suppliers, components, layers, systems and states as one network."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["supplier", "component", "layer", "system", "state"]

NOT_ASKED = ""
"""Stands where a question has no sense; None stands where nobody answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """A number that unknowns leave open; `low == high` where it is known."""

    low: float
    high: float


CERTAIN = Range(low=1.0, high=1.0)
NONE = Range(low=0.0, high=0.0)
OPEN = Range(low=0.0, high=1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What meets a need, or part of it.

    Args:
        node: Key of the node that meets it.
        share: What part of the need it meets; None where nobody said.
        substitute: What part of its loss others make good at short notice.
    """

    node: str
    share: float | None = 1.0
    substitute: Range = NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """One need of a node; its parts are alternatives to each other.

    Args:
        name: What is needed, in a word.
        weight: What is lost of the node where the need is wholly unmet.
        is_upstream: Whether it reaches beyond the direct supplier.
        rest: What the parts without a share divide among themselves.
    """

    name: str
    parts: tuple[Part, ...]
    weight: Range = CERTAIN
    is_upstream: bool = False
    rest: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where something stands in the world; None is unknown, `NOT_ASKED` has no sense here."""

    supplier: str | None = NOT_ASKED
    jurisdiction: str | None = NOT_ASKED
    territory: str | None = NOT_ASKED
    owner: str | None = NOT_ASKED


NOWHERE = Place()


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One thing that works or does not.

    Args:
        key: Names it in the network.
        label: What people call it.
        layer: Of the stack; "" where it has none.
        needs: All of them must be met.
        recovery_days: Until its loss is made good; None where unknown.
        markets: Where it serves people; of systems and states only.
        seats: Where its buyer sits, for export rules; None among them where unknown.
    """

    key: str
    kind: Kind
    label: str
    layer: str = ""
    place: Place = NOWHERE
    needs: tuple[Need, ...] = ()
    recovery_days: int | None = None
    markets: tuple[str, ...] = ()
    seats: tuple[str | None, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """Every node, in an order of its own; those that others name stand anywhere in it."""

    nodes: tuple[Node, ...]
    _positions: Mapping[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Note once where each node stands."""
        places = {node.key: position for position, node in enumerate(self.nodes)}
        object.__setattr__(self, "_positions", MappingProxyType(places))

    def positions(self) -> Mapping[str, int]:
        """Return the position of each node by its key."""
        return self._positions

    def of_kind(self, kind: Kind) -> tuple[Node, ...]:
        """Return the nodes of one kind, in order."""
        return tuple(node for node in self.nodes if node.kind == kind)
