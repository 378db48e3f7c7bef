# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Turn what a member says into the bytes of an entry, under as many keys as it asks for."""

import dataclasses
from collections.abc import Sequence

from comity.errors import NotPermitted
from comity.kernel.instant import Instant, to_rfc3339
from comity.ledger.envelope import keyid_of, sign_payload
from comity.ledger.keyset import Keyset
from comity.ledger.note import Secret
from comity.ledger.statement import PAYLOAD_TYPE, Statement, to_payload
from comity.node.keys.keys import Keys


def signed(statement: Statement, keys: Keys) -> bytes:
    """Return the entry of a statement under the member's own key.

    Raises:
        InvalidDocument: It is too large or outside the canonical profile.
    """
    return sign_payload(to_payload(statement), PAYLOAD_TYPE, [keys.statement])


def signed_for(statement: Statement, keyset: Keyset, secrets: Sequence[Secret]) -> bytes:
    """Return the entry of a statement under as many keys as the keyset asks for.

    Args:
        secrets: Those at hand, the preferred first.

    Raises:
        InvalidDocument: It is too large or outside the canonical profile.
        NotPermitted: Too few of the keyset's keys are at hand.
    """
    needed = keyset.officers.get(statement.kind, 1)
    found = {
        keyid_of(one.public): one
        for one in secrets
        if keyid_of(one.public) in keyset.statement_keys
    }
    if len(found) < needed:
        raise NotPermitted(
            f"a {statement.kind!r} needs the signatures of {needed} officers; "
            f"this node can give {len(found)}",
            code="node.officers",
            hint="`comity identity prepare` writes a file that the others sign",
        )
    keys = list(found.values())[:needed]
    return sign_payload(to_payload(statement), PAYLOAD_TYPE, keys)


def issued(statement: Statement, now: Instant) -> Statement:
    """Return a statement that says when it was issued: what it says itself, else *now*."""
    predicate = {"issued": to_rfc3339(now), **statement.predicate}
    return dataclasses.replace(statement, predicate=predicate)
