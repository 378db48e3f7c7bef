# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity judge audit`: people look again at a few verdicts that were committed to."""

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from comity.cli.session import Json, Telling, read_shares
from comity.desk.assessment.auditing import Concluded, Plan, conclude, decimal, draw
from comity.desk.assessment.auditing import commit as commit_to
from comity.desk.assessment.queueing import verdicts_of
from comity.errors import Conflict
from comity.evidence.statistics.design import Verdict
from comity.files.queue import to_answers_jsonl
from comity.files.text import write_whole
from comity.kernel.digest import from_hex

app = App(
    name="audit",
    help="""Audit a judge's verdicts, or a provider's own, by people's labels of a few.

    Verdicts on every answer are committed to first, a seed nobody knew draws some of the
    answers, and people label those. docs/how-to/judge-by-people.md is the whole story.
    """,
)

_WORDS = {
    Verdict.SHOWN: ("the claim is shown", "green"),
    Verdict.NOT_SHOWN: ("the claim is not shown", "red"),
    Verdict.INSUFFICIENT: ("not shown yet: draw more", "yellow"),
}


@app.command
def commit(
    verdicts: Path,
    *,
    judge: str,
    threshold: Annotated[str, Parameter(name=("--threshold", "--over"))],
    goal: str,
    out: Path,
    risk: str = "5%",
    power: str = "90%",
    as_json: Json = False,
) -> None:
    """Commit to somebody's verdict on every answer; publish the digest before any seed.

    The claim: more than the threshold of these answers pass, as people judge them.

    Example: comity judge audit commit verdicts.jsonl --judge "Example-1B" --threshold 95%
    --goal 97% --out audit

    Args:
        verdicts: JSONL (prompt, reference, answer, passes), an evidence bundle, or a dossier.
        judge: Whose verdicts they are.
        threshold: Share that must be exceeded.
        goal: Share at which the audit is not to end in vain.
        out: The folder to make.
        risk: Greatest probability of a wrong "shown".
        power: 1 less that of giving up at the goal.
    """
    telling = Telling(as_json=as_json)
    shares = read_shares(threshold=threshold, goal=goal, risk=risk, power=power)
    answers = verdicts_of(verdicts)
    digest = commit_to(out, answers, Plan(judge=judge, **shares))
    passed = sum(one.passes for one in answers)
    telling.say(f"{judge} passes {passed} of {len(answers)} answers")
    telling.say(f"commitment {digest.hex()}", style="bold")
    telling.say("publish it now; take a seed that nobody knows yet", style="dim")
    telling.print_json({"commitment": digest.hex(), "answers": len(answers), "passed": passed})


@app.command(name="draw")
def draw_some(
    folder: Path, *, count: int, out: Path, seed: str | None = None, as_json: Json = False
) -> None:
    """Draw the next answers for people to label, without the verdicts on them.

    Example: comity judge audit draw audit --count 60 --seed 8f…3c --out drawn.jsonl

    Args:
        folder: The audit's folder.
        count: How many more.
        out: Where to write them; comity judge queue reads it.
        seed: 64 hexadecimal digits nobody knew at the commitment; at the first draw only.
    """
    telling = Telling(as_json=as_json)
    if out.exists():
        raise Conflict(f"{out} is there already", code="cli.exists", hint="choose another name")
    drawn = draw(folder, None if seed is None else bytes(from_hex(seed)), max(1, count))
    write_whole(out, to_answers_jsonl(drawn), "answers")
    telling.say(f"{len(drawn)} answers drawn: {out}", style="bold")
    telling.print_json({"drawn": len(drawn), "out": str(out)})


@app.command(name="conclude")
def conclude_audit(
    folder: Path, *, labels: list[Path], commitment: str | None = None, as_json: Json = False
) -> None:
    """Take people's labels in the order of the draw, and say what they show.

    It ends with the bound that a judge.toml takes, and the digest that stands for it.

    Example: comity judge audit conclude audit --labels labelled.jsonl

    Args:
        folder: The audit's folder.
        labels: Labelled answers, as comity judge collect writes them; several files may be.
        commitment: The digest that was published, to hold the folder against.
    """
    telling = Telling(as_json=as_json)
    found = conclude(folder, labels, None if commitment is None else from_hex(commitment))
    _tell(telling, found)
    telling.print_json(_facts(found))


def _tell(telling: Telling, found: Concluded) -> None:
    audited = found.audited
    word, style = _WORDS[audited.verdict]
    telling.say(f"{word} (e-value {decimal(audited.evidence.value)})", style=style)
    telling.say(
        f"{audited.asked} of {audited.comparison.size} answers labelled; of "
        f"{audited.failing} that fail the judge passed {audited.passed_wrongly}, and it failed "
        f"{audited.failed_wrongly} that pass"
    )
    if found.missing:
        telling.say(f"{found.missing} drawn answers wait for their labels", style="yellow")
    telling.say("for the judge.toml of this judge:")
    telling.say(f"  false_pass = {float(audited.false_pass):.6f}", style="bold")
    telling.say('  basis = "audited"', style="bold")
    telling.say(f'  audit = "{found.digest.hex()}"', style="bold")
    if audited.false_pass == 1:
        telling.say("no failing answer was caught yet: this bounds nothing", style="yellow")


def _facts(found: Concluded) -> dict[str, object]:
    audited = found.audited
    return {
        "verdict": audited.verdict.value,
        "e_value": decimal(audited.evidence.value),
        "answers": audited.comparison.size,
        "drawn": found.drawn,
        "labelled": audited.asked,
        "missing": found.missing,
        "failing": audited.failing,
        "passed_wrongly": audited.passed_wrongly,
        "failed_wrongly": audited.failed_wrongly,
        "false_pass_ppm": int(audited.false_pass * 1_000_000),
        "commitment": found.commitment.hex(),
        "audit": found.digest.hex(),
    }
