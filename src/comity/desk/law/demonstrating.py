# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The demonstration projects through `determine`: what is known to bind them, asked again."""

from collections.abc import Mapping
from dataclasses import dataclass

from comity.desk.law.duties import library, load_profile
from comity.files.hint import Hint, read_hints
from comity.kernel.canonical import Json
from comity.law.determine import Ruling, determine
from comity.law.scenario import EXPECTABLE


@dataclass(frozen=True, slots=True, kw_only=True)
class NormRow:
    """One norm, what its source says of it, and what the packs say.

    Args:
        expected: A word of the hints, such as "applies".
        found: The status that determine gives, in words.
        agrees: Whether the two are the same.
    """

    norm: str
    title: str
    expected: str
    found: str
    agrees: bool
    is_binding: bool

    def to_json(self) -> dict[str, Json]:
        """Write it."""
        return {
            "norm": self.norm,
            "title": self.title,
            "expected": self.expected,
            "found": self.found,
            "agrees": self.agrees,
            "binding": self.is_binding,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class HintSheet:
    """One question put to the profile of a demonstration project.

    Args:
        hypothetical: What is supposed that no report gives; "" where nothing is.
        counts: How many norms of the market have each status.
    """

    profile: str
    market: str
    role: str
    on: str
    says: str
    hypothetical: str
    source: str
    norms: tuple[NormRow, ...]
    counts: Mapping[str, int]

    @property
    def agrees(self) -> bool:
        """Tell whether every norm is what its source says."""
        return all(one.agrees for one in self.norms)

    def to_json(self) -> dict[str, Json]:
        """Write it."""
        return {
            "profile": self.profile,
            "market": self.market,
            "role": self.role,
            "on": self.on,
            "says": self.says,
            "hypothetical": self.hypothetical or None,
            "source": self.source,
            "norms": [one.to_json() for one in self.norms],
            "counts": dict(self.counts),
        }


def hint_sheets() -> tuple[HintSheet, ...]:
    """Determine each demonstration project as the hints ask, and hold the two together."""
    return tuple(map(hint_sheet, read_hints(library())))


def hint_sheet(hint: Hint) -> HintSheet:
    """Determine one profile as one hint asks."""
    packs = library()
    profile = load_profile(hint.path)
    for fact, answer in hint.supposed.items():
        profile = profile.answering(fact, answer, hint.market)
    found = determine(packs, profile, markets=[hint.market], on=hint.on, roles=[hint.role])
    rulings = {str(one.norm.name): one for one in found.rulings}
    counts: dict[str, int] = {}
    for one in found.rulings:
        counts[one.status.value] = counts.get(one.status.value, 0) + 1
    return HintSheet(
        profile=hint.profile,
        market=hint.market,
        role=hint.role.value,
        on=hint.on.isoformat(),
        says=hint.says,
        hypothetical=hint.hypothetical,
        source=hint.source,
        norms=tuple(
            _norm(name, word, rulings.get(name))
            for word, names in hint.expects.items()
            for name in names
        ),
        counts=counts,
    )


def _norm(name: str, word: str, ruling: Ruling | None) -> NormRow:
    return NormRow(
        norm=name,
        title="" if ruling is None else ruling.norm.title.in_language("en"),
        expected=word.replace("_", " "),
        found="not ruled on" if ruling is None else ruling.status.value,
        agrees=ruling is not None and ruling.status in EXPECTABLE[word],
        is_binding=ruling is not None and ruling.is_binding,
    )
