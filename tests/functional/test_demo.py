# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The main job, run whole on the real models; invariants are asserted, never a verdict."""

import json
import secrets
import subprocess
import sys
from pathlib import Path

import pytest

from comity.desk.finding.verification import verify_dossier
from comity.desk.log.schema import kinds, unknown_fields
from comity.desk.log.surveying import survey
from comity.errors import ComityError
from comity.evidence.application import reveal_from_predicate
from comity.evidence.draw import Role
from comity.evidence.finding import Finding, finding_from_predicate
from comity.evidence.plan import Plan, plan_from_predicate
from comity.evidence.recognition import (
    Decision,
    policy_from_predicate,
    recognition_from_predicate,
)
from comity.evidence.statistics.design import Design, Verdict, false_recognition
from comity.files.dossier import from_bytes
from comity.kernel.reference import Reference
from comity.ledger.quorum import Quorum, Witness, eligible, tally
from comity.ledger.statement import Statement
from comity.node.care.audit import VerifiedLog, verify_log
from comity.node.clock import read_clock
from comity.node.fetch.source import FolderSource

pytestmark = [pytest.mark.models, pytest.mark.xdist_group("models")]

REGULATORS = ("khm", "bra", "sgp")
EVERYONE = (*REGULATORS, "provider")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Run `comity demo` once; everything below reads what it left behind."""
    folder = tmp_path_factory.mktemp("demo") / "run"
    ran = subprocess.run(
        [sys.executable, "-m", "comity.cli", "demo", "--no-serve", "--folder", str(folder)],
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )
    assert ran.returncode == 0, ran.stdout[-3000:] + ran.stderr[-3000:]
    return folder, ran.stdout


@pytest.fixture(scope="module")
def logs(told: tuple[Path, str]) -> dict[str, VerifiedLog]:
    """Verify the four public folders with no node and no key."""
    return {key: verify_log(FolderSource(told[0] / key / "public")) for key in EVERYONE}


def of_kind(log: VerifiedLog, kind: str) -> list[tuple[Reference, Statement]]:
    """Return a log's statements of one kind with their references."""
    return [
        (Reference(log=log.origin, index=entry.index, sha256=entry.sha256), statement)
        for entry in log.entries
        if (statement := entry.reading.statement) is not None and statement.kind == kind
    ]


def plans_of(log: VerifiedLog) -> dict[Reference, Plan]:
    """Return a log's plans by reference."""
    return {ref: plan_from_predicate(dict(s.predicate)) for ref, s in of_kind(log, "plan")}


def findings_of(log: VerifiedLog) -> dict[Reference, Finding]:
    """Return a log's findings by reference."""
    return {
        ref: finding_from_predicate(dict(s.predicate)) for ref, s in of_kind(log, "finding")
    }


def shown(finding: Finding) -> set[str]:
    """Return the categories a finding shows."""
    return {r.category for r in finding.results if r.verdict is Verdict.SHOWN}


def test_every_finding_is_tied_to_the_files_registered(logs: dict[str, VerifiedLog]) -> None:
    """What was tested is the version registered, by the files that it is made of."""
    findings = [finding for key in EVERYONE for finding in findings_of(logs[key]).values()]
    ties = [finding.extra["identity"] for finding in findings]

    assert findings
    assert {str(tie["strength"]) for tie in ties if isinstance(tie, dict)} == {
        "declared weights"
    }


def test_every_entry_of_every_log_is_readable_and_signed(logs: dict[str, VerifiedLog]) -> None:
    """What a node of ours writes, anyone reads."""
    unread = [
        (key, entry.index)
        for key, log in logs.items()
        for entry in log.entries
        if entry.reading.statement is None
    ]

    assert unread == []


def test_every_field_of_every_statement_is_specified(logs: dict[str, VerifiedLog]) -> None:
    """A stranger could write a second implementation from the schemas."""
    said = {
        (statement.kind, name)
        for log in logs.values()
        for entry in log.entries
        if (statement := entry.reading.statement) is not None
        for name in (*unknown_fields(statement), "")
    }

    assert len({kind for kind, _ in said}) >= 13
    assert {(kind, name) for kind, name in said if name} == set()
    assert {kind for kind, _ in said} <= set(kinds())


def test_every_statement_follows_its_schema_and_none_is_odd(
    logs: dict[str, VerifiedLog],
) -> None:
    """An honest federation gives a monitor nothing to say."""
    found = survey(list(logs.values()), read_clock())

    assert [one.faults for one in found] == [{}] * len(logs)
    assert [one.anomalies for one in found] == [{}] * len(logs)


def test_a_regulators_checkpoint_carries_both_others_cosignatures(
    logs: dict[str, VerifiedLog],
) -> None:
    """A checkpoint counts only with both other regulators, never with its owner."""
    witnesses = tuple(
        Witness(member=logs[key].member, key=logs[key].keyset.witness_key) for key in REGULATORS
    )
    quorum = Quorum(witnesses=witnesses, counts_when="all")
    for key in REGULATORS:
        counted = tally(logs[key].note, quorum, owner=logs[key].member)

        assert counted.is_met
        assert len(eligible(quorum, owner=logs[key].member)) == 2
        assert logs[key].member not in counted.members


def test_policies_stand_before_anything_they_judge(logs: dict[str, VerifiedLog]) -> None:
    """A rule chosen after the result is no rule."""
    for key in ("khm", "sgp"):
        policies = [ref.index for ref, _ in of_kind(logs[key], "policy")]
        later = [
            ref.index
            for kind in ("plan", "finding", "recognition")
            for ref, _ in of_kind(logs[key], kind)
        ]

        assert policies
        assert max(policies) < min(later)


def test_both_nonces_are_revealed_once_for_each_first_plan(
    logs: dict[str, VerifiedLog],
) -> None:
    """Neither side steers the draw, and neither draws twice."""
    firsts = {ref for ref, plan in plans_of(logs["bra"]).items() if plan.continues is None}
    for key, role in (("provider", Role.PROVIDER), ("bra", Role.TESTER)):
        reveals = [
            reveal_from_predicate(dict(s.predicate)) for _, s in of_kind(logs[key], "reveal")
        ]

        assert {reveal.role for reveal in reveals} == {role}
        assert {reveal.plan for reveal in reveals} == firsts
        assert len(reveals) == len(firsts) == 2


def test_every_design_holds_its_risk_exactly(logs: dict[str, VerifiedLog]) -> None:
    """The published numbers, not the software that made them, carry the guarantee."""
    designs = {
        design
        for key in ("bra", "sgp")
        for plan in plans_of(logs[key]).values()
        for design in plan.designs
        if isinstance(design, Design)
    }

    assert designs
    for design in designs:
        assert false_recognition(design) <= design.risk


def test_nobody_recognises_what_was_not_shown(logs: dict[str, VerifiedLog]) -> None:
    """Others' evidence never outvotes a failed category."""
    found = findings_of(logs["bra"])
    for key in ("khm", "sgp"):
        for _, statement in of_kind(logs[key], "recognition"):
            recognition = recognition_from_predicate(dict(statement.predicate))
            held = {c.name for c in recognition.categories if c.decision is Decision.RECOGNISED}

            assert held <= shown(found[recognition.finding])
            assert (recognition.decision is Decision.RECOGNISED) <= bool(held)


def test_the_stricter_member_counts_only_its_own_continuation(
    logs: dict[str, VerifiedLog],
) -> None:
    """It goes on with the same draw at its own risk, in shown categories only."""
    firsts, own = findings_of(logs["bra"]), findings_of(logs["sgp"])
    plans = plans_of(logs["sgp"])
    for _, statement in of_kind(logs["sgp"], "recognition"):
        recognition = recognition_from_predicate(dict(statement.predicate))
        held = {c.name for c in recognition.categories if c.decision is Decision.RECOGNISED}
        if recognition.continuation is None:
            assert held == set()
            continue
        continued = own[recognition.continuation]
        plan = plans[continued.plan]

        assert plan.continues == recognition.finding
        assert continued.seed == firsts[recognition.finding].seed
        assert set(plan.categories) == shown(firsts[recognition.finding])
        assert held == shown(continued)
        assert all(design.risk * 100 <= 1 for design in plan.designs)


def test_the_third_member_declines_without_the_category_it_requires(
    logs: dict[str, VerifiedLog],
) -> None:
    """Its logged policy decides, and the reason names the category."""
    policies = {
        ref: policy_from_predicate(dict(s.predicate))
        for ref, s in of_kind(logs["khm"], "policy")
    }
    found = findings_of(logs["bra"])
    for _, statement in of_kind(logs["khm"], "recognition"):
        recognition = recognition_from_predicate(dict(statement.predicate))
        missing = set(policies[recognition.policy].requires) - shown(found[recognition.finding])
        named = {name for name in missing for said in recognition.reasons if name in said}

        assert named == missing
        assert not (missing and recognition.decision is Decision.RECOGNISED)


def test_a_dossier_verifies_offline_and_no_changed_byte_passes(told: tuple[Path, str]) -> None:
    """One file is enough to check a finding, and any copy of it that was touched is refused."""
    for path in sorted(told[0].glob("*.dossier.json")):
        whole = path.read_bytes()

        assert len(verify_dossier(from_bytes(whole)).checks) >= 9
        for _ in range(12):
            at = secrets.randbelow(len(whole))
            copy = bytearray(whole)
            copy[at] ^= 1 << secrets.randbelow(7)
            with pytest.raises(ComityError) as refusal:
                verify_dossier(from_bytes(bytes(copy)))
            assert str(refusal.value)


def test_no_member_is_passed_off_as_real(
    told: tuple[Path, str], logs: dict[str, VerifiedLog]
) -> None:
    """Examples are labelled, in the logs and in what is printed."""
    assert all(log.keyset.example for log in logs.values())
    assert all("Example" in log.keyset.name for log in logs.values())
    assert "the four members are examples" in " ".join(told[1].split())


def test_no_bank_key_or_unrevealed_nonce_is_served(told: tuple[Path, str]) -> None:
    """Whoever reads everything public learns no item that was not drawn."""
    served = [p.read_bytes() for p in told[0].glob("*/public/**/*") if p.is_file()]
    dossiers = [json.loads(p.read_text("utf-8")) for p in told[0].glob("*.dossier.json")]
    opened = {
        json.loads(line)["item"]["prompt"]
        for dossier in dossiers
        for bundle in dossier["bundles"]
        for line in bundle.splitlines()[1:]
    }

    assert len(opened) > 20
    for content in served:
        if b"comity/evidence-bundle" in content:
            prompts = {json.loads(line)["item"]["prompt"] for line in content.splitlines()[1:]}
            assert prompts <= opened | prompts_continued(told[0])
        else:
            assert b'"prompt"' not in content


def prompts_continued(folder: Path) -> set[str]:
    """Return the prompts the second tester opened, from its own transcripts."""
    lines = [
        line
        for path in (folder / "sgp" / "work").glob("*.transcript")
        for line in path.read_text("utf-8").splitlines()
    ]
    return {json.loads(line.split(" ", 1)[1])["item"]["prompt"] for line in lines}
