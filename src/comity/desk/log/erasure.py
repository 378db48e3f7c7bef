# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Erase what one said or keeps, in the open: ask, have it countersigned, say it, do it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from comity.desk.log.secret import commitments_in, forget_disclosures, to_digest
from comity.errors import Conflict, Fault, InvalidDocument, NotFound, NotPermitted
from comity.kernel.digest import Digest, sha256
from comity.kernel.ids import MemberId, Origin
from comity.kernel.instant import Instant
from comity.kernel.reference import Reference
from comity.kernel.truth import Truth
from comity.ledger.commitment import names_blob
from comity.ledger.erasure import CLASSES, MOST_TEXT, Consent, Erasure, judge
from comity.ledger.reading import read_entry
from comity.ledger.statement import Statement
from comity.node.disk.storage import Disk
from comity.node.logs.mirror import Mirror
from comity.node.logs.redacting import redact_mirror, redact_own
from comity.node.node import Node
from comity.node.secrets.erasing import (
    Judged,
    circumstances,
    erasures,
    find_consent,
    judged,
    read_erasure,
)
from comity.node.views.view import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What is to be erased.

    Args:
        of: The entry itself, or the one that speaks of the blob; None where none does.
        blob: The blob; None for the entry itself.
    """

    of: Reference | None
    blob: Digest | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of asking to erase.

    Args:
        reference: The statement that says or asks it; None where nobody ever heard of it.
        is_in_force: Whether it was done; else another member is asked to countersign.
        is_new: Whether the statement was logged now.
        was_held: Whether anything was still there to remove.
    """

    reference: Reference | None
    is_in_force: bool
    is_new: bool
    was_held: bool


def check_words(kind: str, basis: str) -> None:
    """Check why something is erased, before anything is looked up.

    Raises:
        InvalidDocument: With every fault.
    """
    faults: list[Fault] = []
    if kind not in CLASSES:
        faults.append(Fault(message=f"--class {kind!r} is not one of: {', '.join(CLASSES)}"))
    if not 0 < len(basis.strip()) <= MOST_TEXT:
        faults.append(Fault(message=f"--basis must have 1 to {MOST_TEXT} characters"))
    if faults:
        raise InvalidDocument("nothing was erased", code="desk.erasure", faults=faults)


def find_blob_target(node: Node, text: str) -> Target:
    """Return the blob a text means: digits of its name, or the entry that speaks of it.

    Raises:
        NotFound: There is no such blob here.
        InvalidDocument: The entry speaks of several.
    """
    if "#" in text:
        entry = get_entry(node, text)
        said = {} if entry.statement is None else dict(entry.statement.predicate)
        found = [one.sha256 for one in commitments_in(said)]
        if len(found) != 1:
            message = f"{text} speaks of {len(found)} blobs; give the digits of one"
            raise InvalidDocument(message, code="desk.blob", faults=[Fault(message=message)])
        return Target(of=entry.reference, blob=found[0])
    blob = to_digest(text, node.blobs.kept.names())
    if blob is None:
        blob = to_digest(text, {one for _, said in _own(node) for one in _blobs_in(said)})
    if blob is None:
        raise NotFound(
            f"no blob is known here as {text!r}",
            code="desk.blob",
            hint="comity blob list shows them; give at least 8 digits",
        )
    return Target(of=_speaker(node, blob), blob=blob)


def get_entry(node: Node, place: str) -> Entry:
    """Return the entry at a place such as kh.example/log#7.

    Raises:
        NotFound: None is held there.
    """
    log, _, number = place.rpartition("#")
    if log and number.isdecimal() and number.isascii() and len(number) < 16:
        view = node.view()
        found = node.index.find_at(Origin(log), int(number))
        if found is not None:
            reference = Reference(log=found.origin, index=found.position, sha256=found.sha256)
            return view.get(reference)
    raise NotFound(
        f"no entry is held here at {place[:100]!r}",
        code="desk.cited",
        hint="a place looks like kh.example/log#7; follow the log it stands in first",
    )


def erase_blob(
    node: Node, target: Target, kind: str, basis: str, now: Instant, *, only_ask: bool = False
) -> Outcome:
    """Say that a blob is erased, or ask another member to countersign, and then remove it.

    Raises:
        NotPermitted: It is another member's.
        Conflict: It was asked before, and nobody has countersigned.
    """
    check_words(kind, basis)
    if target.blob is None or target.of is None:
        was_held = target.blob is not None and node.blobs.remove(target.blob)
        return Outcome(reference=None, is_in_force=True, is_new=False, was_held=was_held)
    said = _say(node, target, kind, basis, now, only_ask=only_ask)
    was_held = said.is_in_force and node.blobs.remove(target.blob)
    return replace(said, was_held=was_held)


def erase_entry(
    node: Node, entry: Entry, kind: str, basis: str, now: Instant, *, only_ask: bool = False
) -> Outcome:
    """Say that an entry of one's own is erased, or ask for it, and take it out of the log.

    Raises:
        NotPermitted: It is another member's, or one that all others rest on.
        Conflict: It was asked before, and nobody has countersigned.
    """
    check_words(kind, basis)
    target = Target(of=entry.reference, blob=None)
    said = _say(node, target, kind, basis, now, only_ask=only_ask)
    if not said.is_in_force:
        return said
    if entry.statement is not None:
        forget_disclosures(node, entry.statement)
    was_held = redact_own(Disk(node.folder), entry.reference.index)
    node.index.forget(entry.reference.log, entry.reference.index)
    return replace(said, was_held=was_held)


def drop_entry(node: Node, entry: Entry) -> bool:
    """Take an entry out of one's copy of another's log; tell whether it was there.

    Raises:
        NotPermitted: It is the first entry of that log.
    """
    mirror = Mirror(Disk(node.folder), entry.member)
    was_held = redact_mirror(mirror, entry.reference.index)
    node.index.forget(entry.reference.log, entry.reference.index)
    return was_held


def consent(node: Node, request: Entry, note: str, now: Instant) -> tuple[Judged, Reference]:
    """Countersign another member's request to erase.

    Raises:
        InvalidDocument: That entry asks for nothing.
        NotPermitted: It is one's own request.
        Conflict: It is in force without, or was countersigned from here already.
    """
    view = node.view()
    erasure = read_erasure(request)
    if erasure is None or erasure.countersigned is not None:
        message = "that entry is no request to erase"
        raise InvalidDocument(message, code="desk.consent", faults=[Fault(message=message)])
    if request.member == node.member:
        raise NotPermitted(
            "one's own request is countersigned by another member", code="desk.consent"
        )
    found = judged(view, request, erasure)
    given = find_consent(view, request)
    if found.is_in_force or (given is not None and given.member == node.member):
        raise Conflict("it needs no further word of this member", code="desk.consent")
    statement = Consent(issued=now, erasure=request.reference, note=note).to_statement()
    (reference,) = node.append([statement], now)
    return found, reference


def _say(
    node: Node, target: Target, kind: str, basis: str, now: Instant, *, only_ask: bool
) -> Outcome:
    mine = [one for one in erasures(node.view()) if _is_mine(one, node.member, target)]
    done = next((one for one in mine if one.is_in_force), None)
    if done is not None:
        return _outcome(done.entry.reference, is_in_force=True, is_new=False)
    asked = [one.entry for one in mine if one.erasure.countersigned is None]
    signed = next(filter(None, (find_consent(node.view(), one) for one in asked)), None)
    erasure = Erasure(
        issued=now,
        of=target.of,
        blob=target.blob,
        kind=kind,
        basis=basis.strip(),
        countersigned=None if signed is None else signed.reference,
    )
    is_in_force = _foresee(node, erasure)
    if not is_in_force and asked:
        raise _still_waiting(asked[0].reference)
    if only_ask and is_in_force and signed is None:
        raise Conflict("nobody needs to be asked for this", code="desk.erasure_waits")
    (reference,) = node.append([erasure.to_statement()], now)
    return _outcome(reference, is_in_force=is_in_force, is_new=True)


def _foresee(node: Node, erasure: Erasure) -> bool:
    """Tell whether an erasure will be in force, or waits for a countersignature.

    Raises:
        NotPermitted: It never can be.
    """
    known = circumstances(node.view(), node.origin, erasure)
    standing = judge(erasure, known)
    if standing.in_force is Truth.TRUE:
        return True
    best = judge(erasure, replace(known, consented=Truth.TRUE))
    if best.in_force is not Truth.TRUE:
        raise NotPermitted(f"nothing was erased: {standing.reason}", code="desk.erasure")
    return False


def _is_mine(one: Judged, member: MemberId, target: Target) -> bool:
    said = (one.erasure.of, one.erasure.blob)
    return one.entry.member == member and said == (target.of, target.blob)


def _own(node: Node) -> Iterator[tuple[Reference, Statement]]:
    """Yield the statements of this member, in the order of its log."""
    for index, entry in enumerate(node.log.entries()):
        statement = read_entry(entry, None).statement
        if statement is not None:
            place = Reference(log=node.origin, index=index, sha256=sha256(entry))
            yield place, statement


def _blobs_in(said: Statement) -> Iterator[Digest]:
    return (one.sha256 for one in commitments_in(dict(said.predicate)))


def _speaker(node: Node, blob: Digest) -> Reference | None:
    """Return the last entry of this member that speaks of a blob, erasures aside."""
    found: Reference | None = None
    for place, said in _own(node):
        if said.kind != "erasure" and names_blob(said.predicate, blob):
            found = place
    return found


def _outcome(reference: Reference, *, is_in_force: bool, is_new: bool) -> Outcome:
    return Outcome(reference=reference, is_in_force=is_in_force, is_new=is_new, was_held=False)


def _still_waiting(request: Reference) -> Conflict:
    place = f"{request.log}#{request.index}"
    return Conflict(
        f"asked for at {place}, and no other member known here has countersigned yet",
        code="desk.erasure_waits",
        hint=f"another member runs `comity blob consent {place}`; follow it, then repeat this",
    )
