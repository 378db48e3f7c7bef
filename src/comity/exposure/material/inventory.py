# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A state's inventory: what it rests on as a whole, and what is known of the suppliers.

Source:
    docs/spec/exposure.md.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from comity.errors import Fault, InvalidDocument
from comity.exposure.material.bill import Bill, flaws_of
from comity.kernel.canonical import Json
from comity.kernel.digest import Digest, sha256
from comity.kernel.fields import Fields
from comity.kernel.instant import from_iso_date
from comity.kernel.material import Material, from_material_json, to_material_json

MAX_COUNT = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventory:
    """What somebody states of one state.

    Args:
        state: ISO 3166-1 alpha-3 code, or "EU"; "" where it only tells of suppliers.
        as_of: The day it speaks of.
        counts_as: How many registered systems its shares weigh as much as.
        materials: The bill of the state as a whole.
        supplies: Suppliers and what they rest on, whoever uses them; here a row with a
            supplier stands for all that this supplier delivers in that layer.
        note: What is unknown or left out, in words.
    """

    state: str
    as_of: dt.date
    counts_as: int = 1
    materials: tuple[Material, ...] = ()
    supplies: tuple[Material, ...] = ()
    note: str = ""
    example: bool = False
    rest: Mapping[str, Json] = field(default_factory=dict)

    def to_bill(self, key: str) -> Bill:
        """Return the state's own bill."""
        return Bill(
            key=key,
            name=f"inventory of {self.state}",
            materials=self.materials,
            seat=self.state,
            markets=(self.state,),
            weight=Fraction(self.counts_as),
            is_system=False,
        )


def subject_of(state: str) -> Digest:
    """Return what an inventory is about: the state, named by a digest."""
    return sha256(f"comity inventory/1 {state}".encode())


def to_inventory_json(inventory: Inventory) -> dict[str, Json]:
    """Write the predicate of an `inventory`, without `issued`."""
    supplies = [to_material_json(one) for one in inventory.supplies]
    return {
        **inventory.rest,
        "state": inventory.state,
        "as_of": inventory.as_of.isoformat(),
        "counts_as": inventory.counts_as,
        "materials": [to_material_json(one) for one in inventory.materials],
        "example": inventory.example,
        **({"supplies": supplies} if supplies else {}),
        **({"note": inventory.note} if inventory.note else {}),
    }


def from_inventory_json(predicate: Mapping[str, Json]) -> Inventory:
    """Read the predicate of an `inventory`.

    Raises:
        InvalidDocument: With every fault of it (`exposure.inventory`).
    """
    faults: list[Fault] = []
    fields = Fields(predicate, faults=faults)
    fields.optional("issued", fields.text)
    inventory = Inventory(
        state=fields.text("state"),
        as_of=_day(fields, "as_of"),
        counts_as=fields.optional("counts_as", lambda name: _count(fields, name)) or 1,
        materials=tuple(from_material_json(row) for row in fields.rows("materials")),
        supplies=tuple(
            from_material_json(row)
            for row in (fields.rows("supplies") if fields.has("supplies") else ())
        ),
        note=fields.optional("note", fields.text) or "",
        example=fields.flag("example"),
        rest=fields.rest(),
    )
    for name, rows in (("materials", inventory.materials), ("supplies", inventory.supplies)):
        faults.extend(
            Fault(message=f"{name}[{flaw.position}]: {flaw.message}", near=flaw.near)
            for flaw in flaws_of(rows)
            if name == "materials" or flaw.field != "share_ppm"
        )
    fields.finish("not a state's inventory", code="exposure.inventory")
    return inventory


def _count(fields: Fields, name: str) -> int:
    return fields.integer(name, low=1, high=MAX_COUNT)


def _day(fields: Fields, name: str) -> dt.date:
    text = fields.text(name)
    try:
        return from_iso_date(text)
    except InvalidDocument as error:
        if text:
            fields.fault(name, error.message)
        return dt.date.min
