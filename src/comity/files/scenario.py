# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Scenarios on disk: `<instrument>.scenarios.toml` beside each pack."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from comity.errors import Fault, InvalidDocument
from comity.files.answer import read_answers
from comity.files.pack import read_document
from comity.files.toml import Toml, read_toml
from comity.kernel.ids import MarketCode, NormId
from comity.law.cursor import near_miss
from comity.law.norm import Role
from comity.law.pack import Library
from comity.law.scenario import EXPECTABLE, Scenario

_FIELDS = ("name", "source", "on", "role", "market", "facts", "expect")
SUFFIX = ".scenarios.toml"


def read_scenarios(path: Path, library: Library, *, name: str = "") -> tuple[Scenario, ...]:
    """Read the scenarios of one file.

    Raises:
        NotFound: No such file.
        InvalidDocument: Any fault in it; all are listed (code `files.scenario`).
    """
    document = read_document(path, name=name)
    toml = read_toml(document.text, source=document.name)
    rows = toml.values.get("scenario", [])
    faults: list[Fault] = []
    scenarios: list[Scenario] = []
    if not isinstance(rows, list) or not rows or set(toml.values) != {"scenario"}:
        faults.append(Fault(message="the file is not a list of [[scenario]] tables"))
        rows = []
    for position, row in enumerate(rows):
        reader = _Row(toml=toml, position=position, row=row, library=library, faults=faults)
        scenarios.append(reader.scenario())
    if faults:
        raise InvalidDocument(
            "the scenarios have faults",
            code="files.scenario",
            source=document.name,
            faults=faults,
        )
    return tuple(scenarios)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    toml: Toml
    position: int
    row: Mapping[str, object]
    library: Library
    faults: list[Fault]

    def scenario(self) -> Scenario:
        for field in self.row:
            if field not in _FIELDS:
                self._fault((field,), f"a scenario has no field {field!r}", field, _FIELDS)
        place = ("scenario", self.position, "facts")
        answers, faults = read_answers(self.toml, place, self._table("facts"), self.library)
        self.faults.extend(faults)
        return Scenario(
            name=self._text("name"),
            source=self._text("source"),
            on=self._date(),
            role=self._role(),
            market=MarketCode(self._text("market")),
            answers=answers,
            expects=self._expects(),
        )

    def _expects(self) -> dict[str, tuple[NormId, ...]]:
        norms = self.library.norms
        found: dict[str, tuple[NormId, ...]] = {}
        for word, ids in self._table("expect").items():
            if word not in EXPECTABLE:
                self._fault(("expect", word), f"nothing is {word!r}", word, EXPECTABLE)
            elif not isinstance(ids, list):
                self._fault(("expect", word), f"{word} is not a list of norm ids")
            else:
                for item, name in enumerate(ids):
                    if name not in norms:
                        path = ("expect", word, item)
                        self._fault(path, f"no norm is named {name!r}", str(name), norms)
                found[word] = tuple(NormId(str(name)) for name in ids)
        if not any(found.values()):
            self._fault((), "the scenario expects nothing")
        return found

    def _text(self, field: str) -> str:
        value = self.row.get(field)
        if not isinstance(value, str) or not value:
            self._fault((field,), f"the scenario needs a text {field}")
        return str(value)

    def _date(self) -> dt.date:
        value = self.row.get("on")
        if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
            return value
        self._fault(("on",), "the scenario needs a day: on = 2026-10-01")
        return dt.date(1, 1, 1)

    def _role(self) -> Role:
        known = {role.value: role for role in Role}
        value = self.row.get("role")
        if value not in known:
            self._fault(("role",), f"{value!r} is no role", str(value), known)
        return known.get(str(value), Role.PROVIDER)

    def _table(self, field: str) -> Mapping[str, object]:
        value = self.row.get(field, {})
        if isinstance(value, Mapping):
            return value
        self._fault((field,), f"{field} is not a table: write [scenario.{field}]")
        return {}

    def _fault(
        self, path: tuple[str | int, ...], message: str, word: str = "",
        known: Mapping[NormId, object] | Mapping[str, object] | tuple[str, ...] = (),
    ) -> None:  # fmt: skip
        full = ("scenario", self.position, *path)
        self.faults.append(self.toml.fault(full, message, near=near_miss(word, known)))
