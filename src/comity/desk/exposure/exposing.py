# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What a state depends on: the measures of every layer over what is stated."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from comity.desk.exposure.sheet import ExposureSheet, Flow, LayerSheet, Readiness, Segment
from comity.desk.supply.grounds import Grounds, homes_of
from comity.exposure.material.bill import Bill
from comity.exposure.material.layer import COMPUTE, LAYERS
from comity.exposure.measure.concentration import Concentration, concentrate
from comity.exposure.measure.dependence import depend
from comity.exposure.measure.interval import Interval
from comity.exposure.measure.sovereignty import sovereignty
from comity.exposure.measure.stack import stack
from comity.files.readiness import SOURCE, find_row
from comity.kernel.material import Material

UNSTATED = ""
"""The source of a flow whose jurisdiction nobody said."""


def exposure_sheet(grounds: Grounds) -> ExposureSheet:
    """Measure every layer that any bill speaks of, from the ground up."""
    speaking = _speaking(grounds.bills)
    layers = tuple(
        _layer(grounds.state, layer, speaking[layer]) for layer in _from_the_ground(speaking)
    )
    row = find_row(grounds.state)
    readiness = None
    if row is not None:
        readiness = Readiness(
            rank=row.rank,
            total=row.total,
            infrastructure=row.infrastructure,
            compute=row.compute,
            source=SOURCE,
        )
    return ExposureSheet(
        state=grounds.state,
        origins=grounds.origins,
        refused=grounds.refused,
        layers=layers,
        stack=stack({one.layer: one.dependence.foreign for one in layers}),
        flows=tuple(flow for one in layers for flow in _flows(one.by_state)),
        unstated=_unstated(grounds),
        readiness=readiness,
    )


def _from_the_ground(layers: Collection[str]) -> tuple[str, ...]:
    """Order layers: those of the stack in its order, then others by name."""
    return (
        *(layer for layer in LAYERS if layer in layers),
        *sorted(set(layers).difference(LAYERS)),
    )


def _speaking(bills: Sequence[Bill]) -> Mapping[str, tuple[Bill, ...]]:
    """Return, by layer, what each bill that speaks of it says of it alone."""
    found: dict[str, list[Bill]] = {}
    for bill in bills:
        rows: dict[str, list[Material]] = {}
        for one in bill.materials:
            rows.setdefault(one.layer, []).append(one)
        for layer, same in rows.items():
            found.setdefault(layer, []).append(replace(bill, materials=tuple(same)))
    return {layer: tuple(same) for layer, same in found.items()}


def _layer(code: str, layer: str, bills: Sequence[Bill]) -> LayerSheet:
    homes = homes_of(code)
    firm, state = concentrate(bills, layer, "firm"), concentrate(bills, layer, "state")
    rows = [one for bill in bills for one in bill.materials]
    is_asked = layer in COMPUTE or any(one.territory or one.owner or one.chips for one in rows)
    return LayerSheet(
        layer=layer,
        bills=len(bills),
        firms=_segments(firm),
        states=_segments(state),
        by_firm=firm,
        by_state=state,
        dependence=depend(bills, layer, homes),
        sovereignty=sovereignty(bills, layer, homes) if is_asked else None,
    )


def _segments(found: Concentration) -> tuple[Segment, ...]:
    rows = [Segment(label=name, share=share) for name, share in found.ranges.items()]
    return tuple(sorted(rows, key=lambda one: (-one.share.least, -one.share.most, one.label)))


def _flows(found: Concentration) -> Iterator[Flow]:
    for name, share in found.ranges.items():
        yield Flow(source=name, layer=found.layer, share=share)
    if found.unknown:
        share = Interval(least=found.unknown, most=found.unknown)
        yield Flow(source=UNSTATED, layer=found.layer, share=share)


def _unstated(grounds: Grounds) -> tuple[str, ...]:
    """Name the suppliers of whom nobody says what they rest on."""
    told = {one.supplier for one in grounds.supplies if one.upstream}
    named = {
        one.supplier
        for bill in grounds.bills
        for one in bill.materials
        if one.supplier and not one.upstream
    }
    return tuple(sorted(name for name in named if name and name not in told))
