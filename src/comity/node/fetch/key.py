# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Keys for one purpose each, derived from the key file and vouched for by the member.

Requests to other nodes and receipts of the log have keys of their own, so that neither is
ever a signature by the key of statements or of the log. Both are derived from the seed of the
agreement key, which never leaves the key file. The member says which they are in a document
signed like a statement; it is not an entry of the log.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from comity.errors import InvalidDocument, VerificationFailed
from comity.kernel.digest import from_hex
from comity.kernel.fields import Fields
from comity.kernel.ids import MemberId
from comity.kernel.instant import Instant, to_rfc3339
from comity.ledger.envelope import from_bytes, sign_payload, verify_envelope
from comity.ledger.identity import Identity
from comity.ledger.mldsa import seed_from
from comity.ledger.note import Secret
from comity.ledger.reading import read_entry
from comity.ledger.signature import SigningKey
from comity.ledger.statement import (
    PAYLOAD_TYPE,
    Statement,
    Subject,
    to_payload,
    to_predicate_type,
)
from comity.node.keys.keys import Keys

DERIVED_KEY_TYPE = to_predicate_type("derived-key")
LIFETIME = timedelta(days=30)
SKEW = timedelta(minutes=5)


class Purpose(Enum):
    """What a derived key signs, and nothing else."""

    TRANSPORT = "transport"
    RECEIPT = "receipt"


@dataclass(frozen=True, slots=True, kw_only=True)
class DerivedKey:
    """What a member says about one of its derived keys.

    Args:
        public: Ed25519, 32 bytes.
        until: When the document is to be made again; None where it stays.
    """

    member: MemberId
    purpose: Purpose
    public: bytes
    issued: Instant
    until: Instant | None


def derive(keys: Keys, purpose: Purpose) -> SigningKey:
    """Derive the key of one purpose; the same keys always give the same."""
    label = f"comity/{purpose.value}/ed25519/v1"
    return SigningKey.from_seed(seed_from(bytes(keys.agreement), label))


def key_document(
    keys: Keys, member: MemberId, purpose: Purpose, now: Instant, signer: Secret | None = None
) -> bytes:
    """State a derived key under a statement key of the member.

    Args:
        signer: Where the key file's own is not in force, such as a hardware token.
    """
    until = now + LIFETIME if purpose is Purpose.TRANSPORT else None
    said = Statement(
        predicate_type=DERIVED_KEY_TYPE,
        predicate={
            "member": member,
            "purpose": purpose.value,
            "key": derive(keys, purpose).public.hex(),
            "issued": to_rfc3339(now),
            "until": None if until is None else to_rfc3339(until),
        },
        subjects=(Subject.of(from_hex(member), name="member"),),
    )
    key = keys.statement if signer is None else signer
    return sign_payload(to_payload(said), PAYLOAD_TYPE, [key])


def read_key_document(encoded: bytes) -> DerivedKey:
    """Read what a document says, without trusting it.

    Raises:
        InvalidDocument: It is no such document.
    """
    statement = read_entry(encoded, None).statement
    if statement is None or statement.predicate_type != DERIVED_KEY_TYPE:
        raise InvalidDocument("not a statement about a derived key", code="node.derived_key")
    fields = Fields(statement.predicate, faults=[])
    found = DerivedKey(
        member=MemberId(fields.digest("member").hex()),
        purpose=Purpose(fields.choice("purpose", [one.value for one in Purpose])),
        public=fields.digest("key"),
        issued=fields.instant("issued"),
        until=fields.nullable("until", fields.instant),
    )
    fields.finish("not a statement about a derived key", code="node.derived_key")
    return found


def open_key_document(
    encoded: bytes, identity: Identity, purpose: Purpose, now: Instant
) -> DerivedKey:
    """Read a document and check that this member vouches for the key, now.

    A statement key it has given up vouches for nothing any more.

    Raises:
        InvalidDocument: It is no such document.
        VerificationFailed: Another member's, for another purpose, too old, or wrongly signed.
    """
    found = read_key_document(encoded)
    fault = _signature_fault(encoded, identity)
    if found.member != identity.member:
        fault = f"it speaks of member {found.member}"
    elif found.purpose is not purpose:
        fault = f"the key is for {found.purpose.value}, not for {purpose.value}"
    elif found.issued > now + SKEW or (found.until is not None and found.until < now - SKEW):
        fault = "it does not hold at this time"
    if fault:
        raise VerificationFailed(
            f"the member does not vouch for this key: {fault}",
            code="node.derived_key",
            hint="ask the member for its document again",
        )
    return found


def _signature_fault(encoded: bytes, identity: Identity) -> str:
    try:
        verify_envelope(from_bytes(encoded), identity.keyset.statement_keys)
    except (InvalidDocument, VerificationFailed) as error:
        return error.message
    return ""
