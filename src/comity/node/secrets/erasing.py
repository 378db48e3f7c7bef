# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What members erased, whether it is in force for this reader, and dropping one's own copies.

A follower honours an erasure that is in force: it drops the blob, or the entry from its mirror,
as soon as following brings the statement. It honours no other.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from comity.errors import InvalidDocument, NotFound, NotPermitted, VerificationFailed
from comity.kernel.digest import Digest
from comity.kernel.ids import Origin
from comity.kernel.reference import Reference
from comity.kernel.truth import Truth
from comity.ledger.commitment import names_blob
from comity.ledger.erasure import (
    CONSENT_TYPE,
    ERASURE_TYPE,
    GUARDED,
    Circumstances,
    Consent,
    Erasure,
    Standing,
    consent_from,
    erasure_from,
    judge,
)
from comity.ledger.redaction import GONE
from comity.node.disk.storage import Storage
from comity.node.logs.mirror import Mirror
from comity.node.logs.redacting import redact_mirror
from comity.node.secrets.blob import Blobs
from comity.node.views.index import Index
from comity.node.views.view import Entry, Ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One erasure and whether it is in force for this reader."""

    entry: Entry
    erasure: Erasure
    standing: Standing

    @property
    def is_in_force(self) -> bool:
        """Tell whether this reader honours it."""
        return self.standing.in_force is Truth.TRUE


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """A copy this node dropped because its author erased it."""

    of: Reference
    blob: Digest | None


def read_erasure(entry: Entry) -> Erasure | None:
    """Return what an entry erases, or None where it is no erasure that can be read."""
    if entry.statement is None or entry.statement.predicate_type != ERASURE_TYPE:
        return None
    try:
        return erasure_from(entry.statement.predicate)
    except InvalidDocument:
        return None


def erasures(view: Ledger, *, subject: Digest | None = None) -> Iterator[Judged]:
    """Yield every erasure of the logs followed, judged by what this node holds.

    Args:
        subject: Only those of the entry or the blob with this digest.
    """
    for entry in view.entries(ERASURE_TYPE, subject=subject):
        erasure = read_erasure(entry)
        if erasure is not None:
            yield judged(view, entry, erasure)


def judged(view: Ledger, entry: Entry, erasure: Erasure) -> Judged:
    """Judge one erasure by what this node holds."""
    standing = judge(erasure, circumstances(view, entry.reference.log, erasure))
    return Judged(entry=entry, erasure=erasure, standing=standing)


def find_erasure(view: Ledger, reference: Reference) -> Judged | None:
    """Return what erased an entry: one in force if there is any, else the last one."""
    found = [
        one
        for one in erasures(view)
        if one.erasure.blob is None
        and one.erasure.of is not None
        and (one.erasure.of.log, one.erasure.of.index) == (reference.log, reference.index)
    ]
    in_force = (one for one in found if one.is_in_force)
    return next(in_force, found[-1] if found else None)


def find_consent(view: Ledger, request: Entry) -> Entry | None:
    """Return another member's countersignature of a request to erase, or None."""
    for entry in view.entries(CONSENT_TYPE, subject=request.reference.sha256):
        consent = _read_consent(entry)
        is_of_it = consent is not None and consent.erasure == request.reference
        if is_of_it and entry.member != request.member:
            return entry
    return None


def honour(storage: Storage, view: Ledger, blobs: Blobs, index: Index) -> tuple[Dropped, ...]:
    """Drop this node's copies of what other members erased with effect.

    Raises:
        StorageFailed: Not all could be dropped; following again goes on.
    """
    own = {log.keyset.origin for log in view.members() if log.is_own}
    dropped: list[Dropped] = []
    for one in erasures(view):
        of, blob = one.erasure.of, one.erasure.blob
        if of is None or of.log in own or not one.is_in_force:
            continue
        if blob is None:
            was_there = _drop_entry(storage, index, one.entry, of)
        else:
            was_there = _drop_blob(view, blobs, blob, of.log)
        if was_there:
            dropped.append(Dropped(of=of, blob=blob))
    return tuple(dropped)


def _drop_entry(storage: Storage, index: Index, entry: Entry, of: Reference) -> bool:
    try:
        was_there = redact_mirror(Mirror(storage, entry.member), of.index)
    except (NotFound, NotPermitted):
        return False
    if was_there:
        index.forget(of.log, of.index)
    return was_there


def _drop_blob(view: Ledger, blobs: Blobs, blob: Digest, origin: Origin) -> bool:
    """Drop a blob; one without a salt may be another member's too, and then stays."""
    if blobs.holds_public(blob) and _is_anothers(view, blob, origin):
        return False
    return blobs.remove(blob)


def _is_anothers(view: Ledger, blob: Digest, origin: Origin) -> bool:
    return any(
        entry.reference.log != origin
        and entry.statement is not None
        and names_blob(entry.statement.predicate, blob)
        for entry in view.entries()
    )


def circumstances(view: Ledger, origin: Origin, erasure: Erasure) -> Circumstances:
    """Return what this node knows around an erasure that stands, or will, in a log."""
    of = erasure.of
    target, is_other = None, False
    if of is not None and of.log == origin:
        try:
            target = view.find(of)
        except VerificationFailed:  # by its place it would take away what it does not name
            is_other = True
    names = Truth.TRUE
    kinds: list[str | None] = []
    if target is not None:
        kinds.append(_kind_of(view, target))
        if erasure.blob is not None:
            names = _names(target, erasure.blob)
            kinds += _guarded_kinds(view, origin, erasure.blob)
    elif of is not None and of.log == origin:
        kinds.append(None)
        names = Truth.UNDETERMINED
    return Circumstances(
        origin=origin,
        names_blob=names,
        kinds=kinds,
        consented=_consented(view, origin, erasure),
        is_other=is_other,
    )


def _kind_of(view: Ledger, target: Entry) -> str | None:
    """Return an entry's kind, "" for what was no statement, None where that is not known."""
    if target.statement is not None:
        return target.statement.kind
    if target.fault != GONE:
        return ""
    place = target.reference
    logs = (one for one in view.members() if one.keyset.origin == place.log)
    return next((log.gone.get(place.index) for log in logs), None)


def _names(target: Entry, blob: Digest) -> Truth:
    if target.statement is None:
        return Truth.UNDETERMINED if target.fault == GONE else Truth.FALSE
    return Truth.from_bool(names_blob(target.statement.predicate, blob))


def _guarded_kinds(view: Ledger, origin: Origin, blob: Digest) -> Iterator[str]:
    """Yield the guarded kinds among all entries of a log that speak of a blob."""
    for kind in sorted(GUARDED):
        for entry in view.entries(kind):
            said = entry.statement
            if entry.reference.log != origin or said is None:
                continue
            if names_blob(said.predicate, blob):
                yield kind
                break


def _consented(view: Ledger, origin: Origin, erasure: Erasure) -> Truth:
    if erasure.countersigned is None:
        return Truth.FALSE
    try:
        signed = view.find(erasure.countersigned)
    except VerificationFailed:
        return Truth.FALSE
    if signed is None:
        return Truth.UNDETERMINED
    consent = _read_consent(signed)
    if consent is None or signed.reference.log == origin:
        return Truth.FALSE
    request = _find(view, consent.erasure)
    asked = None if request is None else read_erasure(request)
    if request is None or asked is None or request.reference.log != origin:
        return Truth.FALSE
    return Truth.from_bool((asked.of, asked.blob) == (erasure.of, erasure.blob))


def _read_consent(entry: Entry) -> Consent | None:
    if entry.statement is None or entry.statement.predicate_type != CONSENT_TYPE:
        return None
    try:
        return consent_from(entry.statement.predicate)
    except InvalidDocument:
        return None


def _find(view: Ledger, reference: Reference) -> Entry | None:
    try:
        return view.find(reference)
    except VerificationFailed:
        return None
