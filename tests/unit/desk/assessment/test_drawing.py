# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A third speaks last in a draw, and whoever keeps it from being made is named."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.fakes.federation import ASK, MEMBERS, Federation, perfect

from comity.assess.beacon import check_pulse
from comity.desk.assessment.agenda import Matter, Step, matters
from comity.desk.assessment.drawing import close_draw, contribute, may_contribute, reveal_share
from comity.desk.assessment.planning import plan_test
from comity.desk.assessment.testing import reveal_nonce, run_test
from comity.desk.case.attempt import ledger
from comity.desk.case.case import rederive
from comity.desk.case.third import check_strangers, contributors_for
from comity.desk.log.record import record
from comity.desk.log.shelf import ViewShelf, get
from comity.errors import Conflict, InvalidDocument, NotFound, NotPermitted, VerificationFailed
from comity.evidence.attempt import Fate, aborts, count
from comity.evidence.beacon import BeaconRound, Pulse
from comity.evidence.contributor import Contributor, Contributors
from comity.evidence.plan import plan_from_predicate
from comity.evidence.third import DrawReveal, Third
from comity.files.beacon import read_chain
from comity.kernel.digest import sha256
from comity.kernel.reference import Reference
from comity.kernel.truth import Truth
from comity.node.node import Node

QUICKNET = read_chain("quicknet")
ROUND_1000 = BeaconRound(chain=QUICKNET, number=1000)
PULSE = Pulse(
    number=1000,
    signature=bytes.fromhex(
        "b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125"
        "e342b73a8dd2bacbe47e4b6b63ed5e39"
    ),
)


@pytest.fixture
def early(tmp_path: Path) -> Iterator[Federation]:
    """Return a federation in the minutes before round 1000 of quicknet, at an application."""
    federation = Federation(tmp_path / "early", seconds=1_692_803_367 + 1_000)
    for name, (role, jurisdiction) in MEMBERS.items():
        federation.found(name, role, jurisdiction)
    federation.publish(*federation.nodes.values())
    federation.register()
    yield federation
    federation.close()


def plan_with(federation: Federation, application: Reference, draw: Third) -> Reference:
    """Let the first regulator plan with a third in the draw."""
    kh = federation.kh
    plan = plan_test(
        kh,
        application,
        replace(ASK, draw=draw),
        now=federation.now(),
        entropy=federation.entropy,
    )
    federation.publish(kh)
    return plan


def offer(federation: Federation, application: Reference, *nodes: Node) -> None:
    """Let members commit to nonces for an application's draw."""
    for node in nodes:
        contribute(node, application, now=federation.now(), entropy=federation.entropy)
        federation.publish(node)


def with_nodes(federation: Federation, least: int | None = None) -> tuple[Reference, Reference]:
    """Come as far as a plan whose draw the two other regulators have a part in."""
    application = federation.apply(federation.bank)
    offer(federation, application, federation.br, federation.sg)
    shelf = ViewShelf(federation.kh.view())
    third = contributors_for(shelf, get(shelf, application, "application"), least)
    return application, plan_with(federation, application, third)


def share(federation: Federation, plan: Reference, *nodes: Node) -> None:
    """Let thirds reveal."""
    for node in nodes:
        reveal_share(node, plan, now=federation.now())
        federation.publish(node)


def close(federation: Federation, plan: Reference, pulse: Pulse | None = None) -> Reference:
    """Let the tester close the draw."""
    reference = close_draw(federation.kh, plan, now=federation.now(), pulse=pulse)
    federation.publish(federation.kh)
    return reference


def matter(node: Node, plan: Reference) -> Matter:
    """Return where a plan stands for one member."""
    (found,) = [
        one for one in matters(node) if one.plan is not None and one.plan.reference == plan
    ]
    return found


def holds(federation: Federation, finding: Reference) -> dict[str, Truth]:
    """Return what another member re-derives."""
    checks = rederive(federation.gathered(federation.br, finding))
    return {check.name: check.holds for check in checks}


def test_a_draw_of_others_runs_to_a_finding_that_re_derives(planned: Federation) -> None:
    """Provider and tester together could not have chosen these questions."""
    _, plan = with_nodes(planned)
    planned.reveal(plan)
    share(planned, plan, planned.br, planned.sg)
    close(planned, plan)

    finding = planned.test(plan)

    found = holds(planned, finding)
    assert found["third"] is Truth.TRUE
    assert set(found.values()) == {Truth.TRUE}
    kinds = [s.statement.kind for s in planned.gathered(planned.sg, finding).statements]
    assert kinds.count("draw-commitment") == 2
    assert kinds.count("draw-reveal") == 3


def test_nobody_asks_before_the_third_has_spoken(planned: Federation) -> None:
    """Two nonces alone are another draw than the plan's."""
    _, plan = with_nodes(planned)
    planned.reveal(plan)

    with pytest.raises(Conflict, match="third has not spoken"):
        run_test(planned.kh, plan, perfect())


def test_a_third_reveals_after_both_parties(planned: Federation) -> None:
    """Else the tester, who reveals last, would know the draw before it decides to."""
    _, plan = with_nodes(planned)
    reveal_nonce(planned.maker, plan, now=planned.now())
    planned.publish(planned.maker)

    with pytest.raises(Conflict, match="the tester has not revealed"):
        reveal_share(planned.br, plan, now=planned.now())


def test_too_few_shares_close_nothing_and_the_silent_are_named(planned: Federation) -> None:
    """The attempt is over, counts, and says whose nonce is missing."""
    application, plan = with_nodes(planned)
    planned.reveal(plan)
    share(planned, plan, planned.br)

    with pytest.raises(Conflict, match="1 of the 2 nonces"):
        close_draw(planned.kh, plan, now=planned.now())

    shelf = ViewShelf(planned.br.view())
    every = ledger(shelf, get(shelf, application, "application"), "flood").attempts
    assert every[-1].fate is Fate.THIRD
    assert aborts(every)[planned.sg.member] == 1
    assert count(every) == 2
    assert matter(planned.kh, plan).silent == (planned.sg.member,)
    assert matter(planned.kh, plan).step is Step.AWAIT_NODES
    assert matter(planned.sg, plan).step is Step.SHARE


def test_where_some_may_be_missing_the_draws_share_the_risk(planned: Federation) -> None:
    """Who closes could choose among three draws: all, or either one without the other."""
    _, plan = with_nodes(planned, least=1)
    said = get(ViewShelf(planned.kh.view()), plan, "plan")
    read = plan_from_predicate(said.statement.predicate)

    assert isinstance(read.draw, Contributors)
    assert read.draw.draws == 3
    assert {design.risk for design in read.designs} == {ASK.risk / 6 / 3}

    planned.reveal(plan)
    share(planned, plan, planned.sg)
    close(planned, plan)
    assert set(holds(planned, planned.test(plan)).values()) == {Truth.TRUE}


def test_a_late_share_changes_no_draw(planned: Federation) -> None:
    """The closing says whose nonces it is made of; a later one comes too late."""
    _, plan = with_nodes(planned, least=1)
    planned.reveal(plan)
    share(planned, plan, planned.sg)
    closed = close(planned, plan)
    share(planned, plan, planned.br)

    assert close(planned, plan) == closed
    assert set(holds(planned, planned.test(plan)).values()) == {Truth.TRUE}


def test_a_second_nonce_of_a_third_is_refused_in_the_closing(planned: Federation) -> None:
    """Only its first reveal counts, or it could choose among draws by revealing again."""
    _, plan = with_nodes(planned)
    planned.reveal(plan)
    share(planned, plan, planned.br, planned.sg)
    again = DrawReveal(issued=planned.now(), plan=plan, nonce=sha256(b"another"))
    second = record(
        planned.sg,
        "draw-reveal",
        again.to_predicate(),
        subject=plan.sha256,
        now=planned.now(),
    )
    planned.publish(planned.sg)
    closing = DrawReveal(issued=planned.now(), plan=plan, shares=(second,))
    record(
        planned.kh,
        "draw-reveal",
        closing.to_predicate(),
        subject=plan.sha256,
        now=planned.now(),
    )
    planned.publish(planned.kh)

    with pytest.raises(VerificationFailed, match="own and first reveal"):
        run_test(planned.kh, plan, perfect())


def test_a_nonce_that_was_never_committed_is_as_good_as_withheld(planned: Federation) -> None:
    """A third that lies is named among those that kept the draw from being made."""
    _, plan = with_nodes(planned)
    planned.reveal(plan)
    share(planned, plan, planned.br)
    lie = DrawReveal(issued=planned.now(), plan=plan, nonce=sha256(b"another"))
    record(
        planned.sg, "draw-reveal", lie.to_predicate(), subject=plan.sha256, now=planned.now()
    )
    planned.publish(planned.sg)

    assert matter(planned.kh, plan).silent == (planned.sg.member,)
    with pytest.raises(Conflict, match="1 of the 2 nonces"):
        close_draw(planned.kh, plan, now=planned.now())


def test_contributing_and_revealing_twice_log_once(planned: Federation) -> None:
    """An operator who is not sure may ask again."""
    application, plan = with_nodes(planned)
    before = planned.br.log.size
    contribute(planned.br, application, now=planned.now(), entropy=planned.entropy)
    assert planned.br.log.size == before

    planned.reveal(plan)
    assert may_contribute(planned.br, plan)
    once = reveal_share(planned.br, plan, now=planned.now())
    assert reveal_share(planned.br, plan, now=planned.now()) == once


def test_a_party_is_no_third_and_a_third_comes_before_the_plan(planned: Federation) -> None:
    """It would speak twice; or know the plan before it commits."""
    application = planned.apply(planned.bank)
    for party in (planned.kh, planned.maker):
        with pytest.raises(NotPermitted, match="neither the provider nor the tester"):
            contribute(party, application, now=planned.now(), entropy=planned.entropy)

    planned.plan(application)
    with pytest.raises(Conflict, match="no more nonces are named"):
        contribute(planned.sg, application, now=planned.now(), entropy=planned.entropy)


def test_a_commitment_serves_one_application(planned: Federation) -> None:
    """Reused, its nonce would be known from the first draw."""
    first = planned.apply(planned.bank)
    offer(planned, first, planned.sg)
    shelf = ViewShelf(planned.kh.view())
    third = contributors_for(shelf, get(shelf, first, "application"), None)

    with pytest.raises(VerificationFailed, match="another application's draw"):
        plan_with(planned, planned.apply(planned.bank), third)


def test_nobody_to_contribute_is_said_with_the_remedy(planned: Federation) -> None:
    """The hint names the verb the others run."""
    application = planned.apply(planned.bank)
    shelf = ViewShelf(planned.kh.view())
    asked = get(shelf, application, "application")

    with pytest.raises(NotFound) as refused:
        contributors_for(shelf, asked, None)
    assert "comity assess contribute" in refused.value.hint

    offer(planned, application, planned.sg)
    with pytest.raises(InvalidDocument, match="no such draw"):
        contributors_for(ViewShelf(planned.kh.view()), asked, 2)


def test_a_plan_that_names_a_party_as_third_is_not_gathered(planned: Federation) -> None:
    """A tester that writes such a plan by hand gets nothing for it."""
    _, plan = with_nodes(planned)
    said = get(ViewShelf(planned.kh.view()), plan, "plan")
    read = plan_from_predicate(said.statement.predicate)
    assert isinstance(read.draw, Contributors)
    check_strangers(said, read, planned.maker.member)

    for party in (planned.kh.member, planned.maker.member):
        own = Contributor(member=party, commitment=read.draw.nodes[0].commitment)
        forged = replace(read, draw=replace(read.draw, nodes=(own, *read.draw.nodes[1:])))
        with pytest.raises(VerificationFailed, match="a party to the test is named"):
            check_strangers(said, forged, planned.maker.member)


def test_a_real_beacon_closes_a_draw_and_anyone_checks_it(early: Federation) -> None:
    """Round 1000 of quicknet, named ten minutes before it was out."""
    pytest.importorskip("drand_verify", reason="the extra beacon is not installed")
    plan = plan_with(early, early.apply(early.commit()), ROUND_1000)
    early.reveal(plan)

    with pytest.raises(Conflict, match="round 1000 is due at"):
        close_draw(early.kh, plan, now=early.now(), pulse=PULSE)
    assert matter(early.kh, plan).step is Step.AWAIT_BEACON
    early.seconds = 1_692_803_367 + 3_000
    with pytest.raises(NotPermitted, match="which is not given"):
        close_draw(early.kh, plan, now=early.now())
    wrong = replace(PULSE, signature=PULSE.signature[:-1] + b"\x00")
    with pytest.raises(VerificationFailed, match="not what the beacon said"):
        close_draw(early.kh, plan, now=early.now(), pulse=wrong)
    close(early, plan, PULSE)

    finding = early.test(plan)

    assert set(holds(early, finding).values()) == {Truth.TRUE}
    assert check_pulse(QUICKNET, PULSE)


def test_a_nonce_is_not_revealed_once_the_round_is_out(early: Federation) -> None:
    """Who reveals then knows the draw, and could have withheld it instead."""
    plan = plan_with(early, early.apply(early.commit()), ROUND_1000)
    early.seconds = 1_692_803_367 + 3_000

    with pytest.raises(Conflict, match="the beacon's round is out") as refused:
        reveal_nonce(early.maker, plan, now=early.now())

    assert refused.value.code == "desk.too_late"


def test_a_round_that_is_out_is_not_planned_with(early: Federation) -> None:
    """Its value may be known to who writes the plan."""
    application = early.apply(early.commit())

    with pytest.raises(InvalidDocument, match="no later than the plan"):
        plan_with(early, application, BeaconRound(chain=QUICKNET, number=1))
