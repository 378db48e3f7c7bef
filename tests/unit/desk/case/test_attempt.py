# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Attempts are counted from the logs, by name, and the rule they began with binds them."""

from dataclasses import replace
from fractions import Fraction

import pytest
from tests.fakes.federation import ASK, Federation, Stages, failing, perfect

from comity.desk.assessment.planning import Ask, plan_test
from comity.desk.assessment.testing import reveal_nonce
from comity.desk.case.attempt import Ledger, ledger, ledgers, objection_by_product
from comity.desk.finding.relying import decide, log_policy, policy_for
from comity.desk.log.shelf import ViewShelf, get
from comity.errors import NotPermitted
from comity.evidence.attempt import Fate, Sharing, aborts, carried, count
from comity.evidence.plan import Plan, plan_from_predicate
from comity.evidence.recognition import Decision, Policy, Route
from comity.kernel.digest import sha256
from comity.kernel.reference import Reference

RISK = Fraction(1, 20)
PRODUCT = replace(ASK, sharing=Sharing.PRODUCT)


def seen(federation: Federation, application: Reference, bank: str = "flood") -> Ledger:
    """Return a claim's attempts as the second regulator sees them."""
    shelf = ViewShelf(federation.br.view())
    return ledger(shelf, get(shelf, application, "application"), bank)


def plan(federation: Federation, application: Reference, ask: Ask = ASK) -> Reference:
    """Let the first regulator plan."""
    kh = federation.kh
    reference = plan_test(
        kh, application, ask, now=federation.now(), entropy=federation.entropy
    )
    federation.publish(kh)
    return reference


def read(federation: Federation, reference: Reference) -> Plan:
    """Return a plan as it was logged."""
    said = get(ViewShelf(federation.kh.view()), reference, "plan")
    return plan_from_predicate(said.statement.predicate)


@pytest.fixture
def heat(planned: Federation) -> Federation:
    """Return the federation with a bank of another name, on which nothing was tried."""
    planned.commit(name="heat")
    return planned


def tried(
    federation: Federation, *wrong: str, ask: Ask = PRODUCT
) -> tuple[Reference, Reference]:
    """Let the provider be tested once on the newest bank; some categories are wrong."""
    application = federation.apply(federation.bank)
    planned = plan(federation, application, ask)
    federation.reveal(planned)
    return application, federation.test(planned, failing(*wrong) if wrong else perfect())


def test_every_attempt_is_listed_with_what_became_of_it(
    tested: Federation, stages: Stages
) -> None:
    """A plan that was never reported is an attempt like any other."""
    application = tested.apply(tested.bank)
    plan(tested, application)

    attempts = seen(tested, application).attempts

    assert [one.fate for one in attempts] == [Fate.REPORTED, Fate.PROVIDER]
    assert [one.withheld_by for one in attempts] == [(), (tested.maker.member,)]
    assert {result.category for result in attempts[0].results} == {
        "medical",
        "rescue",
        "shelter",
    }
    assert stages.tested.plan == attempts[0].plan


def test_a_new_version_and_a_new_edition_do_not_reset_the_count(tested: Federation) -> None:
    """The claim is the system's name on banks of one name."""
    version = tested.register("relief", sha256(b"weights of version 2"))
    application = tested.apply(tested.commit(), version)
    second = plan(tested, application)

    assert read(tested, second).attempt == 2
    assert count(seen(tested, application).attempts) == 2
    shelf = ViewShelf(tested.br.view())
    systems = [said for said in shelf.of_kind("system") if said.subject == version]
    assert [one.bank for one in ledgers(shelf, systems[0])] == ["flood"]


def test_a_testers_abort_is_counted_and_shown_but_not_charged(planned: Federation) -> None:
    """It withheld its nonce after the provider's was out: the provider tries as before."""
    application = planned.apply(planned.bank)
    dropped = plan(planned, application)
    reveal_nonce(planned.maker, dropped, now=planned.now())
    planned.publish(planned.maker)

    attempts = seen(planned, application).attempts
    again = plan(planned, planned.apply(planned.bank))

    assert [one.fate for one in attempts] == [Fate.PROVIDER, Fate.TESTER]
    assert aborts(attempts)[planned.kh.member] == 1
    assert read(planned, dropped).attempt == 2
    assert read(planned, again).attempt == 2


def test_an_abort_that_is_taken_up_again_counts_after_all(planned: Federation) -> None:
    """The plan after it then counts too few, and whoever relies on it sees that."""
    application = planned.apply(planned.bank)
    dropped = plan(planned, application)
    reveal_nonce(planned.maker, dropped, now=planned.now())
    planned.publish(planned.maker)
    later = plan(planned, planned.apply(planned.bank))
    reveal_nonce(planned.kh, dropped, now=planned.now())
    planned.publish(planned.kh)

    every = seen(planned, application)
    said = get(ViewShelf(planned.br.view()), later, "plan")

    assert count(every.before(said)) + 1 > read(planned, later).attempt


def test_a_claim_keeps_the_rule_its_attempts_began_with(planned: Federation) -> None:
    """Either all are weighted or all multiply, never both."""
    with pytest.raises(NotPermitted, match="by no second rule") as refused:
        plan(planned, planned.apply(planned.bank), PRODUCT)

    assert refused.value.code == "evidence.attempts"


def test_multiplied_attempts_start_from_what_failures_leave(heat: Federation) -> None:
    """A category that failed is as much harder the next time; one that passed is not."""
    application, _ = tried(heat, "shelter")
    attempts = seen(heat, application, "heat").attempts
    left = carried(attempts, "shelter")

    second = read(heat, plan(heat, heat.apply(heat.bank)))

    assert 0 < left < 1
    assert second.rules.extra["attempts"] == "product"
    assert second.design_of("shelter").risk == ASK.risk * left
    assert second.design_of("medical").risk == ASK.risk


def test_a_hidden_attempt_ends_a_product(heat: Federation) -> None:
    """What is not reported is worth 0, whatever comes after."""
    plan(heat, heat.apply(heat.bank), PRODUCT)

    with pytest.raises(NotPermitted, match="was not reported"):
        plan(heat, heat.apply(heat.bank), PRODUCT)


def rely(federation: Federation, finding: Reference, risk: Fraction) -> dict[str, str]:
    """Let the third regulator decide on a finding, and return its reasons by category."""
    policy = Policy(
        issued=federation.now(),
        bank="heat",
        trusts=(federation.kh.member,),
        route=Route.PLAN,
        risk=risk,
        threshold=ASK.threshold,
        requires=(),
        note="",
    )
    log_policy(federation.sg, policy, now=federation.now())
    recognition = decide(
        ViewShelf(federation.sg.view()),
        policy_for(federation.sg, "heat"),
        federation.gathered(federation.sg, finding),
        None,
        now=federation.now(),
    )
    assert recognition.decision in Decision
    return {one.name: one.reason for one in recognition.categories}


def test_a_multiplied_attempt_is_held_to_the_product(heat: Federation) -> None:
    """Its design's verdict alone would let every attempt spend the whole risk."""
    _, finding = tried(heat)
    test = heat.gathered(heat.sg, finding)
    shelf = ViewShelf(heat.sg.view())
    published = Fraction(test.case.finding.results[0].e_value)

    enough, too_little = 1 / published, Fraction(99, 100) / published

    assert objection_by_product(shelf, test, "medical", enough) is None
    objection = objection_by_product(shelf, test, "medical", too_little)
    assert objection is not None
    assert "does not reach 1/risk" in objection
    assert "is accepted" in rely(heat, finding, Fraction(1, 10))["medical"]


def test_a_failure_before_lowers_what_a_success_shows(heat: Federation) -> None:
    """The same answers show less the second time."""
    tried(heat, "shelter")
    _, finding = tried(heat)
    test = heat.gathered(heat.sg, finding)
    shelf = ViewShelf(heat.sg.view())
    results = {one.category: Fraction(one.e_value) for one in test.case.finding.results}

    assert objection_by_product(shelf, test, "shelter", 1 / results["shelter"]) is not None
    assert objection_by_product(shelf, test, "medical", 1 / results["medical"]) is None
    own = test.case.plan.design_of("shelter").risk
    assert objection_by_product(shelf, test, "shelter", own) is not None


def test_what_a_weighted_plan_shows_is_not_multiplied(
    tested: Federation, stages: Stages
) -> None:
    """Its design alone decides."""
    finding = stages.tested.finding
    assert finding is not None
    test = tested.gathered(tested.sg, finding)

    shelf = ViewShelf(tested.sg.view())

    assert objection_by_product(shelf, test, "medical", Fraction(1, 10**9)) is None
