# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity assess`: a test between a provider and a regulator, step by step."""

import secrets
from pathlib import Path

from cyclopts import App

from comity.cli.assess.afterwards import appeal, countersign, reply, said, standing
from comity.cli.assess.attempts import attempts
from comity.cli.assess.custody import continue_draw, give, take
from comity.cli.assess.draw import offer, reveal
from comity.cli.assess.drift import drift
from comity.cli.assess.importing import import_report
from comity.cli.assess.plan import plan
from comity.cli.assess.run import report, run
from comity.cli.assess.suggest import suggest
from comity.cli.assess.total import total
from comity.cli.session import (
    Json,
    NodeFolder,
    PassphraseFile,
    Publish,
    Telling,
    looked_at,
    opened,
)
from comity.desk.assessment.agenda import Matter, Step, matters
from comity.desk.assessment.testing import apply_for_test
from comity.desk.log.citation import cite, short
from comity.desk.log.shelf import ViewShelf
from comity.evidence.plan import plan_from_predicate
from comity.kernel.reference import Reference
from comity.node.clock import read_clock
from comity.node.node import Node

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
app.command(plan)
app.command(reveal)
app.command(run)
app.command(import_report, name="import")
app.command(report)
app.command(give, name="hand-over")
app.command(take, name="take-over")
app.command(continue_draw, name="continue")
app.command(drift)
app.command(total)
app.command(countersign)
app.command(appeal)
app.command(reply)
app.command(said)
app.command(standing)


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


@app.command
def status(
    *, node: NodeFolder, passphrase_file: PassphraseFile = None, as_json: Json = False
) -> None:
    """Say where each test stands that this member has a part in, and what is due.

    Example: comity assess status --node kh
    """
    telling = Telling(as_json=as_json)
    with looked_at(node, passphrase_file) as own:
        found = list(matters(own))
        for matter in found:
            _tell(telling, node, matter)
        if not found:
            telling.say("no test concerns this member yet")
        telling.print_json([_matter_facts(own, matter) for matter in found])


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
