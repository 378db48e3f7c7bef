# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The one-file verifier hears the third in a draw as the specification tells it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.fakes.federation import ASK, MEMBERS, Federation

from comity.desk.assessment.drawing import close_draw, contribute, reveal_share
from comity.desk.assessment.planning import plan_test
from comity.desk.case.third import contributors_for
from comity.desk.finding.verification import assemble
from comity.desk.log.shelf import ViewShelf, get
from comity.evidence.beacon import BeaconRound, Pulse
from comity.evidence.third import Third
from comity.files.beacon import read_chain
from comity.files.dossier import to_bytes
from comity.kernel.reference import Reference
from comity.verifier.comity_verify import RefutedError, third_of, verify

SIGNATURE = bytes.fromhex(
    "b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125"
    "e342b73a8dd2bacbe47e4b6b63ed5e39"
)


@pytest.fixture
def early(tmp_path: Path) -> Iterator[Federation]:
    """Return a federation in the minutes before round 1000 of quicknet."""
    federation = Federation(tmp_path / "early", seconds=1_692_803_367 + 1_000)
    for name, (role, jurisdiction) in MEMBERS.items():
        federation.found(name, role, jurisdiction)
    federation.publish(*federation.nodes.values())
    federation.register()
    yield federation
    federation.close()


def plan_with(federation: Federation, application: Reference, draw: Third) -> Reference:
    """Plan with a third, and let both parties reveal."""
    ask = replace(ASK, draw=draw)
    plan = plan_test(
        federation.kh, application, ask, now=federation.now(), entropy=federation.entropy
    )
    federation.publish(federation.kh)
    federation.reveal(plan)
    return plan


def dossier_of(federation: Federation, plan: Reference, pulse: Pulse | None = None) -> bytes:
    """Close the draw, test, and put everything into one file."""
    close_draw(federation.kh, plan, now=federation.now(), pulse=pulse)
    federation.publish(federation.kh)
    finding = federation.test(plan)
    federation.publish(*federation.nodes.values())
    return to_bytes(assemble(federation.sg, federation.gathered(federation.sg, finding)))


@pytest.fixture
def by_members(early: Federation) -> bytes:
    """Return the dossier of a test whose draw two members closed."""
    application = early.apply(early.commit())
    for node in (early.br, early.sg):
        contribute(node, application, now=early.now(), entropy=early.entropy)
        early.publish(node)
    shelf = ViewShelf(early.kh.view())
    third = contributors_for(shelf, get(shelf, application, "application"), None)
    plan = plan_with(early, application, third)
    for node in (early.br, early.sg):
        reveal_share(node, plan, now=early.now())
        early.publish(node)
    return dossier_of(early, plan)


def test_members_nonces_give_the_seed(by_members: bytes) -> None:
    """Two programs that share no line agree on it, and nothing is left open."""
    _, _, checks = verify(by_members)

    assert {check.holds for check in checks} == {True}


def test_a_closing_with_fewer_or_strangers_is_refuted(by_members: bytes) -> None:
    """The plan says how many it wants, and of whom."""
    _, test, _ = verify(by_members)
    draw = test.plan.said["draw"]
    assert len(third_of(test)) == 32

    draw["threshold"] = 3
    with pytest.raises(RefutedError, match="too few of those named"):
        third_of(test)
    draw["threshold"], draw["nodes"][0]["member"] = 2, test.plan.member
    with pytest.raises(RefutedError):
        third_of(test)


def test_a_beacons_value_gives_the_seed_and_its_signature_stays_open(
    early: Federation,
) -> None:
    """The curve needs more than Python has; that is said, not passed over."""
    pytest.importorskip("drand_verify", reason="the extra beacon is not installed")
    third = BeaconRound(chain=read_chain("quicknet"), number=1000)
    plan = plan_with(early, early.apply(early.commit()), third)
    early.seconds = 1_692_803_367 + 3_000

    _, _, checks = verify(dossier_of(early, plan, Pulse(number=1000, signature=SIGNATURE)))

    assert [check.place for check in checks if check.holds is None] == ["draw.pulse.signature"]
    assert {check.holds for check in checks} == {True, None}
