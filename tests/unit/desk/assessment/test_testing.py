# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A test between two members keeps its order, whoever tries to change it."""

from fractions import Fraction

import pytest
from tests.fakes.federation import (
    ASK,
    THRIFTY,
    VERSION,
    Federation,
    Stages,
    items,
    perfect,
    prospectus,
)
from tests.fakes.say import say

from comity.assess.subjects.function import Function
from comity.desk.assessment.keeping import commit_bank
from comity.desk.assessment.planning import Ask, draft_plan, plan_test
from comity.desk.assessment.testing import apply_for_test, report, reveal_nonce, run_test
from comity.desk.case.case import rederive
from comity.desk.log.shelf import ViewShelf, get
from comity.errors import Conflict, InvalidDocument, NotFound, NotPermitted
from comity.evidence.application import Reveal
from comity.evidence.draw import Role
from comity.evidence.finding import finding_from_predicate
from comity.evidence.plan import Plan, plan_from_predicate
from comity.evidence.statistics.design import Verdict
from comity.kernel.canonical import Json
from comity.kernel.digest import Digest, sha256
from comity.kernel.reference import Reference
from comity.kernel.truth import Truth
from comity.node.node import Node


def said_plan(federation: Federation, plan: Reference) -> Plan:
    """Return a plan as its tester logged it."""
    said = get(ViewShelf(federation.kh.view()), plan, "plan")
    return plan_from_predicate(said.statement.predicate)


def verdicts(federation: Federation, finding: Reference) -> dict[str, Verdict]:
    """Return what a finding says, as another member reads it."""
    said = get(ViewShelf(federation.br.view()), finding, "finding")
    results = finding_from_predicate(said.statement.predicate).results
    return {result.category: result.verdict for result in results}


def test_a_whole_test_says_what_the_answers_say_and_re_derives(
    tested: Federation, stages: Stages
) -> None:
    """Each category has a verdict of its own, and anybody comes to the same."""
    finding = stages.tested.finding
    assert finding is not None

    checks = rederive(tested.gathered(tested.br, finding))

    assert verdicts(tested, finding) == {
        "medical": Verdict.SHOWN,
        "rescue": Verdict.SHOWN,
        "shelter": Verdict.NOT_SHOWN,
    }
    assert {check.holds for check in checks} == {Truth.TRUE}


def test_nobody_reveals_before_the_plan_is_counted(planned: Federation) -> None:
    """A plan its tester can still withdraw would let it choose among draws."""
    application = planned.apply(planned.bank)
    plan = plan_test(planned.kh, application, ASK, now=planned.now(), entropy=planned.entropy)

    with pytest.raises(Conflict, match="enough cosignatures") as refused:
        reveal_nonce(planned.kh, plan, now=planned.now())

    assert refused.value.code == "desk.too_early"


def test_a_plan_under_too_few_cosignatures_is_not_counted_by_the_provider(
    planned: Federation,
) -> None:
    """The provider counts by its own rule, not by the tester's word."""
    application = planned.apply(planned.bank)
    plan = plan_test(planned.kh, application, ASK, now=planned.now(), entropy=planned.entropy)
    _, note, _ = planned.kh.log.prepare()
    planned.kh.log.publish(note)
    planned.maker.follow(planned.kh.member, planned.now())

    with pytest.raises(Conflict, match="enough cosignatures"):
        reveal_nonce(planned.maker, plan, now=planned.now())


def test_the_provider_reveals_first(planned: Federation, stages: Stages) -> None:
    """Whoever reveals second knows the draw; that must not be who is tested."""
    plan = stages.planned.plan

    with pytest.raises(Conflict, match="the provider reveals first"):
        reveal_nonce(planned.kh, plan, now=planned.now())


def test_a_test_does_not_start_before_both_have_revealed(
    planned: Federation, stages: Stages
) -> None:
    """Without both nonces there is no draw."""
    plan = stages.planned.plan
    reveal_nonce(planned.maker, plan, now=planned.now())
    planned.publish(planned.maker)

    with pytest.raises(Conflict, match="the tester has not revealed"):
        run_test(planned.kh, plan, perfect(), manner=THRIFTY)


def test_revealing_twice_logs_once(planned: Federation, stages: Stages) -> None:
    """An operator who is not sure may ask again."""
    plan = stages.planned.plan
    once = reveal_nonce(planned.maker, plan, now=planned.now())

    assert reveal_nonce(planned.maker, plan, now=planned.now()) == once


def test_a_second_reveal_changes_nothing(revealed: Federation, stages: Stages) -> None:
    """Otherwise the second would choose among draws by revealing again."""
    plan = stages.revealed.plan
    reveal = Reveal(
        issued=revealed.now(), plan=plan, role=Role.PROVIDER, nonce=sha256(b"another")
    )
    say(
        revealed.maker,
        "reveal",
        reveal.to_predicate(),
        subject=plan.sha256,
        now=revealed.now(),
    )
    revealed.publish(revealed.maker)

    finding = revealed.test(plan)

    checks = rederive(revealed.gathered(revealed.br, finding))
    assert {check.holds for check in checks} == {Truth.TRUE}


def test_a_strangers_reveal_does_not_count(planned: Federation, stages: Stages) -> None:
    """A nonce is revealed by who committed to it, in its own log."""
    plan = stages.planned.plan
    for role in Role:
        reveal = Reveal(
            issued=planned.now(), plan=plan, role=role, nonce=sha256(b"a stranger's")
        )
        predicate = reveal.to_predicate()
        say(planned.sg, "reveal", predicate, subject=plan.sha256, now=planned.now())
    planned.publish(planned.sg)

    with pytest.raises(Conflict, match="the provider reveals first"):
        reveal_nonce(planned.kh, plan, now=planned.now())
    with pytest.raises(Conflict, match="the provider has not revealed"):
        run_test(planned.kh, plan, perfect(), manner=THRIFTY)


def stranger_plan(federation: Federation, stranger: Node, plan: Reference) -> Reference:
    """Let a stranger log another member's plan as its own, on a bank of that name."""
    commit_bank(
        stranger,
        list(items()),
        prospectus(),
        now=federation.now(),
        entropy=bytes,
    )
    said = get(ViewShelf(federation.kh.view()), plan, "plan")
    return say(
        stranger,
        "plan",
        said.statement.predicate,
        subject=said.subject,
        now=federation.now(),
    )


def test_the_provider_reveals_nothing_for_a_strangers_plan(
    planned: Federation, stages: Stages
) -> None:
    """A stranger's plan would fish for the nonce before the true plan uses it."""
    plan = stages.planned.plan
    copied = stranger_plan(planned, planned.sg, plan)
    planned.publish(planned.sg)

    with pytest.raises(NotPermitted, match="applied to another tester"):
        reveal_nonce(planned.maker, copied, now=planned.now())


def test_a_strangers_plan_is_no_attempt(planned: Federation, stages: Stages) -> None:
    """Otherwise anybody could use up a provider's attempts."""
    plan = stages.planned.plan
    stranger_plan(planned, planned.sg, plan)
    planned.publish(planned.sg)

    again = planned.plan(planned.apply(planned.bank))

    assert said_plan(planned, again).attempt == 2


def test_attempts_are_counted_over_versions_and_editions(planned: Federation) -> None:
    """A new version, or a new edition of the bank, does not reset the count."""
    second = planned.register(version=sha256(b"weights of version 2"))
    plan = planned.plan(planned.apply(planned.bank, second))

    said = said_plan(planned, plan)

    assert said.attempt == 2
    assert said.designs[0].risk == Fraction(1, 20) / 6


def test_another_system_and_another_bank_start_at_one(planned: Federation) -> None:
    """Attempts belong to one claim of one system."""
    other = planned.register("assistant", sha256(b"assistant"))
    by_system = planned.plan(planned.apply(planned.bank, other))
    by_bank = planned.plan(planned.apply(planned.commit(name="heat")))

    assert said_plan(planned, by_system).attempt == 1
    assert said_plan(planned, by_bank).attempt == 1


def test_one_application_serves_one_plan(planned: Federation) -> None:
    """The provider's nonce is known after the first draw; a second could be chosen by it."""
    application = planned.apply(planned.bank)
    planned.plan(application)

    with pytest.raises(Conflict, match="answers the application already") as refused:
        planned.plan(application)

    assert refused.value.code == "desk.planned"


def test_the_provider_does_not_reveal_for_a_second_plan(
    planned: Federation, stages: Stages
) -> None:
    """A tester that logs one anyway gets nothing for it."""
    plan = stages.planned.plan
    said = get(ViewShelf(planned.kh.view()), plan, "plan")
    second = say(
        planned.kh,
        "plan",
        {**said.statement.predicate, "attempt": 2},
        subject=said.subject,
        now=planned.now(),
    )
    planned.publish(planned.kh)

    with pytest.raises(Conflict, match="another plan answered this application before"):
        reveal_nonce(planned.maker, second, now=planned.now())


def test_malformed_statements_block_nothing(planned: Federation, stages: Stages) -> None:
    """What a member logs wrongly harms nobody else's test."""
    nonsense: dict[str, Json] = {"issued": "2026-11-21T19:19:24Z", "plan": 7}
    wrong: dict[str, Json] = {"log": planned.kh.origin, "index": 1, "sha256": "ab" * 32}
    for node in (planned.sg, planned.maker):
        for kind in ("bank", "system", "application", "plan", "reveal", "finding", "custody"):
            say(node, kind, nonsense, subject=VERSION, now=planned.now())
    plan = stages.planned.plan
    said = get(ViewShelf(planned.kh.view()), plan, "plan")
    say(
        planned.sg,
        "plan",
        {**said.statement.predicate, "application": wrong},
        subject=VERSION,
        now=planned.now(),
    )
    planned.publish(planned.sg, planned.maker)

    again = planned.plan(planned.apply(planned.bank))
    planned.reveal(again)
    finding = planned.test(again)

    assert set(verdicts(planned, finding).values()) == {Verdict.SHOWN}


def test_an_application_is_for_the_tester_it_names(planned: Federation) -> None:
    """Nobody else may plan on it."""
    application = planned.apply(planned.bank)

    with pytest.raises(NotPermitted, match="addressed to another tester"):
        planned.plan(application, planned.br)


def test_nobody_applies_to_itself(planned: Federation) -> None:
    """Both nonces would be one side's."""
    planned.register()
    bank = commit_bank(
        planned.maker,
        list(items()),
        prospectus(),
        now=planned.now(),
        entropy=planned.entropy,
    )

    with pytest.raises(NotPermitted, match="a system of its own"):
        planned.apply(bank)


def test_an_unregistered_version_is_not_applied_for(planned: Federation) -> None:
    """A finding about it could never be gathered."""
    committed = planned.commit()
    bank = get(ViewShelf(planned.kh.view()), committed, "bank")

    with pytest.raises(NotFound, match="registered no system version"):
        apply_for_test(
            planned.maker,
            bank,
            Digest(bytes(32)),
            now=planned.now(),
            entropy=planned.entropy,
        )


def test_a_draft_draws_and_logs_nothing(planned: Federation) -> None:
    """An officer may look at the numbers before signing them."""
    application = planned.apply(planned.bank)
    before = planned.kh.log.size

    draft = draft_plan(planned.kh, application, ASK, now=planned.now())

    assert planned.kh.log.size == before
    assert draft.designs == said_plan(planned, planned.plan(application)).designs


def test_an_unknown_category_is_named_with_the_nearest(planned: Federation) -> None:
    """A slip of the pen must not silently test less."""
    application = planned.apply(planned.bank)
    ask = Ask(threshold=ASK.threshold, goal=ASK.goal, categories=("shelters", "medical"))

    with pytest.raises(InvalidDocument) as refused:
        draft_plan(planned.kh, application, ask, now=planned.now())

    assert [fault.near for fault in refused.value.faults] == ["shelter"]


def test_an_interrupted_run_resumes_to_the_same_finding(
    revealed: Federation, stages: Stages
) -> None:
    """What was answered is never asked again, and nothing else changes."""
    plan = stages.revealed.plan
    asked: list[str] = []

    def answer(prompt: str) -> str:
        asked.append(prompt)
        return prompt.rsplit(maxsplit=1)[-1]

    def interrupt(step: object) -> None:
        del step
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_test(revealed.kh, plan, Function(call=answer), progress=interrupt, manner=THRIFTY)
    transcript = revealed.kh.folder / "work" / f"{plan.sha256.hex()}.transcript"
    begun = transcript.read_bytes()

    finding = revealed.test(plan, Function(call=answer))
    whole = transcript.read_bytes()

    assert begun
    assert whole.startswith(begun)
    assert len(whole.splitlines()) == len(set(whole.splitlines()))
    assert set(verdicts(revealed, finding).values()) == {Verdict.SHOWN}
    first = begun.decode().split('"prompt":"')[1].split('"')[0]
    assert asked.count(first) == 1


def test_reporting_twice_logs_once(revealed: Federation, stages: Stages) -> None:
    """A report that was signed but not published is published by asking again."""
    plan = stages.revealed.plan
    finding = revealed.test(plan)
    result = run_test(revealed.kh, plan, perfect(), manner=THRIFTY)

    again = report(revealed.kh, plan, result, now=revealed.now())

    assert again == finding
    assert result.sent == 0


def test_another_testers_plan_is_not_run(revealed: Federation, stages: Stages) -> None:
    """Its answers would be nobody's testimony."""
    plan = stages.revealed.plan

    with pytest.raises(NotPermitted, match="another tester's plan"):
        run_test(revealed.br, plan, perfect(), manner=THRIFTY)
