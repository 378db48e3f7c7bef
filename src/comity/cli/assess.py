# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity assess`: a test between a provider and a regulator, step by step."""

import secrets
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter

from comity.cli.assess_attempts import attempts
from comity.cli.assess_custody import continue_draw, give, take
from comity.cli.assess_draw import NO_DRAW, Draw, offer, reveal, with_draw, words_of_third
from comity.cli.assess_drift import drift
from comity.cli.assess_rules import NO_RULES, RulesOption, with_rules
from comity.cli.assess_run import report, run
from comity.cli.assess_suggest import suggest
from comity.cli.render_plan import plan_facts, plan_table
from comity.cli.session import (
    Json,
    NodeFolder,
    PassphraseFile,
    Publish,
    Telling,
    opened,
    read_shares,
)
from comity.desk.agenda import Matter, Step, matters
from comity.desk.citation import cite, short
from comity.desk.judging import to_stated
from comity.desk.planning import Ask, draft_plan, plan_test
from comity.desk.shelf import ViewShelf
from comity.desk.testing import apply_for_test
from comity.errors import Fault, InvalidDocument
from comity.evidence.attempt import Sharing, sharing_of
from comity.evidence.combine import attempt_risk
from comity.evidence.plan import Plan, plan_from_predicate
from comity.evidence.publishing import Publishing
from comity.files.claim import read_claim
from comity.files.judge import read_judge
from comity.kernel.reference import Reference
from comity.node.node import Node
from comity.node.server import read_clock

app = App(
    name="assess",
    help="""Test an AI service so that others can rely on it, each step logged before the next.

    The provider runs apply and reveal, the tester plan, reveal, run and report, in this order:
    apply, plan, reveal (the provider first), run, report. Another regulator goes on with the
    same draw by take-over, continue, run, report. Between the steps everyone follows the
    others' logs (comity node follow); status says what is due.

    A statement is named by its place (kh.example/log#7) or by at least eight digits of its
    SHA-256.
    """,
)
app.command(suggest)
app.command(attempts)
app.command(offer, name="contribute")
app.command(reveal)
app.command(run)
app.command(report)
app.command(give, name="hand-over")
app.command(take, name="take-over")
app.command(continue_draw, name="continue")
app.command(drift)


@app.command
def apply(
    system: str,
    *,
    bank: str,
    node: NodeFolder,
    publish: Publish = True,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Ask a bank's keeper to test a version of one's system, committing to a nonce.

    Example: comity assess apply relief-translate --bank disaster-translation --node maker

    Args:
        system: The registration: its place, digits of its SHA-256, or the system's name.
        bank: The bank statement: its place, digits of its SHA-256, or the bank's name.
    """
    telling = Telling(as_json=as_json)
    with opened(node, passphrase_file) as own:
        shelf = ViewShelf(own.view())
        version = cite(shelf, system, "system")
        kept = cite(shelf, bank, "bank")
        reference = apply_for_test(
            own, kept, version.subject, now=read_clock(), entropy=secrets.token_bytes
        )
        telling.logged(own, reference, "application", publish=publish)


@Parameter(name="*")
@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """What is wanted of every category.

    Args:
        claim: The bank's claim, a TOML file, with threshold, goal, risk and power.
        threshold: Pass rate that must be exceeded: 0.9, 9/10 or 90%. Goes before the claim's.
        goal: Pass rate at which "shown" is to be likely.
        risk: Greatest chance of a wrong "shown", over all attempts together; else 5%.
        power: Least chance of "shown" at the goal; else 90%.
        category: Test only these; without it, every category of the bank.
        timeout_s: Seconds after which an answer counts as failed.
        max_answer_bytes: UTF-8 bytes beyond which an answer counts as failed.
        allow_unreviewed: Let items decide that no reader of their language has reviewed.
        publish_items: Which opened items become public with the finding: all, those that
            failed, or none. What is kept back goes to who hears an appeal.
        judge: The file of the judge, where the bank has answers that a judge must judge; its
            error raises the threshold the numbers are made for.
    """

    claim: Path | None = None
    threshold: str | None = None
    goal: str | None = None
    risk: str | None = None
    power: str | None = None
    category: Annotated[tuple[str, ...], Parameter(consume_multiple=True, negative="")] = ()
    timeout_s: float = 30.0
    max_answer_bytes: int = 16_384
    allow_unreviewed: bool = False
    publish_items: Literal["all", "failed", "none"] = "all"
    judge: Path | None = None


NO_NUMBERS = Numbers()


@app.command
def plan(
    application: str,
    *,
    node: NodeFolder,
    numbers: Numbers = NO_NUMBERS,
    rules: RulesOption = NO_RULES,
    draw: Draw = NO_DRAW,
    dry_run: bool = False,
    publish: Publish = True,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Fix and log the numbers that will decide, before any question is known to be due.

    Example: comity assess plan maker.example/log#3 --claim flood.claim.toml --node kh

    Example: comity assess plan 1a2b3c4d --threshold 90% --goal 97% --dry-run --node kh

    Args:
        application: The provider's application: its place, or digits of its SHA-256.
        dry_run: Show the numbers; draw, log and publish nothing.
    """
    telling = Telling(as_json=as_json)
    ask = with_rules(_ask(numbers), rules)
    with opened(node, passphrase_file) as own:
        said = cite(ViewShelf(own.view()), application, "application")
        ask, asked = with_draw(ask, draw, own, said), said.reference
        with telling.working("finding the fewest questions that hold the risk"):
            draft = draft_plan(own, asked, ask, now=read_clock())
        _tell_draft(telling, draft)
        facts = {"plan": plan_facts(draft)}
        if dry_run:
            telling.say("nothing was logged", style="yellow")
            telling.print_json(facts)
            return
        reference = plan_test(own, asked, ask, now=read_clock(), entropy=secrets.token_bytes)
        telling.logged(own, reference, "plan", publish=publish, more=facts)


@app.command
def status(
    *, node: NodeFolder, passphrase_file: PassphraseFile = None, as_json: Json = False
) -> None:
    """Say where each test stands that this member has a part in, and what is due.

    Example: comity assess status --node kh
    """
    telling = Telling(as_json=as_json)
    with opened(node, passphrase_file) as own:
        found = list(matters(own))
        for matter in found:
            _tell(telling, node, matter)
        if not found:
            telling.say("no test concerns this member yet")
        telling.print_json([_matter_facts(own, matter) for matter in found])


def _tell_draft(telling: Telling, draft: Plan) -> None:
    """Say what a plan rests on besides its numbers, and then its numbers."""
    tried = f"attempt {draft.attempt} of this system on banks of this name"
    if sharing_of(draft) is Sharing.PRODUCT:
        telling.say(f"{tried}; the e-values of all attempts multiply")
    else:
        part = attempt_risk(Fraction(1), draft.attempt)
        telling.say(f"{tried}, which may spend {part} of the risk asked for")
    if draft.retired:
        telling.say(f"{len(draft.retired)} items were opened before and are not asked again")
    if draft.draw is not None:
        telling.say(words_of_third(draft.draw))
    for judge in draft.judges:
        share = f"{float(judge.threshold) * 100:.4g} %"
        telling.say(f"{judge.in_words}; shown means more than {share} all the same")
    plan_table(telling.console, draft)


def _ask(numbers: Numbers) -> Ask:
    read = None if numbers.claim is None else read_claim(numbers.claim)
    names = ("threshold", "goal", "risk", "power")
    shares = read_shares(**{name: getattr(numbers, name) for name in names})
    if read is not None:
        shares = {name: getattr(read, name) for name in names} | shares
    faults = [
        Fault(message=f"neither --{name} nor --claim says it")
        for name in ("threshold", "goal")
        if name not in shares
    ]
    if not 0.001 <= numbers.timeout_s <= 3600:
        faults.append(Fault(message="--timeout-s is not from 0.001 to 3600"))
    if not 1 <= numbers.max_answer_bytes <= 2**20:
        faults.append(Fault(message="--max-answer-bytes is not from 1 to 1048576"))
    if faults:
        raise InvalidDocument("cannot be planned", code="cli.plan", faults=faults)
    return Ask(
        **shares,
        categories=tuple(numbers.category) or None,
        timeout_ms=round(numbers.timeout_s * 1000),
        max_answer_bytes=numbers.max_answer_bytes,
        allow_unreviewed=numbers.allow_unreviewed,
        sharing=None,
        draw=None,
        retry=None,
        rate=None,
        publish_items=Publishing(numbers.publish_items),
        judges=() if numbers.judge is None else (to_stated(read_judge(numbers.judge)),),
    )


def _tell(telling: Telling, folder: Path, matter: Matter) -> None:
    about = f"{short(matter.application)}: {matter.part} of the test of "
    telling.say(about + matter.application.subject.hex()[:16], style="bold")
    if matter.plan is not None:
        counted = "counted" if matter.plan.is_counted else "not counted yet"
        attempt = plan_from_predicate(matter.plan.statement.predicate).attempt
        telling.say(f"  plan {short(matter.plan)}, attempt {attempt}, {counted}")
    if matter.answers:
        telling.say(f"  {matter.answers} answers kept on this node")
    if matter.finding is not None:
        telling.say(f"  finding {short(matter.finding)}")
    todo = _command(matter, folder)
    telling.say(f"  next: {todo or matter.step.value}", style="green" if todo else "")
    for member in matter.silent:
        telling.say(f"  awaited: the nonce of {member[:16]}", style="yellow")


def _command(matter: Matter, folder: Path) -> str:
    on = matter.application if matter.plan is None else matter.plan
    if matter.step is Step.PLAN:
        return f"comity assess plan {short(on)} --claim CLAIM.toml --node {folder}"
    if matter.step in {Step.REVEAL, Step.SHARE, Step.CLOSE}:
        return f"comity assess reveal {short(on)} --node {folder}"
    if matter.step is Step.AWAIT_BEACON:
        return f"comity assess reveal {short(on)} --beacon ROUND.json --node {folder}"
    if matter.step is Step.RUN:
        return f"comity assess run {short(on)} --endpoint URL --node {folder}"
    return ""


def _matter_facts(own: Node, matter: Matter) -> dict[str, object]:
    def place(reference: Reference | None) -> object:
        return None if reference is None else f"{reference.log}#{reference.index}"

    return {
        "member": own.member,
        "part": matter.part,
        "system": matter.application.subject.hex(),
        "application": place(matter.application.reference),
        "plan": None if matter.plan is None else place(matter.plan.reference),
        "counted": matter.plan is not None and matter.plan.is_counted,
        "answers": matter.answers,
        "finding": None if matter.finding is None else place(matter.finding.reference),
        "step": matter.step.value,
        "awaited": list(matter.silent),
    }
