# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Bills of materials that other tools wrote, read for who supplies what.

CycloneDX (1.5 to 1.7) and SPDX 3.0 as JSON. Neither has a place for shares, territory or chips:
properties called `comity:share_ppm`, `comity:territory` and so on carry them, where somebody
wrote them (in SPDX by the extension for CycloneDX properties).

Source:
    ECMA-424 (CycloneDX); SPDX 3.0.1, profiles Core, Software, AI and Dataset.
"""

from pathlib import Path

from comity.errors import Fault, InvalidDocument
from comity.exposure.material.bill import flaws_of
from comity.files.jsonplace import Places, places_of, to_path
from comity.files.materials.cyclonedx import from_cyclonedx
from comity.files.materials.jsontext import json_of
from comity.files.materials.reading import Reading
from comity.files.materials.spdx import from_spdx
from comity.files.text import read_text
from comity.kernel.material import Material

MAX_BYTES = 32 * 1024 * 1024


def read_bom(path: Path) -> tuple[Material, ...]:
    """Read the materials of a bill.

    Raises:
        NotFound: No such file.
        InvalidDocument: Not readable, of another kind or version, or with faults, all of
            them listed with line and column (`files.bill`).
    """
    return bom_from_json(read_text(path, "bill"), source=str(path))


def bom_from_json(text: str, *, source: str) -> tuple[Material, ...]:
    """Read the materials of a bill from its text.

    Raises:
        InvalidDocument: As for a file.
    """
    if len(text) > MAX_BYTES:
        raise _refused(source, [Fault(message=f"larger than {MAX_BYTES:,} characters")])
    plain = text.removeprefix("\ufeff")
    try:
        document = json_of(plain)
    except InvalidDocument as error:
        raise _refused(source, error.faults) from None
    reading = Reading()
    if isinstance(document, dict) and document.get("bomFormat") == "CycloneDX":
        materials = from_cyclonedx(document, reading)
    elif isinstance(document, dict) and "@graph" in document:
        materials = from_spdx(document, reading)
    else:
        reading.fault("", "neither a CycloneDX bill of materials nor an SPDX 3 document")
        materials = ()
    for flaw in flaws_of(materials):
        reading.fault(reading.places.get(flaw.position, ""), flaw.message, near=flaw.near)
    if reading.faults:
        places = places_of(plain)
        raise _refused(source, [_placed(places, *one) for one in reading.faults])
    return materials


def _placed(places: Places, place: str, message: str, near: str | None) -> Fault:
    found = places.of_value(to_path(place)) if place else None
    line, column = found or (None, None)
    said = f"{place}: {message}" if place else message
    return Fault(message=said, line=line, column=column, near=near)


def _refused(source: str, faults: list[Fault] | tuple[Fault, ...]) -> InvalidDocument:
    return InvalidDocument(
        "no bill of materials that can be read",
        code="files.bill",
        hint="docs/how-to/see-what-you-depend-on.md shows the forms that are read",
        source=source,
        faults=faults,
    )
