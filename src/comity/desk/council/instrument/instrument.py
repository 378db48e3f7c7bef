# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Instruments: where every state stands, by the record and by what states say in their logs."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from comity.council.instrument.act import Act, Basis, Ground
from comity.council.instrument.difference import Stated
from comity.council.instrument.instrument import Instrument
from comity.council.instrument.pair import Pair, between
from comity.council.instrument.statement import (
    StatedAct,
    StatedDifference,
    act_from_predicate,
    difference_from_predicate,
)
from comity.council.instrument.status import Status, status
from comity.desk.log.shelf import Said, Shelf, place_of
from comity.desk.log.withdrawal import find_withdrawal
from comity.errors import Fault, InvalidDocument
from comity.files.instrument import get_instrument, shipped_instruments
from comity.kernel.canonical import Json
from comity.kernel.ids import MemberId

_T = TypeVar("_T")

MAX_STATEMENTS = 500
"""Statements of one kind by one member on one instrument that are heard."""

ACT = "instrument-act"
DIFFERENCE = "difference"


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """Who speaks in a log: as it names itself, which nothing here vouches for.

    Args:
        state: ISO 3166-1 alpha-3 code of the state it is a regulator of; "" where of none.
        is_example: Its keyset marks it as made up.
    """

    member: MemberId
    name: str
    state: str
    is_example: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """A statement about an instrument that counts for nothing, and why."""

    place: str
    says: str

    def to_json(self) -> dict[str, Json]:
        """Write it as plain JSON values."""
        return {"place": self.place, "says": self.says}


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What states say of instruments in the logs that a node follows."""

    acts: Mapping[str, tuple[Act, ...]] = field(default_factory=dict)
    stated: Mapping[str, tuple[Stated, ...]] = field(default_factory=dict)
    asides: Mapping[str, tuple[Aside, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class InstrumentSheet:
    """An instrument on a day, with what was set aside."""

    status: Status
    asides: tuple[Aside, ...] = ()

    def to_json(self) -> dict[str, Json]:
        """Write it as plain JSON values."""
        return self.status.to_json() | {"asides": [one.to_json() for one in self.asides]}


def listed(on: dt.date, heard: Heard | None = None) -> tuple[InstrumentSheet, ...]:
    """Return every instrument that comes with Comity, as it stands on a day."""
    return tuple(_sheet(one, on, heard) for one in shipped_instruments())


def instrument_sheet(name: str, on: dt.date, heard: Heard | None = None) -> InstrumentSheet:
    """Return where an instrument stands on a day.

    Args:
        name: Slug of a shipped one, or a file of one's own.
        heard: What states say in logs; None where no node is asked.

    Raises:
        NotFound: No such instrument.
        InvalidDocument: The file has faults; all are listed.
    """
    return _sheet(get_instrument(name), on, heard)


def pair_in(sheet: InstrumentSheet, one: str, other: str) -> Pair:
    """Return what holds between two states that are bound.

    Raises:
        InvalidDocument: They are the same, or one of them is not bound; all are listed.
    """
    found = sheet.status
    rows = {row.state: row for row in found.members}
    faults = []
    for state in dict.fromkeys((one, other)):
        row = rows.get(state)
        if row is None or not row.is_bound(found.as_of):
            standing = "has done nothing" if row is None else row.standing.value
            message = f"{state[:20]} is not bound on {found.as_of}: {standing}"
            faults.append(Fault(message=message))
    if one == other:
        faults.append(Fault(message=f"{one} is named twice"))
    if faults:
        raise InvalidDocument(
            "nothing holds between these two",
            code="desk.not_bound",
            hint=f"comity instrument status {found.instrument.slug} says who is bound",
            faults=faults,
        )
    begun = [row.bound_from for row in (rows[one], rows[other]) if row.bound_from is not None]
    return between((one, other), found.reservations, found.as_of, max(begun, default=None))


def hear(shelf: Shelf, speakers: Iterable[Speaker]) -> Heard:
    """Gather what states say of instruments: each for itself, nobody for another.

    A withdrawn statement counts for nothing, nor does one of which it cannot be said for
    which state it speaks.
    """
    known = {speaker.member: speaker for speaker in speakers}
    hearing = _Hearing(shelf=shelf, known=known)
    for said in shelf.of_kind(ACT):
        hearing.take(said, act_from_predicate)
    for said in shelf.of_kind(DIFFERENCE):
        hearing.take(said, difference_from_predicate)
    return Heard(
        acts=_frozen(hearing.acts), stated=_frozen(hearing.stated),
        asides=_frozen(hearing.asides),
    )  # fmt: skip


@dataclass(slots=True, kw_only=True)
class _Hearing:
    """Statements being gathered by the instrument they speak of."""

    shelf: Shelf
    known: Mapping[MemberId, Speaker]
    acts: dict[str, list[Act]] = field(default_factory=dict)
    stated: dict[str, list[Stated]] = field(default_factory=dict)
    asides: dict[str, list[Aside]] = field(default_factory=dict)
    spoken: Counter[tuple[str, str, MemberId]] = field(default_factory=Counter)

    def take(
        self, said: Said, read: Callable[[Mapping[str, Json]], StatedAct | StatedDifference]
    ) -> None:
        """Take one statement, or set it aside with the reason."""
        slug = str(said.statement.predicate.get("instrument", ""))
        count = (said.statement.kind, slug, said.member)
        self.spoken[count] += 1
        if self.spoken[count] > MAX_STATEMENTS:
            if self.spoken[count] == MAX_STATEMENTS + 1:
                why = f"from here on nothing is heard: {MAX_STATEMENTS} came before"
                self._set_aside(slug, said, why)
            return
        try:
            content = read(said.statement.predicate)
        except InvalidDocument as error:
            faults = "; ".join(str(fault) for fault in error.faults)
            self._set_aside(slug, said, faults or error.message)
            return
        speaker = self.known.get(said.member)
        why = _not_counted(self.shelf, said, content, speaker)
        if why or speaker is None:
            self._set_aside(slug, said, why)
            return
        ground = _ground(said, speaker, is_example=content.is_example)
        match content:
            case StatedAct():
                act = content.to_act(content.state or speaker.state, ground)
                self.acts.setdefault(slug, []).append(act)
            case StatedDifference():
                stated = content.to_stated(speaker.state, ground)
                self.stated.setdefault(slug, []).append(stated)

    def _set_aside(self, slug: str, said: Said, says: str) -> None:
        self.asides.setdefault(slug, []).append(_aside(said, says))


def _sheet(instrument: Instrument, on: dt.date, heard: Heard | None) -> InstrumentSheet:
    said = heard or Heard()
    slug = instrument.slug
    found = status(instrument, said.acts.get(slug, ()), on, said.stated.get(slug, ()))
    return InstrumentSheet(status=found, asides=said.asides.get(slug, ()))


def _not_counted(
    shelf: Shelf, said: Said, content: StatedAct | StatedDifference, speaker: Speaker | None
) -> str:
    if said.doubt:
        return said.doubt
    withdrawn = find_withdrawal(shelf, said)
    if withdrawn is not None:
        return f"withdrawn at {place_of(withdrawn.reference)}"
    if speaker is None:
        return "nothing is known of whose log it stands in"
    state = content.state if isinstance(content, StatedAct) else ""
    if not speaker.state:
        return f"{speaker.name} is no regulator, and speaks for no state"
    if state and state != speaker.state:
        return f"{speaker.name} is of {speaker.state} and speaks for {state}"
    return ""


def _ground(said: Said, speaker: Speaker, *, is_example: bool) -> Ground:
    counted = "" if said.is_counted else "its checkpoint lacks the cosignatures asked for"
    name = f"{speaker.name} (an example)" if speaker.is_example else speaker.name
    who = f"said by {name}, member {speaker.member[:16]}"
    note = f"{who}; nothing here vouches for the name"
    return Ground(
        basis=Basis.STATEMENT, source=place_of(said.reference),
        note="; ".join(filter(None, (note, counted))),
        is_example=is_example or speaker.is_example,
    )  # fmt: skip


def _aside(said: Said, says: str) -> Aside:
    return Aside(place=place_of(said.reference), says=says)


def _frozen(found: Mapping[str, list[_T]]) -> dict[str, tuple[_T, ...]]:
    return {slug: tuple(every) for slug, every in found.items()}
