# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Step five: two other regulators rely on the finding, or decline and say why."""

from fractions import Fraction

from comity.assess.run.runner import Manner
from comity.demo.cast import Actor, Cast, read_clock
from comity.demo.teller import Teller
from comity.demo.trial import Trial, bind_version, finding_at, watcher
from comity.desk.assessment.keeping import hand_over, take_over
from comity.desk.assessment.testing import plan_continuation, report, run_test
from comity.desk.case.case import Publication, gather, rederive
from comity.desk.finding.relying import decide, log_policy, log_recognition, policy_for
from comity.desk.log.shelf import ViewShelf
from comity.evidence.audit import first_disagreement
from comity.evidence.recognition import Decision, Policy, Recognition, Route
from comity.evidence.statistics.design import Verdict
from comity.kernel.digest import Digest
from comity.kernel.ids import MemberId
from comity.kernel.reference import Reference

STRICT = Fraction(1, 100)
USUAL = Fraction(1, 20)
REQUIRED = {"disaster-translation": ("shelter",)}
"""What the third regulator will not do without."""


def tell_policies(teller: Teller, cast: Cast, banks: tuple[str, ...]) -> None:
    """Let both log, before any test, what they will rely on."""
    for bank in banks:
        trusts = (cast.bra.member,)
        strict = _policy(bank, trusts, Route.CONTINUATION, STRICT)
        usual = _policy(bank, trusts, Route.PLAN, USUAL, requires=REQUIRED.get(bank, ()))
        log_policy(cast.sgp.node, strict, now=read_clock())
        log_policy(cast.khm.node, usual, now=read_clock())
    cast.publish(cast.sgp, cast.khm)
    teller.say(
        f"{cast.sgp.short} logs beforehand that it will rely on {cast.bra.short}'s findings at "
        f"a risk of {float(STRICT):.0%}, by going on with the same draw."
    )
    required = ", ".join(name for names in REQUIRED.values() for name in names)
    teller.say(
        f"{cast.khm.short} logs beforehand that it will rely on them at {float(USUAL):.0%}, "
        f"and of the translator on nothing without “{required}”."
    )


def tell_reliance(teller: Teller, cast: Cast, trial: Trial) -> tuple[Recognition, ...]:
    """Re-derive, go on where a policy asks for it, decide, and sign the decision."""
    teller.say(trial.service.name, style="bold")
    for actor in (cast.sgp, cast.khm):
        _rederive(teller, actor, cast.bra, trial.finding)
    own = _continue(teller, cast, trial)
    if own is not None:
        _rederive(teller, cast.khm, cast.sgp, own)
    return (
        _decide(teller, cast, cast.sgp, trial, own),
        _decide(teller, cast, cast.khm, trial, None),
    )


def gathered(reader: Actor, author: Actor, finding: Reference) -> Publication:
    """Gather one test from a reader's own verified logs, fetching evidence by digest."""

    def fetch(digest: Digest) -> bytes:
        held = reader.node.blobs.find(digest)
        if held is not None:
            return held
        return reader.node.blobs.fetch(reader.node.connect(author.part.name), digest)

    return gather(ViewShelf(reader.node.view()), finding, fetch)


def _policy(
    bank: str,
    trusts: tuple[MemberId, ...],
    route: Route,
    risk: Fraction,
    *,
    requires: tuple[str, ...] = (),
) -> Policy:
    return Policy(
        issued=read_clock(),
        bank=bank,
        trusts=trusts,
        route=route,
        risk=risk,
        threshold=Fraction(9, 10),
        requires=requires,
        note="An example policy of the demonstration.",
    )


def _rederive(teller: Teller, reader: Actor, author: Actor, finding: Reference) -> None:
    checks = rederive(gathered(reader, author, finding))
    wrong = first_disagreement(checks)
    said = "all hold" if wrong is None else f"fails at {wrong.place}: {wrong.message}"
    names = ", ".join(check.name for check in checks)
    teller.say(f"{reader.short} re-derives it offline ({names}): {said}.", indent=2)


def _continue(teller: Teller, cast: Cast, trial: Trial) -> Reference | None:
    """Go on with the draw in the categories shown, under the reader's stricter risk."""
    reader, tester = cast.sgp, cast.bra
    shown = [
        result.category
        for result in finding_at(reader, trial.finding).results
        if result.verdict is Verdict.SHOWN
    ]
    if not shown:
        teller.say(f"Nothing was shown, so {reader.short} has nothing to go on with.", indent=2)
        return None
    custody = hand_over(
        tester.node, gathered(tester, tester, trial.finding), reader.member, now=read_clock()
    )
    cast.publish(tester)
    take_over(reader.node, custody, reader.node.connect(tester.part.name))
    first = gathered(reader, tester, trial.finding)
    risk = policy_for(reader.node, trial.service.script.bank).policy.risk
    plan = plan_continuation(reader.node, first, risk, now=read_clock())
    cast.publish(reader)
    teller.say(
        f"{tester.short} hands the unopened items over, sealed; {reader.short} plans at its "
        "own risk and asks the next ones of the same draw:",
        indent=2,
    )
    bind_version(reader, trial.service, plan)
    result = run_test(
        reader.node,
        plan,
        trial.service.subject,
        first=first,
        progress=watcher(teller),
        manner=Manner(width=trial.service.script.width, least=1),
    )
    finding = report(reader.node, plan, result, now=read_clock(), first=first)
    cast.publish(reader)
    teller.say(f"{len(result.records)} further items, not a new test.", indent=2)
    return finding


def _decide(
    teller: Teller, cast: Cast, reader: Actor, trial: Trial, own: Reference | None
) -> Recognition:
    recognition = decide(
        ViewShelf(reader.node.view()),
        policy_for(reader.node, trial.service.script.bank),
        gathered(reader, cast.bra, trial.finding),
        None if own is None else gathered(reader, reader, own),
        now=read_clock(),
    )
    test = gathered(reader, cast.bra, trial.finding)
    log_recognition(reader.node, recognition, test, now=read_clock())
    cast.publish(reader)
    style = "green" if recognition.decision is Decision.RECOGNISED else "yellow"
    teller.say(f"{reader.short}: {recognition.decision.value}", indent=2, style=style)
    for reason in recognition.reasons:
        teller.say(reason, indent=4)
    return recognition
