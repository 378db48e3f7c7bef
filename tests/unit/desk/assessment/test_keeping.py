# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A bank stays secret with its keeper, and is handed over whole or refused."""

import pytest
from tests.fakes.federation import Federation, Stages, items

from comity.desk.assessment.keeping import (
    decode_bank,
    encode_bank,
    hand_over,
    held_bank,
    take_over,
)
from comity.desk.case.case import find_custody
from comity.desk.log.record import record
from comity.desk.log.shelf import ViewShelf, get
from comity.errors import InvalidDocument, NotFound, NotPermitted, VerificationFailed
from comity.evidence.bank import Bank
from comity.evidence.custody import Custody
from comity.kernel.digest import Digest
from comity.kernel.reference import Reference


@pytest.fixture
def finding(stages: Stages) -> Reference:
    """Return the finding whose bank is handed over."""
    assert stages.tested.finding is not None
    return stages.tested.finding


def root_of(federation: Federation) -> Digest:
    """Return the root of the bank the tester committed to."""
    return get(ViewShelf(federation.kh.view()), federation.bank, "bank").subject


def test_only_its_keeper_holds_a_bank(planned: Federation) -> None:
    """Others see its root and no item."""
    root = root_of(planned)

    assert held_bank(planned.kh, root).commitment.root == root
    with pytest.raises(NotFound):
        held_bank(planned.br, root)


def test_no_item_stands_in_the_keepers_folder_in_clear(planned: Federation) -> None:
    """A stolen disk without the passphrase shows no question."""
    files = [path for path in planned.kh.folder.rglob("*") if path.is_file()]

    assert files
    assert [path for path in files if b"say of shelter" in path.read_bytes()] == []


def test_a_bank_handed_over_opens_for_its_recipient(
    tested: Federation, finding: Reference
) -> None:
    """And holds the committed items."""
    kh, br = tested.kh, tested.br
    custody = hand_over(kh, tested.gathered(kh, finding), br.member, now=tested.now())
    tested.publish(kh)

    take_over(br, custody, br.connect("kh"))

    assert held_bank(br, root_of(tested)).items == tuple(items())


def test_a_bank_opens_for_nobody_else(tested: Federation, finding: Reference) -> None:
    """The sealed box is public; its content is not."""
    kh, sg = tested.kh, tested.sg
    custody = hand_over(kh, tested.gathered(kh, finding), tested.br.member, now=tested.now())
    tested.publish(kh)

    with pytest.raises(NotPermitted, match="handed to another member"):
        take_over(sg, custody, sg.connect("kh"))


def test_handing_over_twice_logs_once(tested: Federation, finding: Reference) -> None:
    """An operator who is not sure may ask again."""
    test = tested.gathered(tested.kh, finding)
    once = hand_over(tested.kh, test, tested.br.member, now=tested.now())

    assert hand_over(tested.kh, test, tested.br.member, now=tested.now()) == once


def test_only_its_tester_hands_a_bank_over(tested: Federation, finding: Reference) -> None:
    """A stranger has none to hand over."""
    test = tested.gathered(tested.sg, finding)

    with pytest.raises(NotPermitted, match="only its tester"):
        hand_over(tested.sg, test, tested.br.member, now=tested.now())


def test_no_bank_is_handed_to_the_provider_under_test(
    tested: Federation, finding: Reference
) -> None:
    """It would know every question still to be asked."""
    test = tested.gathered(tested.kh, finding)

    with pytest.raises(NotPermitted, match="still to be asked"):
        hand_over(tested.kh, test, tested.maker.member, now=tested.now())


def test_a_bank_with_another_root_is_refused(tested: Federation, finding: Reference) -> None:
    """Other items than the committed ones would be questions somebody chose."""
    kh, br = tested.kh, tested.br
    other = Bank.of(items(), bytes(32))
    test = tested.gathered(kh, finding)
    custody = Custody(
        issued=tested.now(),
        plan=test.plan.reference,
        to=br.member,
        blob=kh.blobs.put(kh.seal(br.member, encode_bank(other))),
        opened={},
    )
    said = record(
        kh, "custody", custody.to_predicate(), subject=root_of(tested), now=tested.now()
    )
    tested.publish(kh)

    with pytest.raises(VerificationFailed, match="not the committed one"):
        take_over(br, said, br.connect("kh"))
    with pytest.raises(NotFound):
        held_bank(br, root_of(tested))


def test_a_strangers_custody_statement_is_none(tested: Federation, finding: Reference) -> None:
    """Only who keeps the bank can hand it over."""
    test = tested.gathered(tested.kh, finding)
    custody = Custody(
        issued=tested.now(),
        plan=test.plan.reference,
        to=tested.br.member,
        blob=Digest(bytes(32)),
        opened={},
    )
    record(
        tested.sg, "custody", custody.to_predicate(), subject=root_of(tested), now=tested.now()
    )
    tested.publish(tested.sg)

    shelf = ViewShelf(tested.br.view())
    assert find_custody(shelf, tested.gathered(tested.br, finding), tested.br.member) is None


def test_a_bank_survives_a_round_trip() -> None:
    """Items and key come back as they were."""
    bank = Bank.of(items(), bytes(range(32)))

    assert decode_bank(encode_bank(bank)) == bank


def test_a_garbled_bank_is_refused_with_its_faults() -> None:
    """Whatever is in the box, no other error comes out."""
    with pytest.raises(InvalidDocument) as refused:
        decode_bank(b'{"items":[{"position":"x"}],"key":"00"}')

    assert len(refused.value.faults) > 3
