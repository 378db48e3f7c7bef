# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Relying on a finding follows from a policy logged before, and from nothing else."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from tests.fakes.federation import THRIFTY, Federation, Stages, failing, perfect
from tests.fakes.say import say

from comity.assess.subjects.subject import Subject
from comity.desk.assessment.keeping import hand_over, take_over
from comity.desk.assessment.planning import plan_continuation
from comity.desk.assessment.testing import report, run_test
from comity.desk.case.bundles import bundles_of
from comity.desk.case.case import Publication, rederive
from comity.desk.case.verdicts import not_shown_by
from comity.desk.finding.relying import (
    decide,
    log_policy,
    log_recognition,
    own_continuation,
    policy_for,
)
from comity.desk.log.shelf import ViewShelf, get
from comity.errors import Conflict, NotFound, NotPermitted
from comity.evidence.finding import finding_from_predicate
from comity.evidence.recognition import (
    Decision,
    Policy,
    Recognition,
    Route,
    recognition_from_predicate,
)
from comity.kernel.canonical import Json
from comity.kernel.reference import Reference
from comity.kernel.truth import Truth
from comity.node.node import Node


def policy_of(federation: Federation, **changed: Any) -> Policy:
    """Return a policy that trusts the tester by its plan, with some fields changed."""
    plain: dict[str, Any] = {
        "issued": federation.now(),
        "bank": "flood",
        "trusts": (federation.kh.member,),
        "route": Route.PLAN,
        "risk": Fraction(1, 20),
        "requires": (),
        "note": "",
    }
    return Policy(**plain | changed)


def rely(federation: Federation, node: Node, finding: Reference, **policy: Any) -> Recognition:
    """Log a policy and decide by it."""
    log_policy(node, policy_of(federation, **policy), now=federation.now())
    return again(federation, node, finding)


def again(federation: Federation, node: Node, finding: Reference) -> Recognition:
    """Decide by the policy logged last."""
    return decide(
        ViewShelf(node.view()),
        policy_for(node, "flood"),
        federation.gathered(node, finding),
        own_continuation(node, finding, bundles_of(node)),
        now=federation.now(),
    )


def go_on(
    federation: Federation,
    finding: Reference,
    subject: Subject | None = None,
    risk: Fraction = Fraction(1, 100),
) -> Reference:
    """Hand the bank over, and let the second regulator go on with the draw."""
    kh, br = federation.kh, federation.br
    custody = hand_over(kh, federation.gathered(kh, finding), br.member, now=federation.now())
    federation.publish(kh)
    take_over(br, custody, br.connect("kh"))
    first = federation.gathered(br, finding)
    plan = plan_continuation(br, first, risk, now=federation.now())
    federation.publish(br)
    result = run_test(br, plan, subject or perfect(), manner=THRIFTY)
    own = report(br, plan, result, now=federation.now())
    federation.publish(br)
    return own


def decisions(recognition: Recognition) -> dict[str, Decision]:
    """Return what was decided of each category."""
    return {one.name: one.decision for one in recognition.categories}


@pytest.fixture
def finding(stages: Stages) -> Reference:
    """Return the finding that shows two categories and not the third."""
    assert stages.tested.finding is not None
    return stages.tested.finding


def test_what_is_shown_at_the_accepted_risk_is_recognised(
    tested: Federation, finding: Reference
) -> None:
    """By the plan's verdict, category by category."""
    recognition = rely(tested, tested.sg, finding)

    assert recognition.decision is Decision.RECOGNISED
    assert decisions(recognition) == {
        "medical": Decision.RECOGNISED,
        "rescue": Decision.RECOGNISED,
        "shelter": Decision.DECLINED,
    }


def test_a_signed_decision_reads_as_it_was_made(tested: Federation, finding: Reference) -> None:
    """The statement carries the reasons."""
    recognition = rely(tested, tested.sg, finding)
    test = tested.gathered(tested.sg, finding)
    logged = log_recognition(tested.sg, recognition, test, now=tested.now())

    said = get(ViewShelf(tested.sg.view()), logged, "recognition")

    assert recognition_from_predicate(said.statement.predicate) == recognition


def test_a_required_category_that_is_not_shown_declines_the_whole(
    tested: Federation, finding: Reference
) -> None:
    """And nothing of it reads as recognised."""
    recognition = rely(tested, tested.sg, finding, requires=("shelter",))

    assert recognition.decision is Decision.DECLINED
    assert set(decisions(recognition).values()) == {Decision.DECLINED}
    assert recognition.reasons == ("shelter, which the policy requires, is not recognised",)


def test_a_tester_who_is_not_trusted_is_declined(
    tested: Federation, finding: Reference
) -> None:
    """However well its finding re-derives."""
    recognition = rely(tested, tested.sg, finding, trusts=(tested.br.member,))

    assert recognition.decision is Decision.DECLINED
    assert "not among the members this policy trusts" in recognition.reasons[0]


def test_a_stricter_risk_than_the_plans_declines(
    tested: Federation, finding: Reference
) -> None:
    """A finding made for 5 % shows nothing at 1 %."""
    recognition = rely(tested, tested.sg, finding, risk=Fraction(1, 100))

    assert recognition.decision is Decision.DECLINED
    assert "only 0.5 % is accepted" in recognition.categories[0].reason


def test_a_plan_that_asks_for_less_than_the_policy_is_declined(
    tested: Federation, finding: Reference
) -> None:
    """A trusted tester's easy plan shows little, however sure it is of it."""
    asked = tested.gathered(tested.sg, finding).case.plan.designs[0].threshold
    recognition = rely(tested, tested.sg, finding, threshold=asked + Fraction(1, 100))

    assert recognition.decision is Decision.DECLINED
    assert "the plan asks for more than" in recognition.categories[0].reason
    assert rely(tested, tested.sg, finding, threshold=asked).decision is Decision.RECOGNISED


def test_the_route_is_not_chosen_by_what_passes(tested: Federation, finding: Reference) -> None:
    """A policy that asks for a continuation is not met by the plan's verdict."""
    recognition = rely(tested, tested.br, finding, route=Route.CONTINUATION)

    assert recognition.decision is Decision.DECLINED
    assert "there is none" in recognition.reasons[0]


def test_where_nothing_is_shown_no_continuation_is_missed(
    revealed: Federation, stages: Stages
) -> None:
    """The reason is what was found, not what nobody could have done."""
    names = ("medical", "rescue", "shelter")
    finding = revealed.test(stages.revealed.plan, failing(*names))

    recognition = rely(revealed, revealed.br, finding, route=Route.CONTINUATION)

    assert recognition.reasons == ("no category is recognised",)


def test_a_policy_for_another_bank_is_none(tested: Federation) -> None:
    """What one accepts of flood messages says nothing of heat."""
    log_policy(tested.sg, policy_of(tested, bank="heat"), now=tested.now())

    with pytest.raises(NotFound, match="no policy for the bank 'flood'"):
        policy_for(tested.sg, "flood")


def test_a_strangers_policy_is_not_ones_own(tested: Federation) -> None:
    """Each member decides by what it logged itself."""
    log_policy(tested.br, policy_of(tested), now=tested.now())
    tested.publish(tested.br)

    with pytest.raises(NotFound):
        policy_for(tested.sg, "flood")


def test_a_few_items_more_carry_the_finding_to_a_stricter_risk(
    tested: Federation, finding: Reference
) -> None:
    """The second regulator goes on with the draw where the first one stopped."""
    log_policy(
        tested.br,
        policy_of(tested, route=Route.CONTINUATION, risk=Fraction(1, 100)),
        now=tested.now(),
    )
    own = go_on(tested, finding)

    recognition = again(tested, tested.br, finding)
    publication = tested.gathered(tested.sg, own)

    assert recognition.decision is Decision.RECOGNISED
    assert decisions(recognition)["shelter"] is Decision.DECLINED
    assert "further items of the same draw" in recognition.categories[0].reason
    assert [r.draw for r in publication.case.bundle.records][:2] == [7, 8]
    assert {check.holds for check in rederive(publication)} == {Truth.TRUE}


def test_a_policy_logged_after_the_continuation_does_not_count(
    tested: Federation, finding: Reference
) -> None:
    """A risk chosen after the outcomes would be chosen by them."""
    go_on(tested, finding)

    recognition = rely(
        tested, tested.br, finding, route=Route.CONTINUATION, risk=Fraction(1, 100)
    )

    assert recognition.decision is Decision.DECLINED
    assert "logged after the continuation was planned" in recognition.reasons[0]


def test_ones_own_not_shown_blocks_recognition_by_any_route(
    tested: Federation, finding: Reference
) -> None:
    """Others' evidence never outvotes what a member saw itself."""
    go_on(tested, finding, failing("medical"))

    recognition = rely(tested, tested.br, finding)

    assert decisions(recognition)["medical"] is Decision.DECLINED
    assert recognition.categories[0].reason == "this member's own test found it not shown"
    assert decisions(recognition)["rescue"] is Decision.RECOGNISED


def test_what_a_trusted_member_did_not_find_shown_blocks_recognition(
    tested: Federation, finding: Reference
) -> None:
    """Every finding of the trusted counts, failures included."""
    go_on(tested, finding, failing("medical"))

    trusted = rely(tested, tested.sg, finding, trusts=(tested.kh.member, tested.br.member))
    alone = rely(tested, tested.sg, finding)

    assert decisions(trusted)["medical"] is Decision.DECLINED
    assert decisions(alone)["medical"] is Decision.RECOGNISED


def test_a_category_found_not_shown_is_not_continued_again(
    tested: Federation, finding: Reference
) -> None:
    """Going on until it passes would be fishing."""
    go_on(tested, finding, failing("medical", "rescue"))
    first = tested.gathered(tested.br, finding)

    with pytest.raises(NotPermitted, match="left to continue"):
        plan_continuation(tested.br, first, Fraction(1, 200), now=tested.now())


def test_a_third_member_goes_on_where_the_second_stopped(
    tested: Federation, finding: Reference
) -> None:
    """A draw is handed on and on; each judges the whole path at its own risk."""
    own = go_on(tested, finding)
    br, sg = tested.br, tested.sg
    custody = hand_over(br, tested.gathered(br, own), sg.member, now=tested.now())
    tested.publish(br)
    take_over(sg, custody, sg.connect("br"))
    plan = plan_continuation(sg, tested.gathered(sg, own), Fraction(1, 1000), now=tested.now())
    tested.publish(sg)
    result = run_test(sg, plan, perfect(), manner=THRIFTY)
    last = report(sg, plan, result, now=tested.now())
    tested.publish(sg)

    publication = tested.gathered(tested.kh, last)

    assert [one.finding.reference for one in publication.chain] == [finding, own, last]
    assert {check.holds for check in rederive(publication)} == {Truth.TRUE}


def test_a_continuation_of_another_finding_is_no_continuation(
    tested: Federation, finding: Reference
) -> None:
    """Evidence is of the draw it continues."""
    standing_policy = policy_of(tested, route=Route.CONTINUATION, risk=Fraction(1, 100))
    log_policy(tested.br, standing_policy, now=tested.now())
    own = tested.gathered(tested.br, go_on(tested, finding))
    stray = replace(own, first=None)

    recognition = decide(
        ViewShelf(tested.br.view()),
        policy_for(tested.br, "flood"),
        tested.gathered(tested.br, finding),
        stray,
        now=tested.now(),
    )

    assert recognition.decision is Decision.DECLINED
    assert "goes on with another finding" in recognition.reasons[0]


def test_a_finding_that_is_not_counted_is_declined(
    revealed: Federation, stages: Stages
) -> None:
    """Its author could still show others another one."""
    result = run_test(revealed.kh, stages.revealed.plan, perfect(), manner=THRIFTY)
    finding = report(revealed.kh, stages.revealed.plan, result, now=revealed.now())
    _, note, _ = revealed.kh.log.prepare()
    revealed.kh.log.publish(note)
    revealed.sg.follow(revealed.kh.member, revealed.now())

    recognition = rely(revealed, revealed.sg, finding)

    assert recognition.decision is Decision.DECLINED
    assert "not yet under enough cosignatures" in recognition.reasons[0]


def forged(federation: Federation, finding: Reference) -> Publication:
    """Let the tester log a finding that says more than its outcomes do."""
    said = get(ViewShelf(federation.kh.view()), finding, "finding")
    true = finding_from_predicate(said.statement.predicate)
    results = tuple(replace(one, verdict=true.results[0].verdict) for one in true.results)
    predicate = replace(true, results=results).to_predicate()
    logged = say(
        federation.kh, "finding", predicate, subject=said.subject, now=federation.now()
    )
    federation.publish(federation.kh)
    return federation.gathered(federation.sg, logged)


def test_a_finding_that_does_not_re_derive_is_declined_with_the_place(
    tested: Federation, finding: Reference
) -> None:
    """The tester's word is not taken for its outcomes."""
    false = forged(tested, finding).finding.reference

    recognition = rely(tested, tested.sg, false)

    assert recognition.decision is Decision.DECLINED
    assert "finding.results[2].verdict" in recognition.reasons[0]
    assert set(decisions(recognition).values()) == {Decision.DECLINED}


def test_a_plan_that_leaves_out_its_own_earlier_attempts_is_declined(
    tested: Federation, finding: Reference
) -> None:
    """The tester's own log shows how often it planned."""
    kh = tested.kh
    true = tested.plan(tested.apply(tested.bank))
    said = get(ViewShelf(kh.view()), true, "plan")
    application = tested.apply(tested.bank)
    first = get(ViewShelf(kh.view()), tested.gathered(kh, finding).plan.reference, "plan")
    predicate: dict[str, Json] = {
        **said.statement.predicate,
        "application": {
            "log": application.log,
            "index": application.index,
            "sha256": application.sha256.hex(),
        },
        "attempt": 1,
        "designs": first.statement.predicate["designs"],
    }
    lying = say(kh, "plan", predicate, subject=said.subject, now=tested.now())
    tested.publish(kh)
    test = replace(
        tested.gathered(tested.sg, finding),
        plan=get(ViewShelf(tested.sg.view()), lying, "plan"),
    )
    log_policy(tested.sg, policy_of(tested), now=tested.now())

    recognition = decide(
        ViewShelf(tested.sg.view()),
        policy_for(tested.sg, "flood"),
        test,
        None,
        now=tested.now(),
    )

    assert "the tester planned 2 more attempts than the plan counts" in recognition.reasons


def test_a_continuation_at_a_risk_of_no_policy_is_declined(
    tested: Federation, finding: Reference
) -> None:
    """Of many risks below the accepted one, some design would suit the outcomes."""
    own = go_on(tested, finding)

    recognition = rely(tested, tested.sg, own, trusts=(tested.br.member,))

    assert recognition.decision is Decision.DECLINED
    assert "no policy its member logged before" in recognition.reasons[0]


def test_a_continuation_at_its_members_own_policy_is_recognised(
    tested: Federation, finding: Reference
) -> None:
    """A third member relies on who went on by a policy of its own."""
    log_policy(tested.br, policy_of(tested, risk=Fraction(1, 50)), now=tested.now())
    own = go_on(tested, finding, risk=Fraction(1, 50))

    recognition = rely(tested, tested.sg, own, trusts=(tested.br.member,))

    assert recognition.decision is Decision.RECOGNISED


def test_a_member_goes_on_with_a_finding_once(tested: Federation, finding: Reference) -> None:
    """A second time, the items it asked are no longer hidden."""
    go_on(tested, finding)
    first = tested.gathered(tested.br, finding)

    with pytest.raises(Conflict, match="goes on with the finding already"):
        plan_continuation(tested.br, first, Fraction(1, 200), now=tested.now())


def test_a_second_continuation_by_one_member_is_declined(
    tested: Federation, finding: Reference
) -> None:
    """Logged past the tool, it would be the one of two that passed."""
    br = tested.br
    log_policy(br, policy_of(tested, risk=Fraction(1, 50)), now=tested.now())
    own = tested.gathered(br, go_on(tested, finding, risk=Fraction(1, 50)))
    said = own.plan
    again_planned = say(
        br, "plan", said.statement.predicate, subject=said.subject, now=tested.now()
    )
    tested.publish(br)
    second = report(
        br,
        again_planned,
        run_test(br, again_planned, perfect(), manner=THRIFTY),
        now=tested.now(),
    )
    tested.publish(br)

    recognition = rely(tested, tested.sg, second, trusts=(br.member,))

    assert recognition.decision is Decision.DECLINED
    assert "went on with the finding before, at br.example" in recognition.reasons[0]


def test_the_second_report_on_a_plan_is_declined(
    tested: Federation, finding: Reference
) -> None:
    """The first one counts, so that nobody asks until it passes."""
    said = get(ViewShelf(tested.kh.view()), finding, "finding")
    second = say(
        tested.kh,
        "finding",
        said.statement.predicate,
        subject=said.subject,
        now=tested.now(),
    )
    tested.publish(tested.kh)

    recognition = rely(tested, tested.sg, second)

    assert recognition.decision is Decision.DECLINED
    assert "reported on the plan before, at kh.example" in " ".join(recognition.reasons)


def test_going_on_with_a_failure_does_not_hide_it(
    tested: Federation, finding: Reference
) -> None:
    """What the trusted found not shown counts in the chain of a test as beside it."""
    later = replace(
        tested.gathered(tested.sg, finding).finding,
        reference=Reference(log=finding.log, index=10**6, sha256=finding.sha256),
    )
    first = tested.gathered(tested.sg, finding)
    test = replace(first, finding=later, first=first)

    found = not_shown_by(ViewShelf(tested.sg.view()), test, {tested.kh.member})

    assert list(found) == ["shelter"]
