# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The materials of an SPDX 3 document: packages, models and data sets, with their agents."""

import re
from collections.abc import Mapping, Sequence

from comity.files.materials.cyclonedx import read_said
from comity.files.materials.reading import MAX_LINKS, PREFIX, Reading, named
from comity.kernel.material import Material, Upstream

LAYER_OF = {
    "ai_AIPackage": "model",
    "dataset_DatasetPackage": "data",
    "software_Package": "application",
}
"""Which element of the model is a material of which layer."""

PURPOSE = {"model": "model", "data": "data", "device": "chips", "platform": "cloud"}
"""Where a package's primary purpose says more than its type."""

RESTS = ("dependsOn", "trainedOn", "hasPrerequisite", "hasStaticLink", "hasDynamicLink")
"""Relationships whose `from` rests on its `to`."""

_VERSION = re.compile(r"spdx\.org/rdf/(\d+\.\d+)[./]")


def from_spdx(document: Mapping[str, object], reading: Reading) -> tuple[Material, ...]:
    """Read packages, models and data sets; faults gather in *reading*.

    The supplier is the agent that `suppliedBy` names, else the first of `originatedBy`. Agents
    of SPDX 3.0 have no country, so that the jurisdiction stays unknown but for our property.
    """
    context = str(document.get("@context", ""))
    version = _VERSION.search(context)
    if version is None or not version[1].startswith("3."):
        reading.fault("@context", "names no version 3 of SPDX")
        return ()
    elements = list(reading.rows(document.get("@graph"), "@graph"))
    agents = {
        str(row.get("spdxId")): reading.text(row, "name", place)
        for row, place in elements
        if _kind(row) in {"Organization", "Agent", "SoftwareAgent"}
    }
    parts = [(row, place) for row, place in elements if _kind(row) in LAYER_OF]
    taken: dict[str, int] = {}
    names = [named(_label(row, place, reading), taken) for row, place in parts]
    ids = {str(row.get("spdxId")): name for (row, _), name in zip(parts, names, strict=True)}
    below = _below(elements, ids, reading)
    found = []
    for position, ((row, place), name) in enumerate(zip(parts, names, strict=True)):
        reading.places[position] = place
        said = _said(row, place, reading)
        upstream = [one for one in dict.fromkeys(below.get(name, ())) if one != name]
        found.append(
            Material(
                layer=str(said.get("layer", _layer(row))),
                name=name,
                supplier=_supplier(row, agents),
                jurisdiction=str(said["jurisdiction"]) if "jurisdiction" in said else None,
                upstream=tuple(Upstream(name=one) for one in upstream),
                **read_said(said),  # type: ignore[arg-type]  # read by their own kinds
            )
        )
    return tuple(found)


def _kind(row: Mapping[str, object]) -> str:
    """Return what an element is; "" where it says it in no text."""
    kind = row.get("type")
    return kind if isinstance(kind, str) else ""


def _label(row: Mapping[str, object], place: str, reading: Reading) -> str:
    label = reading.text(row, "name", place)
    if label is None:
        reading.fault(place, "has no name")
    edition = reading.text(row, "software_packageVersion", place)
    return f"{label or ''} {edition or ''}".strip()


def _layer(row: Mapping[str, object]) -> str:
    kind = LAYER_OF[str(row.get("type"))]
    return PURPOSE.get(str(row.get("software_primaryPurpose")), kind)


def _supplier(row: Mapping[str, object], agents: Mapping[str, str | None]) -> str | None:
    makers = row.get("originatedBy")
    first = makers[0] if isinstance(makers, list) and makers else makers
    for agent in (row.get("suppliedBy"), first):
        if isinstance(agent, str) and agents.get(agent):
            return agents[agent]
        if isinstance(agent, Mapping) and isinstance(agent.get("name"), str):
            return str(agent["name"])
    return None


def _below(
    elements: Sequence[tuple[Mapping[str, object], str]],
    ids: Mapping[str, str],
    reading: Reading,
) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    links = 0
    for row, place in elements:
        if str(row.get("relationshipType")) not in RESTS:
            continue
        source, targets = row.get("from"), row.get("to")
        if not isinstance(source, str) or not isinstance(targets, list):
            reading.fault(place, "a relationship needs a text `from` and a list `to`")
            continue
        links += len(targets)
        if links > MAX_LINKS:
            reading.fault(place, f"brings the links to more than {MAX_LINKS:,}")
            break
        if source in ids:
            names = [ids[one] for one in targets if isinstance(one, str) and one in ids]
            found.setdefault(ids[source], []).extend(names)
    return found


def _said(row: Mapping[str, object], place: str, reading: Reading) -> dict[str, str | int]:
    """Read our own properties out of the extension for CycloneDX properties."""
    said: dict[str, str | int] = {}
    for inner, here in reading.rows(row.get("extension"), f"{place}.extension"):
        entries = inner.get("extension_cdxProperty")
        for entry, where in reading.rows(entries, f"{here}.extension_cdxProperty"):
            name = reading.text(entry, "extension_cdxPropName", where) or ""
            if name.startswith(PREFIX):
                at = f"{where}.extension_cdxPropValue"
                reading.say(name, entry.get("extension_cdxPropValue"), at, said)
    return said
