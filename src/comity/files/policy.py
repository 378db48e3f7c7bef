# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What a member relies on, as TOML: which bank, whom it trusts, which route, which risk."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from comity.errors import Fault, InvalidDocument
from comity.evidence.recognition import Policy, Route
from comity.files.text import read_text
from comity.files.toml import Path as TomlPath
from comity.files.toml import Toml, read_toml
from comity.kernel.ids import MemberId
from comity.kernel.instant import Instant
from comity.law.cursor import near_miss

_FIELDS = (
    "bank", "trusts", "route", "risk", "threshold", "requires", "note", "accreditors",
    "testers", "max_age_days", "countersigned", "third",
)  # fmt: skip
_LEAST_DIGITS = 16
_MOST_DAYS = 36_500


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a policy may speak of.

    Args:
        members: Ids by what the node calls them; an id, or its first 16 digits, does too.
        categories: Names by bank; a bank that is not there may have any.
    """

    members: Mapping[str, MemberId]
    categories: Mapping[str, Collection[str]]


def read_policy(path: Path, known: Known, now: Instant) -> Policy:
    """Read a policy from a file.

    Raises:
        NotFound: The file cannot be read.
        InvalidDocument: Any fault in it, each with its place.
    """
    return policy_from_toml(read_text(path, "policy"), known, now, source=str(path))


def policy_from_toml(
    text: str, known: Known, now: Instant, *, source: str = "policy"
) -> Policy:
    """Read a policy from TOML text.

    Raises:
        InvalidDocument: Not TOML, or faults in what it says, all listed with their places.
    """
    reader = _Reader(toml=read_toml(text, source=source), known=known, faults=[])
    policy = reader.policy(now)
    if reader.faults:
        found = sorted(reader.faults, key=lambda fault: (fault.line or 0, fault.column or 0))
        raise _refused(source, found)
    return policy


@dataclass(slots=True)
class _Reader:
    """Reads one document and notes every fault at its place."""

    toml: Toml
    known: Known
    faults: list[Fault]

    def policy(self, now: Instant) -> Policy:
        """Read the whole."""
        for name in self.toml.values:
            if name not in _FIELDS:
                self._fault(
                    (name,), f"a policy has no field {name!r}", near_miss(name, _FIELDS)
                )
        bank = self._text("bank")
        return Policy(
            issued=now,
            bank=bank,
            trusts=self._trusts(),
            route=self._route(),
            risk=self._risk(),
            threshold=self._threshold(),
            requires=self._requires(bank),
            note=self._text("note", is_needed=False),
            accreditors=self._members("accreditors"),
            testers=self._whole("testers", 1) or 1,
            max_age_days=self._whole("max_age_days", None),
            countersigned=self._flag("countersigned"),
            third=self._flag("third"),
        )

    def _text(self, name: str, *, is_needed: bool = True) -> str:
        value = self.toml.values.get(name, None if is_needed else "")
        if isinstance(value, str) and (value.strip() or not is_needed):
            return value.strip()
        self._fault((name,), f"{name} is missing or no text")
        return ""

    def _words(self, name: str, *, is_needed: bool) -> tuple[str, ...]:
        value = self.toml.values.get(name, None if is_needed else [])
        if isinstance(value, list) and all(isinstance(word, str) and word for word in value):
            for place, word in enumerate(value):
                if word in value[:place]:
                    self._fault((name, place), f"{word!r} stands twice")
            return tuple(value)
        self._fault((name,), f"{name} is missing or no list of names")
        return ()

    def _trusts(self) -> tuple[MemberId, ...]:
        has_others = bool(self.toml.values.get("accreditors"))
        if self.toml.values.get("trusts") == [] and not has_others:
            self._fault(("trusts",), "trusts nobody, so nothing could ever be recognised")
        return self._members("trusts", is_needed=not has_others)

    def _members(self, field: str, *, is_needed: bool = False) -> tuple[MemberId, ...]:
        names = self._words(field, is_needed=is_needed)
        found = [self._member(name, (field, place)) for place, name in enumerate(names)]
        return tuple(dict.fromkeys(one for one in found if one is not None))

    def _whole(self, name: str, default: int | None) -> int | None:
        value = self.toml.values.get(name, default)
        if value is default or (type(value) is int and 1 <= value <= _MOST_DAYS):
            return value if isinstance(value, int) else default
        self._fault((name,), f"{name} is not a whole number from 1 to {_MOST_DAYS}")
        return default

    def _flag(self, name: str) -> bool:
        value = self.toml.values.get(name, False)
        if not isinstance(value, bool):
            self._fault((name,), f"{name} is not true or false")
        return value is True

    def _member(self, name: str, place: TomlPath) -> MemberId | None:
        if name in self.known.members:
            return self.known.members[name]
        ids = set(self.known.members.values())
        begun = [one for one in ids if len(name) >= _LEAST_DIGITS and one.startswith(name)]
        if len(begun) == 1:
            return begun[0]
        near = near_miss(name, self.known.members)
        self._fault(place, f"no followed member is called {name!r}", near)
        return None

    def _route(self) -> Route:
        word = self._text("route")
        routes = {route.value: route for route in Route}
        if word and word not in routes:
            message = f"{word!r} is no route: {', '.join(routes)}"
            self._fault(("route",), message, near_miss(word, routes))
        return routes.get(word, Route.PLAN)

    def _risk(self) -> Fraction:
        value = self.toml.values.get("risk")
        if isinstance(value, Decimal) and value.is_finite() and 0 < value < 1:
            return Fraction(value)
        self._fault(("risk",), "risk is not a number between 0 and 1, such as 0.01")
        return Fraction(1, 2)

    def _threshold(self) -> Fraction:
        value = self.toml.values.get("threshold")
        if isinstance(value, Decimal) and value.is_finite() and 0 < value < 1:
            return Fraction(value)
        message = "threshold is not a number between 0 and 1, such as 0.9"
        self._fault(("threshold",), message)
        return Fraction(1, 2)

    def _requires(self, bank: str) -> tuple[str, ...]:
        names = self._words("requires", is_needed=False)
        there = self.known.categories.get(bank)
        for place, name in enumerate(names):
            if there is not None and name not in there:
                message = f"the bank {bank!r} has no category {name!r}"
                self._fault(("requires", place), message, near_miss(name, there))
        return names

    def _fault(self, path: TomlPath, message: str, near: str | None = None) -> None:
        self.faults.append(self.toml.fault(path, message, near=near))


def _refused(source: str, faults: list[Fault]) -> InvalidDocument:
    return InvalidDocument(
        "not a policy",
        code="files.policy",
        hint="docs/how-to/rely-on-a-finding.md shows one",
        source=source,
        faults=faults,
    )
