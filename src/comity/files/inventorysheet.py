# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""An inventory as a spreadsheet: one row a material, faults by row and column."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from comity.errors import Fault, InvalidDocument, NotFound
from comity.exposure.material.bill import flaws_of
from comity.exposure.material.inventory import Inventory
from comity.exposure.material.layer import LAYERS
from comity.files.materials.country import no_state
from comity.files.materials.row import BASES, CODES, TEXTS, Field, material_of
from comity.files.slip import is_unknown, near_date, near_days, near_share
from comity.files.text import read_text, separator_of
from comity.kernel.instant import from_iso_date
from comity.kernel.material import PPM, Material
from comity.kernel.share import find_share
from comity.law.cursor import near_miss
from comity.law.market import EUROPEAN_UNION, STATES

MAX_ROWS = 10_000
MAX_BYTES = 8 * 1024 * 1024
MAX_COLUMNS = 100

SHARES = ("share", "substitutability")
"""Columns of shares: each written in one unit all the way down, % or a part of 1."""

COLUMNS = (
    *TEXTS, *CODES, *SHARES, "recovery_days", "upstream", "basis", "state", "as_of", "example",
)  # fmt: skip
_NEEDED = ("layer", "name", "state", "as_of")
_NOTE = "#"
"""A row whose first cell begins with it is a note to people, and is skipped."""
_NOTHING = Inventory(state="", as_of=from_iso_date("0001-01-01"), materials=())
"""Stands in for a sheet without a column that is needed; never used, as that is a fault."""
_MADE_UP = {"": False, "no": False, "yes": True}


def read_sheet(path: Path) -> Inventory:
    """Read a spreadsheet.

    Raises:
        NotFound: No such file (`files.no_inventory`).
        InvalidDocument: Any fault in it, by row and column (`files.inventory`).
    """
    faults: list[Fault] = []
    is_csv = path.suffix.casefold() == ".csv"
    header, rows = _csv(path, faults) if is_csv else _parquet(path)
    sheet = _Sheet(header=header, rows=rows, faults=faults)
    inventory = sheet.read()
    if faults:
        faults.sort(key=lambda one: (one.line or 0, one.column or 0))
        raise _refused(path, faults)
    return inventory


@dataclass(slots=True)
class _Sheet:
    """A spreadsheet being read; row 1 is its header."""

    header: Sequence[str]
    rows: Sequence[tuple[int, Mapping[str, str]]]
    faults: list[Fault] = field(default_factory=list)

    def read(self) -> Inventory:
        self._columns()
        if not self.rows:
            self.faults.append(Fault(message="no row stands below the header", line=1))
        if any(name not in self.header for name in _NEEDED):
            return _NOTHING
        units = {name: self._unit(name) for name in SHARES}
        materials = [self._material(line, row, units) for line, row in self.rows]
        for flaw in flaws_of(materials):
            column = flaw.field.removesuffix("_ppm")
            self.fault(self.rows[flaw.position][0], column, flaw.message, flaw.near)
        state, day = self._one("state"), self._one("as_of")
        if state and state not in STATES and state != EUROPEAN_UNION:
            self.fault(self._first("state"), "state", *no_state(state))
        as_of = from_iso_date("0001-01-01")
        if day:
            try:
                as_of = from_iso_date(day)
            except InvalidDocument as error:
                self.fault(self._first("as_of"), "as_of", error.message, near_date(day))
        made_up = [self._is_made_up(line, row) for line, row in self.rows]
        return Inventory(
            state=state, as_of=as_of, materials=tuple(materials), example=any(made_up)
        )

    def fault(self, line: int, column: str, message: str, near: str | None = None) -> None:
        """Note a fault in a cell."""
        place = self.header.index(column) + 1 if column in self.header else None
        said = f"{column}: {message}" if column else message
        self.faults.append(Fault(message=said, line=line, column=place, near=near))

    def _columns(self) -> None:
        for place, name in enumerate(self.header, 1):
            if name not in COLUMNS:
                message, near = f"no column is called {name[:40]!r}", near_miss(name, COLUMNS)
                self.faults.append(Fault(message=message, line=1, column=place, near=near))
            elif name in self.header[: place - 1]:
                message = f"the column {name} stands twice"
                self.faults.append(Fault(message=message, line=1, column=place))
        for name in _NEEDED:
            if name not in self.header:
                self.faults.append(Fault(message=f"the column {name} is missing", line=1))

    def _unit(self, column: str) -> str:
        """Return the unit of the first share of a column, and fault those of another."""
        unit = ""
        for line, row in self.rows:
            text = row.get(column, "")
            if not text or find_share(text) is None:
                continue
            here = "%" if text.endswith("%") else "part"
            unit = unit or here
            if here != unit:
                message = f"{text!r} is in another unit than the rows above: mixed units"
                self.fault(line, column, message)
        return unit

    def _material(
        self, line: int, row: Mapping[str, str], units: Mapping[str, str]
    ) -> Material:
        values: dict[str, object] = {
            name: row[name] for name in (*TEXTS, *CODES, "basis") if row.get(name)
        }
        for column in units:
            values[f"{column}_ppm"] = self._share(line, column, row.get(column, ""))
        layer = row.get("layer", "").casefold().replace(" ", "_")
        if layer in LAYERS:
            values["layer"] = layer
        days = row.get("recovery_days", "")
        if days.isascii() and days.isdigit() and len(days) < 9:
            values["recovery_days"] = int(days)
        elif days:
            said = _unread(days, "number of days")
            self.fault(line, "recovery_days", said, near_days(days))
        names = [name.strip() for name in row.get("upstream", "").split(";")]
        values["upstream"] = [name for name in names if name]

        def fault(place: Field, message: str, near: str | None) -> None:
            column = str(place[0]).removesuffix("_ppm") if place else ""
            self.fault(line, column, message, near)

        return material_of(values, fault)

    def _share(self, line: int, column: str, text: str) -> int | None:
        if not text:
            return None
        share = find_share(text)
        if share is None:
            said = _unread(text, "share: write 40% or 0.4")
            self.fault(line, column, said, near_share(text))
            return None
        return round(share * PPM)

    def _is_made_up(self, line: int, row: Mapping[str, str]) -> bool:
        """Tell whether a row says that it is an example: then the whole inventory is one."""
        said = row.get("example", "").casefold()
        if said not in _MADE_UP:
            self.fault(line, "example", f"{said[:20]!r} is neither yes nor no")
        return _MADE_UP.get(said, False)

    def _one(self, column: str) -> str:
        """Return the one value of a column that must say the same in every row."""
        values = {row.get(column, "") for _, row in self.rows} - {""}
        if len(values) > 1:
            listed = ", ".join(sorted(values)[:5])
            self.fault(self._first(column), column, f"an inventory has one, not {listed}")
        elif not values and self.rows:
            self.fault(self.rows[0][0], column, "is empty in every row")
        return min(values, default="")

    def _first(self, column: str) -> int:
        return next((line for line, row in self.rows if row.get(column)), 1)


def _csv(path: Path, faults: list[Fault]) -> tuple[list[str], list[tuple[int, dict[str, str]]]]:
    text = read_text(path, "inventory").removeprefix("\ufeff")
    if len(text) > MAX_BYTES:
        raise _refused(path, [Fault(message=f"larger than {MAX_BYTES:,} characters")])
    mark = separator_of(text.partition("\n")[0])
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    try:
        header = [_plain(name) for name in next(reader, [])]
        _check_width(path, header)
        rows = list(_rows(reader, header, path, faults))
    except csv.Error as error:
        fault = Fault(message=f"not readable as CSV: {error}", line=reader.line_num)
        raise _refused(path, [fault]) from None
    return header, rows


def _check_width(path: Path, header: Sequence[str]) -> None:
    """Refuse what is no sheet of ours before its columns are named one by one."""
    if len(header) > MAX_COLUMNS:
        fault = Fault(message=f"has {len(header):,} columns, more than {MAX_COLUMNS}", line=1)
        raise _refused(path, [fault])


def _rows(
    reader: Iterator[list[str]], header: Sequence[str], path: Path, faults: list[Fault]
) -> Iterator[tuple[int, dict[str, str]]]:
    for number, cells in enumerate(reader, 2):
        if number > MAX_ROWS:
            raise _refused(path, [Fault(message=f"more than {MAX_ROWS:,} rows")])
        if cells and cells[0].lstrip().startswith(_NOTE):
            continue
        if any(cell.strip() for cell in cells[len(header) :]):
            message = f"has {len(cells)} cells under {len(header)} columns"
            place = len(header) + 1
            faults.append(Fault(message=message, line=number, column=place))
        if any(cell.strip() for cell in cells):
            yield (
                number,
                {name: cell.strip() for name, cell in zip(header, cells, strict=False)},
            )


def _parquet(path: Path) -> tuple[list[str], list[tuple[int, dict[str, str]]]]:
    import polars as pl  # noqa: PLC0415 - only Parquet needs it

    if not path.is_file():
        raise NotFound(f"cannot read the inventory {path}", code="files.no_inventory")
    try:
        frame = pl.read_parquet(path, n_rows=MAX_ROWS + 1)
    except pl.exceptions.PanicException:  # no Exception: damage inside a file leads to it
        message = "not readable as Parquet: damaged inside, its pages are not what they say"
        raise _refused(path, [Fault(message=message)]) from None
    except (pl.exceptions.PolarsError, OSError) as error:
        message = f"not readable as Parquet: {str(error)[:80]}"
        raise _refused(path, [Fault(message=message)]) from None
    _check_width(path, frame.columns)
    if frame.height > MAX_ROWS:
        raise _refused(path, [Fault(message=f"more than {MAX_ROWS:,} rows")])
    rows = [
        (number, {name: _cell(value) for name, value in row.items()})
        for number, row in enumerate(frame.iter_rows(named=True), 2)
    ]
    return list(frame.columns), rows


def _plain(name: str) -> str:
    """Return a column's name as it is written here: of "As of", "as_of"."""
    return name.strip().casefold().replace(" ", "_")


def _unread(text: str, wanted: str) -> str:
    """Say that a cell is not what its column holds, and that an empty one is unknown."""
    leave = "; leave the cell empty where it is unknown" if is_unknown(text) else ""
    return f"{text[:20]!r} is no {wanted}{leave}"


def _cell(value: object) -> str:
    return "" if value is None else str(value).strip()


def _refused(path: Path, faults: Sequence[Fault]) -> InvalidDocument:
    return InvalidDocument(
        f"the inventory has {len(faults)} fault{'s' * (len(faults) > 1)}",
        code="files.inventory",
        hint=f"columns: {', '.join(COLUMNS)}; basis is one of {', '.join(BASES)}",
        source=str(path),
        faults=faults,
    )
