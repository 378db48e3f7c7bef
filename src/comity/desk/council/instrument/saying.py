# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Say one's own acts, differences and adoptions in one's own log, once they make sense."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from comity.council.instrument.act import CONSENTS, Act, Anomaly, Basis, Deed, Ground
from comity.council.instrument.instrument import Instrument, Unknown
from comity.council.instrument.statement import (
    StatedAct,
    StatedAdoption,
    StatedDifference,
    act_from_predicate,
)
from comity.council.instrument.status import status
from comity.desk.council.instrument.instrument import ACT, DIFFERENCE, Heard, Speaker, hear
from comity.desk.law.duties import library
from comity.desk.log.record import record
from comity.desk.log.shelf import Logs, ViewShelf
from comity.errors import Fault, InvalidDocument, NotFound
from comity.files.instrument import get_instrument
from comity.kernel.digest import sha256
from comity.kernel.instant import Instant
from comity.kernel.reference import Reference
from comity.law.cursor import near_miss
from comity.law.market import is_market
from comity.law.pack import Pack
from comity.ledger.keyset import Keyset
from comity.node.node import Node

ADOPTION = "pack-adoption"
_JOINING = frozenset(deed.value for deed in (*CONSENTS, Deed.SIGNATURE))


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """What was logged.

    Args:
        cautions: What its author should know of it, one sentence each.
    """

    reference: Reference
    state: str
    cautions: tuple[str, ...] = ()


def speakers_in(logs: Logs) -> tuple[Speaker, ...]:
    """Return who speaks in the logs of a view, as their keysets name them.

    A regulator speaks for its state; a provider has its seat in one, and speaks for none.
    """
    return tuple(
        Speaker(
            member=log.member,
            name=log.name,
            state=_spoken_for(log.keyset),
            is_example=log.keyset.example,
        )
        for log in logs.members()
    )


def heard_by(node: Node) -> Heard:
    """Gather what states say of instruments in the logs that a node follows."""
    view = node.view()
    return hear(ViewShelf(view), speakers_in(view))


def say_act(node: Node, said: StatedAct, *, even_so: bool, now: Instant) -> Spoken:
    """Log what this member's state did about an instrument.

    Args:
        even_so: Log it although it cannot count; it will be shown as such.

    Raises:
        NotFound: No such instrument.
        InvalidDocument: It makes no sense as things stand (`desk.impossible_act`).
    """
    instrument = get_instrument(said.instrument)
    state = _state_of(node, said.state)
    act = said.to_act(state, Ground(basis=Basis.STATEMENT, source="about to be said"))
    faults = [*_unsayable(said), *_faults_of(instrument, act)]
    found, notes = _judged(instrument, act, heard_by(node))
    faults += [Fault(message=one.says) for one in found]
    if faults and not even_so:
        raise InvalidDocument(
            f"as things stand this {act.deed.value} of {state} would count for nothing",
            code="desk.impossible_act",
            hint="mend it, or log it all the same with --even-so: it is then shown as flagged",
            faults=faults,
        )
    predicate = StatedAct(
        instrument=instrument.slug, deed=said.deed, on=said.on, provisions=said.provisions,
        text=said.text, state=said.state, towards=said.towards, amendment=said.amendment,
        opposes_entry=said.opposes_entry, is_example=said.is_example,
    ).to_predicate()  # fmt: skip
    reference = record(node, ACT, predicate, subject=None, now=now)
    return Spoken(
        reference=reference, state=state,
        cautions=(*(fault.message for fault in faults), *notes),
    )  # fmt: skip


def say_difference(node: Node, said: StatedDifference, *, now: Instant) -> Spoken:
    """Log how this member's practice stands to a provision of an instrument or a pack.

    Raises:
        NotFound: No such instrument or pack, or it has no such provision.
    """
    state = _state_of(node, "")
    packs = {pack.name: pack for pack in library().packs}
    named = _pack_of(said.provision, packs.values())
    if said.instrument in packs:
        pack = packs[said.instrument]
        _check_provision(said.provision, pack.name, [norm.name for norm in pack.norms])
        subject = pack.digest
    else:
        instrument = get_instrument(said.instrument)
        known = instrument.provisions
        names = [] if isinstance(known, Unknown) else [one.name for one in known]
        if names and named is None:
            _check_provision(said.provision, instrument.slug, names)
        elif not names and named is None:
            _check_provision(
                said.provision, "the packs", [n for p in packs.values() for n in _norms(p)]
            )
        subject = sha256(instrument.slug.encode()) if named is None else named.digest
    reference = record(node, DIFFERENCE, said.to_predicate(), subject=subject, now=now)
    return Spoken(reference=reference, state=state)


def say_adoption(node: Node, said: StatedAdoption, *, now: Instant) -> Spoken:
    """Log that this member takes a pack as law of a market.

    Raises:
        NotFound: No such pack or instrument.
        InvalidDocument: The market is not this member's own.
    """
    state = _state_of(node, "")
    pack = get_pack(said.pack)
    if said.through:
        get_instrument(said.through)
    if said.market != state or not is_market(said.market):
        message = f"this member is of {state} and adopts nothing for {said.market}"
        raise InvalidDocument(
            message, code="desk.other_market", faults=[Fault(message=message)]
        )
    reference = record(node, ADOPTION, said.to_predicate(), subject=pack.digest, now=now)
    return Spoken(reference=reference, state=state)


def get_pack(name: str) -> Pack:
    """Return a pack that comes with Comity.

    Raises:
        NotFound: There is none of that name; the nearest is named.
    """
    packs = {pack.name: pack for pack in library().packs}
    if name not in packs:
        near = near_miss(name, packs)
        hint = f"did you mean {near!r}?" if near else "`comity pack check` names them"
        raise NotFound(f"no pack is called {name!r}", code="desk.no_pack", hint=hint)
    return packs[name]


def own_act(node: Node, instrument: str, *, on: dt.date) -> Reference | None:
    """Return this member's newest signature or consent until a day, or None."""
    found: Reference | None = None
    for said in ViewShelf(node.view()).of_kind(ACT):
        predicate = said.statement.predicate
        day = str(predicate.get("on", ""))
        if predicate.get("act") not in _JOINING:
            continue
        if said.member == node.member and predicate.get("instrument") == instrument:
            found = said.reference if day <= on.isoformat() else found
    return found


def _spoken_for(keyset: Keyset) -> str:
    return keyset.jurisdiction if keyset.role == "regulator" else ""


def _state_of(node: Node, said: str) -> str:
    own = next(log for log in node.view().members() if log.is_own)
    state = _spoken_for(own.keyset)
    if state and said in {"", state}:
        return state
    message = f"this member is of {state} and cannot speak for {said}"
    if not state:
        message = f"this member is a {own.keyset.role}; only a regulator speaks for its state"
    raise InvalidDocument(message, code="desk.other_state", faults=[Fault(message=message)])


def _unsayable(said: StatedAct) -> Sequence[Fault]:
    try:
        act_from_predicate(said.to_predicate())
    except InvalidDocument as error:
        return error.faults
    return ()


def _faults_of(instrument: Instrument, act: Act) -> Iterator[Fault]:
    known = instrument.provisions
    if not isinstance(known, Unknown) and known:
        names = [one.name for one in known]
        for name in act.provisions:
            if name not in names:
                message = f"{instrument.slug} has no provision {name!r}"
                yield Fault(message=message, near=near_miss(name, names))
    if act.deed is Deed.OBJECTION and act.towards == act.state:
        yield Fault(message="a state does not object to its own reservation")


def _judged(
    instrument: Instrument, act: Act, heard: Heard
) -> tuple[tuple[Anomaly, ...], tuple[str, ...]]:
    """Return what would be flagged of the act, were it said now, and what stays in doubt."""
    before = heard.acts.get(instrument.slug, ())
    found = status(instrument, (*before, act), max(act.on, instrument.known_to))
    row = next((row for row in found.members if row.state == act.state), None)
    notes = () if row is None else row.notes
    return tuple(one for one in found.anomalies if one.act == act), notes


def _check_provision(name: str, where: str, names: list[str]) -> None:
    if not any(each == name or each.startswith(f"{name}.") for each in names):
        near = near_miss(name, names)
        hint = f"did you mean {near!r}?" if near else f"there are {', '.join(names[:8])}"
        raise NotFound(f"{where} has no provision {name!r}", code="desk.provision", hint=hint)


def _pack_of(provision: str, packs: Iterable[Pack]) -> Pack | None:
    for pack in packs:
        if any(n == provision or n.startswith(f"{provision}.") for n in _norms(pack)):
            return pack
    return None


def _norms(pack: Pack) -> list[str]:
    return [str(norm.name) for norm in pack.norms]
