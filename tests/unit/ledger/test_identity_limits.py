# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""How often and how far keys change, so that two stories are shown to be one log's."""

import pytest
from tests.fakes.dynasty import Dynasty, signed

from comity.errors import VerificationFailed
from comity.ledger.identity import MAX_KEYSETS, MAX_ROTATION_BYTES, Identity
from comity.ledger.keyset import from_predicate, to_predicate, to_statement
from comity.verifier import comity_verify

KH = Dynasty()


def after(*entries: bytes) -> Identity:
    """Return who a member is, and hold that the verifier of one file says the same."""
    found = KH.identity().extended(1, entries)
    member = comity_verify.read_member(KH.first())
    for index, entry in enumerate(entries, 1):
        member = comity_verify.after(member, index, entry)
    assert [one.entry for one in member.keysets] == [one.entry for one in found.tenures]
    return found


def test_a_log_has_no_more_keysets_than_evidence_can_show() -> None:
    """Past the last one the keys stay; its owner hears of it before anything is logged."""
    found = KH.identity().extended(1, map(KH.rotation, range(1, MAX_KEYSETS + 1)))
    assert len(found.tenures) == MAX_KEYSETS
    assert [one.code for one in found.refused] == ["ledger.keyset_limit"]
    with pytest.raises(VerificationFailed, match="a log has 256") as refused:
        found.check_successor(to_statement(KH.keyset(MAX_KEYSETS)))
    assert refused.value.code == "ledger.keyset_limit"


@pytest.mark.parametrize(("padding", "is_in_force"), [(10_000, True), (12_000, False)])
def test_a_rotation_is_no_larger_than_evidence_can_hold(
    *, padding: int, is_in_force: bool
) -> None:
    """What else it states is its own affair, up to 16 KiB; every other rule is kept."""
    said = to_predicate(KH.keyset(1))
    keyset = from_predicate({**said, "more": "x" * padding})
    entry = signed(to_statement(keyset), KH.statement(0), KH.statement(1))
    assert (len(entry) <= MAX_ROTATION_BYTES) is is_in_force
    found = after(entry)
    assert [one.code for one in found.refused] == [*["ledger.keyset_limit"] * (not is_in_force)]
    assert len(found.tenures) == 1 + is_in_force


def test_both_verifiers_count_the_keysets_of_a_log_alike() -> None:
    """A finding under a key that one takes and the other does not would be judged two ways."""
    last = MAX_KEYSETS - 1
    member = comity_verify.read_member(KH.first())
    for number in range(1, MAX_KEYSETS + 1):
        statement = comity_verify.read_statement(KH.rotation(number))
        found = comity_verify.read_keyset(statement["predicate"], number)
        if number < last:  # pure Python takes its time to check signatures
            member = member._replace(keysets=(*member.keysets, found))
        else:
            member = comity_verify.after(member, number, KH.rotation(number))
    assert [one.said["sequence"] for one in member.keysets] == list(range(MAX_KEYSETS))
