# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A statement that goes round for signatures before it is logged.

A draft is the DSSE envelope it will be, with as many signatures as it has so far, none at
first: any DSSE tool shows it, and it travels to an offline machine as one small file.
"""

from dataclasses import dataclass, replace

from comity.errors import InvalidDocument, NotPermitted, VerificationFailed
from comity.kernel.canonical import Json, from_canonical, to_canonical
from comity.ledger.base64text import from_base64, to_base64
from comity.ledger.envelope import (
    MAX_PAYLOAD_BYTES,
    Envelope,
    count_signatures,
    with_signature,
)
from comity.ledger.envelope import from_bytes as envelope_from_bytes
from comity.ledger.identity import Identity
from comity.ledger.keyset import KEYSET_TYPE, ROOT_KINDS, from_predicate
from comity.ledger.note import Secret
from comity.ledger.reading import read_entry
from comity.ledger.statement import PAYLOAD_TYPE, Statement, from_payload, to_payload


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A statement and who has signed it so far."""

    statement: Statement
    envelope: Envelope

    @property
    def encoded(self) -> bytes:
        """Write the file."""
        return self.envelope.encoded


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One group of keys of which some must sign.

    Args:
        who: "old root", "new root" or "officers".
        signed: How many of them have, validly.
    """

    who: str
    keyids: tuple[str, ...]
    needed: int
    signed: int


def draft_of(statement: Statement) -> Draft:
    """Return a draft that nobody has signed.

    Raises:
        InvalidDocument: It is too large or outside the canonical profile.
    """
    payload = to_payload(statement)
    if len(payload) > MAX_PAYLOAD_BYTES:
        raise _malformed(f"a payload of {len(payload)} bytes; at most {MAX_PAYLOAD_BYTES}")
    rows: list[Json] = []
    value: Json = {
        "payload": to_base64(payload),
        "payloadType": PAYLOAD_TYPE,
        "signatures": rows,
    }
    return from_bytes(to_canonical(value))


def from_bytes(encoded: bytes) -> Draft:
    """Read a draft without trusting it.

    Raises:
        InvalidDocument: No statement's envelope.
    """
    match from_canonical(encoded.strip()):
        case {"payload": str(payload), "payloadType": str(kind), "signatures": []}:
            envelope = Envelope(
                payload_type=kind,
                payload=from_base64(payload),
                signatures=(),
                encoded=encoded.strip(),
            )
        case _:
            envelope = envelope_from_bytes(encoded.strip())
    if envelope.payload_type != PAYLOAD_TYPE:
        raise _malformed(f"payload type {envelope.payload_type[:80]!r}")
    return Draft(statement=from_payload(envelope.payload), envelope=envelope)


def sign_draft(draft: Draft, *keys: Secret) -> Draft:
    """Return the draft with further signatures."""
    envelope = draft.envelope
    for key in keys:
        envelope = with_signature(envelope, key)
    return replace(draft, envelope=envelope)


def asked_of(draft: Draft, identity: Identity) -> tuple[Asked, ...]:
    """Return who must sign a draft before the member's log takes it.

    Raises:
        InvalidDocument: A keyset that is none.
        VerificationFailed: A keyset that does not follow the one in force.
    """
    statement, keyset = draft.statement, identity.keyset
    if statement.predicate_type == KEYSET_TYPE:
        coming = identity.check_successor(statement)
        roots = (("old root", keyset.root), ("new root", coming.root))
        groups = [(who, root.keys, root.threshold) for who, root in roots]
    elif statement.kind in ROOT_KINDS:
        groups = [("root", keyset.root.keys, keyset.root.threshold)]
    else:
        needed = keyset.officers.get(statement.kind, 1)
        groups = [("officers", keyset.statement_keys, needed)]
    return tuple(
        Asked(
            who=who,
            keyids=tuple(keys),
            needed=needed,
            signed=count_signatures(draft.envelope, keys),
        )
        for who, keys, needed in groups
    )


def check_complete(draft: Draft, identity: Identity, index: int) -> None:
    """Check that a log of this member takes a draft as its entry at an index.

    Raises:
        InvalidDocument: A keyset or compromise that is none.
        NotPermitted: Signatures are missing.
        VerificationFailed: It would change nothing, or a signature is wrong.
    """
    for one in asked_of(draft, identity):
        if one.signed < one.needed:
            raise NotPermitted(
                f"{one.signed} of the {one.needed} signatures of the {one.who} are there",
                code="node.draft_incomplete",
                hint="carry the file to the others: `comity identity sign`",
            )
    statement = draft.statement
    if statement.predicate_type == KEYSET_TYPE:
        identity.check_rotation(statement, draft.envelope)
    elif statement.kind in ROOT_KINDS:
        identity.check_compromise(index, statement, draft.envelope)
    else:
        fault = read_entry(draft.encoded, identity.keyset).fault
        if fault:
            raise VerificationFailed(fault, code="node.draft", hint="prepare and sign it anew")


def keys_named(draft: Draft, identity: Identity) -> frozenset[str]:
    """Return the ids of all keys whose signature a draft can use."""
    statement, keyset = draft.statement, identity.keyset
    found = {*keyset.statement_keys, *keyset.root.keys}
    if statement.predicate_type == KEYSET_TYPE:
        coming = from_predicate(statement.predicate)
        found |= {*coming.statement_keys, *coming.root.keys}
    return frozenset(found)


def _malformed(message: str) -> InvalidDocument:
    return InvalidDocument(
        f"not a statement that can be signed: {message}",
        code="node.draft",
        hint="`comity identity prepare` writes one",
    )
