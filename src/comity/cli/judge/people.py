# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity judge queue`, `serve` and `collect`: people judge, blinded, two at least."""

import json
import secrets
from pathlib import Path

from comity.cli.session import Json, Telling
from comity.desk.assessment.queueing import Collected, answers_of, collect
from comity.errors import Conflict
from comity.evidence.judge.agreement import in_words
from comity.evidence.judge.panel import SALT_BYTES
from comity.files.labelled import to_labelled_jsonl
from comity.files.queue import Queue, ballot_of, create_queue, raters_from
from comity.files.text import write_whole
from comity.kernel.digest import from_hex


def queue(
    answers: Path, *, raters: str, out: Path, seed: str | None = None, as_json: Json = False
) -> None:
    """Make a queue of answers for people to judge: one CSV file for each rater.

    A rater sees question, reference and answer, in an order and under ids of one's own:
    neither which system answered, nor a category, nor anybody's verdict. Each fills in the
    column verdict with PASS, FAIL or UNSURE, in a spreadsheet or by comity judge serve. Hand
    each rater the one file; queue.json is yours.

    Example: comity judge queue answers.jsonl --raters ana,boran --out people

    Args:
        answers: JSONL (prompt, reference, answer), an evidence bundle, or a dossier.
        raters: Their names, a comma between two; two at least.
        out: The folder to make.
        seed: 64 hexadecimal digits that orders and ids come from; random unless given.
    """
    telling = Telling(as_json=as_json)
    names = raters_from(raters)
    salt = secrets.token_bytes(SALT_BYTES) if seed is None else bytes(from_hex(seed))
    made = Queue(salt=salt, raters=names, answers=answers_of(answers))
    create_queue(out, made)
    files = [str(ballot_of(out, rater)) for rater in names]
    telling.say(f"{len(made.answers)} answers for each of {len(names)} raters", style="bold")
    for file in files:
        telling.say(f"  {file}")
    telling.print_json({"answers": len(made.answers), "ballots": files})


def serve(folder: Path, *, rater: str, port: int = 8017, as_json: Json = False) -> None:
    """Show a rater's answers as a page of this machine, one at a time.

    Each decision is written into the rater's CSV file at once; stop with Ctrl-C and go on
    whenever you like. The page answers to this machine only.

    Example: comity judge serve people --rater ana

    Args:
        folder: The queue's folder.
        rater: Whose answers.
        port: Where it listens, on 127.0.0.1; 0 is any free one.
    """
    from comity.web.ballot import (  # noqa: PLC0415 - only who wants the page pays for it
        HOST,
        bind,
        create_ballot,
    )
    from comity.web.ballot import serve as serve_page  # noqa: PLC0415 - likewise

    app = create_ballot(folder, rater, secrets.token_urlsafe(24))
    bound = bind(port)
    where = f"http://{HOST}:{bound.getsockname()[1]}/"
    said = json.dumps({"page": where}) if as_json else f"page: {where}"
    print(said, flush=True)  # noqa: T201 - said before it serves
    serve_page(app, bound)


def collect_ballots(folder: Path, *, out: Path | None = None, as_json: Json = False) -> None:
    """Count the raters' ballots: their agreement, and each answer's label.

    Answers the raters do not agree on are written to adjudication.csv for somebody who
    decides; collect again after that. What even that one is unsure of has failed. One fault
    in a ballot and nothing is counted.

    Example: comity judge collect people --out labelled.jsonl

    Args:
        folder: The queue's folder.
        out: Where to write the labelled answers once all are settled.
    """
    telling = Telling(as_json=as_json)
    if out is not None and out.exists():
        raise Conflict(f"{out} is there already", code="cli.exists", hint="choose another name")
    found = collect(folder)
    if found.labelled and out is not None:
        write_whole(out, to_labelled_jsonl(found.labelled), "labelled")
    _tell(telling, found, out)
    telling.print_json(_facts(found, out))


def _tell(telling: Telling, found: Collected, out: Path | None) -> None:
    if found.panel is not None:
        telling.say(f"Krippendorff's alpha {in_words(found.panel.alpha)}", style="bold")
        split, double = found.panel.split, found.panel.double
        telling.say(f"of {double} answers judged by two, {split} were judged apart")
    for rater, count in found.left.items():
        telling.say(f"{rater} has {count} answers to judge still", style="yellow")
    if found.adjudication is not None and found.left:
        telling.say(f"somebody who decides fills in {found.adjudication}")
    if found.labelled:
        passing = sum(one.passes for one in found.labelled)
        telling.say(f"all settled: {passing} of {len(found.labelled)} pass", style="green")
        telling.say("add --out FILE to write them" if out is None else f"written to {out}")


def _facts(found: Collected, out: Path | None) -> dict[str, object]:
    panel = found.panel
    alpha = None if panel is None or panel.alpha is None else panel.alpha
    return {
        "answers": len(found.queue.answers),
        "left": dict(found.left),
        "alpha": None if alpha is None else {"num": alpha.numerator, "den": alpha.denominator},
        "judged_by_two": None if panel is None else panel.double,
        "judged_apart": None if panel is None else panel.split,
        "adjudication": None if found.adjudication is None else str(found.adjudication),
        "settled": len(found.labelled),
        "passing": sum(one.passes for one in found.labelled),
        "out": str(out) if found.labelled and out is not None else None,
    }
