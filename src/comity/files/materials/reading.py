# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A stranger's bill being read: faults gather with their places, nothing is trusted."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from comity.exposure.material.layer import LAYERS
from comity.files.materials.country import find_country
from comity.kernel.material import MAX_DAYS, PPM
from comity.law.cursor import near_miss

MAX_PARTS = 20_000
MAX_LINKS = 200_000
MAX_FAULTS = 100
MAX_DEPTH = 32

PREFIX = "comity:"
_CODES = ("jurisdiction", "territory", "owner", "chips")
_NUMBERS = {"share_ppm": PPM, "substitutability_ppm": PPM, "recovery_days": MAX_DAYS}
_WORDS = ("layer", *_CODES, *_NUMBERS)


@dataclass(slots=True)
class Reading:
    """Faults by place, and where each material stands.

    Args:
        places: Place in the document by position of the material.
    """

    faults: list[tuple[str, str, str | None]] = field(default_factory=list)
    places: dict[int, str] = field(default_factory=dict)

    def fault(self, place: str, message: str, *, near: str | None = None) -> None:
        """Note a fault; past a hundred nobody reads them."""
        if len(self.faults) < MAX_FAULTS:
            self.faults.append((place, message, near))

    def rows(self, value: object, place: str) -> Iterator[tuple[Mapping[str, object], str]]:
        """Yield the objects of a list, each with its place."""
        if value is None:
            return
        if not isinstance(value, list):
            self.fault(place, "is not a list")
            return
        if len(value) > MAX_PARTS:
            self.fault(place, f"has more than {MAX_PARTS:,} parts")
            return
        for position, one in enumerate(value):
            here = f"{place}[{position}]"
            if isinstance(one, Mapping):
                yield one, here
            else:
                self.fault(here, "is not an object")

    def text(self, row: Mapping[str, object], name: str, place: str) -> str | None:
        """Return a text, or None where there is none."""
        value = row.get(name)
        if value is None or isinstance(value, str):
            return value or None
        self.fault(f"{place}.{name}", "is not a text")
        return None

    def inner(
        self, row: Mapping[str, object], name: str, place: str
    ) -> tuple[Mapping[str, object], str]:
        """Return an object in a field, empty where there is none."""
        value, here = row.get(name), f"{place}.{name}"
        if value is None or isinstance(value, Mapping):
            return value or {}, here
        self.fault(here, "is not an object")
        return {}, here

    def country(self, text: str | None, place: str) -> str | None:
        """Return the code of a country."""
        if text is None:
            return None
        code = find_country(text)
        if code is None:
            message = f"{text[:40]!r} is no country: an ISO 3166-1 code, or an English name"
            self.fault(place, message)
        return code

    def say(self, name: str, value: object, place: str, said: dict[str, str | int]) -> None:
        """Read one of our own properties into what is said of a material.

        One that is said twice, and differently, is a fault: nobody knows which holds.
        """
        before = said.get(name.removeprefix(PREFIX))
        self._say(name, value, place, said)
        if before not in {None, said.get(name.removeprefix(PREFIX))}:
            self.fault(place, f"{name[:60]!r} stands twice, and says two things")

    def _say(self, name: str, value: object, place: str, said: dict[str, str | int]) -> None:
        word = name.removeprefix(PREFIX)
        if word not in _WORDS:
            near = near_miss(word, _WORDS)
            self.fault(place, f"no property is called {name[:60]!r}", near=near)
        elif not isinstance(value, str):
            self.fault(place, "the value of a property is a text")
        elif word in _NUMBERS:
            self._number(word, value, place, said)
        elif word in _CODES:
            code = self.country(value, place)
            if code is not None:
                said[word] = code
        elif value in LAYERS:
            said[word] = value
        else:
            message = f"{value[:40]!r} is none of {', '.join(LAYERS)}"
            self.fault(place, message, near=near_miss(value, LAYERS))

    def _number(self, word: str, value: str, place: str, said: dict[str, str | int]) -> None:
        high = _NUMBERS[word]
        if value.isascii() and value.isdigit() and len(value) < 9 and int(value) <= high:
            said[word] = int(value)
        else:
            self.fault(place, f"{value[:40]!r} is not a whole number from 0 to {high}")


def named(wanted: str, taken: dict[str, int]) -> str:
    """Return a name that no other material of the bill has.

    Args:
        taken: Names given so far, with how often each was wanted.
    """
    begun = name = wanted[:180]
    while name in taken:
        taken[begun] += 1
        name = f"{begun} ({taken[begun]})"
    taken[name] = 1
    return name
