# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Where each state stands: its acts taken in order, the impossible ones set aside."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import assert_never

from comity.council.instrument.act import CONSENTS, Act, Anomaly, Basis, Deed, in_order
from comity.council.instrument.delay import FIRST_DAY, LAST_DAY, Delay
from comity.council.instrument.entry import Consent, InForce
from comity.council.instrument.instrument import (
    Entry,
    Exit,
    Instrument,
    NotProvided,
    Unknown,
)


class Standing(Enum):
    """What a state is to an instrument on a day."""

    NONE = "none"
    SIGNATORY = "signatory"
    PROVISIONAL = "applies it provisionally"
    CONTRACTING = "consented, not yet bound"
    PARTY = "party"
    LEAVING = "party, leaving"
    FORMER = "no longer a party"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sifted:
    """Acts in order, each once, with those that cannot be and those yet to come."""

    acts: tuple[Act, ...]
    again: tuple[Act, ...]
    later: tuple[Act, ...]
    anomalies: tuple[Anomaly, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """Where one state stands.

    Args:
        consented: The act that counts as its consent, or None.
        bound_from: The day from which it is bound; None where it is not, or not known.
        bound_until: The first day on which it is bound no longer, or None.
        notes: What must be known beside it, one sentence each.
        acts: All that is held of it, corroborating ones included.
    """

    state: str
    standing: Standing
    signed: Act | None
    consented: Act | None
    bound_from: dt.date | None
    bound_until: dt.date | None
    notes: tuple[str, ...]
    acts: tuple[Act, ...]

    def is_bound(self, on: dt.date) -> bool:
        """Tell whether it is bound on a day."""
        begins, ends = self.bound_from, self.bound_until
        return begins is not None and begins <= on and (ends is None or on < ends)


def sift(instrument: Instrument, acts: Iterable[Act], as_of: dt.date) -> Sifted:
    """Put acts in order, whatever order they came in, and set aside what cannot be."""
    kept: dict[tuple[object, ...], Act] = {}
    again, later, anomalies = list[Act](), list[Act](), list[Anomaly]()
    for act in sorted(acts, key=in_order):
        impossible = _impossible(instrument, act)
        if impossible is not None:
            anomalies.append(impossible)
        elif act.on > as_of:
            later.append(act)
        elif same_act(act) in kept:
            again.append(act)
        else:
            kept[same_act(act)] = act
    return Sifted(
        acts=tuple(kept.values()), again=tuple(again), later=tuple(later),
        anomalies=tuple(anomalies),
    )  # fmt: skip


def consents_of(instrument: Instrument, acts: Sequence[Act]) -> Mapping[str, Consent]:
    """Return each state's first consent to be bound, with what makes it doubtful."""
    has_signatures = any(act.deed is Deed.SIGNATURE for act in acts)
    found: dict[str, Consent] = {}
    signed: set[str] = set()
    for act in acts:
        if act.deed is Deed.SIGNATURE:
            signed.add(act.state)
        if act.state not in found and not refusal(instrument, act):
            unsigned = has_signatures and act.state not in signed
            found[act.state] = Consent(
                on=act.on, doubt=_doubt(instrument, act, unsigned=unsigned)
            )
    return found


def refusal(instrument: Instrument, act: Act) -> str:
    """Say why an act is no consent to be bound, or "" where it is one."""
    if act.deed in instrument.consent or act.deed in instrument.unsure:
        if instrument.open_to is not None and act.state not in instrument.open_to:
            return f"the instrument is not open to {act.state}"
        return ""
    return f"a {act.deed.value} is no act by which a state becomes bound by this instrument"


def memberships(
    instrument: Instrument,
    sifted: Sifted,
    consents: Mapping[str, Consent],
    entered: InForce,
    as_of: dt.date,
) -> tuple[tuple[Membership, ...], tuple[Anomaly, ...]]:
    """Return where each state that acted stands, and what of its acts cannot be."""
    every = (*sifted.acts, *sifted.again)
    careers = {
        state: _Career(instrument=instrument, entered=entered, state=state)
        for state in sorted({act.state for act in sifted.acts})
    }
    for act in sifted.acts:
        careers[act.state].take(act)
    rows = tuple(
        career.membership(as_of, consents, [act for act in every if act.state == state])
        for state, career in careers.items()
        if career.has_said
    )
    return rows, tuple(found for career in careers.values() for found in career.anomalies)


@dataclass(slots=True, kw_only=True)
class _Career:
    """One state's way through an instrument; the only thing here that changes."""

    instrument: Instrument
    entered: InForce
    state: str
    signed: Act | None = None
    provisional: Act | None = None
    consented: Act | None = None
    bound_from: dt.date | None = None
    bound_until: dt.date | None = None
    is_leaving: bool = False
    has_said: bool = False
    notes: list[str] = field(default_factory=list)
    anomalies: list[Anomaly] = field(default_factory=list)

    def take(self, act: Act) -> None:
        """Take the next act."""
        match act.deed:
            case Deed.SIGNATURE:
                self._sign(act)
            case Deed.PROVISIONAL | Deed.PROVISIONAL_ENDED:
                self._apply(act)
            case Deed.DENUNCIATION | Deed.DENUNCIATION_WITHDRAWN:
                self._leave(act)
            case deed if deed in CONSENTS:
                self._consent(act)
            case _:
                self._speak(act)

    def _sign(self, act: Act) -> None:
        if self.signed is not None:
            self._flag(act, "twice", self._again(act, self.signed))
            return
        self.has_said, self.signed = True, act
        if Deed.SIGNATURE in self.instrument.consent:
            self._consent(act)

    def _consent(self, act: Act) -> None:
        said = refusal(self.instrument, act)
        gone = self.bound_until is not None and act.on >= self.bound_until
        if said:
            self._flag(act, "no_consent", said)
        elif self.consented is not None and not gone:
            self._flag(act, "twice", self._again(act, self.consented))
        else:
            self.bound_from = self._bound_from(act, is_first=self.consented is None)
            self.has_said, self.consented = True, act
            self.bound_until, self.is_leaving = None, False

    def _bound_from(self, act: Act, *, is_first: bool) -> dt.date | None:
        entry, entered = self.instrument.entry, self.entered
        if entered.on is None:
            return None
        met_on = entered.met_on or entered.on
        if is_first and act.on <= met_on:
            return entered.on
        later = entry.later if isinstance(entry, Entry) else entry
        if isinstance(later, Unknown):
            self.notes.append(f"the day from which it is bound is not known: {later.reason}")
            return None
        return max(entered.on, later.after(act.on))

    def _apply(self, act: Act) -> None:
        allowed = self.instrument.provisional
        if act.deed is Deed.PROVISIONAL_ENDED:
            if self.provisional is None:
                self._flag(
                    act, "not_provisional", "it does not apply the instrument provisionally"
                )
            self.provisional = None
        elif isinstance(allowed, Unknown):
            reason = f"whether it may be applied provisionally is not known: {allowed.reason}"
            self._flag(act, "unknown_clause", reason)
        elif not allowed:
            self._flag(act, "no_clause", "the instrument has no provisional application")
        else:
            self.has_said, self.provisional = True, act

    def _leave(self, act: Act) -> None:
        if not self._is_bound(act.on):
            self._flag(act, "not_party", f"{self.state} was not bound on {act.on}")
        elif act.deed is Deed.DENUNCIATION_WITHDRAWN:
            if not self.is_leaving:
                self._flag(act, "not_leaving", "no denunciation stands that could be withdrawn")
            self.bound_until, self.is_leaving = None, False
        elif self.is_leaving:
            self._flag(act, "twice", "a denunciation stands already")
        else:
            self._denounce(act)

    def _denounce(self, act: Act) -> None:
        match self.instrument.exit:
            case Unknown(reason=reason):
                self.is_leaving = True
                self.notes.append(
                    f"the day on which it is bound no longer is not known: {reason}"
                )
            case NotProvided():
                said = "the instrument has no clause on leaving (Vienna Convention 56)"
                self._flag(act, "no_clause", said)
            case Exit(notice=notice) as leaving:
                earliest = self._earliest(leaving)
                if earliest is not None and act.on < earliest:
                    said = f"no notice may be given before {earliest}"
                    self._flag(act, "too_early", said)
                else:
                    self._until(notice, act)
            case _ as never:
                assert_never(never)

    def _earliest(self, leaving: Exit) -> dt.date | None:
        begins = self.bound_from if leaving.for_each_party else self.entered.on
        if leaving.not_before is None or begins is None:
            return None
        return leaving.not_before.after(begins)

    def _until(self, notice: Delay, act: Act) -> None:
        self.bound_until, self.is_leaving = notice.after(act.on), True

    def _speak(self, act: Act) -> None:
        """Take an act that changes no standing; who has left can do none."""
        if self.bound_until is not None and act.on >= self.bound_until:
            self._flag(act, "after_leaving", f"{self.state} left on {self.bound_until}")

    def _is_bound(self, on: dt.date) -> bool:
        begins, ends = self.bound_from, self.bound_until
        return begins is not None and begins <= on and (ends is None or on < ends)

    def _again(self, act: Act, before: Act) -> str:
        other = f"its {before.deed.value} of {before.on}"
        if _is_statement(act) != _is_statement(before):
            own, record = (act, before) if _is_statement(act) else (before, act)
            return (
                f"its own statement says {own.deed.value} on {own.on}, the record "
                f"{record.deed.value} on {record.on}; the earlier one counts"
            )
        return f"{other} stands already and counts"

    def _flag(self, act: Act, code: str, says: str) -> None:
        self.anomalies.append(Anomaly(act=act, code=code, says=says))

    def membership(
        self, as_of: dt.date, consents: Mapping[str, Consent], acts: Sequence[Act]
    ) -> Membership:
        """Return where the state stands on a day."""
        consent = consents.get(self.state)
        doubt = [f"in doubt: {consent.doubt}"] if consent is not None and consent.doubt else []
        return Membership(
            state=self.state, standing=self._standing(as_of), signed=self.signed,
            consented=self.consented, bound_from=self.bound_from,
            bound_until=self.bound_until, acts=tuple(sorted(acts, key=in_order)),
            notes=(*self.notes, *doubt),
        )  # fmt: skip

    def _standing(self, as_of: dt.date) -> Standing:
        if self._is_bound(as_of):
            return Standing.LEAVING if self.is_leaving else Standing.PARTY
        if self.bound_until is not None and as_of >= self.bound_until:
            return Standing.FORMER
        if self.provisional is not None:
            return Standing.PROVISIONAL
        if self.consented is not None:
            return Standing.CONTRACTING
        return Standing.NONE if self.signed is None else Standing.SIGNATORY


def _impossible(instrument: Instrument, act: Act) -> Anomaly | None:
    if not FIRST_DAY <= act.on <= LAST_DAY:
        said = f"no act is of a day outside {FIRST_DAY.year} to {LAST_DAY.year}"
        return Anomaly(act=act, code="impossible_day", says=said)
    if instrument.opened is not None and act.on < instrument.opened:
        said = f"the instrument was opened on {instrument.opened}; no act is before that"
        return Anomaly(act=act, code="before_opening", says=said)
    return None


def same_act(act: Act) -> tuple[object, ...]:
    """Return what two sources must agree on to speak of one act."""
    return (act.state, act.deed, act.on, act.provisions, act.towards, act.amendment)


def _is_statement(act: Act) -> bool:
    return act.ground.basis is Basis.STATEMENT


def _doubt(instrument: Instrument, act: Act, *, unsigned: bool) -> str:
    if act.deed in instrument.unsure:
        return f"whether a state becomes bound by {act.deed.value} is not known"
    if act.ground.contradicted:
        return f"contradicted: {act.ground.contradicted}"
    if unsigned and act.deed is not Deed.ACCESSION:
        return f"a {act.deed.value} without a signature on record"
    return ""
