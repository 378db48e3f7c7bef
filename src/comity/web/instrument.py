# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Pages of instruments: all of them, and one with its states, reservations and differences."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from comity.council.instrument.act import Act, Ground
from comity.council.instrument.difference import Cell, Matrix, Stands
from comity.council.instrument.standing import Membership, Standing
from comity.council.instrument.status import Status
from comity.desk.council.instrument.instrument import InstrumentSheet
from comity.desk.council.instrument.listing import answer_of, find_status, instruments_sheet
from comity.desk.register.register import Register
from comity.kernel.instant import from_iso_date
from comity.web.render import Page
from comity.web.site import Asked
from comity.web.tilemap import draw_tiles

ROWS = 50
"""States of one page; the map above and the JSON have all of them."""
MATRIX_ROWS = 40
MATRIX_COLUMNS = 60
SAID = 60
"""Words on differences that are shown; the JSON has all of them."""

_BESIDE = "beside"
_DRAWN: Mapping[str, tuple[str, str]] = {
    "party": ("good", "M0 4h8"),
    "leaving": ("open", "M0 8l8-8"),
    "provisional": ("ink", "M0 2h4M4 6h4"),
    "contracting": ("ink", "M4 0v8"),
    "signatory": ("open", "M2 2h2v2h-2z"),
    "former": ("bad", "M0 0l8 8M8 0l-8 8"),
    "none": ("soft", ""),
    _BESIDE: ("soft", "M3 3h1"),
}
"""Colour and pattern of each standing, in the order of the legend."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One state of the table.

    Args:
        shown: Its signature and its consent.
        grounds: On whose word, each with its number in the list of sources.
    """

    state: str
    standing: Standing
    shown: tuple[Act, ...]
    grounds: tuple[tuple[int, Ground], ...]
    bound_from: dt.date | None
    bound_until: dt.date | None
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """What of a matrix fits a page.

    Args:
        hidden: Members left out, as they stated nothing.
        said: Cells with words of their own.
    """

    provisions: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]
    hidden: int
    said: tuple[Cell, ...]
    complies: int
    differs: int
    silent: int


def instruments(register: Register, asked: Asked) -> Page:
    """List the instruments."""
    text = asked.one("on")
    sheet = instruments_sheet(register, on=from_iso_date(text) if text else None)
    return Page(template="instruments.html", section="instruments", sheet=sheet)


def instrument(register: Register, asked: Asked) -> Page:
    """Show one instrument on a day."""
    text = asked.one("on")
    on = from_iso_date(text) if text else None
    sheet = find_status(register, asked.parts["instrument"], on=on)
    found = sheet.status
    rows, page, pages = _cut(found.members, asked.page())
    kinds = _kinds(found)
    counts = Counter(kinds.values())
    kept = {"on": found.as_of.isoformat()}
    grounds: dict[Ground, int] = {}
    more = {
        "found": found,
        "entry_ground": getattr(found.instrument.entry, "ground", None),
        "drawn": draw_tiles(kinds),
        "kinds": [(name, name, *_DRAWN[name]) for name in _DRAWN if counts[name]],
        "counts": counts,
        "rows": [_row(row, grounds) for row in rows],
        "grounds": list(grounds),
        "page": page,
        "pages": pages,
        "page_url": lambda number: "?" + urlencode({**kept, "page": number}) + "#states",
        "matrix": _grid(found.matrix),
        "flagged": list(_flagged(sheet)),
        "made_up": bool(found.made_up),
    }
    answer = answer_of(register, sheet)
    return Page(template="instrument.html", section="instruments", sheet=answer, more=more)


def _kinds(found: Status) -> dict[str, str]:
    kinds = {one.state: _BESIDE for one in found.instrument.associates}
    return kinds | {row.state: row.standing.name.lower() for row in found.members}


def _row(row: Membership, grounds: dict[Ground, int]) -> Row:
    """Return one row; a source that is new takes the next number."""
    acts: Iterable[Act] = filter(None, (row.consented, row.signed))
    shown = tuple(dict.fromkeys(acts))
    own = dict.fromkeys(act.ground for act in shown)
    return Row(
        state=row.state,
        standing=row.standing,
        shown=shown,
        grounds=tuple((grounds.setdefault(one, len(grounds) + 1), one) for one in own),
        bound_from=row.bound_from,
        bound_until=row.bound_until,
        notes=row.notes,
    )


def _cut(rows: Sequence[Membership], page: int) -> tuple[Sequence[Membership], int, int]:
    pages = max(1, -(-len(rows) // ROWS))
    page = min(page, pages) or 1
    return rows[(page - 1) * ROWS : page * ROWS], page, pages


def _grid(matrix: Matrix) -> Grid:
    """Cut a matrix to what fits a page: who stated something first."""
    every = tuple(zip(matrix.states, matrix.cells, strict=True))
    kept = every if len(every) <= MATRIX_ROWS else [row for row in every if _is_said(row[1])]
    rows = tuple(kept)[:MATRIX_ROWS]
    columns = [
        place
        for place in range(len(matrix.provisions))
        if len(matrix.provisions) <= MATRIX_COLUMNS
        or any(_is_said([cells[place]]) for _, cells in rows)
    ][:MATRIX_COLUMNS]
    said = [cell for _, cells in every for cell in cells if cell.text or cell.because]
    return Grid(
        provisions=tuple(matrix.provisions[place] for place in columns),
        rows=tuple((code, tuple(cells[place] for place in columns)) for code, cells in rows),
        hidden=len(every) - len(rows),
        said=tuple(said[:SAID]),
        complies=matrix.count(Stands.COMPLIES),
        differs=matrix.count(Stands.DIFFERS),
        silent=matrix.count(Stands.NOT_STATED),
    )


def _is_said(cells: Sequence[Cell]) -> bool:
    return any(
        cell.stands is not Stands.NOT_STATED or cell.because or cell.reserved for cell in cells
    )


def _flagged(sheet: InstrumentSheet) -> Iterator[str]:
    found = sheet.status
    for one in found.anomalies[:SAID]:
        yield f"{one.act.state}, {one.act.deed.value} on {one.act.on}: {one.says}"
    for each in found.misstated[:SAID]:
        yield f"{each.stated.state}: {each.says}"
    for aside in sheet.asides[:SAID]:
        yield f"{aside.place}: {aside.says}"
