# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""One file checks a finding offline, and no byte of it can be changed unseen."""

import json
from dataclasses import replace

import pytest
from tests.fakes.federation import THRIFTY, Federation, Stages, perfect

from comity.desk.assessment.keeping import hand_over, take_over
from comity.desk.assessment.planning import plan_continuation
from comity.desk.assessment.testing import report, run_test
from comity.desk.finding.verification import assemble, verify_dossier
from comity.errors import ComityError, Conflict, InvalidDocument, VerificationFailed
from comity.evidence.combine import attempt_risk
from comity.files.dossier import Dossier, from_bytes, to_bytes
from comity.kernel.reference import Reference
from comity.kernel.truth import Truth
from comity.ledger.note import Note
from comity.ledger.note import from_bytes as note_from_bytes
from comity.ledger.proof import from_bytes as proof_from_bytes


@pytest.fixture
def finding(stages: Stages) -> Reference:
    """Return the finding the dossiers are about."""
    assert stages.tested.finding is not None
    return stages.tested.finding


@pytest.fixture
def dossier(tested: Federation, finding: Reference) -> Dossier:
    """Return the finding's dossier, put together by a member that only follows."""
    return assemble(tested.br, tested.gathered(tested.br, finding))


def go_on(federation: Federation, finding: Reference) -> Reference:
    """Let the second regulator continue the test at a tenth of the risk."""
    kh, br = federation.kh, federation.br
    test = federation.gathered(kh, finding)
    custody = hand_over(kh, test, br.member, now=federation.now())
    federation.publish(kh)
    take_over(br, custody, br.connect("kh"))
    risk = attempt_risk(test.case.plan.designs[0].risk, 1) / 10
    plan = plan_continuation(br, federation.gathered(br, finding), risk, now=federation.now())
    federation.publish(br)
    own = report(br, plan, run_test(br, plan, perfect(), manner=THRIFTY), now=federation.now())
    federation.publish(br)
    return own


def test_a_dossier_verifies_without_node_or_network(
    dossier: Dossier, finding: Reference
) -> None:
    """It says whose keys it rests on and who cosigned."""
    verified = verify_dossier(from_bytes(to_bytes(dossier)))

    assert verified.publication.finding.reference == finding
    assert {check.holds for check in verified.checks} == {Truth.TRUE}
    cosigners = {
        one.keyset.name: sorted(other.name for other in one.cosigners)
        for one in verified.signatories
    }
    assert cosigners["kh"] == ["br", "sg"]
    assert cosigners["maker"] == ["br", "kh", "sg"]


def test_a_dossier_of_a_continuation_carries_both_tests(
    tested: Federation, finding: Reference
) -> None:
    """The second test means nothing without the first."""
    own = go_on(tested, finding)

    dossier = assemble(tested.sg, tested.gathered(tested.sg, own))
    verified = verify_dossier(from_bytes(to_bytes(dossier)))

    assert len(dossier.bundles) == 2
    assert [one.finding.reference for one in verified.publication.chain] == [finding, own]


def test_no_flipped_byte_passes(dossier: Dossier) -> None:
    """Wherever a byte changes, the file is refused, and by an error of ours with a place."""
    whole = to_bytes(dossier)
    passed, placeless = [], []
    for position in range(0, len(whole), 29):
        copy = bytearray(whole)
        copy[position] ^= 1 << (position % 7)
        try:
            verify_dossier(from_bytes(bytes(copy)))
        except VerificationFailed as refused:
            if not refused.place:
                placeless.append((position, str(refused)))
        except InvalidDocument as refused:
            if not refused.faults:
                placeless.append((position, str(refused)))
        else:
            passed.append((position, whole[position - 20 : position + 20]))

    assert passed == []
    assert placeless == []


def test_a_changed_answer_is_found_at_its_record(dossier: Dossier) -> None:
    """A reader learns which answer was changed, not only that something was."""
    changed = dossier.bundles[0].replace(b'"passed":true', b'"passed":false', 1)

    with pytest.raises(VerificationFailed) as refused:
        verify_dossier(replace(dossier, bundles=(changed,)))

    assert refused.value.place == "records[0].passed"


@pytest.mark.parametrize("row", range(8))
def test_a_dossier_lacking_a_statement_is_refused(dossier: Dossier, row: int) -> None:
    """Nothing the finding leans on can be left out."""
    concerned = [s for s in dossier.sheets if s.reference.index or s.reference.log[0] in "km"]
    left_out = concerned[row]
    sheets = tuple(sheet for sheet in dossier.sheets if sheet != left_out)

    with pytest.raises(VerificationFailed) as refused:
        verify_dossier(replace(dossier, sheets=sheets))

    assert refused.value.place


def test_a_bundle_too_many_or_too_few_is_refused(dossier: Dossier) -> None:
    """What nobody signed has no place in the file."""
    with pytest.raises(VerificationFailed, match=r"bundles\[1\]"):
        verify_dossier(replace(dossier, bundles=(*dossier.bundles, b"more")))
    with pytest.raises(VerificationFailed, match=r"bundles\[0\]"):
        verify_dossier(replace(dossier, bundles=()))


def without_cosignatures(dossier: Dossier, log: str) -> Dossier:
    """Take every cosignature off the proofs of one log."""
    sheets = []
    for sheet in dossier.sheets:
        proof = proof_from_bytes(sheet.proof)
        note = note_from_bytes(proof.checkpoint)
        own = tuple(one for one in note.signatures if one.name == sheet.reference.log)
        bare = replace(proof, checkpoint=Note(text=note.text, signatures=own).encoded)
        is_it = sheet.reference.log == log
        sheets.append(replace(sheet, proof=bare.encoded) if is_it else sheet)
    return replace(dossier, sheets=tuple(sheets))


def test_a_file_without_cosignatures_says_so(dossier: Dossier) -> None:
    """They can be taken off, so the reader is told who cosigned, and by how many."""
    verified = verify_dossier(without_cosignatures(dossier, "kh.example/log"))

    by_name = {one.keyset.name: one for one in verified.signatories}
    assert by_name["kh"].cosigners == ()


def test_nothing_uncounted_goes_into_a_dossier(revealed: Federation, stages: Stages) -> None:
    """A proof under a checkpoint nobody cosigned would prove little."""
    plan = stages.revealed.plan
    finding = report(
        revealed.kh,
        plan,
        run_test(revealed.kh, plan, perfect(), manner=THRIFTY),
        now=revealed.now(),
    )
    test = revealed.gathered(revealed.kh, finding)

    with pytest.raises(Conflict, match="enough cosignatures"):
        assemble(revealed.kh, test)


def test_a_stranger_in_the_view_does_not_keep_a_dossier_from_being_made(
    tested: Federation, finding: Reference
) -> None:
    """Only the logs it quotes and those who cosigned them go in."""
    stranger = tested.found("stranger", "regulator", "VNM")
    _, note, _ = stranger.log.prepare()
    stranger.log.publish(note)
    tested.br.follow(stranger.member, tested.now())

    dossier = assemble(tested.br, tested.gathered(tested.br, finding))

    assert {sheet.reference.log for sheet in dossier.sheets} == {
        f"{name}.example/log" for name in ("kh", "br", "sg", "maker")
    }


def test_garbage_raises_only_errors_of_ours(dossier: Dossier) -> None:
    """A reader of hostile files gets a message, never a traceback."""
    value = json.loads(to_bytes(dossier))
    for name in ("dossier", "finding", "statements", "bundles"):
        others: tuple[object, ...] = (None, 7, [], {}, "x", [7], [{}])
        for other in others:
            text = json.dumps({**value, name: other}, sort_keys=True, separators=(",", ":"))
            if value[name] == other:
                continue
            with pytest.raises(ComityError):
                verify_dossier(from_bytes(text.encode()))
