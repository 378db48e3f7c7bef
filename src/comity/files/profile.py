# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Profiles as TOML: what an author answers, with every fault at its line and column."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from itertools import chain
from pathlib import Path

from comity.errors import Fault, InvalidDocument
from comity.files.answer import AnswerReader
from comity.files.materials.row import material_of
from comity.files.text import read_text
from comity.files.toml import Path as TomlPath
from comity.files.toml import Toml, read_toml
from comity.kernel.ids import MarketCode
from comity.kernel.localtext import LocalText
from comity.kernel.material import Material
from comity.law.cursor import near_miss
from comity.law.fact import Answer
from comity.law.market import is_market
from comity.law.norm import Role
from comity.law.pack import Library
from comity.law.profile import Change, Profile

_FIELDS = (
    "system", "version", "provider", "example", "roles", "markets", "name", "purpose",
    "facts", "change", "material",
)  # fmt: skip
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def read_profile(path: Path, library: Library) -> Profile:
    """Read a profile from a file.

    Raises:
        NotFound: No such file.
        InvalidDocument: Any fault in it; all are listed (code `files.profile`).
    """
    return profile_from_toml(read_text(path, "profile"), library, source=str(path))


def profile_from_toml(text: str, library: Library, *, source: str = "profile") -> Profile:
    """Read a profile from TOML text.

    Raises:
        InvalidDocument: Not TOML (`files.toml`), or faults in what it says, all listed
            with their places (`files.profile`).
    """
    toml = read_toml(text, source=source)
    reader = _Reader(toml)
    reader.known_only((), toml.values, _FIELDS)
    answering = AnswerReader(toml=toml, library=library)
    said = answering.sayings(("facts",), reader.table("facts"))
    changes = sorted(answering.changes(toml.values.get("change", [])), key=_day)
    profile = Profile(
        system=reader.slug(),
        version=reader.text("version"),
        name=reader.local_text("name"),
        purpose=reader.local_text("purpose"),
        provider=reader.text("provider"),
        example=reader.flag("example"),
        roles=reader.roles(),
        markets=reader.markets(),
        answers=said.answers,
        materials=tuple(reader.materials()),
        in_market=said.in_market,
        changes=tuple(change for change, _ in changes),
        remarks=tuple(chain(said.remarks, *(remarks for _, remarks in changes))),
    )
    _agree(profile, answering)
    reader.faults.extend(answering.faults)
    if reader.faults:
        raise _refused(source, sorted(reader.faults, key=_order))
    return profile


def _agree(profile: Profile, reader: AnswerReader) -> None:
    """Hold the answers against the axioms, in each market, from each day on."""
    places = reader.toml.places
    nowhere = MarketCode("")
    markets = {nowhere, *profile.in_market}.union(*(each.in_market for each in profile.changes))
    days = [dt.date.min, *(change.on for change in profile.changes)]
    held: set[frozenset[tuple[str, Answer]]] = set()
    for day in days:
        tables = [("facts",), *_changes_until(day, reader.toml)]
        for market in sorted(markets):
            answers = profile.answers_in(market, day)
            if frozenset(answers.items()) in held:
                continue
            held.add(frozenset(answers.items()))
            origin = {
                fact: (*table, *inner, fact)
                for inner in ((), (market,))
                for table in tables
                for fact in answers
                if (*table, *inner, fact) in places
            }
            reader.agree(answers, origin)


def _changes_until(day: dt.date, toml: Toml) -> list[TomlPath]:
    """Return where the answers of the changes stand that hold on a day, earliest first."""
    rows = toml.values.get("change", [])
    dated = [
        (row["on"], position)
        for position, row in enumerate(rows if isinstance(rows, list) else [])
        if isinstance(row, Mapping) and type(row.get("on")) is dt.date
    ]
    return [("change", position, "facts") for on, position in sorted(dated) if on <= day]


def _day(each: tuple[Change, object]) -> dt.date:
    return each[0].on


class _Reader:
    """Reads the fields of a profile; faults gather here."""

    def __init__(self, toml: Toml) -> None:
        self.toml = toml
        self.faults: list[Fault] = []

    def fault(self, path: TomlPath, message: str, *, near: str | None = None) -> None:
        """Note a fault."""
        self.faults.append(self.toml.fault(path, message, near=near))

    def known_only(
        self, path: TomlPath, table: Mapping[str, object], known: Iterable[str]
    ) -> None:
        """Note every field that a profile does not have."""
        for name in table:
            if name not in known:
                message = f"a profile has no field {name!r}; answers stand under [facts]"
                self.fault((*path, name), message, near=near_miss(name, known))

    def table(self, name: str) -> Mapping[str, object]:
        """Return a table, empty where there is none."""
        value = self.toml.values.get(name, {})
        if isinstance(value, Mapping):
            return value
        self.fault((name,), f"{name} is not a table: write [{name}]")
        return {}

    def slug(self) -> str:
        """Return the system's slug."""
        value = self.toml.values.get("system")
        if value is None:
            self.fault((), 'the profile needs a line such as system = "relief-translator"')
        elif not isinstance(value, str) or not _SLUG.fullmatch(value):
            self.fault(("system",), "system is not lower-case words joined by hyphens")
        return str(value)

    def text(self, name: str) -> str:
        """Return a text, empty where there is none."""
        value = self.toml.values.get(name, "")
        if not isinstance(value, str):
            self.fault((name,), f"{name} is not a text")
        return str(value)

    def flag(self, name: str) -> bool:
        """Return a boolean, false where there is none."""
        value = self.toml.values.get(name, False)
        if not isinstance(value, bool):
            self.fault((name,), f"{name} is neither true nor false")
        return value is True

    def local_text(self, name: str) -> LocalText:
        """Return a text by language; a bare text is English."""
        value = self.toml.values.get(name, "")
        if isinstance(value, str):
            return LocalText(by_tag={"en": value})
        if not isinstance(value, Mapping):
            self.fault((name,), f"{name} is neither a text nor a table of texts by language")
            return LocalText(by_tag={"en": ""})
        wrong = [tag for tag, text in value.items() if not isinstance(text, str)]
        for tag in wrong:
            self.fault((name, tag), f"{name}.{tag} is not a text")
        if "en" not in value:
            self.fault((name,), f"{name} has no English text: write en = …")
        return LocalText(by_tag={"en": "", **{tag: str(text) for tag, text in value.items()}})

    def roles(self) -> tuple[Role, ...]:
        """Return the roles of the author."""
        known = {role.value: role for role in Role}
        found = []
        for position, word in self._words("roles"):
            if word in known:
                found.append(known[word])
            else:
                message = f"{word!r} is no role: {', '.join(known)}"
                self.fault(("roles", position), message, near=near_miss(word, known))
        return tuple(dict.fromkeys(found))

    def markets(self) -> tuple[MarketCode, ...] | None:
        """Return the markets, or None where the profile does not say."""
        if "markets" not in self.toml.values:
            return None
        found = []
        for position, word in self._words("markets"):
            if not is_market(word):
                codes = "an ISO 3166-1 alpha-3 code, EU, or a body such as WAICO"
                message = f"{word!r} is no market: {codes}"
                near = near_miss(
                    word.upper(), ("EU", "CHN", "VNM", "BRA", "KHM", "SGP", "WAICO")
                )
                self.fault(("markets", position), message, near=near)
            found.append(MarketCode(word))
        return tuple(dict.fromkeys(found))

    def materials(self) -> Iterable[Material]:
        """Yield the components the system is made of."""
        rows = self.toml.values.get("material", [])
        if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
            self.fault(("material",), "material is not a list of tables: write [[material]]")
            return
        for position, row in enumerate(rows):
            yield self._component(("material", position), row)

    def _component(self, path: TomlPath, row: Mapping[str, object]) -> Material:
        def fault(field: tuple[str | int, ...], message: str, near: str | None) -> None:
            self.fault((*path, *field), message, near=near)

        return material_of(row, fault)

    def _words(self, name: str) -> Iterable[tuple[int, str]]:
        value = self.toml.values.get(name, [])
        words = [value] if isinstance(value, str) else value
        if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
            self.fault((name,), f"{name} is not a list of words")
            return []
        return enumerate(words)


def _refused(source: str, faults: list[Fault]) -> InvalidDocument:
    return InvalidDocument(
        "the profile has faults",
        code="files.profile",
        hint="docs/reference/profile.md lists every field; the vocabulary lists every fact",
        source=source,
        faults=faults,
    )


def _order(fault: Fault) -> tuple[int, int]:
    return fault.line or 0, fault.column or 0
