# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A finding outlives the keys it was signed with, and falls with keys that were stolen."""

import pytest
from tests.fakes.federation import PASSPHRASE, Federation, Stages
from tests.fakes.verdict import of_comity, of_one_file

from comity.desk.finding.verification import assemble, verify_dossier
from comity.errors import VerificationFailed
from comity.files.dossier import Dossier, to_bytes
from comity.kernel.reference import Reference
from comity.node.node import Node
from comity.node.rotation import (
    Change,
    Theft,
    log_draft,
    prepare_compromise,
    prepare_rotation,
)


@pytest.fixture
def finding(stages: Stages) -> Reference:
    """Return the finding the dossiers are about."""
    assert stages.tested.finding is not None
    return stages.tested.finding


def rotate(federation: Federation, node: Node) -> None:
    """Rotate the keys of one member and let everybody read of it."""
    change, now = Change(), federation.now()
    log_draft(node, prepare_rotation(node, change, PASSPHRASE, now, federation.entropy))
    federation.publish(node)


def dossier_at(federation: Federation, finding: Reference, reader: Node) -> Dossier:
    """Return the dossier a reader puts together."""
    return assemble(reader, federation.gathered(reader, finding))


def test_a_finding_of_a_member_that_rotated_since_still_verifies(
    tested: Federation, finding: Reference
) -> None:
    """Signed by the key of its time, in a checkpoint by the key of now; for both verifiers."""
    rotate(tested, tested.kh)
    dossier = dossier_at(tested, finding, tested.br)
    encoded = to_bytes(dossier)
    assert (of_comity(encoded), of_one_file(encoded)) == ("verified", "verified")
    keysets = [one.keyset for one in verify_dossier(dossier).signatories]
    assert max(one.sequence for one in keysets if one.name == "kh") == 1


def test_a_witness_that_rotated_is_counted_once(tested: Federation, finding: Reference) -> None:
    """By the key it cosigned with, whichever that was."""
    rotate(tested, tested.sg)
    tested.publish(tested.kh)
    dossier = dossier_at(tested, finding, tested.br)
    cosigners = {
        one.keyset.name: sorted(other.name for other in one.cosigners)
        for one in verify_dossier(dossier).signatories
    }
    assert cosigners["kh"] == ["br", "sg"]
    assert of_one_file(to_bytes(dossier)) == "verified"


def test_what_its_own_member_disputes_is_refused(
    tested: Federation, finding: Reference
) -> None:
    """The key that signed it was declared stolen from an entry before it on."""
    theft = Theft(keys=("statement",), last_good=0, reason="a stolen laptop")
    log_draft(tested.kh, prepare_compromise(tested.kh, theft, tested.now()))
    rotate(tested, tested.kh)
    dossier = dossier_at(tested, finding, tested.br)
    with pytest.raises(VerificationFailed) as refused:
        verify_dossier(dossier)
    assert refused.value.code == "desk.disputed"
    assert "a stolen laptop" in refused.value.message
    assert of_one_file(to_bytes(dossier)) == "refuted"


def test_what_stands_before_the_last_good_entry_is_not_disputed(
    tested: Federation, finding: Reference
) -> None:
    """A compromise disputes nothing its owner stands by."""
    theft = Theft(keys=("statement",), last_good=finding.index, reason="a stolen laptop")
    log_draft(tested.kh, prepare_compromise(tested.kh, theft, tested.now()))
    rotate(tested, tested.kh)
    encoded = to_bytes(dossier_at(tested, finding, tested.br))
    assert (of_comity(encoded), of_one_file(encoded)) == ("verified", "verified")


def test_a_dossier_without_the_rotation_does_not_verify(
    tested: Federation, finding: Reference
) -> None:
    """Left out, nobody in the file has the key that signed the checkpoint."""
    rotate(tested, tested.kh)
    dossier = dossier_at(tested, finding, tested.br)
    sheets = tuple(
        one
        for one in dossier.sheets
        if (one.reference.log, one.reference.index)
        != (tested.kh.origin, tested.kh.identity.tenures[1].entry)
    )
    encoded = to_bytes(Dossier(finding=dossier.finding, sheets=sheets, bundles=dossier.bundles))
    assert (of_comity(encoded), of_one_file(encoded)) == ("refuted", "refuted")
