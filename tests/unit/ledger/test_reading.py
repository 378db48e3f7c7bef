# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import pytest

from comity.kernel.instant import from_rfc3339
from comity.ledger.envelope import sign_payload
from comity.ledger.reading import read_entry
from comity.ledger.signature import SigningKey
from comity.ledger.statement import PAYLOAD_TYPE, Statement, to_payload

KEY = SigningKey.from_seed(bytes(range(32)))
STATEMENT = Statement(
    predicate_type="x", predicate={"at": str(from_rfc3339("2026-11-21T19:19:24Z"))}
)
PAYLOAD = to_payload(STATEMENT)


def test_a_readable_entry_gives_its_statement() -> None:
    """Without a keyset the signature is left to whoever checked it before."""
    reading = read_entry(sign_payload(PAYLOAD, PAYLOAD_TYPE, [KEY]), None)
    assert (reading.statement, reading.fault) == (STATEMENT, "")


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (b"", "not canonical JSON"),
        (b"\x00" * 40, "not canonical JSON"),
        (b"{}", "envelope"),
        (sign_payload(PAYLOAD, "text/plain", [KEY]), "text/plain"),
        (sign_payload(b"[]", PAYLOAD_TYPE, [KEY]), "object"),
        (sign_payload(b'{"b":1,"a":1}', PAYLOAD_TYPE, [KEY]), "canonical"),
    ],
)
def test_an_unreadable_entry_blocks_nothing_and_says_why(entry: bytes, said: str) -> None:
    """It stays in the log as opaque bytes; what follows is still read."""
    reading = read_entry(entry, None)
    assert reading.statement is None
    assert said in reading.fault
    assert "\n" not in reading.fault
