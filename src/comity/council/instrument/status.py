# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The whole state of an instrument on a day: a pure projection of its acts, in any order."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from comity.council.instrument.act import Act, Anomaly
from comity.council.instrument.amendment import Timeline, timelines
from comity.council.instrument.difference import Matrix, Stands, Stated, matrix_of
from comity.council.instrument.entry import Consent, InForce, in_force
from comity.council.instrument.instrument import (
    ByOrgan,
    Instrument,
    Missing,
    Pairwise,
    Permitted,
    Prohibited,
    Unknown,
)
from comity.council.instrument.pair import Pair, pairs_among
from comity.council.instrument.reservation import (
    WHOLE,
    Hold,
    Reservation,
    reservations_of,
)
from comity.council.instrument.standing import (
    Membership,
    Standing,
    consents_of,
    memberships,
    same_act,
    sift,
)
from comity.kernel.canonical import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Misstated:
    """A statement on a provision that cannot be placed; it counts for nothing."""

    stated: Stated
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """Everything that can be said of an instrument on a day.

    Args:
        later: Acts of days after that one.
        reserving: In one sentence, what becomes of reservations.
        missing: What nobody knows, clauses the record lacks included.
    """

    instrument: Instrument
    as_of: dt.date
    in_force: InForce
    members: tuple[Membership, ...]
    reservations: tuple[Reservation, ...]
    reserving: str
    pairs: tuple[Pair, ...]
    amendments: tuple[Timeline, ...]
    matrix: Matrix
    anomalies: tuple[Anomaly, ...]
    misstated: tuple[Misstated, ...]
    later: tuple[Act, ...]
    missing: tuple[Missing, ...]

    def of(self, *standings: Standing) -> tuple[Membership, ...]:
        """Return the states that stand so."""
        return tuple(row for row in self.members if row.standing in standings)

    @property
    def made_up(self) -> tuple[str, ...]:
        """Return the states whose signature or consent, counted here, is an example."""
        return tuple(
            row.state
            for row in self.members
            if any(act and act.ground.is_example for act in (row.signed, row.consented))
        )

    def to_json(self) -> dict[str, Json]:
        """Write everything a page or a table would show as plain JSON values."""
        instrument, entered = self.instrument, self.in_force
        return {
            "instrument": instrument.slug, "title": instrument.title,
            "as_of": self.as_of.isoformat(), "known_to": instrument.known_to.isoformat(),
            "is_example": instrument.is_example, "ground": instrument.ground.to_json(),
            "in_force": {
                "truth": entered.truth.value, "on": _day(entered.on),
                "met_on": _day(entered.met_on), "computed_on": _day(entered.computed_on),
                "recorded_on": _day(instrument.in_force_on), "needs": entered.says,
                "why": entered.why, "missing": list(entered.missing),
                "doubts": list(entered.doubts),
            },
            "counts": {
                standing.value: len(self.of(standing)) for standing in Standing
            },
            "made_up": list(self.made_up),
            "states": [_member_json(row) for row in self.members],
            "associates": [
                {
                    "state": one.state, "standing": one.standing, "on": one.on.isoformat(),
                    "ground": one.ground.to_json(),
                }
                for one in instrument.associates
            ],
            "reserving": self.reserving,
            "reservations": [one.to_json() for one in self.reservations],
            "pairs": [pair.to_json() for pair in self.pairs],
            "amendments": [timeline.to_json() for timeline in self.amendments],
            "matrix": self.matrix.to_json(),
            "anomalies": [anomaly.to_json() for anomaly in self.anomalies],
            "misstated": [
                {"state": each.stated.state, "provision": each.stated.provision,
                 "says": each.says}
                for each in self.misstated
            ],
            "later": [act.to_json() for act in self.later],
            "unknown": [{"about": one.about, "reason": one.reason} for one in self.missing],
        }  # fmt: skip


def status(
    instrument: Instrument, acts: Iterable[Act], as_of: dt.date, stated: Iterable[Stated] = ()
) -> Status:
    """Say where an instrument and every state stand on a day.

    Args:
        acts: Beside those on the instrument's own record, such as statements of states.
        stated: How members say they stand to its provisions.
    """
    sifted = sift(instrument, (*instrument.acts, *acts), as_of)
    plain = consents_of(instrument, sifted.acts)
    reservations, about_nothing = reservations_of(instrument, sifted.acts, plain)
    consents = _with_doubts(plain, reservations)
    entered = in_force(instrument, consents, as_of)
    members, impossible = memberships(instrument, sifted, consents, entered, as_of)
    bound = [row.state for row in members if row.is_bound(as_of)]
    amendments, untimely = timelines(instrument, sifted.acts, bound, as_of)
    placed, misstated = _placed(instrument, stated)
    return Status(
        instrument=instrument, as_of=as_of, in_force=entered, members=members,
        reservations=reservations, reserving=reserving_in_words(instrument),
        pairs=tuple(pairs_among(bound, reservations, as_of)), amendments=amendments,
        matrix=_matrix(instrument, members, placed, reservations, as_of),
        anomalies=_with_twins(
            (*sifted.anomalies, *impossible, *about_nothing, *untimely), sifted.again
        ),
        misstated=misstated, later=sifted.later,
        missing=(*instrument.missing, *_unknown_clauses(instrument)),
    )  # fmt: skip


def reserving_in_words(instrument: Instrument) -> str:
    """Say in one sentence what becomes of reservations."""
    match instrument.reservations:
        case Prohibited():
            return "No reservation may be made."
        case Permitted(provisions=provisions):
            listed = ", ".join(sorted(provisions)) or "none"
            return f"Reservations are permitted only to: {listed}."
        case Pairwise():
            said = "Each other state accepts or objects for itself, within 12 months"
            return f"{said} (Vienna Convention 20(4), 20(5))."
        case ByOrgan(organ=organ, assumed=assumed):
            said = f"A reservation needs the acceptance of the competent organ of {organ}"
            tail = ", unless the text, which was not seen, says otherwise" if assumed else ""
            return f"{said} (Vienna Convention 20(3)){tail}."
        case Unknown(reason=reason):
            return f"Whether reservations may be made is not known: {reason}."


def _with_doubts(
    consents: Mapping[str, Consent], reservations: Sequence[Reservation]
) -> dict[str, Consent]:
    found = dict(consents)
    for one in reservations:
        consent = found.get(one.state)
        if consent is not None and one.hold in _DOUBTFUL and not consent.doubt:
            found[one.state] = replace(consent, doubt=f"its reservation: {one.why}")
    return found


_DOUBTFUL = frozenset({Hold.PENDING, Hold.REFUSED, Hold.UNKNOWN})


def _placed(
    instrument: Instrument, stated: Iterable[Stated]
) -> tuple[list[Stated], tuple[Misstated, ...]]:
    known = instrument.provisions
    listed = () if isinstance(known, Unknown) else known
    may_differ = {one.name: one.may_differ for one in listed}
    placed, misplaced = list[Stated](), list[Misstated]()
    for one in sorted(stated, key=_in_order):
        if listed and one.provision not in may_differ:
            said = f"{instrument.slug} has no provision {one.provision!r}"
        elif one.stands is Stands.DIFFERS and not may_differ.get(one.provision, True):
            said = f"provision {one.provision} allows no difference"
        else:
            placed.append(one)
            continue
        misplaced.append(Misstated(stated=one, says=said))
    return placed, tuple(misplaced)


def _with_twins(anomalies: Sequence[Anomaly], again: Sequence[Act]) -> tuple[Anomaly, ...]:
    """Flag what another source says of a flagged act, too."""
    flagged = {same_act(one.act): one for one in anomalies}
    twins = (
        replace(flagged[same_act(act)], act=act) for act in again if same_act(act) in flagged
    )
    return (*anomalies, *twins)


def _in_order(one: Stated) -> tuple[object, ...]:
    ground = one.ground
    return one.state, one.provision, one.since, one.stands.value, one.text, ground.source


def _matrix(
    instrument: Instrument, members: Sequence[Membership], stated: Sequence[Stated],
    reservations: Sequence[Reservation], as_of: dt.date,
) -> Matrix:  # fmt: skip
    known = instrument.provisions
    listed = () if isinstance(known, Unknown) else tuple(one.name for one in known)
    reserved = {
        (one.state, name): one.hold.value
        for one in reservations for name in one.provisions
        if one.hold is not Hold.WITHDRAWN
    }  # fmt: skip
    named = {one.provision for one in stated} | {name for _, name in reserved} - {WHOLE}
    provisions = listed or tuple(sorted(named))
    consented = {row.state for row in members if row.consented is not None}
    states = sorted(consented | {one.state for one in stated})
    return matrix_of(states, provisions, stated, as_of, reserved)


def _unknown_clauses(instrument: Instrument) -> tuple[Missing, ...]:
    clauses: tuple[tuple[str, object], ...] = (
        ("entry into force", instrument.entry),
        ("provisional application", instrument.provisional),
        ("reservations", instrument.reservations),
        ("leaving", instrument.exit),
        ("amendment", instrument.amending),
        ("provisions", instrument.provisions),
        ("those who join later", getattr(instrument.entry, "later", None)),
    )
    return tuple(
        Missing(about=about, reason=clause.reason)
        for about, clause in clauses
        if isinstance(clause, Unknown)
    )


def _day(day: dt.date | None) -> str | None:
    return None if day is None else day.isoformat()


def _member_json(row: Membership) -> dict[str, Json]:
    return {
        "state": row.state, "standing": row.standing.value,
        "signed": None if row.signed is None else row.signed.to_json(),
        "consented": None if row.consented is None else row.consented.to_json(),
        "bound_from": _day(row.bound_from), "bound_until": _day(row.bound_until),
        "notes": list(row.notes), "acts": [act.to_json() for act in row.acts],
    }  # fmt: skip
