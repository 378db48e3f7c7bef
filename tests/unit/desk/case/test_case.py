# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A finding is gathered only from the members whose parts they are."""

from collections.abc import Mapping

import pytest
from tests.fakes.federation import VERSION, Federation, Stages
from tests.fakes.say import say as log_anything

from comity.desk.case.bundles import bundles_of
from comity.desk.case.case import MAX_CONTINUATIONS, Publication, gather, rescore
from comity.desk.log.shelf import MemoryShelf, Said, ViewShelf, find_cited, get
from comity.errors import ComityError, InvalidDocument, NotFound, VerificationFailed
from comity.kernel.canonical import Json
from comity.kernel.digest import Digest
from comity.kernel.reference import Reference, to_reference_json
from comity.node.node import Node


@pytest.fixture
def finding(stages: Stages) -> Reference:
    """Return the finding that is gathered."""
    assert stages.tested.finding is not None
    return stages.tested.finding


@pytest.fixture
def whole(tested: Federation, finding: Reference) -> Publication:
    """Return it gathered."""
    return tested.gathered(tested.br, finding)


def say(
    federation: Federation, node: Node, kind: str, predicate: Mapping[str, Json]
) -> Reference:
    """Let a member log any statement on the version under test."""
    said = log_anything(node, kind, predicate, subject=VERSION, now=federation.now())
    federation.publish(node)
    return said


def test_a_finding_brings_all_it_rests_on(whole: Publication) -> None:
    """In the order in which it was said."""
    assert [said.statement.kind for said in whole.statements] == [
        "system", "bank", "application", "plan", "reveal", "reveal", "finding",
    ]  # fmt: skip
    assert whole.chain == (whole,)


def test_a_finding_counts_only_from_who_planned_it(
    tested: Federation, finding: Reference
) -> None:
    """A stranger's finding on another's plan is nobody's testimony."""
    said = get(ViewShelf(tested.kh.view()), finding, "finding")
    stolen = say(tested, tested.sg, "finding", said.statement.predicate)

    with pytest.raises(VerificationFailed, match="not by the member that planned") as refused:
        tested.gathered(tested.br, stolen)

    assert refused.value.place == "sg.example/log entry 1"


def test_a_plan_counts_only_from_the_tester_applied_to(
    tested: Federation, whole: Publication
) -> None:
    """A stranger cannot test on an application to another."""
    plan = say(tested, tested.sg, "plan", whole.plan.statement.predicate)
    predicate = {**whole.finding.statement.predicate, "plan": to_reference_json(plan)}
    stolen = say(tested, tested.sg, "finding", predicate)

    with pytest.raises(VerificationFailed, match="applied to another tester"):
        tested.gathered(tested.br, stolen)


def test_a_second_plan_on_one_application_has_no_finding(
    tested: Federation, whole: Publication
) -> None:
    """The provider's nonce was known when it was planned, so its draw could be chosen."""
    plan = say(tested, tested.kh, "plan", {**whole.plan.statement.predicate, "attempt": 2})
    predicate = {**whole.finding.statement.predicate, "plan": to_reference_json(plan)}
    second = say(tested, tested.kh, "finding", predicate)

    with pytest.raises(VerificationFailed, match="served a draw before"):
        tested.gathered(tested.br, second)


def test_a_citation_of_another_kind_is_refused(tested: Federation, whole: Publication) -> None:
    """A plan is not a bank because somebody says so."""
    bank = whole.bank.reference
    predicate = {**whole.finding.statement.predicate, "plan": to_reference_json(bank)}
    wrong = say(tested, tested.kh, "finding", predicate)

    with pytest.raises(VerificationFailed, match="a plan was cited, and a bank stands there"):
        tested.gathered(tested.br, wrong)


def test_a_malformed_finding_is_refused_with_its_faults(tested: Federation) -> None:
    """By an error of ours, never a traceback."""
    wrong = say(tested, tested.kh, "finding", {"results": [7]})

    with pytest.raises(ComityError):
        tested.gathered(tested.br, wrong)


def test_what_is_not_here_is_said_to_be_missing(
    tested: Federation, finding: Reference, whole: Publication
) -> None:
    """With the step that would bring it."""
    without = MemoryShelf(one for one in whole.statements if one != whole.application)

    with pytest.raises(NotFound, match="the application at maker") as refused:
        gather(without, finding, bundles_of(tested.br))

    assert "follow the log" in refused.value.hint


def test_a_bundle_nobody_serves_is_said_to_be_missing(tested: Federation) -> None:
    """With what each peer answered."""
    with pytest.raises(NotFound) as refused:
        bundles_of(tested.br)(Digest(bytes(32)))

    assert "kh" in refused.value.hint


def test_an_unknown_scorer_is_not_run_again() -> None:
    """What it decided stays the tester's word."""
    assert rescore("somebody-elses/1", "prompt", "reference", "answer") is None
    assert rescore("exact/1", "prompt", "right", "right") is True


def test_chains_of_continuations_end(tested: Federation, whole: Publication) -> None:
    """A file of a thousand nested tests must not exhaust its reader."""
    said: list[Said] = list(whole.statements)
    newest = whole.finding
    for number in range(MAX_CONTINUATIONS + 2):
        plan = _copy(
            whole.plan,
            1000 + 2 * number,
            {
                "continues": to_reference_json(newest.reference),
                "nonce_commitment": None,
                "test": "continuation",
            },
        )
        newest = _copy(
            whole.finding, 1001 + 2 * number, {"plan": to_reference_json(plan.reference)}
        )
        said += [plan, newest]

    with pytest.raises(VerificationFailed, match="go on with one draw"):
        gather(MemoryShelf(said), newest.reference, bundles_of(tested.br))


def _copy(said: Said, index: int, changed: Mapping[str, Json]) -> Said:
    statement = said.statement
    return Said(
        reference=Reference(
            log=said.reference.log, index=index, sha256=Digest(index.to_bytes(32, "big"))
        ),
        member=said.member,
        statement=type(statement)(
            predicate_type=statement.predicate_type,
            predicate={**statement.predicate, **changed},
            subjects=statement.subjects,
        ),
        is_counted=True,
    )


def test_a_wrong_citation_by_a_stranger_finds_nothing(
    tested: Federation, finding: Reference
) -> None:
    """And raises nothing, since it is a stranger's."""
    shelf = ViewShelf(tested.br.view())
    wrong = Reference(log=finding.log, index=finding.index, sha256=Digest(bytes(32)))

    assert find_cited(shelf, wrong, "finding") is None
    assert find_cited(shelf, finding, "plan") is None
    assert find_cited(shelf, finding, "finding") is not None


@pytest.mark.parametrize("digest", ["ab", "AB" * 32, "zz" * 32])
def test_a_subject_that_is_no_digest_is_none(tested: Federation, digest: str) -> None:
    """Whatever a stranger writes there."""
    said = get(ViewShelf(tested.br.view()), tested.bank, "bank")
    subject = type(said.statement.subjects[0])(digest={"sha256": digest})
    odd = Said(
        reference=said.reference,
        member=said.member,
        statement=type(said.statement)(
            predicate_type=said.statement.predicate_type, predicate={}, subjects=(subject,)
        ),
        is_counted=True,
    )

    assert odd.find_subject() is None
    with pytest.raises(VerificationFailed, match="names no subject"):
        _ = odd.subject


def test_garbage_is_not_a_bundle(tested: Federation, finding: Reference) -> None:
    """A bundle that is none is refused with its line."""
    with pytest.raises(InvalidDocument):
        gather(ViewShelf(tested.br.view()), finding, lambda _: b"{}\n")


def test_a_provider_does_not_go_on_with_a_test_of_its_own(
    tested: Federation, whole: Publication
) -> None:
    """Nobody tests a system of its own, not even from where another stopped."""
    continuing: dict[str, Json] = {
        "continues": to_reference_json(whole.finding.reference),
        "nonce_commitment": None,
        "test": "continuation",
    }
    planned = {**whole.plan.statement.predicate, **continuing}
    plan = say(tested, tested.maker, "plan", planned)
    predicate = {**whole.finding.statement.predicate, "plan": to_reference_json(plan)}
    own = say(tested, tested.maker, "finding", predicate)

    with pytest.raises(VerificationFailed, match="a system of its own"):
        tested.gathered(tested.br, own)


def test_a_bank_stated_after_the_plan_is_none(tested: Federation, whole: Publication) -> None:
    """What its items are said to show could be chosen by the outcomes."""
    shelf = MemoryShelf(
        _copy(said, 1000, {}) if said == whole.bank else said for said in whole.statements
    )

    with pytest.raises(VerificationFailed, match="stated after the test"):
        gather(shelf, whole.finding.reference, bundles_of(tested.br))
