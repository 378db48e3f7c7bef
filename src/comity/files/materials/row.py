# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""One material as people write it: a table of a TOML file, or a row of a spreadsheet."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from comity.files.materials.country import no_state
from comity.kernel.material import MAX_DAYS, PPM, Material, Upstream
from comity.law.cursor import near_miss
from comity.law.market import EUROPEAN_UNION, STATES

Field: TypeAlias = tuple[str | int, ...]
FaultAt: TypeAlias = Callable[[Field, str, str | None], None]
"""Takes where in the row a fault is, what is wrong, and what was probably meant."""

BASES = ("text", "secondary", "memory", "weak")
"""How something is known: read in the text itself, in another's words, from memory, weakly."""

TEXTS = ("layer", "name", "supplier", "source")
CODES = ("jurisdiction", "territory", "owner", "chips")
NUMBERS = {"share_ppm": PPM, "substitutability_ppm": PPM, "recovery_days": MAX_DAYS}
FIELDS = (*TEXTS, *CODES, *NUMBERS, "basis", "upstream")
_LINK = ("name", "need", "share_ppm", "need_ppm")


def material_of(row: Mapping[str, object], fault: FaultAt) -> Material:
    """Read a material; every fault is noted, and the stand-in is never used after one."""
    reader = _Row(row=row, fault=fault, at=())
    reader.known_only(FIELDS, "material")
    for name in ("layer", "name"):
        if not str(row.get(name) or "").strip():
            fault((name,) if name in row else (), f"the material has no {name}", None)
    basis = reader.text("basis")
    if basis and basis not in BASES:
        near = near_miss(basis, BASES)
        fault(("basis",), f"{basis[:20]!r} is none of {', '.join(BASES)}", near)
    return Material(
        layer=reader.text("layer") or "",
        name=reader.text("name") or "",
        supplier=reader.text("supplier"),
        jurisdiction=reader.code("jurisdiction"),
        territory=reader.code("territory"),
        owner=reader.code("owner"),
        chips=reader.code("chips"),
        share_ppm=reader.number("share_ppm", PPM),
        substitutability_ppm=reader.number("substitutability_ppm", PPM),
        recovery_days=reader.number("recovery_days", MAX_DAYS),
        upstream=reader.upstream(),
        source=reader.text("source") or "",
        basis=basis or "",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    row: Mapping[str, object]
    fault: FaultAt
    at: Field

    def known_only(self, known: Sequence[str], what: str) -> None:
        for name in self.row:
            if name not in known:
                near = near_miss(name, known)
                self.fault((*self.at, name), f"a {what} has no field {name!r}", near)

    def text(self, name: str) -> str | None:
        value = self.row.get(name)
        if value is None or isinstance(value, str):
            return value if value and value.strip() else None
        self.fault((*self.at, name), f"{name} is not a text", None)
        return None

    def code(self, name: str) -> str | None:
        value = self.text(name)
        if value is not None and value not in STATES and value != EUROPEAN_UNION:
            self.fault((*self.at, name), *no_state(value))
        return value

    def number(self, name: str, high: int) -> int | None:
        value = self.row.get(name)
        if value is None or (type(value) is int and 0 <= value <= high):
            return value
        self.fault((*self.at, name), f"{name} is not an integer from 0 to {high}", None)
        return None

    def upstream(self) -> tuple[Upstream, ...]:
        value = self.row.get("upstream", [])
        if not isinstance(value, list):
            message = "upstream is not a list of names, or of tables with a name"
            self.fault((*self.at, "upstream"), message, None)
            return ()
        return tuple(self._link(("upstream", place), one) for place, one in enumerate(value))

    def _link(self, at: Field, value: object) -> Upstream:
        if isinstance(value, str):
            return Upstream(name=value)
        if not isinstance(value, Mapping) or not value.get("name"):
            self.fault(at, "upstream needs the name of another material", None)
            return Upstream(name="")
        link = _Row(row=value, fault=self.fault, at=at)
        link.known_only(_LINK, "upstream link")
        return Upstream(
            name=link.text("name") or "",
            need=link.text("need") or "",
            share_ppm=link.number("share_ppm", PPM),
            need_ppm=link.number("need_ppm", PPM),
        )
