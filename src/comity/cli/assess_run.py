# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity assess run` and `report`: ask what is due, and sign what was found."""

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Self

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

from comity.assess.run.runner import Manner, Result, Step
from comity.assess.subjects.subject import Limits, Session, Traits
from comity.cli.render import WORDS, result_table
from comity.cli.service import NO_SERVICE, ServiceOption, subject_of
from comity.cli.session import Json, NodeFolder, PassphraseFile, Publish, Telling, opened
from comity.desk.citation import cite, short
from comity.desk.shelf import Said, ViewShelf, get
from comity.desk.testing import report as sign_report
from comity.desk.testing import run_test
from comity.errors import Conflict
from comity.evidence.finding import finding_from_predicate
from comity.evidence.plan import Plan, plan_from_predicate
from comity.evidence.statistics.design import Verdict
from comity.evidence.transcript import Missing
from comity.node.server import read_clock


def run(
    plan: str,
    *,
    node: NodeFolder,
    service: ServiceOption = NO_SERVICE,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Ask the service what is due, in draw order, until every category has its verdict.

    Each failed item is shown as it falls. Interrupted by Ctrl-C, a kill or a full disk, the
    same command goes on where it stopped; what was answered is not asked again.

    Example: comity assess run kh.example/log#8 --subject service.toml --node kh

    Example: comity assess run kh.example/log#8 --endpoint http://127.0.0.1:8078/v1
    --model smollm2 --node kh

    Example: comity assess run 1a2b3c4d --kind json --endpoint http://127.0.0.1:8081/translate
    --template '{"text": "{prompt}", "source": "en", "target": "pt"}'
    --answer-path translation --node kh

    Args:
        plan: The plan: its place, or digits of its SHA-256.
    """
    telling = Telling(as_json=as_json)
    subject = subject_of(service)
    with opened(node, passphrase_file) as own:
        said = cite(ViewShelf(own.view()), plan, "plan")
        planned = plan_from_predicate(said.statement.predicate)
        with _Watcher(telling, planned) as watcher:
            result = run_test(
                own,
                said.reference,
                subject,
                progress=watcher.take,
                manner=Manner(width=service.width),
            )
        telling.say(f"{len(result.records)} answers kept, {result.sent} questions sent now")
        telling.say(f"next: comity assess report {short(said)} --node {node}", style="green")
        telling.print_json(_run_facts(said, result))


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
        more = {"results": [one.to_json() for one in finding.results]}
        telling.logged(own, reference, "finding", publish=publish, more=more)


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


class _Watcher:
    """A bar for each category under test, and each failed item as it falls."""

    def __init__(self, telling: Telling, plan: Plan) -> None:
        self._plan = plan
        self._bars: dict[str, TaskID] = {}
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[said]}"),
            console=telling.console,
            disable=telling.as_json or not telling.console.is_terminal,
        )
        self._telling = telling

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def take(self, step: Step) -> None:
        """Take note of one outcome."""
        name = step.record.category
        if name not in self._bars:
            cap = self._plan.design_of(name).cap
            self._bars[name] = self._progress.add_task(name, total=cap, said="")
        word, style = WORDS[step.verdict]
        said = f"{step.failed} failed"
        if not step.record.passed and not step.is_resumed:
            self._failed(step)
        if step.verdict is not Verdict.INSUFFICIENT:
            said = f"{word} after {step.asked} questions, {step.failed} failed"
            self._telling.say(f"{name}: {said}", style=style)
        self._progress.update(self._bars[name], completed=step.asked, said=said)

    def _failed(self, step: Step) -> None:
        record = step.record
        prompt = _one_line(str(record.opening.item.prompt))
        answer = record.answer
        said = (
            f"no answer ({answer.value})" if isinstance(answer, Missing) else _one_line(answer)
        )
        self._telling.say(f"{record.category}, question {record.draw}: {prompt}")
        self._telling.say(f"  failed: {said}", style="red")


def _one_line(text: str) -> str:
    flat = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return flat if len(flat) <= 160 else f"{flat[:159]}…"


def _run_facts(plan: Said, result: Result) -> dict[str, object]:
    return {
        "plan": short(plan),
        "answers": len(result.records),
        "sent": result.sent,
        "transcript": result.head.hex(),
        "categories": [
            {
                "category": one.category,
                "verdict": one.verdict.value,
                "asked": len(one.outcomes),
                "failed": one.outcomes.count(False),
            }
            for one in result.outcomes
        ],
    }
