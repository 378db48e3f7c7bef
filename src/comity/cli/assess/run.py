# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity assess run` and `report`: ask what is due, and sign what was found."""

from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from dataclasses import dataclass

from comity.assess.run.crew import crew_of
from comity.assess.run.runner import Result
from comity.assess.subjects.subject import Limits, Session, Traits
from comity.cli.assess.conduct import Conducted
from comity.cli.assess.manner import NO_MANNER, MannerOption, check_manner
from comity.cli.assess.service import NO_SERVICE, ServiceOption, described, subject_of
from comity.cli.render import result_table
from comity.cli.session import Json, NodeFolder, PassphraseFile, Publish, Telling, opened
from comity.cli.trust.render_binding import bound
from comity.desk.assessment.identity import forget_unasked
from comity.desk.assessment.testing import report as sign_report
from comity.desk.assessment.testing import run_test
from comity.desk.log.citation import cite, short
from comity.desk.log.shelf import Said, ViewShelf, get
from comity.errors import ComityError, Conflict
from comity.evidence.finding import finding_from_predicate
from comity.evidence.listing import floor_ppm, shown_of
from comity.evidence.plan import plan_from_predicate
from comity.node.clock import read_clock
from comity.node.node import Node

STOPPED = 130
"""What a shell reports of a program that was stopped by Ctrl-C."""


def run(
    plan: str,
    *,
    node: NodeFolder,
    service: ServiceOption = NO_SERVICE,
    manner: MannerOption = NO_MANNER,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> int:
    """Ask the service what is due, in draw order, until every category has its verdict.

    A forecast comes first; each failed item is shown as it falls. Ctrl-C stops once what is
    on its way has come back. Interrupted so, by a kill or by a full disk, the same command
    goes on where it stopped; what was answered is not asked again.

    Example: comity assess run kh.example/log#8 --subject service.toml --node kh --forecast

    Example: comity assess run 1a2b3c4d --endpoint http://127.0.0.1:8078/v1 --model m --node kh

    Example: comity assess run 1a2b3c4d --kind json --endpoint http://127.0.0.1:8081/translate
    --template '{"text": "{prompt}"}' --answer-path out --node kh --page 127.0.0.1:8090

    Args:
        plan: The plan: its place, or digits of its SHA-256.
    """
    telling = Telling(as_json=as_json)
    check_manner(manner)
    reached = subject_of(service)
    with opened(node, passphrase_file) as own:
        said = cite(ViewShelf(own.view()), plan, "plan")
        binding = bound(own, said, telling, reached, described(service))
        conducted = Conducted(own, said, telling, manner, width=service.width)
        with _forgetting(own, said):
            result = conducted.run(crew_of(reached, manner.workers, manner.engine))
    found = {"identity": binding.to_json()}
    telling.print_json(conducted.facts | _run_facts(said, result) | found)
    if manner.forecast:
        telling.say("nothing of the bank was asked", style="yellow")
        return 0
    return _say_end(telling, result, f"comity assess report {short(said)} --node {node}")


@contextmanager
def _forgetting(node: Node, plan: Said) -> Iterator[None]:
    """Keep nothing of a run that failed before it asked anything."""
    try:
        yield
    except ComityError:
        forget_unasked(node, plan)
        raise


def _say_end(telling: Telling, result: Result, report_verb: str) -> int:
    telling.say(f"{len(result.records)} answers kept, {result.sent} questions sent now")
    if result.is_finished:
        telling.say(f"next: {report_verb}", style="green")
    else:
        telling.say("stopped; run the same command again to go on", style="yellow")
    return 0 if result.is_finished else STOPPED


def report(
    plan: str,
    *,
    node: NodeFolder,
    publish: Publish = True,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Sign what a finished run found: verdicts as the outcomes give them, and the evidence.

    Example: comity assess report kh.example/log#8 --node kh

    Args:
        plan: The plan that was run: its place, or digits of its SHA-256.
    """
    telling = Telling(as_json=as_json)
    with opened(node, passphrase_file) as own:
        said = cite(ViewShelf(own.view()), plan, "plan")
        result = run_test(own, said.reference, _Nobody(plan=short(said)))
        reference = sign_report(own, said.reference, result, now=read_clock())
        found = get(ViewShelf(own.view()), reference, "finding")
        finding = finding_from_predicate(found.statement.predicate)
        result_table(telling.console, finding.results)
        listed = shown_of(plan_from_predicate(said.statement.predicate), finding.results)
        least = floor_ppm(finding.results)
        telling.say(f"shown: {', '.join(listed) or 'none'}")
        telling.say(f"every category reaches {least / 10_000:.1f} %")
        more = {
            "results": [one.to_json() for one in finding.results],
            "shown": list(listed),
            "floor_ppm": least,
        }
        telling.logged(own, reference, "finding", publish=publish, more=more)
        cited = f"{reference.log}#{reference.index}"
        telling.say(
            f"next: comity dossier {cited} --node {node} --out finding.json", style="green"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Nobody:
    """A subject for a run that must be finished: it refuses to be asked."""

    plan: str
    label: str = "nobody"

    @property
    def traits(self) -> Traits:
        """Refuse nothing before it is asked."""
        return Traits()

    def open(self, limits: Limits, width: int) -> AbstractAsyncContextManager[Session]:
        """Refuse."""
        del limits, width
        raise Conflict(
            f"the test {self.plan} is not finished: questions are still due",
            code="cli.unfinished",
            hint=f"run it first: comity assess run {self.plan}",
        )


def _run_facts(plan: Said, result: Result) -> dict[str, object]:
    return {
        "plan": short(plan),
        "answers": len(result.records),
        "sent": result.sent,
        "transcript": result.head.hex(),
        "finished": result.is_finished,
        "categories": [
            {
                "category": one.category,
                "verdict": one.verdict.value,
                "asked": one.asked,
                "failed": one.failed,
            }
            for one in result.outcomes
        ],
    }
