# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Amendments on their way: deemed accepted when, in force when, and for whom not.

The day on which silence becomes acceptance and the day of entry into force are two fields.

Source:
    SOLAS 1974, VIII(b); International Health Regulations (2005), 59 to 62.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from comity.council.instrument.act import Act, Anomaly, Deed
from comity.council.instrument.instrument import (
    Amendment,
    Express,
    Instrument,
    Tacit,
    Unknown,
)
from comity.council.rule.decide import decide
from comity.council.rule.explain import explain
from comity.council.rule.floor import Answer, Floor
from comity.kernel.canonical import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """Where an amendment stands on a day.

    Args:
        closes: The last day on which an objection counts, or None.
        accepted_on: The day on which it is, or will be, accepted; None where stopped or
            not known.
        in_force_on: The day on which it is, or will be, in force.
        recorded_on: What the record says of that day, or None.
        outside: State to why it is not bound, or not yet.
        is_stopped: Whether enough objected in time; None where that cannot be told.
        says: One sentence.
    """

    name: str
    title: str
    adopted: dt.date
    notified: dt.date
    closes: dt.date | None
    accepted_on: dt.date | None
    in_force_on: dt.date | None
    recorded_on: dt.date | None
    outside: Mapping[str, str]
    is_stopped: bool | None
    says: str

    def to_json(self) -> dict[str, Json]:
        """Write it as plain JSON values."""
        days: dict[str, dt.date | None] = {
            "adopted": self.adopted, "notified": self.notified, "closes": self.closes,
            "accepted_on": self.accepted_on, "in_force_on": self.in_force_on,
            "recorded_on": self.recorded_on,
        }  # fmt: skip
        written: dict[str, Json] = {
            name: None if day is None else day.isoformat() for name, day in days.items()
        }
        return written | {
            "name": self.name, "title": self.title, "says": self.says,
            "outside": dict(sorted(self.outside.items())), "is_stopped": self.is_stopped,
        }  # fmt: skip


def timelines(
    instrument: Instrument, acts: Sequence[Act], parties: Iterable[str], as_of: dt.date
) -> tuple[tuple[Timeline, ...], tuple[Anomaly, ...]]:
    """Return each amendment's way, and the acts about amendments that count for nothing.

    Args:
        parties: States that are bound, for rules over parties.
    """
    anomalies = list[Anomaly]()
    known = {amendment.name: amendment for amendment in instrument.amendments}
    about: dict[str, list[Act]] = {name: [] for name in known}
    for act in acts:
        if act.deed not in _ABOUT:
            continue
        if act.amendment not in known:
            said = f"no amendment {act.amendment!r} is on record"
            anomalies.append(Anomaly(act=act, code="unknown_amendment", says=said))
        else:
            about[act.amendment].append(act)
    bound = frozenset(parties)
    found = []
    for name, amendment in known.items():
        timeline, late = _timeline(instrument, amendment, about[name], bound, as_of)
        found.append(timeline)
        anomalies.extend(late)
    return tuple(found), tuple(anomalies)


_ABOUT = frozenset({Deed.AMENDMENT_ACCEPTED, Deed.AMENDMENT_OBJECTED})


def _timeline(
    instrument: Instrument, amendment: Amendment, acts: Sequence[Act],
    parties: frozenset[str], as_of: dt.date,
) -> tuple[Timeline, list[Anomaly]]:  # fmt: skip
    match instrument.amending:
        case Tacit() as tacit:
            return _tacit(instrument, tacit, amendment, (acts, parties, as_of))
        case Express() as express:
            return _express(instrument, express, amendment, (acts, parties)), []
        case Unknown(reason=reason):
            return _plain(amendment, f"how it is amended is not known: {reason}"), []
        case _ as never:
            assert_never(never)


def _tacit(
    instrument: Instrument, tacit: Tacit, amendment: Amendment,
    said: tuple[Sequence[Act], frozenset[str], dt.date],
) -> tuple[Timeline, list[Anomaly]]:  # fmt: skip
    acts, parties, as_of = said
    closes = amendment.accepted_on or tacit.window.after(amendment.notified)
    late, outside = list[Anomaly](), dict[str, str]()
    for act in acts:
        until = _closes_for(amendment, act.state, closes)
        if act.deed is Deed.AMENDMENT_OBJECTED and act.on <= until:
            outside[act.state] = f"objected on {act.on}"
        else:
            code = "late_objection" if act.deed is Deed.AMENDMENT_OBJECTED else "not_needed"
            why = (
                f"objections counted until {until}" if act.on > until else "silence accepts it"
            )
            late.append(Anomaly(act=act, code=code, says=why))
    is_stopped = _is_stopped(instrument, tacit, parties, outside)
    if is_stopped is None and amendment.in_force_on is not None:
        is_stopped = False
    start = amendment.notified if tacit.from_notice else closes
    force = None if is_stopped else tacit.force.after(start)
    for state, (_, longer) in sorted(amendment.longer.items()):
        own = longer.after(amendment.notified)
        if state not in outside and as_of < own:
            outside[state] = f"has time until {own}"
    timeline = Timeline(
        name=amendment.name, title=amendment.title, adopted=amendment.adopted,
        notified=amendment.notified, closes=closes, recorded_on=amendment.in_force_on,
        accepted_on=None if is_stopped else closes, in_force_on=force, outside=outside,
        is_stopped=is_stopped,
        says=_tacit_says(tacit, closes, force, as_of, is_stopped=is_stopped),
    )  # fmt: skip
    return timeline, late


def _closes_for(amendment: Amendment, state: str, closes: dt.date) -> dt.date:
    longer = amendment.longer.get(state)
    return closes if longer is None else longer[0].after(amendment.notified)


def _is_stopped(
    instrument: Instrument, tacit: Tacit, parties: frozenset[str], outside: Mapping[str, str]
) -> bool | None:
    """Tell whether objections stop it; None where the parties or weights are not all held."""
    if tacit.stopped_by is None:
        return False
    if not instrument.is_complete:
        return None
    weights = instrument.weights
    if any(parties - table.values.keys() for table in weights.values()):
        return None
    objecting = dict.fromkeys(parties & outside.keys(), Answer.NO)
    floor = Floor(seats=parties, answers=objecting, groups=instrument.groups, weights=weights)
    return decide(tacit.stopped_by, floor).passed


def _tacit_says(
    tacit: Tacit, closes: dt.date, force: dt.date | None, as_of: dt.date, *,
    is_stopped: bool | None,
) -> str:  # fmt: skip
    if is_stopped:
        return f"stopped: {explain(tacit.stopped_by)}" if tacit.stopped_by else "stopped"
    doubt = ""
    if is_stopped is None:
        doubt = "; whether enough objected cannot be told, as not all parties are held here"
    deemed = "was deemed accepted" if closes <= as_of else "will be deemed accepted"
    if force is None:
        return f"{deemed} on {closes}{doubt}"
    enters = "in force since" if force <= as_of else "in force from"
    return f"{deemed} on {closes}, {enters} {force}{doubt}"


def _express(
    instrument: Instrument, express: Express, amendment: Amendment,
    said: tuple[Sequence[Act], frozenset[str]],
) -> Timeline:  # fmt: skip
    acts, parties = said
    accepted: dict[str, dt.date] = {}
    for act in acts:
        if act.deed is Deed.AMENDMENT_ACCEPTED and act.state in parties:
            accepted.setdefault(act.state, act.on)
    met_on = None
    for day in sorted(set(accepted.values())):
        answers = {state: Answer.YES for state, on in accepted.items() if on <= day}
        floor = Floor(
            seats=parties, answers=answers, groups=instrument.groups, weights=instrument.weights
        )
        if decide(express.rule, floor).passed:
            met_on = day
            break
    force = None if met_on is None else express.delay.after(met_on)
    silent = (
        {}
        if express.binds_all
        else dict.fromkeys(parties - accepted.keys(), "did not accept it")
    )
    outside = silent if force is not None else dict.fromkeys(parties, "it is not in force")
    says = f"it needs {explain(express.rule)}; {len(accepted)} accepted"
    if force is not None:
        says = f"accepted on {met_on}, in force from {force}"
    return Timeline(
        name=amendment.name, title=amendment.title, adopted=amendment.adopted,
        notified=amendment.notified, closes=None, accepted_on=met_on, in_force_on=force,
        recorded_on=amendment.in_force_on, outside=outside, is_stopped=False, says=says,
    )  # fmt: skip


def _plain(amendment: Amendment, says: str) -> Timeline:
    return Timeline(
        name=amendment.name, title=amendment.title, adopted=amendment.adopted,
        notified=amendment.notified, closes=None, accepted_on=None, in_force_on=None,
        recorded_on=amendment.in_force_on, outside={}, is_stopped=None, says=says,
    )  # fmt: skip
