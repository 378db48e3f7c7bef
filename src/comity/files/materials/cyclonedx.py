# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The materials of a CycloneDX bill, machine-learning models included."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from comity.files.materials.reading import MAX_DEPTH, MAX_LINKS, PREFIX, Reading, named
from comity.kernel.material import Material, Upstream

VERSIONS = ("1.5", "1.6", "1.7")

LAYER_OF = {
    "machine-learning-model": "model",
    "data": "data",
    "device": "chips",
    "platform": "cloud",
}
"""What a type of component is a layer of; every other type is software: "application"."""


@dataclass(slots=True)
class _Found:
    row: Mapping[str, object]
    place: str
    layer: str
    who: str
    said: dict[str, str | int] = field(default_factory=dict)
    name: str = ""
    ref: str | None = None
    below: list[str] = field(default_factory=list)


def from_cyclonedx(document: Mapping[str, object], reading: Reading) -> tuple[Material, ...]:
    """Read components, services and standards; faults gather in *reading*.

    A component's supplier is `supplier`, else `manufacturer`, else `publisher`; a service's is
    its `provider`. What rests on what comes from `dependencies` and from a model card's data
    sets. The component that `metadata` names is the system itself, unless it is a model.
    """
    version = document.get("specVersion")
    if version not in VERSIONS:
        said = f"{version!r}" if isinstance(version, str) else "no text"
        reading.fault("specVersion", f"{said} is none of {', '.join(VERSIONS)}")
        return ()
    found = list(_every(document, reading))
    taken: dict[str, int] = {}
    for one in found:
        label = reading.text(one.row, "name", one.place)
        if label is None:
            reading.fault(one.place, "has no name")
        edition = reading.text(one.row, "version", one.place)
        one.name = named(f"{label or ''} {edition or ''}".strip(), taken)
        one.ref = reading.text(one.row, "bom-ref", one.place)
        _properties(one, reading)
    _link(document, found, reading)
    for position, one in enumerate(found):
        reading.places[position] = one.place
    return tuple(_material(one, reading) for one in found)


def _every(document: Mapping[str, object], reading: Reading) -> Iterator[_Found]:
    metadata, place = reading.inner(document, "metadata", "")
    own, here = reading.inner(metadata, "component", place.removeprefix("."))
    if own.get("type") == "machine-learning-model":
        yield _Found(row=own, place=here, layer="model", who="supplier")
    yield from _components(document, "", reading, 0)
    for row, place in reading.rows(document.get("services"), "services"):
        yield _Found(row=row, place=place, layer="cloud", who="provider")
    definitions, place = reading.inner(document, "definitions", "")
    standards = f"{place.removeprefix('.')}.standards"
    for row, place in reading.rows(definitions.get("standards"), standards):
        yield _Found(row=row, place=place, layer="standard", who="owner")


def _components(
    row: Mapping[str, object], place: str, reading: Reading, depth: int
) -> Iterator[_Found]:
    where = f"{place}.components" if place else "components"
    if depth > MAX_DEPTH:
        reading.fault(where, f"nested more than {MAX_DEPTH} levels deep")
        return
    for one, here in reading.rows(row.get("components"), where):
        kind = reading.text(one, "type", here)
        if kind is None:
            reading.fault(here, "has no type")
        layer = LAYER_OF.get(kind or "", "application")
        yield _Found(row=one, place=here, layer=layer, who="supplier")
        yield from _components(one, here, reading, depth + 1)


def _properties(one: _Found, reading: Reading) -> None:
    for row, place in reading.rows(one.row.get("properties"), f"{one.place}.properties"):
        name = reading.text(row, "name", place) or ""
        if name.startswith(PREFIX):
            reading.say(name, row.get("value"), f"{place}.value", one.said)


def _link(document: Mapping[str, object], found: list[_Found], reading: Reading) -> None:
    """Note what rests on what, where both are here."""
    by_ref: dict[str, _Found] = {}
    for one in found:
        if one.ref and by_ref.setdefault(one.ref, one) is not one:
            message = f"bom-ref {one.ref[:60]!r} stands twice: nobody knows which is meant"
            reading.fault(f"{one.place}.bom-ref", message)
    links = 0
    for row, place in reading.rows(document.get("dependencies"), "dependencies"):
        ref = reading.text(row, "ref", place)
        targets = row.get("dependsOn", [])
        if not isinstance(targets, list) or not all(isinstance(one, str) for one in targets):
            reading.fault(f"{place}.dependsOn", "is not a list of references")
            continue
        links += len(targets)
        if links > MAX_LINKS:
            reading.fault(place, f"brings the links to more than {MAX_LINKS:,}")
            return
        if ref in by_ref:
            by_ref[ref].below += [by_ref[one].name for one in targets if one in by_ref]
    for one in found:
        card, place = reading.inner(one.row, "modelCard", one.place)
        parameters, place = reading.inner(card, "modelParameters", place)
        for row, here in reading.rows(parameters.get("datasets"), f"{place}.datasets"):
            ref = reading.text(row, "ref", here)
            if ref in by_ref:
                one.below.append(by_ref[ref].name)


def _material(one: _Found, reading: Reading) -> Material:
    supplier, country = _supplier(one, reading)
    said = one.said
    jurisdiction = said.get("jurisdiction") or reading.country(country, one.place)
    below = [name for name in dict.fromkeys(one.below) if name != one.name]
    return Material(
        layer=str(said.get("layer", one.layer)),
        name=one.name,
        supplier=supplier,
        jurisdiction=None if jurisdiction is None else str(jurisdiction),
        upstream=tuple(Upstream(name=name) for name in below),
        **read_said(said),  # type: ignore[arg-type]  # read by their own kinds
    )


def read_said(said: Mapping[str, str | int]) -> Mapping[str, object]:
    """Return what our own properties say, but for layer and jurisdiction."""
    names = (
        "territory",
        "owner",
        "chips",
        "share_ppm",
        "substitutability_ppm",
        "recovery_days",
    )
    return {name: said[name] for name in names if name in said}


def _supplier(one: _Found, reading: Reading) -> tuple[str | None, str | None]:
    if one.layer == "standard":
        return reading.text(one.row, "owner", one.place), None
    for name in (one.who, "manufacturer") if one.who == "supplier" else (one.who,):
        entity, place = reading.inner(one.row, name, one.place)
        label = reading.text(entity, "name", place)
        if label is not None:
            address, here = reading.inner(entity, "address", place)
            return label, reading.text(address, "country", here)
    return reading.text(one.row, "publisher", one.place), None
