# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Read the fields of a JSON object and gather every fault before refusing it."""

import difflib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import TypeVar, cast

from comity.errors import Fault, InvalidDocument
from comity.kernel.canonical import MAX_INTEGER, Json
from comity.kernel.digest import Digest, from_hex
from comity.kernel.ids import Origin
from comity.kernel.instant import Instant, from_posix, from_rfc3339
from comity.kernel.localtext import LocalText
from comity.kernel.reference import Reference, from_ratio_json, from_reference_json

T = TypeVar("T")

_NO_DIGEST = Digest(bytes(32))
_NO_REFERENCE = Reference(log=Origin("-"), index=0, sha256=_NO_DIGEST)


class Fields:
    """One object being read: each reader returns a stand-in and notes a fault if it must.

    Call `finish` (on the outermost one) before anything read is used; fields nobody read
    are in `rest`, so that what we do not know survives a round trip.
    """

    def __init__(self, value: object, *, place: str = "", faults: list[Fault]) -> None:
        self.place = place
        self.faults = faults
        self._seen: set[str] = set()
        self._values: Mapping[str, object] = {}
        if isinstance(value, Mapping):
            self._values = value
        else:
            self.fault("", "is not an object")

    def fault(self, name: str, message: str, *, near: str | None = None) -> None:
        """Note a fault at a field."""
        where = ".".join(part for part in (self.place, name) if part) or "the document"
        self.faults.append(Fault(message=f"{where} {message}", near=near))

    def has(self, name: str) -> bool:
        """Tell whether the field is there and not null."""
        return self._values.get(name) is not None

    def text(self, name: str, *, empty: bool = False) -> str:
        """Read a text."""
        value = self._get(name)
        if isinstance(value, str) and (value or empty):
            return value
        return self._wrong(name, value, "is not a text", "")

    def integer(self, name: str, *, low: int = 0, high: int = MAX_INTEGER) -> int:
        """Read an integer in a closed range."""
        value = self._get(name)
        if type(value) is int and low <= value <= high:
            return value
        return self._wrong(name, value, f"is not an integer from {low} to {high}", low)

    def flag(self, name: str) -> bool:
        """Read true or false."""
        value = self._get(name)
        if isinstance(value, bool):
            return value
        stand_in = False
        return self._wrong(name, value, "is not true or false", stand_in)

    def choice(self, name: str, options: Collection[str]) -> str:
        """Read one of a few words."""
        value = self._get(name)
        if isinstance(value, str) and value in options:
            return value
        listed = ", ".join(options)
        self._wrong(name, value, f"is not one of {listed}", "", near=_near(value, options))
        return next(iter(options))

    def value(self, name: str) -> Json:
        """Read any JSON value; it must be there, but may be null."""
        return cast("Json", self._get(name))

    def digest(self, name: str) -> Digest:
        """Read 64 lower-case hexadecimal digits."""
        return self._by(name, from_hex, _NO_DIGEST, kind=str)

    def ratio(self, name: str) -> Fraction:
        """Read `{"num", "den"}`."""
        return self._by(name, from_ratio_json, Fraction(0), kind=object)

    def reference(self, name: str) -> Reference:
        """Read a reference to another statement."""
        return self._by(name, from_reference_json, _NO_REFERENCE, kind=object)

    def instant(self, name: str) -> Instant:
        """Read an instant like 2026-11-21T19:19:24Z."""
        return self._by(name, from_rfc3339, from_posix(0), kind=str)

    def local_text(self, name: str) -> LocalText:
        """Read a text by language; English must be among them."""
        value = self._get(name)
        texts = isinstance(value, Mapping) and all(
            isinstance(part, str) and part for part in (*value, *value.values())
        )
        if texts and "en" in cast("Mapping[str, str]", value):
            return LocalText(by_tag=cast("Mapping[str, str]", value))
        stand_in = LocalText(by_tag={"en": ""})
        return self._wrong(name, value, "is not texts by language with en", stand_in)

    def optional(self, name: str, read: Callable[[str], T]) -> T | None:
        """Read a field that may be null or absent with one of the readers above."""
        self._seen.add(name)
        return read(name) if self.has(name) else None

    def nullable(self, name: str, read: Callable[[str], T]) -> T | None:
        """Read a field that must be there but may be null with one of the readers above."""
        value = self._get(name)
        return None if value is None or value is _Missing else read(name)

    def texts(self, name: str) -> tuple[str, ...]:
        """Read a list of texts."""
        values = self._list(name)
        if all(isinstance(value, str) and value for value in values):
            return tuple(cast("Sequence[str]", values))
        return self._wrong(name, values, "is not a list of texts", ())

    def integers(self, name: str, *, high: int = MAX_INTEGER) -> tuple[int, ...]:
        """Read a list of integers from 0."""
        values = self._list(name)
        if all(type(value) is int and 0 <= value <= high for value in values):
            return tuple(cast("Sequence[int]", values))
        return self._wrong(name, values, f"is not a list of integers from 0 to {high}", ())

    def pairs(self, name: str) -> tuple[tuple[int, int], ...]:
        """Read a list of two non-negative integers each."""
        found: list[tuple[int, int]] = []
        for position, value in enumerate(self._list(name)):
            match value:
                case [int(one), int(two)] if min(one, two) >= 0:
                    found.append((int(one), int(two)))
                case _:
                    self.fault(f"{name}[{position}]", "is not two integers of at least 0")
        return tuple(found)

    def counts(self, name: str) -> dict[str, int]:
        """Read an object of non-negative integers."""
        inner = self.inner(name)
        return {key: inner.integer(key) for key in inner.names()}

    def digests(self, name: str) -> tuple[Digest, ...]:
        """Read a list of digests."""
        try:
            return tuple(from_hex(text) for text in self.texts(name))
        except InvalidDocument as error:
            return self._wrong(name, None, f"is wrong: {error.message}", ())

    def references(self, name: str) -> tuple[Reference, ...]:
        """Read a list of references to other statements."""
        try:
            return tuple(from_reference_json(value) for value in self._list(name))
        except InvalidDocument as error:
            return self._wrong(name, None, f"is wrong: {error.message}", ())

    def inner(self, name: str) -> "Fields":
        """Read an object in the field."""
        value = self._get(name)
        if isinstance(value, Mapping):
            return Fields(value, place=self._path(name), faults=self.faults)
        self._wrong(name, value, "is not an object", None)
        return Fields({}, place=self._path(name), faults=[])

    def rows(self, name: str) -> "Iterable[Fields]":
        """Read a list of objects, each with its place."""
        return [
            Fields(value, place=f"{self._path(name)}[{position}]", faults=self.faults)
            for position, value in enumerate(self._list(name))
        ]

    def names(self) -> tuple[str, ...]:
        """Return the names of the fields that are there."""
        return tuple(self._values)

    def rest(self) -> dict[str, Json]:
        """Return the fields nobody has read."""
        return {
            name: cast("Json", value)
            for name, value in self._values.items()
            if name not in self._seen
        }

    def finish(self, message: str, *, code: str) -> None:
        """Refuse the document if any fault was noted.

        Raises:
            InvalidDocument: With every fault noted here and in inner objects.
        """
        if self.faults:
            raise InvalidDocument(message, code=code, faults=self.faults)

    def _path(self, name: str) -> str:
        return f"{self.place}.{name}" if self.place else name

    def _get(self, name: str) -> object:
        self._seen.add(name)
        if name not in self._values:
            unread = [key for key in self._values if key not in self._seen]
            near = _near(name, unread)  # what was written, not what should have been
            mistyped = "" if near is None else f"; did you mean it by {near!r}?"
            self.fault(name, f"is missing{mistyped}")
            return _Missing
        return self._values[name]

    def _list(self, name: str) -> Sequence[object]:
        value = self._get(name)
        if isinstance(value, list | tuple):
            return value
        return self._wrong(name, value, "is not a list", ())

    def _by(self, name: str, read: Callable[..., T], stand_in: T, *, kind: type) -> T:
        value = self._get(name)
        if value is _Missing:
            return stand_in
        if not isinstance(value, kind):
            return self._wrong(name, value, "is not a text", stand_in)
        try:
            return read(value)
        except InvalidDocument as error:
            self.fault(name, f"is wrong: {error.message}")
            return stand_in

    def _wrong(
        self, name: str, value: object, message: str, stand_in: T, near: str | None = None
    ) -> T:
        if value is not _Missing:
            self.fault(name, message, near=near)
        return stand_in


class _Missing:
    """Stands for a field that is not there, whose fault is already noted."""


def _near(value: object, options: Iterable[str]) -> str | None:
    found = difflib.get_close_matches(value, list(options), 1) if isinstance(value, str) else []
    return found[0] if found else None
