# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""After deployment a tester hears of a fall or of another version, and anybody can check."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from tests.fakes.federation import Federation, Stages, failing, perfect
from tests.fakes.say import say

from comity.assess.run.brake import Brake
from comity.assess.run.runner import Manner
from comity.assess.subjects.function import Function
from comity.assess.subjects.subject import Subject
from comity.desk.assessment.drift import announce, check_again, watch_of
from comity.desk.assessment.drift_review import review
from comity.desk.assessment.keeping import held_bank
from comity.desk.assessment.retiring import opened_positions
from comity.desk.case.bundles import bundles_of
from comity.desk.case.case import rescore
from comity.desk.log.shelf import Said, ViewShelf, get
from comity.errors import Conflict, InvalidDocument, NotPermitted
from comity.evidence.binding import Strength
from comity.evidence.bundle import decode_bundle
from comity.evidence.drift import Drift, drift_from_predicate
from comity.evidence.drift_audit import DriftCase, audit_drift
from comity.files.service import Kind, Service
from comity.files.weights import manifest_of
from comity.kernel.digest import sha256
from comity.kernel.reference import Reference
from comity.kernel.truth import Truth
from comity.node.node import Node

RISK = Fraction(1, 20)


@pytest.fixture
def finding(tested: Federation, stages: Stages) -> Said:
    """Return a finding that shows medical and rescue, not shelter."""
    assert stages.tested.finding is not None
    return get(ViewShelf(tested.kh.view()), stages.tested.finding, "finding")


def announced(federation: Federation, finding: Said, questions: int = 10) -> Reference:
    """Announce a check and publish it."""
    reference = announce(
        federation.kh, finding, now=federation.now(), entropy=federation.entropy,
        questions=questions,
    )  # fmt: skip
    federation.publish(federation.kh)
    return reference


def checked(
    federation: Federation, finding: Said, subject: Subject, questions: int = 10
) -> Drift:
    """Make one whole check."""
    recheck = announced(federation, finding, questions)
    reference = check_again(federation.kh, recheck, subject, None, now=federation.now())
    federation.publish(federation.kh)
    return read(federation.kh, reference)


def read(node: Node, reference: Reference) -> Drift:
    """Return what a check found, as a node holds it."""
    said = get(ViewShelf(node.view()), reference, "drift")
    return drift_from_predicate(said.statement.predicate)


def holds(node: Node, finding: Said) -> set[Truth]:
    """Return what deriving every check anew came to."""
    return {check.holds for _, check in review(node, finding)}


def test_a_healthy_service_raises_no_alarm(tested: Federation, finding: Said) -> None:
    """Only categories that were shown are asked, with as many questions as announced."""
    drift = checked(tested, finding, perfect())

    assert not drift.alarm
    assert [(one.category, one.asked, one.failed) for one in drift.results] == [
        ("medical", 10, 0),
        ("rescue", 10, 0),
    ]
    assert drift.fallen == ()
    assert drift.identity is not None
    assert drift.identity.strength is Strength.NONE


def test_a_fall_raises_an_alarm_that_names_the_category(
    tested: Federation, finding: Said
) -> None:
    """Rescue fell, medical did not."""
    drift = checked(tested, finding, failing("rescue"), questions=30)

    assert drift.alarm
    assert drift.fallen == ("rescue",)


def test_checks_add_up_over_time(tested: Federation, finding: Said) -> None:
    """A few questions a month find what one look cannot."""
    found = [checked(tested, finding, failing("rescue"), questions=6) for _ in range(4)]

    assert not found[0].alarm
    assert found[-1].alarm
    assert float(found[-1].evidence.replace("inf", "1e9")) > float(found[0].evidence)


def test_nothing_is_asked_before_the_draw_is_committed_to(
    tested: Federation, finding: Said
) -> None:
    """A tester that could choose among draws could choose its alarm."""
    recheck = announce(tested.kh, finding, now=tested.now(), entropy=tested.entropy)

    with pytest.raises(Conflict, match="enough cosignatures"):
        check_again(tested.kh, recheck, perfect(), None, now=tested.now())


def test_only_what_nobody_has_opened_is_asked(tested: Federation, finding: Said) -> None:
    """A question that stood in a transcript tests a memory."""
    watch = watch_of(tested.kh, finding)
    before = opened_positions(tested.kh, watch.plan.bank_root)
    asked: list[int] = []

    def remember(prompt: str) -> str:
        number = prompt.rsplit(maxsplit=1)[-1]
        asked.append(int(number) if number.isdigit() else -1)
        return number

    checked(tested, finding, Function(call=remember))
    first = set(asked) - {-1}
    checked(tested, finding, Function(call=remember))

    assert len(first) == 20
    assert not first & before
    assert len(set(asked) - {-1}) == 40
    assert opened_positions(tested.kh, watch.plan.bank_root) == before | (set(asked) - {-1})


def test_a_check_that_broke_off_is_gone_on_with(tested: Federation, finding: Said) -> None:
    """It is the same draw, not another chance."""
    recheck = announced(tested, finding)
    brake, count = Brake(), iter(range(1_000))

    def answer(prompt: str) -> str:
        if next(count) == 5:
            brake.pull()
        return prompt.rsplit(maxsplit=1)[-1]

    manner = Manner(width=1, brake=brake)
    with pytest.raises(Conflict, match="stopped before"):
        check_again(
            tested.kh, recheck, Function(call=answer), None, now=tested.now(), manner=manner
        )

    assert announced(tested, finding) == recheck
    found = check_again(tested.kh, recheck, Function(call=answer), None, now=tested.now())
    assert sum(one.asked for one in read(tested.kh, found).results) == 20
    assert next(count) < 30


def test_asked_again_it_returns_what_it_found(tested: Federation, finding: Said) -> None:
    """A verb that was interrupted after signing is run again without harm."""
    recheck = announced(tested, finding)
    found = check_again(tested.kh, recheck, perfect(), None, now=tested.now())

    assert check_again(tested.kh, recheck, failing("rescue"), None, now=tested.now()) == found


def test_the_risk_is_one_for_all_checks(tested: Federation, finding: Said) -> None:
    """Whoever could raise it later could choose the alarm."""
    checked(tested, finding, perfect())

    with pytest.raises(Conflict, match="set its risk to 1/20"):
        announce(
            tested.kh, finding, now=tested.now(), entropy=tested.entropy, risk=Fraction(1, 2)
        )


@pytest.fixture
def weighed(tested: Federation, tmp_path: Path) -> tuple[Said, Service]:
    """Return a finding about a version bound by its weights, and the service that has them."""
    file = tmp_path / "m.gguf"
    file.write_bytes(b"weights")
    root = manifest_of(file).root
    identity = {"method": "model-signing/1", "sha256": root.hex(), "what": "its weights"}
    say(tested.maker, "system", {"identity": identity}, subject=root, now=tested.now())
    tested.publish(tested.maker)
    plan = tested.plan(tested.apply(tested.bank, root))
    tested.reveal(plan)
    finding = tested.test(plan)
    said = get(ViewShelf(tested.kh.view()), finding, "finding")
    return said, Service(kind=Kind.GGUF, folder=tmp_path, file=file)


def test_the_same_weights_are_found_again(
    tested: Federation, weighed: tuple[Said, Service]
) -> None:
    """And the statement says by what."""
    finding, service = weighed
    recheck = announced(tested, finding)

    found = check_again(tested.kh, recheck, perfect(), service, now=tested.now())

    identity = read(tested.kh, found).identity
    assert identity is not None
    assert identity.strength is Strength.WEIGHTS


def test_another_version_is_an_alarm_and_nothing_is_asked(
    tested: Federation, weighed: tuple[Said, Service]
) -> None:
    """What is deployed is no longer what the finding is about; no item is spent on it."""
    finding, service = weighed
    recheck = announced(tested, finding)
    service.file.write_bytes(b"weightz")
    asked: list[str] = []

    def answer(prompt: str) -> str:
        asked.append(prompt)
        return ""

    found = check_again(tested.kh, recheck, Function(call=answer), service, now=tested.now())
    drift = read(tested.kh, found)

    assert asked == []
    assert drift.alarm
    assert drift.identity is None
    assert "its weights count" in drift.changed[0]
    assert {one.asked for one in drift.results} == {0}
    assert holds(tested.kh, finding) == {Truth.TRUE}


def test_a_finding_that_shows_nothing_is_not_watched(
    revealed: Federation, stages: Stages
) -> None:
    """Nothing can fall that never stood."""
    nothing = revealed.test(stages.planned.plan, failing("medical", "rescue", "shelter"))
    said = get(ViewShelf(revealed.kh.view()), nothing, "finding")

    with pytest.raises(InvalidDocument, match="no category was shown"):
        announce(revealed.kh, said, now=revealed.now(), entropy=revealed.entropy)


def test_only_the_tester_has_the_items(tested: Federation, finding: Said) -> None:
    """Others may review what it found."""
    said = get(ViewShelf(tested.br.view()), finding.reference, "finding")

    with pytest.raises(NotPermitted, match="only the tester"):
        announce(tested.br, said, now=tested.now(), entropy=tested.entropy)


def test_a_bank_that_is_used_up_says_so(tested: Federation, finding: Said) -> None:
    """Sixty items a category do not last for ever."""
    for _ in range(2):
        checked(tested, finding, perfect(), questions=30)

    with pytest.raises(NotPermitted, match="has been opened"):
        announced(tested, finding)


def test_anybody_derives_the_same(tested: Federation, finding: Said) -> None:
    """Announcement, nonce, draw, items, scores and evidence, from what was published."""
    checked(tested, finding, perfect())
    checked(tested, finding, failing("rescue"))
    for _ in review(tested.br, finding):
        pass

    said = get(ViewShelf(tested.br.view()), finding.reference, "finding")

    assert holds(tested.br, said) == {Truth.TRUE}
    assert len(list(review(tested.br, said))) == 14


def test_an_announcement_without_an_end_is_seen(tested: Federation, finding: Said) -> None:
    """A tester that announces and keeps silent has something to hide, perhaps."""
    announced(tested, finding)

    ((_, check),) = review(tested.kh, finding)

    assert check.holds is Truth.UNDETERMINED
    assert "nothing is known" in check.message


LIES: dict[str, tuple[str, Callable[[Drift], Drift]]] = {
    "an alarm kept quiet": ("evidence", lambda drift: replace(drift, alarm=False)),
    "a category left out": ("evidence", lambda drift: replace(drift, fallen=())),
    "better numbers": (
        "evidence",
        lambda drift: replace(
            drift, results=tuple(replace(one, failed=0) for one in drift.results)
        ),
    ),
    "another nonce": ("nonce", lambda drift: replace(drift, nonce=sha256(b"another"))),
    "another transcript": ("transcript", lambda d: replace(d, transcript=sha256(b"another"))),
    "a change made up": ("draw", lambda drift: replace(drift, changed=("it is another",))),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_about_a_check_is_found_where_it_stands(
    tested: Federation, finding: Said, lie: str
) -> None:
    """The statement is signed; that does not make it true."""
    name, tell = LIES[lie]
    told = tell(checked(tested, finding, failing("rescue"), questions=30))
    said, recheck, _ = watch_of(tested.kh, finding).checks[0]
    blob = bundles_of(tested.kh)(told.bundle)
    kept = held_bank(tested.kh, recheck.bank_root)

    checks = audit_drift(
        DriftCase(
            bank=kept.commitment,
            rates=watch_of(tested.kh, finding).rates,
            recheck=recheck,
            announced=said.reference,
            before=None,
            history=(),
            drift=told,
            bundle=decode_bundle(blob),
            bundle_digest=sha256(blob),
        ),
        rescore,
    )

    assert next(check.name for check in checks if check.holds is Truth.FALSE) == name
