# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Step four: a committed bank, a logged plan, a draw nobody steers, and the test itself."""

import secrets
from dataclasses import dataclass

from comity.assess.run.runner import Manner, Progress, Step
from comity.demo.cast import Actor, Cast, read_clock
from comity.demo.material import Material
from comity.demo.service import Service
from comity.demo.teller import Teller
from comity.desk.assessment.identity import bind
from comity.desk.assessment.keeping import commit_bank
from comity.desk.assessment.testing import (
    Ask,
    apply_for_test,
    plan_test,
    report,
    reveal_nonce,
    run_test,
)
from comity.desk.case.case import find_bank
from comity.desk.log.shelf import ViewShelf, get
from comity.evidence.bank_statement import bank_from_predicate
from comity.evidence.binding import Binding
from comity.evidence.finding import Finding, finding_from_predicate
from comity.evidence.plan import Plan, plan_from_predicate
from comity.evidence.statistics.design import Verdict
from comity.evidence.statistics.eprocess import goal_failures, null_failures
from comity.evidence.statistics.onestage import one_stage
from comity.evidence.transcript import Missing
from comity.kernel.digest import Digest
from comity.kernel.reference import Reference

WORDS = {
    Verdict.SHOWN: "shown",
    Verdict.NOT_SHOWN: "not shown",
    Verdict.INSUFFICIENT: "insufficient",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A finished test: where its plan and finding stand."""

    service: Service
    plan: Reference
    finding: Reference


def tell_trial(teller: Teller, cast: Cast, service: Service, material: Material) -> Trial:
    """Commit, apply, plan, reveal, run and report, each step logged before the next."""
    tester = cast.bra
    root = _commit(teller, cast, tester, material)
    plan = _plan(teller, cast, service, root, material)
    _reveal(teller, cast, plan)
    _bind(teller, tester, service, plan)
    teller.say(f"{tester.short} asks {service.name}, in the order of the draw:")
    result = run_test(
        tester.node,
        plan,
        service.subject,
        progress=watcher(teller),
        manner=Manner(width=service.script.width, least=1),
    )
    finding = report(tester.node, plan, result, now=read_clock())
    cast.publish(tester)
    _sum_up(teller, tester, finding)
    return Trial(service=service, plan=plan, finding=finding)


def bind_version(tester: Actor, service: Service, plan: Reference) -> Binding:
    """Count the files of what is to be tested, and hold them against the registration."""
    said = get(ViewShelf(tester.node.view()), plan, "plan")
    return bind(tester.node, said, service.subject, service.declared)


def _bind(teller: Teller, tester: Actor, service: Service, plan: Reference) -> None:
    binding = bind_version(tester, service, plan)
    teller.say(
        f"{tester.short} counts the files of the version registered "
        f"({len(service.script.files())}, {binding.method}): they are those."
    )


def finding_at(reader: Actor, reference: Reference) -> Finding:
    """Return a finding as one member sees it."""
    said = get(ViewShelf(reader.node.view()), reference, "finding")
    return finding_from_predicate(said.statement.predicate)


def plan_at(reader: Actor, reference: Reference) -> Plan:
    """Return a plan as one member sees it."""
    said = get(ViewShelf(reader.node.view()), reference, "plan")
    return plan_from_predicate(said.statement.predicate)


def _commit(teller: Teller, cast: Cast, tester: Actor, material: Material) -> Digest:
    sheet = material.datasheet
    reference = commit_bank(
        tester.node,
        material.items,
        material.prospectus,
        now=read_clock(),
        entropy=secrets.token_bytes,
    )
    cast.publish(tester)
    said = get(ViewShelf(tester.node.view()), reference, "bank")
    teller.say(
        f"{tester.short} commits to {sheet.size} items in {len(sheet.categories)} categories, "
        f"root {said.subject.hex()[:16]}…: {sheet.templates} distinct templates, "
        f"{sheet.near_duplicates} items only vary one of them."
    )
    return said.subject


def _plan(
    teller: Teller, cast: Cast, service: Service, root: Digest, material: Material
) -> Reference:
    tester, provider = cast.bra, cast.provider
    bank = find_bank(ViewShelf(provider.node.view()), root, tester.member)
    version = service.identity.sha256
    application = apply_for_test(
        provider.node, bank, version, now=read_clock(), entropy=secrets.token_bytes
    )
    cast.publish(provider)
    claim = material.claim
    ask = Ask(threshold=claim.threshold, goal=claim.goal, risk=claim.risk, power=claim.power)
    with teller.working("finding the fewest questions that hold the risk"):
        plan = plan_test(
            tester.node, application, ask, now=read_clock(), entropy=secrets.token_bytes
        )
    (published,) = cast.publish(tester)
    names = " and ".join(_names(cast, published.tally.members))
    planned = plan_at(provider, plan)
    design = planned.designs[0]
    said = bank_from_predicate(bank.statement.predicate).claim.in_language("en")
    teller.say(f"Claim: {said}")
    teller.say(
        f"Plan: each category above {float(design.threshold):.0%}, risk "
        f"{float(design.risk):.1%} for this first attempt, at most {design.cap} questions each "
        f"(a fixed test of the same strength asks {fixed_questions(planned)} in all); "
        f"entry {plan.index} of {plan.log}, cosigned by {names}."
    )
    teller.say(
        f"It stops early both ways: {design.acceptance[0][1]} failures in "
        f"{design.acceptance[0][0]} questions show a category, {design.rejection[0][1]} "
        f"failures in the first {design.rejection[0][0]} end it as not shown.",
        style="dim",
    )
    return plan


def fixed_questions(plan: Plan) -> int:
    """Return how many questions one-stage tests of the same risk and power ask in all."""
    total = 0
    for category in plan.categories:
        design = plan.design_of(category)
        stage = one_stage(
            design.size,
            null_failures(design.size, design.threshold),
            goal_failures(design.size, design.goal),
            risk=design.risk,
            power=design.power,
        )
        total += stage.asked
    return total


def _reveal(teller: Teller, cast: Cast, plan: Reference) -> None:
    for actor in (cast.provider, cast.bra):
        reveal_nonce(actor.node, plan, now=read_clock())
        cast.publish(actor)
    teller.say(
        f"{cast.provider.short}, then {cast.bra.short} reveal the numbers they committed to: "
        "the order of the questions follows from both."
    )


def _names(cast: Cast, members: tuple[str, ...]) -> list[str]:
    return [actor.short for actor in cast.everyone if actor.member in members]


def watcher(teller: Teller) -> Progress:
    """Return what prints every failed item as it falls, and every verdict."""

    def watch(step: Step) -> None:
        record = step.record
        if not record.passed:
            prompt = _shorten(str(record.opening.item.prompt))
            teller.say(f"{record.category}, question {record.draw}: {prompt}", indent=4)
            teller.say(f"→ {_answer(record.answer)}", indent=6, style="red")
        if step.verdict is not Verdict.INSUFFICIENT:
            teller.say(
                f"{record.category}: {WORDS[step.verdict]} after {step.asked} questions, "
                f"{step.failed} failed",
                indent=2,
                style="green" if step.verdict is Verdict.SHOWN else "red",
            )

    return watch


def _answer(answer: str | Missing) -> str:
    if isinstance(answer, Missing):
        return f"no answer ({answer.value})"
    return _shorten(" ".join(answer.split()))


def _shorten(text: str) -> str:
    return text if len(text) <= 100 else f"{text[:99]}…"


def _sum_up(teller: Teller, tester: Actor, reference: Reference) -> None:
    finding = finding_at(tester, reference)
    asked = sum(result.asked for result in finding.results)
    fixed = fixed_questions(plan_at(tester, finding.plan))
    teller.say(
        f"{asked} questions asked where fixed tests of the same strength ask {fixed}. "
        f"{tester.short} signs the finding: entry {reference.index} of {reference.log}."
    )
