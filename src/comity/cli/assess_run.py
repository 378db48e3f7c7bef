# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity assess run` and `report`: ask what is due, and sign what was found."""

import json
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Self

from cyclopts import Parameter
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

from comity.assess.run.runner import Result, Step
from comity.assess.subjects.endpoint import PLACEHOLDER, Endpoint, chat
from comity.assess.subjects.subject import Limits, Session, Subject, Traits
from comity.cli.render import WORDS, result_table
from comity.cli.session import Json, NodeFolder, PassphraseFile, Publish, Telling, opened
from comity.desk.citation import cite, short
from comity.desk.shelf import Said, ViewShelf, get
from comity.desk.testing import report as sign_report
from comity.desk.testing import run_test
from comity.errors import Conflict, Fault, InvalidDocument, NotFound
from comity.evidence.finding import finding_from_predicate
from comity.evidence.plan import Plan, plan_from_predicate
from comity.evidence.statistics.design import Verdict
from comity.evidence.transcript import Missing
from comity.kernel.canonical import Json as JsonValue
from comity.node.server import read_clock

MAX_TEMPLATE_BYTES = 65_536


@Parameter(name="*")
@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """The service under test, as it is reached.

    Args:
        endpoint: Where questions are posted; for chat the base that ends in /v1.
        kind: chat for an OpenAI-compatible endpoint, json for any other that speaks JSON.
        model: chat: the name the endpoint knows its model by.
        max_tokens: chat: most tokens of one answer.
        template: json: the request's body, or @FILE; every {prompt} becomes the question.
        answer_path: json: where the answer's text stands, such as choices.0.text.
        credential_env: Name of the environment variable that holds the bearer token; its value
            is never written down.
        width: Most questions on their way at a time.
    """

    endpoint: str
    kind: Literal["chat", "json"] = "chat"
    model: str | None = None
    max_tokens: int = 256
    template: str | None = None
    answer_path: str | None = None
    credential_env: str | None = None
    width: int = 16


def run(
    plan: str,
    *,
    node: NodeFolder,
    service: Service,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Ask the service what is due, in draw order, until every category has its verdict.

    Each failed item is shown as it falls. Interrupted by Ctrl-C, a kill or a full disk, the
    same command goes on where it stopped; what was answered is not asked again.

    Example: comity assess run kh.example/log#8 --endpoint http://127.0.0.1:8078/v1
    --model smollm2 --node kh

    Example: comity assess run 1a2b3c4d --kind json --endpoint http://127.0.0.1:8081/translate
    --template '{"text": "{prompt}", "source": "en", "target": "pt"}'
    --answer-path translation --node kh

    Args:
        plan: The plan: its place, or digits of its SHA-256.
    """
    telling = Telling(as_json=as_json)
    subject = _subject(service)
    with opened(node, passphrase_file) as own:
        said = cite(ViewShelf(own.view()), plan, "plan")
        planned = plan_from_predicate(said.statement.predicate)
        with _Watcher(telling, planned) as watcher:
            result = run_test(
                own, said.reference, subject, progress=watcher.take, width=service.width
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


def _subject(service: Service) -> Subject:
    given = {
        "model": service.model,
        "template": service.template,
        "answer-path": service.answer_path,
    }
    needed = {"chat": ("model",), "json": ("template", "answer-path")}[service.kind]
    faults = [
        Fault(message=f"--kind {service.kind} needs --{name}")
        for name in needed
        if not given[name]
    ]
    faults += [
        Fault(message=f"--{name} is not for --kind {service.kind}")
        for name, value in given.items()
        if value is not None and name not in needed
    ]
    if not 1 <= service.max_tokens <= 100_000:
        faults.append(Fault(message="--max-tokens is not from 1 to 100000"))
    if not 1 <= service.width <= 256:
        faults.append(Fault(message="--width is not from 1 to 256"))
    if faults:
        raise InvalidDocument("not a subject", code="cli.subject", faults=faults)
    if service.kind == "chat":
        return chat(
            service.endpoint,
            str(service.model),
            max_tokens=service.max_tokens,
            credential_env=service.credential_env,
        )
    return Endpoint(
        url=service.endpoint,
        request=_template(str(service.template)),
        answer=str(service.answer_path),
        credential_env=service.credential_env,
    )


def _template(text: str) -> JsonValue:
    source = "--template"
    if text.startswith("@"):
        source = text[1:]
        try:
            with Path(source).open("rb") as file:
                text = file.read(MAX_TEMPLATE_BYTES).decode("utf-8")
        except (OSError, UnicodeDecodeError):
            message = f"cannot read the template {source}"
            raise NotFound(message, code="cli.template") from None
    try:
        template: JsonValue = json.loads(text)
    except (ValueError, RecursionError) as error:
        where = error if isinstance(error, json.JSONDecodeError) else None
        fault = Fault(
            message="not JSON" if where is None else where.msg,
            line=None if where is None else where.lineno,
            column=None if where is None else where.colno,
        )
        raise InvalidDocument(
            "not a template",
            code="cli.template",
            hint=f'a body such as {{"text": "{PLACEHOLDER}"}}',
            source=source,
            faults=[fault],
        ) from None
    return template


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
