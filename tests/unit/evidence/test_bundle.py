# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A bundle is its transcript's lines under one heading, and nothing else."""

import pytest

from comity.errors import InvalidDocument
from comity.evidence.bank import Bank
from comity.evidence.bundle import Bundle, decode_bundle, digest_of, encode_bundle, header
from comity.evidence.transcript import Record, encode, head_of
from comity.kernel.digest import sha256


@pytest.fixture
def bundle(bank: Bank) -> Bundle:
    """Return a bundle of four records in two categories."""
    positions = [3, 50, 7, 60]
    records = tuple(
        Record(draw=n // 2 + 1, opening=bank.open(position), answer="a", passed=position != 50)
        for n, position in enumerate(positions)
    )
    return Bundle(plan=sha256(b"plan"), records=records)


def test_a_bundle_survives_its_bytes(bundle: Bundle) -> None:
    """It travels as a blob named by its digest."""
    assert decode_bundle(encode_bundle(bundle)) == bundle
    empty = Bundle(plan=bundle.plan, records=())
    assert decode_bundle(encode_bundle(empty)) == empty


def test_a_bundle_is_the_runners_own_lines(bundle: Bundle) -> None:
    """The runner appends records to a file; the heading before them makes it a bundle."""
    lines = [header(bundle.plan), *(encode(record) for record in bundle.records)]
    assert encode_bundle(bundle) == b"\n".join(lines) + b"\n"


def test_the_head_and_outcomes_are_the_transcripts(bundle: Bundle) -> None:
    """Nothing is recorded twice, so nothing can disagree."""
    assert bundle.head == head_of(bundle.plan, bundle.records)
    assert bundle.outcomes("rescue") == (True, True)
    assert bundle.outcomes("shelter") == (False, True)
    assert bundle.outcomes("weather") == ()


def test_every_flipped_byte_is_seen(bundle: Bundle) -> None:
    """Refused as malformed, or read as another digest; never as this bundle."""
    encoded = encode_bundle(bundle)
    for place in range(0, len(encoded), 17):
        flipped = encoded[:place] + bytes([encoded[place] ^ 1]) + encoded[place + 1 :]
        assert digest_of(flipped) != digest_of(encoded)
        try:
            read = decode_bundle(flipped)
        except InvalidDocument:
            continue
        assert encode_bundle(read) == flipped != encoded


def test_faults_carry_their_line(bundle: Bundle) -> None:
    """A megabyte of lines is not searched by eye."""
    lines = encode_bundle(bundle).split(b"\n")
    lines[2] = b'{"draw":0}'
    lines[3] = b"not json"
    with pytest.raises(InvalidDocument) as caught:
        decode_bundle(b"\n".join(lines))
    assert {fault.line for fault in caught.value.faults} == {3, 4}


@pytest.mark.parametrize("encoded", [b"", b"\n", b"{}", b'{"bundle":"other/v1","plan":"x"}\n'])
def test_what_is_no_bundle_is_refused(encoded: bytes) -> None:
    """A blob comes from anywhere."""
    with pytest.raises(InvalidDocument) as caught:
        decode_bundle(encoded)
    assert caught.value.code == "evidence.bundle"


def test_a_bundle_cut_short_is_refused(bundle: Bundle) -> None:
    """A download that broke off must not pass for a shorter test."""
    with pytest.raises(InvalidDocument):
        decode_bundle(encode_bundle(bundle)[:-1])
