# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import pytest

from comity.errors import InvalidDocument, VerificationFailed
from comity.kernel.canonical import Json
from comity.kernel.digest import sha256
from comity.kernel.ids import MemberId
from comity.ledger.commitment import (
    Access,
    AccessClass,
    bucket_of,
    commit,
    from_json,
    may_read,
    names_blob,
    verify_content,
)

CONTENT = sha256(b"report")
KH, BR = MemberId("aa" * 32), MemberId("bb" * 32)


def test_one_content_has_many_commitments() -> None:
    """Else who guesses the content could check the guess against the log."""
    one, _ = commit(bytes(16), CONTENT, size=6, media="text/plain", access=AccessClass.NAMED)
    two, _ = commit(b"\1" * 16, CONTENT, size=6, media="text/plain", access=AccessClass.NAMED)
    assert one.sha256 != two.sha256
    assert CONTENT.hex() not in str(one.to_json())


def test_a_commitment_survives_a_round_trip() -> None:
    """Fields nobody here knows included."""
    made, _ = commit(bytes(16), CONTENT, size=300, media="a/b", access=AccessClass.SEALED)
    value = {**made.to_json(), "later": 1}
    assert from_json(value).to_json() == value


def test_only_its_own_disclosure_opens_a_commitment() -> None:
    """Of the same bytes, of the same salt."""
    made, opening = commit(bytes(16), CONTENT, size=6, media="a/b", access=AccessClass.NAMED)
    verify_content(made.sha256, opening, CONTENT)
    with pytest.raises(VerificationFailed):
        verify_content(made.sha256, opening, sha256(b"Report"))
    _, other = commit(b"\1" * 16, CONTENT, size=6, media="a/b", access=AccessClass.NAMED)
    with pytest.raises(VerificationFailed):
        verify_content(made.sha256, other, CONTENT)


@pytest.mark.parametrize(
    ("size", "bucket"), [(0, 256), (1, 256), (256, 256), (257, 512), (2**20 + 1, 2**21)]
)
def test_a_bucket_is_the_next_power_of_two(size: int, bucket: int) -> None:
    """The exact size would tell similar contents apart."""
    assert bucket_of(size) == bucket


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (AccessClass.PUBLIC, [True, True, True]),
        (AccessClass.MEMBERS, [False, True, True]),
        (AccessClass.NAMED, [False, False, True]),
        (AccessClass.SEALED, [False, False, True]),
    ],
)
def test_who_may_read_follows_from_the_class(kind: AccessClass, expected: list[bool]) -> None:
    """A stranger reads what is public and nothing else."""
    access = Access(kind=kind, readers=frozenset([BR]))
    assert [may_read(access, asker) for asker in (None, KH, BR)] == expected


@pytest.mark.parametrize(
    "value",
    [
        None, [], {}, {"sha256": "x", "bucket": 3, "media": "text", "access": "secret"},
        {"sha256": "ab" * 32, "bucket": 128, "media": "a/b", "access": "named"},
        {"sha256": "ab" * 32, "bucket": 256, "media": "a/b c", "access": "named"},
    ],
)  # fmt: skip
def test_what_is_no_commitment_is_refused_with_every_fault(value: Json) -> None:
    """An unknown class is no licence to serve."""
    with pytest.raises(InvalidDocument) as caught:
        from_json(value)
    assert caught.value.faults


def test_a_predicate_that_speaks_of_a_blob_is_recognised_at_any_depth() -> None:
    """Else hiding it in a list would hide which entry its erasure touches."""
    made, _ = commit(bytes(16), CONTENT, size=6, media="a/b", access=AccessClass.NAMED)
    assert names_blob({"a": [{"details": made.to_json()}]}, made.sha256)
    assert not names_blob({"a": [CONTENT.hex()]}, made.sha256)
