# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Items opened to somebody are checked against the root, without the bank's key."""

from dataclasses import replace

import pytest

from comity.errors import InvalidDocument, VerificationFailed
from comity.evidence.bank import Bank
from comity.evidence.opening import (
    Openings,
    OpeningStatement,
    decode_openings,
    digest_of,
    encode_openings,
    opening_statement_from_predicate,
    positions_from,
    verify_openings,
)
from comity.kernel.digest import sha256
from comity.kernel.instant import Instant


@pytest.fixture
def opened(bank: Bank) -> Openings:
    """Return three items opened from the bank."""
    return Openings(
        commitment=bank.commitment, items=tuple(bank.open(position) for position in (3, 40, 99))
    )


def test_openings_read_back_and_verify_against_the_published_root(
    bank: Bank, opened: Openings
) -> None:
    """An appeals body needs the file and the root, and nothing of the keeper's."""
    again = decode_openings(encode_openings(opened))

    verify_openings(again, bank.commitment.root)

    assert again == opened
    assert again.positions == (3, 40, 99)
    assert bank.key.hex().encode() not in encode_openings(opened)


def test_the_wrong_bank_for_the_root_is_refused(opened: Openings) -> None:
    """The root in the file is its author's word; only the published one counts."""
    other = replace(opened, commitment=replace(opened.commitment, root=sha256(b"other")))

    with pytest.raises(VerificationFailed) as refused:
        verify_openings(other, sha256(b"other"))

    assert refused.value.place == "items[0]"


def test_a_changed_item_is_named(bank: Bank, opened: Openings) -> None:
    """What the appeals body reads is what was committed, or it is told which is not."""
    item = replace(opened.items[1].item, reference="another answer")
    changed = replace(
        opened,
        items=(opened.items[0], replace(opened.items[1], item=item), opened.items[2]),
    )

    with pytest.raises(VerificationFailed) as refused:
        verify_openings(changed, bank.commitment.root)

    assert refused.value.place == "items[1]"


def test_two_openings_of_the_same_items_have_one_digest(opened: Openings) -> None:
    """The statement names the file; a second copy is the same file."""
    assert digest_of(encode_openings(opened)) == digest_of(encode_openings(opened))


@pytest.mark.parametrize("junk", [b"", b"{}", b"[1]", b'{"openings":"comity/openings/v9"}'])
def test_junk_is_no_file_of_openings(junk: bytes) -> None:
    """A parser raises nothing but ours."""
    with pytest.raises(InvalidDocument):
        decode_openings(junk)


@pytest.mark.parametrize(
    ("text", "positions"),
    [("3", (3,)), ("3,5,9-12", (3, 5, 9, 10, 11, 12)), (" 9-9 , 3,3", (3, 9))],
)
def test_positions_are_read_once_each_and_rising(text: str, positions: tuple[int, ...]) -> None:
    """Whatever order an officer lists them in."""
    assert positions_from(text, 100) == positions


def test_every_position_that_is_none_is_named() -> None:
    """All at once, as every document's faults."""
    with pytest.raises(InvalidDocument) as refused:
        positions_from("3,x,12-9,100,²", 100)

    assert len(refused.value.faults) == 4


def test_the_statement_reads_back_as_written(issued: Instant, opened: Openings) -> None:
    """It says to whom, how many and which file; unknown fields survive."""
    statement = OpeningStatement(
        issued=issued,
        to="Appeals Board",
        count=3,
        file=digest_of(encode_openings(opened)),
        reason="appeal 12/2026",
        extra={"case": 12},
    )

    assert opening_statement_from_predicate(statement.to_predicate()) == statement
