# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What an exposure page or answer shows: plain values, each figure with its bounds."""

from dataclasses import dataclass

from comity.desk.supply.origin import Origin
from comity.exposure.measure.concentration import Concentration
from comity.exposure.measure.dependence import Dependence
from comity.exposure.measure.interval import Interval
from comity.exposure.measure.sovereignty import Sovereignty
from comity.exposure.measure.stack import Stack
from comity.kernel.canonical import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """One piece of a stacked bar: what a holder has for certain, and can have at the most."""

    label: str
    share: Interval

    def to_json(self) -> dict[str, Json]:
        """Write it."""
        return {"label": self.label, **self.share.to_json()}


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerSheet:
    """One layer of a state.

    Args:
        firms: A stacked bar by supplier, largest first; what is missing to 1 is unknown.
        states: The same by the suppliers' jurisdictions.
        bills: How many bills speak of it.
    """

    layer: str
    bills: int
    firms: tuple[Segment, ...]
    states: tuple[Segment, ...]
    by_firm: Concentration
    by_state: Concentration
    dependence: Dependence
    sovereignty: Sovereignty | None

    def to_json(self) -> dict[str, Json]:
        """Write it."""
        deep: Json = None
        if self.sovereignty is not None:
            deep = {
                "territory": self.sovereignty.territory.to_json(),
                "owner": self.sovereignty.owner.to_json(),
                "chips": self.sovereignty.chips.to_json(),
            }
        return {
            "layer": self.layer,
            "bills": self.bills,
            "firms": [one.to_json() for one in self.firms],
            "states": [one.to_json() for one in self.states],
            "concentration_by_firm": self.by_firm.index.to_json(),
            "concentration_by_state": self.by_state.index.to_json(),
            "foreign": self.dependence.foreign.to_json(),
            "lasting": self.dependence.lasting.to_json(),
            "foreign_concentration": self.dependence.concentration.to_json(),
            "sovereignty": deep,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """An edge of a flow diagram: from a jurisdiction ("" is unknown) into a layer."""

    source: str
    layer: str
    share: Interval

    def to_json(self) -> dict[str, Json]:
        """Write it."""
        return {"from": self.source, "to": self.layer, **self.share.to_json()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """A published row on a state, shown beside and used in nothing (0 to 100)."""

    rank: int
    total: str
    infrastructure: str
    compute: str
    source: str

    def to_json(self) -> dict[str, Json]:
        """Write it; scores stay texts, exact as published."""
        return {
            "rank": self.rank,
            "total": self.total,
            "infrastructure": self.infrastructure,
            "compute": self.compute,
            "source": self.source,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ExposureSheet:
    """What one state depends on, as far as anybody stated it.

    Args:
        refused: Bills that contradict themselves and count for nothing, with why.
        unstated: Suppliers of whom nobody says what they rest on.
    """

    state: str
    origins: tuple[Origin, ...]
    refused: tuple[tuple[str, str], ...]
    layers: tuple[LayerSheet, ...]
    stack: Stack
    flows: tuple[Flow, ...]
    unstated: tuple[str, ...]
    readiness: Readiness | None

    def to_json(self) -> dict[str, Json]:
        """Write it."""
        return {
            "state": self.state,
            "origins": [one.to_json() for one in self.origins],
            "refused": [{"place": place, "why": why} for place, why in self.refused],
            "layers": [one.to_json() for one in self.layers],
            "weakest": self.stack.weakest.to_json(),
            "weakest_layers": list(self.stack.weakest_layers),
            "mean": self.stack.mean.to_json(),
            "silent": list(self.stack.silent),
            "flows": [one.to_json() for one in self.flows],
            "suppliers_without_upstream": list(self.unstated),
            "readiness": None if self.readiness is None else self.readiness.to_json(),
        }
