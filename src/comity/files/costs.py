# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A table of assumed costs on disk: `packs/costs.toml`, or the user's own."""

from collections.abc import Collection, Mapping
from pathlib import Path

from comity.files.pack import SHIPPED
from comity.files.table import Table, open_table, settle
from comity.law.conduct import Division
from comity.law.cursor import near_miss
from comity.law.fact import Kind
from comity.law.measure.cost import CostTable, Effort, Rate
from comity.law.pack import Library

SHIPPED_COSTS = SHIPPED / "costs.toml"
"""The table that comes with Comity: our assumptions."""

_KINDS = tuple(kind.value for kind in Kind if kind is not Kind.DATE)


def read_costs(path: Path, library: Library) -> CostTable:
    """Read a table of costs.

    Raises:
        NotFound: No such file.
        InvalidDocument: Any fault in it; all are listed with their places (`files.costs`).
    """
    table = open_table(path, "costs")
    costs = CostTable(
        about=table.text("about"),
        apart={
            Division.PLACE: table.whole("deployment") or 0,
            Division.DESIGN: table.whole("variant") or 0,
        },
        by_kind=_by_kind(table),
        by_conduct=_by_conduct(table, library),
        by_fact=_by_fact(table, library),
    )
    table.finish()
    settle(table, "costs")
    return costs


def _by_kind(table: Table) -> dict[Kind, Rate]:
    found: dict[Kind, Rate] = {}
    for row in table.tables("kind"):
        word = row.word("name", _KINDS)
        if word in _KINDS:
            _once(row, Kind(word), found.keys())
            found[Kind(word)] = _rate(row, ())
    for missing in (word for word in _KINDS if Kind(word) not in found):
        table.fault("kind", f"no [[kind]] says what a {missing} costs by default")
        found[Kind(missing)] = Rate(days=0)
    return found


def _by_conduct(table: Table, library: Library) -> dict[str, Rate]:
    known = library.vocabulary.conducts
    found: dict[str, Rate] = {}
    for row in table.tables("conduct"):
        name = row.text("name")
        if name not in known:
            near = near_miss(name, known)
            row.fault("name", f"the vocabulary has no conduct named {name!r}", near)
        _once(row, name, found.keys())
        found[name] = _rate(row, known[name].values if name in known else ())
    return found


def _by_fact(table: Table, library: Library) -> dict[str, Effort]:
    known = library.vocabulary.facts
    found: dict[str, Effort] = {}
    for row in table.tables("fact"):
        name = row.text("name")
        if name not in known:
            near = near_miss(name, known)
            row.fault("name", f"the vocabulary has no fact named {name!r}", near)
        _once(row, name, found.keys())
        found[name] = Effort(days=_days(row), because=row.text("because"))
        row.finish()
    return found


def _rate(row: Table, values: tuple[str, ...]) -> Rate:
    rate = Rate(
        days=_days(row),
        each=row.whole("each") or 0,
        of_value=_of_value(row, values),
        because=row.text("because"),
    )
    row.finish()
    return rate


def _of_value(row: Table, values: tuple[str, ...]) -> Mapping[str, int]:
    found: dict[str, int] = {}
    for one in row.tables("value"):
        word = one.word("name", values)
        _once(one, word, found.keys())
        found[word] = _days(one)
        one.finish()
    return found


def _days(row: Table) -> int:
    days = row.whole("days")
    if days is None:
        row.fault("days", "days is missing: whole person-days")
    return days or 0


def _once(row: Table, name: object, known: Collection[object]) -> None:
    if name in known:
        row.fault("name", "it stands twice")
