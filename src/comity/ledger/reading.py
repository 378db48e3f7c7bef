# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What a reader makes of one entry: a statement, or opaque bytes and the reason.

A malformed or wrongly signed entry stays in the log, is shown as unreadable, and blocks
nothing that comes after it. A reading rests on earlier entries alone and never changes.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from comity.errors import InvalidDocument, VerificationFailed
from comity.kernel.canonical import MAX_INTEGER, from_canonical
from comity.ledger.envelope import (
    Envelope,
    find_usual,
    from_bytes,
    pre_authentication,
    verify_envelope,
)
from comity.ledger.identity import Identity
from comity.ledger.keyset import Keyset
from comity.ledger.redaction import GONE, Erased
from comity.ledger.signature import is_valid
from comity.ledger.statement import (
    PAYLOAD_TYPE,
    Statement,
    find_outline,
    from_payload,
    kind_of,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One entry as read.

    Args:
        statement: What it says, or None where it cannot be read or trusted.
        fault: Why not, as one sentence; empty where there is a statement.
        code: The stable code of that fault; empty where there is none.
    """

    statement: Statement | None
    fault: str = ""
    code: str = ""


Outline: TypeAlias = tuple[str | None, Sequence[str], str]
"""Of an entry: its predicate type, the SHA-256 of its subjects, why it cannot be read."""


def read_logged(entry: bytes, index: int, identity: Identity) -> Reading:
    """Read the entry at an index of a member's log and check its signatures; never raises.

    Args:
        identity: The member as its log states it up to this entry or further.
    """
    if index and identity.is_standing(index):
        return read_entry(entry, None)
    return read_entry(entry, identity.keyset_at(index))


def outline_logged(entry: bytes, index: int, identity: Identity) -> Outline:
    """Read the entry at an index of a member's log as `read_logged`, for an index of it."""
    is_standing = index and identity.is_standing(index)
    keyset = None if is_standing else identity.keyset_at(index)
    return _find_outline(entry, keyset) or to_outline(read_entry(entry, keyset))


def outlines_logged(
    entries: Iterable[bytes], first: int, identity: Identity
) -> Iterator[tuple[bytes, Outline]]:
    """Yield entries that stand from an index on, each with its outline, as `outline_logged`."""
    stood = sorted(
        {one.entry for one in identity.tenures} | {one.entry for one in identity.compromises}
    )
    keyset, known_until = identity.first, first
    for index, entry in enumerate(entries, first):
        if index in stood:
            yield entry, outline_logged(entry, index, identity)
            continue
        if index >= known_until:
            keyset = identity.keyset_at(index)
            known_until = next((one for one in stood if one > index), MAX_INTEGER)
        yield entry, _find_outline(entry, keyset) or to_outline(read_entry(entry, keyset))


def to_outline(reading: Reading) -> Outline:
    """Return what an index holds of a reading."""
    if reading.statement is None:
        return None, (), reading.fault
    digests = (one.digest.get("sha256") for one in reading.statement.subjects)
    found = [one for one in digests if one is not None]
    return reading.statement.predicate_type, found, reading.fault


def _find_outline(entry: bytes, keyset: Keyset | None) -> Outline | None:
    """Outline the statement nearly every entry is, at half the cost; None for any other."""
    found = None if isinstance(entry, Erased) else find_usual(entry)
    if found is None or found[0] != PAYLOAD_TYPE:
        return None
    _, payload, keyid, signature = found
    if keyset is not None:
        key = keyset.statement_keys.get(keyid)
        message = pre_authentication(PAYLOAD_TYPE, payload)
        if key is None or not is_valid(key, message, signature):
            return None
    try:
        outline = find_outline(from_canonical(payload))
    except InvalidDocument:
        return None
    if outline is None or (keyset is not None and _needs_others(outline[0], keyset)):
        return None
    return *outline, ""


def _needs_others(predicate_type: str, keyset: Keyset) -> bool:
    return bool(keyset.officers) and keyset.officers.get(kind_of(predicate_type), 1) > 1


def read_entry(entry: bytes, keyset: Keyset | None) -> Reading:
    """Read an entry and check its signatures; never raises.

    Args:
        keyset: The keys in force for it; None leaves signatures unchecked, for bytes that
            were checked when they came in.
    """
    if isinstance(entry, Erased):
        return Reading(statement=None, fault=GONE)
    try:
        envelope = from_bytes(entry)
        if envelope.payload_type != PAYLOAD_TYPE:
            said = f"payload type {envelope.payload_type[:80]!r}"
            return Reading(statement=None, fault=said, code="ledger.payload_type")
        if keyset is not None:
            verify_envelope(envelope, keyset.statement_keys)
        statement = from_payload(envelope.payload)
        if keyset is not None:
            check_officers(envelope, statement.kind, keyset)
        return Reading(statement=statement)
    except (InvalidDocument, VerificationFailed) as error:
        return Reading(statement=None, fault=" ".join(str(error).split()), code=error.code)


def check_officers(envelope: Envelope, kind: str, keyset: Keyset) -> None:
    """Check that as many officers signed as the keyset asks for this kind.

    Args:
        envelope: Its signatures by keys of the keyset are checked already.

    Raises:
        VerificationFailed: They are too few.
    """
    needed = keyset.officers.get(kind, 1)
    count = sum(one.keyid in keyset.statement_keys for one in envelope.signatures)
    if count < needed:
        raise VerificationFailed(
            f"signed by {count} of {needed} officers",
            code="ledger.officers",
            hint="a statement of this kind needs the others: `comity identity sign`",
        )
