# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity judge`: models that judge, tried beforehand; people who judge; audits of both."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from cyclopts import App
from rich.progress import Progress

from comity.cli.judge.audit import app as audit
from comity.cli.judge.people import collect_ballots, queue, serve
from comity.cli.judge.powered import ppi
from comity.cli.session import Json, Telling
from comity.desk.assessment.judging import judge_of, to_stated, try_judge
from comity.desk.assessment.queueing import answers_of, unjudged
from comity.errors import Conflict
from comity.evidence.judge.measured import Measured, measure
from comity.evidence.judge.stated import StatedJudge
from comity.files.judge import read_judge
from comity.files.labelled import read_labelled, to_labelled_jsonl
from comity.files.text import write_whole

app = App(
    name="judge",
    help="""Try a model that judges; have people judge; audit either by a few labels.

    A judge.toml says which model judges, in which words, and how many failures it passes at
    most: docs/how-to/judge-with-a-model.md shows a whole one. How people judge, and audit
    whoever did, is told in docs/how-to/judge-by-people.md.
    """,
)

app.command(queue)
app.command(serve)
app.command(collect_ballots, name="collect")
app.command(audit)
app.command(ppi)


@app.command(name="try")
def try_it(file: Path, *, answers: Path, as_json: Json = False) -> None:
    """Have the judge judge labelled answers, and count how often it is wrong.

    The bound a plan states must hold for the answers the judge will see there. Answers made
    up to try it speak for it only as far as they are like those.

    Example: comity judge try judge.toml --answers labelled.jsonl

    Args:
        file: The judge, a TOML file.
        answers: Answers with their truth, JSONL: prompt, reference, answer, passes.
    """
    telling = Telling(as_json=as_json)
    described = read_judge(file)
    labelled = read_labelled(answers)
    judge, stated = judge_of(described), to_stated(described)
    is_quiet = as_json or not telling.console.is_terminal
    with Progress(console=telling.console, disable=is_quiet) as bar:
        task = bar.add_task("judging", total=len(labelled))
        said = try_judge(judge, labelled, lambda: bar.advance(task))
    found = measure(zip(said, (one.passes for one in labelled), strict=True))
    _tell(telling, stated, found)
    telling.print_json(_facts(stated, found))


@app.command
def grade(file: Path, *, answers: Path, out: Path, as_json: Json = False) -> None:
    """Have the judge judge answers, and write its verdict on each.

    What it writes is what comity judge audit commit takes.

    Example: comity judge grade judge.toml --answers answers.jsonl --out verdicts.jsonl

    Args:
        file: The judge, a TOML file.
        answers: JSONL (prompt, reference, answer), an evidence bundle, or a dossier.
        out: Where to write the answers with its verdicts.
    """
    telling = Telling(as_json=as_json)
    if out.exists():
        raise Conflict(f"{out} is there already", code="cli.exists", hint="choose another name")
    judge = judge_of(read_judge(file))
    asked = unjudged(answers_of(answers))
    is_quiet = as_json or not telling.console.is_terminal
    with Progress(console=telling.console, disable=is_quiet) as bar:
        task = bar.add_task("judging", total=len(asked))
        said = try_judge(judge, asked, lambda: bar.advance(task))
    judged = [replace(one, passes=word.is_pass) for one, word in zip(asked, said, strict=True)]
    write_whole(out, to_labelled_jsonl(judged), "labelled")
    passed = sum(one.passes for one in judged)
    telling.say(f"it passes {passed} of {len(judged)} answers: {out}", style="bold")
    telling.print_json({"answers": len(judged), "passed": passed, "out": str(out)})


def _tell(telling: Telling, stated: StatedJudge, found: Measured) -> None:
    telling.say(stated.in_words)
    telling.say(
        f"of {found.failing} answers that fail it passed {found.passed_wrongly}"
        + ("" if found.false_pass is None else f" ({_percent(found.false_pass)})")
        + f": at most {_percent(found.upper_bound())} with 95 % confidence",
    )
    telling.say(f"of {found.right} answers that pass it failed {found.failed_wrongly}")
    if found.unclear:
        words = f"to {found.unclear} it said neither PASS nor FAIL, which fails them"
        telling.say(words, style="yellow")
    if found.upper_bound() <= stated.false_pass:
        telling.say("these answers bear the stated bound out", style="green")
    else:
        telling.say("these answers do not bear the stated bound out", style="yellow")


def _facts(stated: StatedJudge, found: Measured) -> dict[str, object]:
    return {
        "judge": stated.scorer,
        "model": stated.model,
        "stated_false_pass_ppm": int(stated.false_pass * 1_000_000),
        "basis": stated.basis.value,
        "failing": found.failing,
        "passed_wrongly": found.passed_wrongly,
        "right": found.right,
        "failed_wrongly": found.failed_wrongly,
        "unclear": found.unclear,
        "upper_bound_ppm": int(found.upper_bound() * 1_000_000),
        "borne_out": found.upper_bound() <= stated.false_pass,
    }


def _percent(share: Fraction) -> str:
    return f"{float(share) * 100:.3g} %"
