# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Instruments as a register shows them: the shipped ones, and what states say in the logs."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from comity.council.instrument.standing import Standing
from comity.desk.council.instrument.instrument import (
    Heard,
    InstrumentSheet,
    hear,
    instrument_sheet,
    listed,
)
from comity.desk.council.instrument.saying import speakers_in
from comity.desk.register.published import public_shelf, published
from comity.desk.register.register import Register
from comity.desk.register.sheet import NodeSheet
from comity.errors import NotFound
from comity.files.instrument import shipped_instruments
from comity.law.cursor import near_miss


@dataclass(frozen=True, slots=True, kw_only=True)
class InstrumentRow:
    """One instrument in a list.

    Args:
        in_force: "true", "false" or "undetermined".
        since: The day of its entry into force; None where it is not in force, or not known.
        known_to: The day to which its record reaches.
        made_up: States whose signature or consent, counted here, is an example.
    """

    slug: str
    title: str
    in_force: str
    since: dt.date | None
    signed: int
    consented: int
    bound: int
    known_to: dt.date
    example: bool
    made_up: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InstrumentsSheet:
    """Every instrument on a day."""

    node: NodeSheet
    on: dt.date
    instruments: tuple[InstrumentRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class InstrumentAnswer:
    """One instrument on a day.

    Args:
        instrument: As `comity instrument status --json` writes it.
    """

    node: NodeSheet
    instrument: Mapping[str, Any]


def instruments_sheet(register: Register, *, on: dt.date | None = None) -> InstrumentsSheet:
    """List the instruments as they stand on a day, else on that of the register."""
    day = on or register.view.as_of.date()
    found = listed(day, _heard(register))
    return InstrumentsSheet(node=register.node(), on=day, instruments=tuple(map(_row, found)))


def find_status(register: Register, slug: str, *, on: dt.date | None = None) -> InstrumentSheet:
    """Return where an instrument stands on a day, else on that of the register.

    Raises:
        NotFound: No instrument that comes with Comity is called so; no file is read.
    """
    known = [one.slug for one in shipped_instruments()]
    if slug not in known:
        near = near_miss(slug[:100], known)
        raise NotFound(
            f"no instrument is called {slug[:100]!r}",
            code="desk.no_instrument",
            hint=f"did you mean {near!r}?" if near else f"there are {', '.join(known)}",
        )
    return instrument_sheet(slug, on or register.view.as_of.date(), _heard(register))


def answer_of(register: Register, sheet: InstrumentSheet) -> InstrumentAnswer:
    """Return a status as programs take it."""
    return InstrumentAnswer(node=register.node(), instrument=sheet.to_json())


def _heard(register: Register) -> Heard:
    """Gather what states say in public."""
    return hear(public_shelf(register), speakers_in(published(register)))


def _row(sheet: InstrumentSheet) -> InstrumentRow:
    found = sheet.status
    entered = found.in_force
    is_past = entered.on is not None and entered.on <= found.as_of
    return InstrumentRow(
        slug=found.instrument.slug,
        title=found.instrument.title,
        in_force=entered.truth.value,
        since=entered.on if is_past else None,
        signed=sum(row.signed is not None for row in found.members),
        consented=sum(row.consented is not None for row in found.members),
        bound=len(found.of(Standing.PARTY, Standing.LEAVING)),
        known_to=found.instrument.known_to,
        example=found.instrument.is_example,
        made_up=len(found.made_up),
    )
