# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What the runner itself costs: CPU per item and memory, over an endpoint that answers at once.

The endpoint runs in a process of its own, and so does each run, so that neither its work nor
what another run held is counted. Memory is that of the whole process: interpreter, imports,
the opened bank of 10,000 items and the transcript. The scorer is the one of the translation
bank. Goal: at most 0.3 ms CPU an item, and 60 MB, at any width. The row by scores asks
60 categories of 300 items, each to its verdict, with scores drawn from 0.9 to 1.
"""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from zlib import crc32

sys.path.insert(0, str(Path(__file__).parents[1]))  # so that it runs as a script, too

from benchmarks.stub import stub

from comity.assess.run.course import Scorer
from comity.assess.run.crew import crew_of
from comity.assess.run.runner import Assignment, Course, run
from comity.assess.scorers.scorer import score
from comity.assess.subjects.endpoint import Endpoint
from comity.assess.subjects.function import Function
from comity.assess.subjects.subject import Limits, Subject
from comity.evidence.bank import Bank, Item
from comity.evidence.statistics.design import Design
from comity.evidence.statistics.outcome import Score
from comity.evidence.statistics.request import Request
from comity.evidence.statistics.scores import score_design_for
from comity.kernel.digest import sha256

ITEMS = 10_000
TEXT = "Saia de Lajeado antes das 14h30."
GOAL_MS, GOAL_MB = 0.3, 60.0
CATEGORIES, SIZE = 60, 300
"""Of the run by scores: a category takes about 65 questions."""

BODY = '{"translation": "Saia de Lajeado antes das 14h30."}'


def course() -> Course:
    """Return a course that asks all its items: nothing is decided before the last."""
    items = (
        Item(
            position=n,
            category="evacuate",
            prompt="Leave Lajeado before 14:30.",
            reference="",
            scorer="numbers-and-negation/1",
        )
        for n in range(ITEMS)
    )
    bank = Bank.of(items, b"k" * 32)
    design = Design(
        size=ITEMS,
        threshold=Fraction(9, 10),
        goal=Fraction(97, 100),
        risk=Fraction(1, 20),
        power=Fraction(9, 10),
        cap=ITEMS,
        acceptance=((ITEMS, 0),),
        rejection=((ITEMS, 1),),
    )
    openings = [bank.open(position) for position in range(ITEMS)]
    return Course(category="evacuate", openings=openings, design=design)


def scored_courses() -> tuple[Course, ...]:
    """Return courses judged by scores, each with a bank of its own size."""
    names = [f"road-{n}" for n in range(CATEGORIES)]
    items = (
        Item(
            position=n,
            category=names[n // SIZE],
            prompt=f"Leave Lajeado before 14:30. ({n})",
            reference="",
            scorer="numbers-and-negation/1",
        )
        for n in range(CATEGORIES * SIZE)
    )
    bank = Bank.of(items, b"k" * 32)
    wanted = Request(size=SIZE, threshold=Fraction(9, 10), goal=Fraction(97, 100))
    design = score_design_for(wanted)
    return tuple(
        Course(
            category=name,
            openings=[bank.open(position) for position in bank.commitment.positions(name)],
            design=design,
        )
        for name in names
    )


def drawn(scorer: str, prompt: str, reference: str, answer: str) -> Score:
    """Score as the stub's answer is scored, and give it a score from 0.9 to 1."""
    score(scorer, prompt, reference, answer)
    return Score(ppm=900_000 + crc32(prompt.encode()) % 100_001)


def cpu_s_of(work: Callable[[], object]) -> float:
    """Return the CPU-seconds of this process for some work."""
    before = time.process_time()
    work()
    return time.process_time() - before


def main() -> None:
    """Measure and print one table."""
    if len(sys.argv) > 1:
        print(json.dumps(run_once(*sys.argv[1:])))
        return
    print(f"{ITEMS:,} items, one category, zero latency; each run in a process of its own")
    print(f"{'what':<34}{'ms CPU an item':>15}{'MB':>6}{'MB before':>11}")
    print(f"{'  of which: the scorer':<34}{scorer_ms():>15.3f}")
    command = stub(BODY)
    with subprocess.Popen(command, stdout=subprocess.PIPE) as server:  # noqa: S603 - our own
        assert server.stdout is not None
        url = f"http://127.0.0.1:{int(server.stdout.readline())}/translate"
        widths = (1, 16, 64)
        rows = [(f"HTTP, {n} at a time", str(n), "1", url, "counts") for n in widths]
        rows.append(("HTTP, 16 at a time, 2 processes", "16", "2", url, "counts"))
        rows.append(("HTTP, 16 at a time, by scores", "16", "1", url, "scores"))
        rows.append(("Python function, 16 at a time", "16", "1", "", "counts"))
        for name, *words in rows:
            found = json.loads(child(*words))
            each_ms = found["cpu_s"] / found["items"] * 1e3
            print(
                f"{name:<34}{each_ms:>15.3f}{found['peak_mb']:>6.0f}{found['before_mb']:>11.0f}"
            )
        server.terminate()
    print(f"goals: {GOAL_MS} ms CPU an item, {GOAL_MB:.0f} MB")
    print(f"the whole command `comity assess run` before it asks: {command_mb():.0f} MB")


def child(*words: str) -> str:
    """Run one measurement in a process of its own; return what it prints."""
    command = [sys.executable, __file__, *words]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603 - our own


def run_once(width: str, workers: str, url: str, by: str) -> dict[str, float]:
    """Run one whole test; return its items, its CPU-seconds and memory before and at most.

    With several workers the CPU is that of the runner's own process.
    """
    is_scored = by == "scores"
    asked = scored_courses() if is_scored else (course(),)
    before_mb = peak_mb()
    subject: Subject = Function(call=lambda _: TEXT)
    if url:
        subject = Endpoint(url=url, request={"text": "{prompt}"}, answer="translation")
    shared = crew_of(subject, int(workers), "process")
    items, cpu_s = measured(asked, shared, int(width), drawn if is_scored else score)
    return {"items": items, "cpu_s": cpu_s, "before_mb": before_mb, "peak_mb": peak_mb()}


def scorer_ms() -> float:
    """Return what the scorer alone costs an item, in CPU-milliseconds."""
    text = "Leave Lajeado before 14:30."
    spent = cpu_s_of(
        lambda: [score("numbers-and-negation/1", text, "", TEXT) for _ in range(ITEMS)]
    )
    return spent / ITEMS * 1e3


def command_mb() -> float:
    """Return the memory of the command line with all that `assess run` loads."""
    script = (
        "import resource, comity.cli.app, comity.cli.assess.assess, comity.cli.assess.conduct; "
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
    )
    command = [sys.executable, "-c", script]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)  # noqa: S603 - our own


def peak_mb() -> float:
    """Return the most memory this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measured(
    asked: tuple[Course, ...], subject: Subject, width: int, scorer: Scorer
) -> tuple[int, float]:
    """Return the items and the CPU-seconds of one whole test."""
    with TemporaryDirectory() as folder:
        assignment = Assignment(
            plan_digest=sha256(b"benchmark"),
            courses=asked,
            transcript=Path(folder) / "transcript",
            limits=Limits(timeout_s=30),
            width=width,
        )
        spent = cpu_s_of(lambda: run(assignment, subject, scorer=scorer))
        with (Path(folder) / "transcript").open("rb") as transcript:
            items = sum(1 for _ in transcript)
        assert items == ITEMS or len(asked) > 1
        return items, spent


if __name__ == "__main__":
    main()
