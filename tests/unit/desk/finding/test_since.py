# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A finding's page tells what came after it, as any follower's node holds it."""

import pytest
from tests.fakes.federation import Federation, Stages, failing, perfect

from comity.desk.assessment.drift import announce, check_again
from comity.desk.case.afterwards import appeal, countersign, reply, withdraw
from comity.desk.finding.dossier import finding_sheet
from comity.desk.finding.sheet import FindingSheet
from comity.desk.log.shelf import ViewShelf, get
from comity.desk.register.lookout import lookout_of
from comity.evidence.afterwards import Outcome
from comity.kernel.reference import Reference


@pytest.fixture
def finding(stages: Stages) -> Reference:
    """Return a finding that shows medical and rescue, not shelter."""
    assert stages.tested.finding is not None
    return stages.tested.finding


def shown(federation: Federation, finding: Reference) -> FindingSheet:
    """Return the sheet at a member that only follows."""
    register = lookout_of(federation.br, federation.now).register()
    return finding_sheet(register, finding.sha256.hex())


def check(federation: Federation, finding: Reference, *, falls: bool) -> None:
    """Check after deployment, and publish it."""
    said = get(ViewShelf(federation.kh.view()), finding, "finding")
    recheck = announce(
        federation.kh, said, now=federation.now(), entropy=federation.entropy, questions=30
    )
    federation.publish(federation.kh)
    service = failing("rescue") if falls else perfect()
    check_again(federation.kh, recheck, service, None, now=federation.now())
    federation.publish(federation.kh)


def test_what_was_said_after_a_finding_stands_on_its_sheet(
    tested: Federation, finding: Reference
) -> None:
    """Countersignature, appeal, its outcome; what was taken back is marked and stays."""
    assert shown(tested, finding).words == ()
    test = tested.gathered(tested.maker, finding)
    countersign(tested.maker, test, disputed=(2,), note="Not ours.", now=tested.now())
    made = appeal(
        tested.maker, test, "Record 1 timed out.", records=(1,), asks=(), now=tested.now()
    )
    tested.publish(tested.maker)
    reply(tested.kh, made, "It holds.", outcome=Outcome.DISMISSED, now=tested.now())
    tested.publish(tested.kh)
    withdraw(tested.maker, made, "Settled.", now=tested.now())
    tested.publish(tested.maker)

    words = shown(tested, finding).words

    assert [(one.kind, one.by.name, one.text) for one in words] == [
        ("countersignature", "maker", "Not ours."),
        ("appeal", "maker", "Record 1 timed out."),
        ("reply", "kh", "It holds."),
    ]
    assert words[0].disputed == (2,)
    assert [one.outcome for one in words] == ["", "", "dismissed"]
    assert [one.is_withdrawn for one in words] == [False, True, False]


def test_checks_after_deployment_stand_on_its_sheet_with_their_alarm(
    tested: Federation, finding: Reference
) -> None:
    """Who relies on a finding reads there that the service has fallen since."""
    check(tested, finding, falls=False)
    check(tested, finding, falls=True)

    checks = shown(tested, finding).checks

    assert [(one.number, one.is_alarm, one.fallen) for one in checks] == [
        (1, False, ()),
        (2, True, ("rescue",)),
    ]
    assert checks[0].failed == 0 < checks[1].failed


def test_a_check_that_was_only_announced_is_said_to_be_open(
    tested: Federation, finding: Reference
) -> None:
    """A tester that dislikes what it found cannot keep silent unseen."""
    said = get(ViewShelf(tested.kh.view()), finding, "finding")
    announce(tested.kh, said, now=tested.now(), entropy=tested.entropy)
    tested.publish(tested.kh)

    (one,) = shown(tested, finding).checks

    assert (one.is_alarm, one.evidence) == (None, "")
