# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What is known to bind the demonstration projects: `packs/cooperation/hints/*.toml`."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from comity.files.answer import read_answers
from comity.files.cooperation import PROFILES, RECORDS
from comity.files.table import Table, open_table, settle
from comity.kernel.ids import MarketCode, NormId
from comity.law.cursor import near_miss
from comity.law.fact import Answer
from comity.law.market import is_market
from comity.law.norm import Role
from comity.law.pack import Library
from comity.law.scenario import EXPECTABLE

HINTS = RECORDS / "hints" / "demonstrations.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """One question that is put to a profile, and what its source says of it.

    Args:
        profile: Name of a shipped profile.
        says: What binds it or not, in words.
        hypothetical: What is supposed that no report gives; "" where nothing is.
        supposed: Answers that stand in for what no report gives.
        expects: Norm ids by what is expected of them, a word of `EXPECTABLE`.
    """

    profile: str
    says: str
    hypothetical: str
    market: MarketCode
    role: Role
    on: dt.date
    source: str
    supposed: Mapping[str, Answer]
    expects: Mapping[str, tuple[NormId, ...]]

    @property
    def path(self) -> Path:
        """Return where its profile lies."""
        return PROFILES / f"{self.profile}.toml"


def read_hints(library: Library, path: Path = HINTS) -> tuple[Hint, ...]:
    """Read the questions of a file.

    Raises:
        NotFound: No such file (`files.no_hints`).
        InvalidDocument: Any fault in it; all are listed (`files.hints`).
    """
    table = open_table(path, "hints")
    hints = tuple(_hint(row, library) for row in table.tables("hint"))
    table.finish()
    settle(table, "hints")
    return hints


def _hint(row: Table, library: Library) -> Hint:
    place = (*row.path, "suppose")
    supposed = row.inner("suppose")
    values = {} if supposed is None else supposed.row
    answers, faults = read_answers(row.toml, place, values, library)
    row.faults.extend(faults)
    market = row.text("market")
    if not is_market(market):
        row.fault("market", f"{market[:20]!r} is no market")
    on = row.date("on")
    if on is None:
        row.fault("on", "on is missing: the day whose law is asked about")
    hint = Hint(
        profile=row.word("profile", [path.stem for path in sorted(PROFILES.glob("*.toml"))]),
        says=row.text("says"),
        hypothetical=row.text("hypothetical", default=""),
        market=MarketCode(market),
        role=_role(row),
        on=on or dt.date.min,
        source=row.text("source"),
        supposed=answers,
        expects=_expects(row, library),
    )
    if hint.supposed and not hint.hypothetical:
        row.fault("suppose", "what is supposed is said: hypothetical = …")
    row.finish()
    return hint


def _role(row: Table) -> Role:
    known = {role.value: role for role in Role}
    return known.get(row.word("role", known), Role.PROVIDER)


def _expects(row: Table, library: Library) -> dict[str, tuple[NormId, ...]]:
    inner = row.inner("expect")
    if inner is None or not inner.row:
        row.fault("expect", "it expects nothing")
        return {}
    found: dict[str, tuple[NormId, ...]] = {}
    for word in inner.row:
        if word not in EXPECTABLE:
            inner.fault(word, f"nothing is {word!r}", near_miss(word, EXPECTABLE))
        names = inner.texts(word)
        for name in names:
            if name not in library.norms:
                inner.fault(word, f"no norm is named {name!r}", near_miss(name, library.norms))
        found[word] = tuple(NormId(name) for name in names)
    return found
