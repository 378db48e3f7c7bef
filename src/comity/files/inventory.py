# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A state's inventory on disk: TOML, or a spreadsheet as CSV or Parquet."""

from collections.abc import Mapping
from pathlib import Path

from comity.errors import Fault, InvalidDocument
from comity.exposure.material.bill import flaws_of
from comity.exposure.material.inventory import MAX_COUNT, Inventory
from comity.files.inventorysheet import read_sheet
from comity.files.materials.country import no_state
from comity.files.materials.row import material_of
from comity.files.slip import SPREADSHEETS
from comity.files.table import Table, open_table, settle
from comity.files.toml import Path as TomlPath
from comity.kernel.instant import from_iso_date
from comity.kernel.material import Material
from comity.law.market import EUROPEAN_UNION, STATES

_LONG_AGO = from_iso_date("0001-01-01")


def read_inventory(path: Path) -> Inventory:
    """Read an inventory by the ending of its name: .toml, .csv or .parquet.

    Raises:
        NotFound: No such file (`files.no_inventory`).
        InvalidDocument: Any fault in it, all with their places: line and column of a TOML
            file, row and column of a spreadsheet (`files.inventory`).
    """
    ending = path.suffix.casefold()
    if ending in {".csv", ".parquet"}:
        return read_sheet(path)
    if ending in SPREADSHEETS:
        raise InvalidDocument(
            f"{path.name} is a spreadsheet's own file: nothing here reads it",
            code="files.inventory",
            source=str(path),
            hint="save the sheet as CSV UTF-8 and give that file",
        )
    table = open_table(path, "inventory")
    inventory = _inventory(table)
    table.finish()
    settle(table, "inventory")
    return inventory


def _inventory(table: Table) -> Inventory:
    state = table.text("state", default="")
    supplies = _materials(table, "supply")
    materials = _materials(table, "material")
    if state not in STATES and state != EUROPEAN_UNION and (state or materials):
        message, near = no_state(state)
        table.fault("state", f"state {message}", near)
    if not materials and not supplies:
        table.fault("material", "it lists nothing: write [[material]] or [[supply]]")
    as_of = table.date("as_of")
    if as_of is None:
        table.fault("as_of", "as_of is missing: the day it speaks of, such as 2026-11-21")
    count = table.whole("counts_as", least=1) or 1
    if count > MAX_COUNT:
        table.fault("counts_as", f"counts_as is more than {MAX_COUNT:,}")
    return Inventory(
        state=state,
        as_of=as_of or _LONG_AGO,
        counts_as=count,
        materials=materials,
        supplies=supplies,
        note=table.text("note", default=""),
        example=_flag(table, "example"),
    )


def _flag(table: Table, name: str) -> bool:
    table.known.append(name)
    value = table.row.get(name, False)
    if not isinstance(value, bool):
        table.fault(name, f"{name} is neither true nor false")
    return value is True


def _materials(table: Table, name: str) -> tuple[Material, ...]:
    rows = list(table.tables(name))
    found = tuple(_material(row) for row in rows)
    for flaw in flaws_of(found):
        if name == "material" or flaw.field != "share_ppm":
            rows[flaw.position].fault(flaw.field, flaw.message, flaw.near)
    return found


def _material(row: Table) -> Material:
    def fault(field: TomlPath, message: str, near: str | None) -> None:
        found: Fault = row.toml.fault((*row.path, *field), message, near=near)
        row.faults.append(found)

    values: Mapping[str, object] = row.row
    return material_of(values, fault)
