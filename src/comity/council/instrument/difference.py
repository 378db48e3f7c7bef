# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Differences: which member complies with which provision, differs, or has not stated.

A provision on which nothing was filed is never taken for complied with. Where a member says
that it differs, the difference stands in the place of the provision for that member.

Source:
    Convention on International Civil Aviation (1944), article 38.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from comity.council.instrument.act import Ground
from comity.kernel.canonical import Json


class Stands(Enum):
    """How a member's practice stands to a provision."""

    COMPLIES = "complies"
    DIFFERS = "differs"
    NOT_STATED = "not stated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """What a member stated of one provision.

    Args:
        since: The day from which it stands so.
        norm: Id of a norm of its own that stands in the place, or "".
    """

    state: str
    provision: str
    stands: Stands
    text: str
    since: dt.date
    ground: Ground
    norm: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One member and one provision.

    Args:
        because: What keeps the answer from being told, or ""; such a cell is not stated.
        reserved: How a reservation to it stands, or "".
    """

    state: str
    provision: str
    stands: Stands
    text: str = ""
    since: dt.date | None = None
    norm: str = ""
    because: str = ""
    reserved: str = ""
    ground: Ground | None = None

    def to_json(self) -> dict[str, Json]:
        """Write it as plain JSON values."""
        return {
            "state": self.state, "provision": self.provision, "stands": self.stands.value,
            "text": self.text, "since": None if self.since is None else self.since.isoformat(),
            "norm": self.norm, "because": self.because, "reserved": self.reserved,
            "ground": None if self.ground is None else self.ground.to_json(),
        }  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """Members by provisions, every cell given."""

    states: tuple[str, ...]
    provisions: tuple[str, ...]
    cells: tuple[tuple[Cell, ...], ...]

    def count(self, stands: Stands) -> int:
        """Count the cells that stand so."""
        return sum(cell.stands is stands for row in self.cells for cell in row)

    def to_json(self) -> dict[str, Json]:
        """Write it as plain JSON values."""
        return {
            "states": list(self.states), "provisions": list(self.provisions),
            "cells": [[cell.to_json() for cell in row] for row in self.cells],
            "counts": {stands.value: self.count(stands) for stands in Stands},
        }  # fmt: skip


def matrix_of(
    states: Iterable[str], provisions: Sequence[str], stated: Iterable[Stated], as_of: dt.date,
    reserved: Mapping[tuple[str, str], str],
) -> Matrix:  # fmt: skip
    """Return where each member stands on each provision on a day.

    Args:
        reserved: State and provision to how the reservation stands.
    """
    held: dict[tuple[str, str], list[Stated]] = {}
    for one in stated:
        if one.since <= as_of:
            held.setdefault((one.state, one.provision), []).append(one)
    rows = tuple(dict.fromkeys(states))
    cells = tuple(
        tuple(
            _cell((state, name), held.get((state, name), []), reserved.get((state, name), ""))
            for name in provisions
        )
        for state in rows
    )
    return Matrix(states=rows, provisions=tuple(provisions), cells=cells)


def _cell(at: tuple[str, str], said: Sequence[Stated], reserved: str) -> Cell:
    state, provision = at
    if not said:
        return Cell(
            state=state, provision=provision, stands=Stands.NOT_STATED, reserved=reserved
        )
    newest_day = max(one.since for one in said)
    newest = sorted(
        (one for one in said if one.since == newest_day),
        key=lambda one: (one.text, one.norm, one.ground.source),
    )
    if len({one.stands for one in newest}) > 1:
        words = " and ".join(sorted({one.stands.value for one in newest}))
        return Cell(
            state=state, provision=provision, stands=Stands.NOT_STATED, since=newest_day,
            because=f"it states both {words} from {newest_day}", reserved=reserved,
        )  # fmt: skip
    one = newest[-1]
    return Cell(
        state=state, provision=provision, stands=one.stands, text=one.text, since=one.since,
        norm=one.norm, reserved=reserved, ground=one.ground,
    )  # fmt: skip
