# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Turn what a member says into the bytes of an entry."""

import dataclasses

from comity.kernel.instant import Instant, to_rfc3339
from comity.ledger.envelope import sign_payload
from comity.ledger.statement import PAYLOAD_TYPE, Statement, to_payload
from comity.node.keys import Keys


def signed(statement: Statement, keys: Keys) -> bytes:
    """Return the entry of a statement under the member's own key.

    Raises:
        InvalidDocument: It is too large or outside the canonical profile.
    """
    return sign_payload(to_payload(statement), PAYLOAD_TYPE, [keys.statement])


def issued(statement: Statement, now: Instant) -> Statement:
    """Return a statement that says when it was issued: what it says itself, else *now*."""
    predicate = {"issued": to_rfc3339(now), **statement.predicate}
    return dataclasses.replace(statement, predicate=predicate)
