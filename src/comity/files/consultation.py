# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A consultation as TOML, as a convener writes it: question, groups, thresholds, opinions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from comity.council.consult.consultation import Addition, Consultation, Stratum, Thresholds
from comity.council.consult.opinion import (
    MAX_NAME,
    MAX_OPINIONS,
    MAX_TEXT,
    LeftOut,
    Opinion,
    is_tag,
    name_flaw,
)
from comity.errors import Fault, InvalidDocument
from comity.files.text import read_text
from comity.files.toml import Path as TomlPath
from comity.files.toml import Toml, read_toml
from comity.kernel.alike import copies
from comity.kernel.digest import from_hex, sha256
from comity.kernel.ids import MemberId
from comity.kernel.instant import Instant, from_rfc3339
from comity.law.cursor import near_miss

MOST_DECIMALS = 9
_FIELDS = (
    "question", "groups_are", "opens", "closes", "adding", "thresholds", "strata", "opinions",
)  # fmt: skip
_LIMITS = ("agree", "found", "least_seen", "both_sides")


def read_consultation(
    path: Path, members: Mapping[str, MemberId], now: Instant
) -> Consultation:
    """Read a consultation from a file.

    Args:
        members: Ids by what the node calls them.
        now: When it opens, where the file does not say.

    Raises:
        NotFound: The file cannot be read.
        InvalidDocument: Any fault in it, each with its place.
    """
    text = read_text(path, "consultation")
    reader = _Reader(toml=read_toml(text, source=str(path)), faults=[])
    found = reader.consultation(members, now)
    reader.finish("not a consultation", "files.consultation")
    return found


def read_addition(path: Path) -> Addition:
    """Read opinions to add, and those left out with the reason, from a file.

    Raises:
        NotFound: The file cannot be read.
        InvalidDocument: Any fault in it, each with its place.
    """
    text = read_text(path, "opinions")
    reader = _Reader(toml=read_toml(text, source=str(path)), faults=[])
    reader.know((), ("opinions", "left_out"))
    added, out = reader.opinions(), reader.left_out()
    if not added and not out and not reader.faults:
        reader.fault((), "adds no [[opinions]] and leaves out none")
    reader.finish("no opinions to add", "files.opinions")
    return Addition(added=added, left_out=out)


@dataclass(slots=True)
class _Reader:
    """Reads one document and notes every fault at its place."""

    toml: Toml
    faults: list[Fault]

    def consultation(self, members: Mapping[str, MemberId], now: Instant) -> Consultation:
        """Read a whole consultation."""
        self.know((), _FIELDS)
        opens = self._instant("opens", now)
        closes = self._instant("closes", None)
        if closes <= opens and "closes" in self.toml.values:
            self.fault(("closes",), "closes is not after it opens")
        return Consultation(
            question=self._text((), "question", most=4000),
            kind=self._text((), "groups_are", most=200),
            strata=self._strata(members),
            opens=opens,
            closes=closes,
            thresholds=self._thresholds(),
            opinions=self.opinions(),
            adding=self._text((), "adding", most=4000, is_needed=False),
        )

    def opinions(self) -> tuple[Opinion, ...]:
        """Read [[opinions]]."""
        found = []
        for place, row in self._tables("opinions"):
            self.know(place, ("name", "text", "language", "seed"))
            seed = row.get("seed", False)
            if not isinstance(seed, bool):
                self.fault((*place, "seed"), "seed is not true or false")
            found.append(
                Opinion(
                    name=self._name(place),
                    text=self._text(place, "text", most=MAX_TEXT),
                    language=self._language(place),
                    is_seed=seed is True,
                )
            )
        if len(found) > MAX_OPINIONS:
            self.fault(("opinions",), f"more than {MAX_OPINIONS} opinions")
        self._distinct("opinions", [one.name for one in found])
        return tuple(found)

    def left_out(self) -> tuple[LeftOut, ...]:
        """Read [[left_out]]: by its text, or by the digest of a text that may not be shown."""
        found = []
        for place, row in self._tables("left_out"):
            self.know(place, ("name", "text", "sha256", "reason"))
            text = self._text(place, "text", most=MAX_TEXT, is_needed="sha256" not in row)
            digest = sha256(text.encode())
            if "sha256" in row:
                try:
                    digest = from_hex(str(row["sha256"]))
                except InvalidDocument as error:
                    self.fault((*place, "sha256"), error.message)
            found.append(
                LeftOut(
                    name=self._name(place),
                    sha256=digest,
                    reason=self._text(place, "reason", most=500),
                    text=text or None,
                )
            )
        self._distinct("left_out", [one.name for one in found])
        return tuple(found)

    def know(self, place: TomlPath, names: Sequence[str]) -> None:
        """Note fields nobody knows."""
        for name in self._at(place):
            if name not in names:
                self.fault((*place, name), f"no field {name!r}", near_miss(name, names))

    def fault(self, path: TomlPath, message: str, near: str | None = None) -> None:
        """Note a fault at its place."""
        self.faults.append(self.toml.fault(path, message, near=near))

    def finish(self, message: str, code: str) -> None:
        """Refuse the document where a fault was noted."""
        if self.faults:
            found = sorted(self.faults, key=lambda one: (one.line or 0, one.column or 0))
            hint = "docs/how-to/consult.md shows one"
            raise InvalidDocument(
                message, code=code, hint=hint, source=self.toml.source, faults=found
            )

    def _strata(self, members: Mapping[str, MemberId]) -> tuple[Stratum, ...]:
        found = []
        for place, _ in self._tables("strata"):
            self.know(place, ("name", "member"))
            called = self._text(place, "member", most=200)
            if called and called not in members and called not in members.values():
                near = near_miss(called, members)
                self.fault((*place, "member"), f"no followed member is called {called!r}", near)
            signer = members.get(called, MemberId(called))
            found.append(Stratum(name=self._name(place), signer=signer))
        if len(found) < 2:
            self.fault(("strata",), "strata: two groups at least, each a table [[strata]]")
        self._distinct("strata", [one.name for one in found])
        return tuple(found)

    def _thresholds(self) -> Thresholds:
        standard = Thresholds()
        given = self.toml.values.get("thresholds", {})
        if not isinstance(given, Mapping):
            self.fault(("thresholds",), "thresholds is not a table")
            return standard
        self.know(("thresholds",), _LIMITS)
        return Thresholds(
            agree=self._share(given, "agree", standard.agree),
            found=self._share(given, "found", standard.found),
            least_seen=self._whole(given, "least_seen", standard.least_seen, 1),
            both_sides=self._whole(given, "both_sides", standard.both_sides, 0),
        )

    def _share(self, given: Mapping[str, object], name: str, default: Fraction) -> Fraction:
        value = given.get(name)
        if value is None:
            return default
        if isinstance(value, Decimal) and value.is_finite() and 0 < value < 1:
            exponent = value.as_tuple().exponent
            if isinstance(exponent, int) and exponent >= -MOST_DECIMALS:
                return Fraction(value)
        self.fault(
            ("thresholds", name),
            f"{name} is not a number between 0 and 1 of at most {MOST_DECIMALS} decimals, such "
            "as 0.5",
        )
        return default

    def _whole(self, given: Mapping[str, object], name: str, default: int, low: int) -> int:
        value = given.get(name, default)
        if type(value) is int and low <= value <= 1_000_000:
            return value
        self.fault(("thresholds", name), f"{name} is not a whole number from {low}")
        return default

    def _instant(self, name: str, default: Instant | None) -> Instant:
        value = self.toml.values.get(name)
        if value is None and default is not None:
            return default
        try:
            return from_rfc3339(value if isinstance(value, str) else "")
        except InvalidDocument:
            self.fault((name,), f"{name} is no instant in quotes like 2026-11-21T19:19:24Z")
            return from_rfc3339("1970-01-01T00:00:00Z")

    def _text(self, place: TomlPath, name: str, *, most: int, is_needed: bool = True) -> str:
        value = self._at(place).get(name, None if is_needed else "")
        if not isinstance(value, str) or (is_needed and not value.strip()):
            self.fault((*place, name), f"{name} is missing or no text")
            return ""
        if len(value.strip()) > most:
            self.fault((*place, name), f"{name} is longer than {most} characters")
        return value.strip()

    def _name(self, place: TomlPath) -> str:
        name = self._text(place, "name", most=MAX_NAME)
        flaw = name_flaw(name) if 0 < len(name) <= MAX_NAME else None
        if flaw is not None:
            self.fault((*place, "name"), f"name {flaw}")
        return name

    def _language(self, place: TomlPath) -> str:
        language = self._text(place, "language", most=35)
        if language and not is_tag(language):
            self.fault((*place, "language"), "language is no tag such as en or pt-BR")
        return language

    def _tables(self, name: str) -> list[tuple[TomlPath, Mapping[str, object]]]:
        value = self.toml.values.get(name, [])
        if isinstance(value, list) and all(isinstance(row, Mapping) for row in value):
            return [((name, place), row) for place, row in enumerate(value)]
        self.fault((name,), f"{name} is not a list of tables [[{name}]]")
        return []

    def _at(self, place: TomlPath) -> Mapping[str, object]:
        value: object = self.toml.values
        for step in place:
            match value, step:
                case Mapping(), str():
                    value = value.get(step)
                case list(), int():
                    value = value[step]
        return value if isinstance(value, Mapping) else {}

    def _distinct(self, name: str, values: Sequence[str]) -> None:
        for place, said in copies(values):
            self.fault((name, place, "name"), f"{values[place]!r} {said}")
