# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Reservations: which stand, who objected in time, what the organ said.

Source:
    Vienna Convention on the Law of Treaties (1969), 19 to 23.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import assert_never

from comity.council.instrument.act import Act, Anomaly, Deed
from comity.council.instrument.entry import Consent
from comity.council.instrument.instrument import (
    ByOrgan,
    Instrument,
    Pairwise,
    Permitted,
    Prohibited,
    Unknown,
)
from comity.kernel.canonical import Json

WHOLE = "the whole"
"""Stands for the provisions of a reservation that names none."""


class Hold(Enum):
    """How a reservation stands by itself, the other states left aside."""

    STANDS = "stands"
    TO_CONFIRM = "to be confirmed"
    PENDING = "awaits the organ"
    ACCEPTED = "accepted by the organ"
    REFUSED = "refused by the organ"
    UNKNOWN = "cannot be told"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Objection:
    """One state's objection in time.

    Args:
        opposes_entry: It wants no treaty relation with the state that reserved.
        withdrawn_on: None while it stands.
    """

    state: str
    on: dt.date
    opposes_entry: bool
    withdrawn_on: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reservation:
    """One reservation of one state.

    Args:
        on: From which day it counts.
        provisions: Never empty; `WHOLE` where it names none.
        open_until: The last day on which an objection by a state that was bound then is in
            time; None where no state can object.
        accepted: State to the day on which it said that it accepts.
        why: One sentence on how it stands.
        is_example: Made up.
    """

    state: str
    on: dt.date
    provisions: tuple[str, ...]
    text: str
    hold: Hold
    why: str
    open_until: dt.date | None = None
    objections: tuple[Objection, ...] = ()
    accepted: Mapping[str, dt.date] = field(default_factory=dict)
    withdrawn_on: dt.date | None = None
    is_example: bool = False

    def to_json(self) -> dict[str, Json]:
        """Write it as plain JSON values."""
        return {
            "state": self.state, "on": self.on.isoformat(), "text": self.text,
            "provisions": list(self.provisions), "hold": self.hold.value, "why": self.why,
            "open_until": _day(self.open_until),
            "objections": [
                {"state": each.state, "on": each.on.isoformat(),
                 "opposes_entry": each.opposes_entry, "withdrawn_on": _day(each.withdrawn_on)}
                for each in self.objections
            ],
            "accepted": {state: _day(on) for state, on in sorted(self.accepted.items())},
            "withdrawn_on": _day(self.withdrawn_on), "example": self.is_example,
        }  # fmt: skip


def reservations_of(
    instrument: Instrument, acts: Sequence[Act], consents: Mapping[str, Consent]
) -> tuple[tuple[Reservation, ...], tuple[Anomaly, ...]]:
    """Return the reservations made, and the acts about reservations that count for nothing.

    Args:
        acts: In order, each once.
    """
    register = _Register(instrument=instrument, consents=consents, acts=acts)
    return tuple(register.reservations()), tuple(register.anomalies)


@dataclass(slots=True, kw_only=True)
class _Register:
    instrument: Instrument
    consents: Mapping[str, Consent]
    acts: Sequence[Act]
    anomalies: list[Anomaly] = field(default_factory=list)
    used: set[int] = field(default_factory=set)

    def reservations(self) -> Iterator[Reservation]:
        """Yield each reservation, then note every act that spoke of none."""
        for act in self._of(Deed.RESERVATION):
            found = self._reservation(act)
            if found is not None:
                yield found
        for place, act in enumerate(self.acts):
            if act.deed in _ABOUT and place not in self.used:
                says = _nothing(act, self.instrument)
                self.anomalies.append(Anomaly(act=act, code="about_nothing", says=says))

    def _of(self, *deeds: Deed) -> Iterator[Act]:
        return (act for act in self.acts if act.deed in deeds)

    def _reservation(self, act: Act) -> Reservation | None:
        said = self._refused(act)
        if said is not None:
            code, says = said
            self.anomalies.append(Anomaly(act=act, code=code, says=says))
            return None
        if self._is_confirmed_later(act):
            return None
        withdrawn = next(self._about(act, Deed.RESERVATION_WITHDRAWN, by=act.state), None)
        hold, why = self._hold(act)
        pairwise = isinstance(self.instrument.reservations, Pairwise)
        return Reservation(
            state=act.state, on=act.on, provisions=act.provisions or (WHOLE,), text=act.text,
            hold=hold if withdrawn is None else Hold.WITHDRAWN,
            why=why if withdrawn is None else f"withdrawn on {withdrawn.on}",
            open_until=self._open_until(act, None) if pairwise else None,
            objections=tuple(self._objections(act)) if pairwise else (),
            accepted=dict(self._accepted(act)) if pairwise else {},
            withdrawn_on=None if withdrawn is None else withdrawn.on,
            is_example=act.ground.is_example,
        )  # fmt: skip

    def _refused(self, act: Act) -> tuple[str, str] | None:
        consent, named = self.consents.get(act.state), frozenset(act.provisions)
        match self.instrument.reservations:
            case Prohibited():
                return "prohibited", "the instrument permits no reservation (19(a))"
            case Permitted(provisions=listed) if not named or named - listed:
                permitted = ", ".join(sorted(listed)) or "none"
                return (
                    "not_permitted",
                    f"reservations are permitted only to {permitted} (19(b))",
                )
            case Pairwise(excluded=excluded) if named & excluded:
                barred = ", ".join(sorted(named & excluded))
                return "excluded", f"no reservation may be made to {barred} (19(b))"
            case _:
                pass
        if consent is not None and act.on > consent.on:
            return "late", f"it was made after the consent of {consent.on} (19)"
        if consent is not None and act.on < consent.on and not self._is_confirmed_later(act):
            return (
                "not_confirmed",
                f"it was not confirmed with the consent of {consent.on} (23(2))",
            )
        return None

    def _is_confirmed_later(self, act: Act) -> bool:
        """Tell whether the same reservation was formally confirmed with the consent."""
        consent = self.consents.get(act.state)
        if consent is None or act.on >= consent.on:
            return False
        return any(
            other.on == consent.on and other.state == act.state
            and set(other.provisions) == set(act.provisions)
            for other in self._of(Deed.RESERVATION)
        )  # fmt: skip

    def _hold(self, act: Act) -> tuple[Hold, str]:
        if act.state not in self.consents:
            return Hold.TO_CONFIRM, "it must be confirmed with the consent to be bound (23(2))"
        match self.instrument.reservations:
            case ByOrgan() as by_organ:
                return self._by_organ(act, by_organ)
            case Unknown(reason=reason):
                return Hold.UNKNOWN, f"whether reservations may be made is not known: {reason}"
            case Permitted():
                return Hold.STANDS, "the instrument permits it; nobody need accept it (20(1))"
            case Pairwise():
                return Hold.STANDS, "each other state accepts it or objects (20(4))"
            case Prohibited():
                return Hold.UNKNOWN, "the instrument permits none"
            case _ as never:
                assert_never(never)

    def _by_organ(self, act: Act, by_organ: ByOrgan) -> tuple[Hold, str]:
        assumed = " unless the instrument says otherwise" if by_organ.assumed else ""
        deeds = (Deed.RESERVATION_ACCEPTED, Deed.RESERVATION_REFUSED)
        rulings = list(self._about(act, *deeds, by=by_organ.organ))
        if not rulings:
            why = f"the competent organ of {by_organ.organ} must accept it (20(3)){assumed}"
            return Hold.PENDING, why
        ruling = rulings[-1]
        accepted = ruling.deed is Deed.RESERVATION_ACCEPTED
        said = f"{ruling.on}, by {by_organ.organ} (20(3)){assumed}"
        return (Hold.ACCEPTED if accepted else Hold.REFUSED), f"ruled on {said}"

    def _about(self, reserved: Act, *deeds: Deed, by: str) -> Iterator[Act]:
        """Yield the acts of one author about a reservation, noting that they spoke of one."""
        for place, act in enumerate(self.acts):
            whose = act.towards or act.state
            named = set(act.provisions)
            if (
                act.deed in deeds and act.state == by and whose == reserved.state
                and act.on >= reserved.on
                and (not named or named & set(reserved.provisions))
            ):  # fmt: skip
                self.used.add(place)
                yield act

    def _objections(self, reserved: Act) -> Iterator[Objection]:
        for author in sorted(
            {act.state for act in self._of(Deed.OBJECTION)} - {reserved.state}
        ):
            for act in self._about(reserved, Deed.OBJECTION, by=author):
                until = self._open_until(reserved, author)
                if act.on > until:
                    said = f"an objection was in time until {until} (20(5))"
                    self.anomalies.append(Anomaly(act=act, code="late_objection", says=said))
                    continue
                gone = next(self._about(reserved, Deed.OBJECTION_WITHDRAWN, by=author), None)
                yield Objection(
                    state=author, on=act.on, opposes_entry=act.opposes_entry,
                    withdrawn_on=None if gone is None else gone.on,
                )  # fmt: skip

    def _accepted(self, reserved: Act) -> Iterator[tuple[str, dt.date]]:
        for author in sorted({act.state for act in self._of(Deed.RESERVATION_ACCEPTED)}):
            for act in self._about(reserved, Deed.RESERVATION_ACCEPTED, by=author):
                yield author, act.on

    def _open_until(self, reserved: Act, author: str | None) -> dt.date:
        period = self.instrument.reservations
        assert isinstance(period, Pairwise)  # noqa: S101 - asked of pairwise effects alone
        start, consent = reserved.known_to_others_on, self.consents.get(author or "")
        return period.period.after(start if consent is None else max(start, consent.on))


_ABOUT = frozenset({
    Deed.OBJECTION, Deed.OBJECTION_WITHDRAWN, Deed.RESERVATION_WITHDRAWN,
    Deed.RESERVATION_ACCEPTED, Deed.RESERVATION_REFUSED,
})  # fmt: skip


def _nothing(act: Act, instrument: Instrument) -> str:
    whose = act.towards or act.state
    if act.deed is Deed.OBJECTION and not isinstance(instrument.reservations, Pairwise):
        return "under this instrument the objection of a single state changes nothing"
    return f"no reservation of {whose} is held that this {act.deed.value} could speak of here"


def _day(day: dt.date | None) -> str | None:
    return None if day is None else day.isoformat()


def standing_among(reservations: Iterable[Reservation], state: str) -> tuple[Reservation, ...]:
    """Return the reservations of a state that are not withdrawn."""
    return tuple(
        one for one in reservations if one.state == state and one.hold is not Hold.WITHDRAWN
    )
