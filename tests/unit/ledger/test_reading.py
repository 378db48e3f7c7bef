# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import pytest
from tests.fakes.dynasty import Dynasty, pair, saying, signed

from comity.kernel.instant import from_rfc3339
from comity.ledger.envelope import sign_payload
from comity.ledger.reading import outline_logged, outlines_logged, read_entry, read_logged
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


@pytest.mark.parametrize("first", range(10))
def test_entries_in_a_row_are_outlined_as_each_alone(first: int) -> None:
    """Across rotations: each by the keys in force for it, the rotations by the root's word."""
    members = Dynasty()
    old, new = members.statement(0), members.statement(1)
    entries = [
        members.first(), signed(saying(1), old), signed(saying(2), new), b"opaque",
        members.rotation(1), signed(saying(5), old), signed(saying(6), new),
        members.rotation(2), signed(saying(8), new), signed(saying(9), members.statement(2)),
    ]  # fmt: skip
    identity = members.identity().extended(1, entries[1:])
    assert len(identity.tenures) == 3
    found = list(outlines_logged(entries[first:], first, identity))
    assert found == [
        (entry, outline_logged(entry, at, identity))
        for at, entry in enumerate(entries[first:], first)
    ]
    readable = [at for at, (_, outline) in enumerate(found, first) if outline[0] is not None]
    assert readable == [at for at in (0, 1, 4, 6, 7, 9) if at >= first]


def test_what_two_officers_must_sign_is_unreadable_under_one() -> None:
    """It stays in the log, is named, and blocks nothing; other kinds need one key as ever."""
    members = Dynasty(officers=["second"], needed={"policy": 2})
    own, second = members.statement(0), pair("second")
    entries = (
        signed(saying(1, "policy"), own),
        signed(saying(2, "policy"), own, second),
        signed(saying(3), second),
    )
    found = [read_logged(one, at, members.identity()) for at, one in enumerate(entries, 1)]
    assert [one.code for one in found] == ["ledger.officers", "", ""]
    assert "signed by 1 of 2 officers" in found[0].fault
