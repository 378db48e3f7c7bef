# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What sweeping one part of a register gave; added up over parts, and written as JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self, cast

from comity.kernel.canonical import Json
from comity.law.sweep.question import OpenFact, ranked
from comity.law.sweep.tally import Counts, Tally


@dataclass(frozen=True, slots=True, kw_only=True)
class RowFault:
    """A cell that cannot be read, with the place of its row in the register.

    Args:
        row: From 1.
        system: The id of the row; "" where it has none.
    """

    row: int
    system: str
    column: str
    message: str
    near: str | None = None

    def __str__(self) -> str:
        """Say the row, its id and its column, then what is wrong."""
        named = f" (id {self.system})" if self.system else ""
        return f"row {self.row}{named}, column {self.column!r}: {self.message}"

    def to_json(self) -> Json:
        """Write the fault as plain JSON values."""
        return {
            "row": self.row, "id": self.system, "column": self.column,
            "message": self.message, "near": self.near,
        }  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """What a part of a register gave.

    Args:
        sampled: Rows in which open facts were counted.
        faults: The first of them; the tally counts every row that was left out.
    """

    tally: Tally
    sampled: int = 0
    open_facts: tuple[OpenFact, ...] = ()
    faults: tuple[RowFault, ...] = ()

    def plus(self, other: Self) -> "Swept":
        """Add what a later part gave."""
        return Swept(
            tally=self.tally.plus(other.tally),
            sampled=self.sampled + other.sampled,
            open_facts=ranked((*self.open_facts, *other.open_facts)),
            faults=(*self.faults, *other.faults),
        )

    def to_json(self) -> dict[str, Json]:
        """Write the result as plain JSON values; `swept_from` reads it back."""
        return {
            "tally": self.tally.to_json(),
            "sampled": self.sampled,
            "open_facts": [each.to_json() for each in self.open_facts],
            "faults": [each.to_json() for each in self.faults],
        }


def swept_from(plain: Mapping[str, object]) -> Swept:
    """Read what `Swept.to_json` wrote."""
    tally = cast("Mapping[str, object]", plain["tally"])
    counts = cast("Mapping[str, Sequence[int]]", tally["counts"])
    facts = cast("Sequence[Mapping[str, object]]", plain["open_facts"])
    faults = cast("Sequence[Mapping[str, object]]", plain["faults"])
    return Swept(
        tally=Tally(
            rows=cast("int", tally["rows"]),
            skipped=cast("int", tally["skipped"]),
            counts={name: cast("Counts", tuple(each)) for name, each in counts.items()},
        ),
        sampled=cast("int", plain["sampled"]),
        open_facts=tuple(_open_fact_from(each) for each in facts),
        faults=tuple(_fault_from(each) for each in faults),
    )


def _open_fact_from(plain: Mapping[str, object]) -> OpenFact:
    return OpenFact(
        fact=str(plain["fact"]),
        alone=cast("int", plain["alone"]),
        among=cast("int", plain["among"]),
    )


def _fault_from(plain: Mapping[str, object]) -> RowFault:
    return RowFault(
        row=cast("int", plain["row"]),
        system=str(plain["id"]),
        column=str(plain["column"]),
        message=str(plain["message"]),
        near=cast("str | None", plain["near"]),
    )
