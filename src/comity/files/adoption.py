# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Adoptions of packs in a file of one's own: what would bind, were they said in a log."""

from collections.abc import Collection, Iterator
from pathlib import Path

from comity.files.table import Table, open_table, settle
from comity.kernel.ids import MarketCode
from comity.law.adoption import Adoption, Apart
from comity.law.cursor import near_miss
from comity.law.market import is_market
from comity.law.pack import Library, Pack


def read_adoptions(path: Path, library: Library) -> tuple[Adoption, ...]:
    """Read the adoptions in a TOML file, each `[[adoption]]`.

    Raises:
        NotFound: It cannot be read (code `files.no_adoptions`).
        InvalidDocument: Any fault in it; all are listed with their places
            (`files.adoptions`).
    """
    table = open_table(path, "adoptions")
    found = tuple(_adoptions(table, library))
    if not found and not table.faults:
        table.fault("adoption", "there is no [[adoption]]")
    table.finish()
    settle(table, "adoptions")
    return found


def _adoptions(table: Table, library: Library) -> Iterator[Adoption]:
    packs = {pack.name: pack for pack in library.packs}
    for row in table.tables("adoption"):
        name, market, since = row.text("pack"), row.text("market"), row.date("from")
        _check(row, "pack", name, packs, "no pack is called {}")
        if market and not is_market(market):
            row.fault("market", f"{market[:20]!r} is no market, such as KHM")
        if since is None and "from" not in row.row:
            row.fault("from", "from is missing: a day such as 2027-01-01")
        through = row.text("through", default="")
        force = row.word("force", ("binding", "soft"), default="binding")
        apart = tuple(_apart(row, packs.get(name)))
        row.finish()
        if since is not None:
            by = f"through {through} " if through else ""
            yield Adoption(
                pack=name, market=MarketCode(market), since=since, apart=apart,
                is_binding=force == "binding",
                because=f"adopted by {market} {by}on {since}, as {table.toml.source} says",
            )  # fmt: skip


def _apart(table: Table, pack: Pack | None) -> Iterator[Apart]:
    names = [] if pack is None else [str(norm.name) for norm in pack.norms]
    for word, is_reserved in (("difference", False), ("reservation", True)):
        for row in table.tables(word):
            provision = row.text("provision")
            covers = [each for each in names if each.startswith(f"{provision}.")]
            if pack is not None and not covers:
                _check(row, "provision", provision, names, f"{pack.name} has no norm {{}}")
            apart = Apart(
                provision=provision, text=row.text("text"), since=row.date("from"),
                instead="" if is_reserved else row.text("instead", default=""),
                is_reserved=is_reserved, source=table.toml.source,
            )  # fmt: skip
            row.finish()
            yield apart


def _check(row: Table, field: str, name: str, known: Collection[str], says: str) -> None:
    if name and name not in known:
        row.fault(field, says.format(repr(name[:80])), near_miss(name, known))
