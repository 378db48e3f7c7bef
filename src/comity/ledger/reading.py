# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What a reader makes of one entry: a statement, or opaque bytes and the reason.

A malformed or wrongly signed entry stays in the log, is shown as unreadable, and blocks
nothing that comes after it.
"""

from dataclasses import dataclass

from comity.errors import InvalidDocument, VerificationFailed
from comity.ledger.envelope import from_bytes, verify_envelope
from comity.ledger.keyset import Keyset
from comity.ledger.statement import PAYLOAD_TYPE, Statement, from_payload


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One entry as read.

    Args:
        statement: What it says, or None where it cannot be read or trusted.
        fault: Why not, as one sentence; empty where there is a statement.
    """

    statement: Statement | None
    fault: str = ""


def read_entry(entry: bytes, keyset: Keyset | None) -> Reading:
    """Read an entry and check its signature; never raises.

    Args:
        keyset: The keys of the log's member; None leaves the signature unchecked, for
            bytes that were checked when they came in.
    """
    try:
        envelope = from_bytes(entry)
        if envelope.payload_type != PAYLOAD_TYPE:
            return Reading(statement=None, fault=f"payload type {envelope.payload_type[:80]!r}")
        if keyset is not None:
            verify_envelope(envelope, keyset.statement_keys)
        return Reading(statement=from_payload(envelope.payload))
    except (InvalidDocument, VerificationFailed) as error:
        return Reading(statement=None, fault=" ".join(str(error).split()))
