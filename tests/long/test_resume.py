# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""An assessment that dies anywhere ends as if it had never died, and asks nothing twice."""

import random
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from tests.fakes.subject import PLAN, assignment_of, bank_of, course_of

from comity.assess.run.runner import Assignment, Result, Step, run
from comity.assess.subjects.function import Function
from comity.assess.subjects.subject import GREETING
from comity.errors import VerificationFailed
from comity.evidence.statistics.design import Verdict
from comity.evidence.transcript import head_of

pytestmark = pytest.mark.long

KILLS = 12
TESTS = 150


class Counting:
    """A subject that is right but for every fifth item, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, prompt: str) -> str:
        """Answer."""
        if prompt != GREETING:
            self.asked.append(prompt)
        return "no" if prompt.endswith("4") else "yes"


def small(folder: Path) -> Assignment:
    """Return a test of two categories that ends after a few questions each."""
    folder.mkdir(exist_ok=True)
    bank = bank_of("road", "shelter")
    courses = [course_of(bank, name) for name in ("road", "shelter")]
    quick = replace(courses[0].design, cap=8, acceptance=((8, 1),), rejection=((2, 2),))
    return assignment_of(folder, *(replace(course, design=quick) for course in courses))


def finished(make: Callable[[Path], Assignment], folder: Path) -> tuple[Result, bytes]:
    """Run a test to its end; return the result and the transcript's bytes."""
    assignment = make(folder)
    result = run(assignment, Function(call=Counting()))
    return result, assignment.transcript.read_bytes()


def whole_records(transcript: bytes) -> int:
    """Count the records that are whole."""
    return transcript.count(b"\n")


def test_a_run_killed_at_every_byte_resumes_to_the_identical_head(tmp_path: Path) -> None:
    """Each length a transcript can have is cut to, and gone on with."""
    expected, whole = finished(small, tmp_path / "whole")
    prompts = [str(record.opening.item.prompt) for record in expected.records]
    assignment = small(tmp_path / "cut")
    for cut in range(len(whole) + 1):
        assignment.transcript.write_bytes(whole[:cut])
        subject = Counting()
        result = run(assignment, Function(call=subject))
        assert result.head == expected.head, cut
        assert result.outcomes == expected.outcomes, cut
        assert assignment.transcript.read_bytes() == whole, cut
        kept = whole_records(whole[:cut])
        assert not set(prompts[:kept]) & set(subject.asked), cut
    assert len(expected.records) >= 10
    assert len(whole) > 2_000


def die_after(steps: int) -> Callable[[Step], None]:
    """Return a watcher that interrupts a run after so many new outcomes."""
    left = [steps]

    def watch(step: Step) -> None:
        left[0] -= not step.is_resumed
        if left[0] < 0:
            raise KeyboardInterrupt

    return watch


def test_a_run_that_dies_again_and_again_ends_the_same(
    tmp_path: Path, dice: random.Random
) -> None:
    """Interrupted after any outcome, with a line torn at any byte, until it gets through."""
    expected, whole = finished(small, tmp_path / "whole")
    assignment = small(tmp_path / "dying")
    deaths = 0
    for _ in range(TESTS):
        assignment.transcript.unlink(missing_ok=True)
        while True:
            watch = die_after(dice.randint(0, 5))
            try:
                result = run(assignment, Function(call=Counting()), progress=watch)
                break
            except KeyboardInterrupt:
                held = assignment.transcript.read_bytes()
                assert whole.startswith(held)
                torn = held[: -dice.randint(0, 40)] if dice.random() < 0.5 else held
                tail = dice.randbytes(dice.randint(0, 40)).replace(b"\n", b"")
                assignment.transcript.write_bytes(torn + tail * torn.endswith(b"\n"))
                deaths += 1
        assert result.head == expected.head
        assert assignment.transcript.read_bytes() == whole
    assert deaths > TESTS


def test_the_twin_that_keeps_a_torn_line_cannot_be_continued(tmp_path: Path) -> None:
    """What resuming defends against: a line behind a torn one, as if nothing had happened."""
    expected, whole = finished(small, tmp_path / "whole")
    lines = whole.splitlines(keepends=True)
    assignment = small(tmp_path / "glued")
    broken = 0
    for cut in range(1, len(lines[1])):
        glued = lines[0] + lines[1][:cut] + lines[1] + b"".join(lines[2:])
        assignment.transcript.write_bytes(glued)
        with pytest.raises(VerificationFailed, match="not as it was written"):
            run(assignment, Function(call=Counting()))
        broken += 1
    assert broken == len(lines[1]) - 1
    assert head_of(PLAN, expected.records) == expected.head


VICTIM = """
import sys, time
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from tests.long.test_resume import large
from comity.assess.subjects.function import Function
from comity.assess.run.runner import run

def call(prompt):
    time.sleep(0.01)
    return "no" if prompt.endswith("4") else "yes"

run(large(Path(sys.argv[1])), Function(call=call))
"""


def large(folder: Path) -> Assignment:
    """Return a test that takes all questions there are."""
    folder.mkdir(exist_ok=True)
    bank = bank_of("road", "shelter", size=150)
    courses = [course_of(bank, name) for name in ("road", "shelter")]
    long = replace(
        courses[0].design, cap=150, acceptance=((150, 149),), rejection=((150, 150),)
    )
    made = assignment_of(folder, *(replace(course, design=long) for course in courses))
    return replace(made, width=4)


def killed(folder: Path, after_s: float) -> bool:
    """Start a run, kill it a while after it began to write; tell whether it was cut short."""
    root = Path(__file__).parents[2]
    transcript = folder / "transcript"
    before = transcript.stat().st_size if transcript.exists() else 0
    command = [sys.executable, "-c", VICTIM, str(folder), str(root)]
    with subprocess.Popen(command) as victim:
        while victim.poll() is None:
            if transcript.exists() and transcript.stat().st_size > before:
                time.sleep(after_s)
                break
            time.sleep(0.005)
        victim.kill()
        return victim.wait(30) != 0


def test_a_real_run_killed_again_and_again_ends_as_one_that_never_was(
    tmp_path: Path, dice: random.Random
) -> None:
    """SIGKILL a dozen times, then to the end: one transcript, byte for byte."""
    expected, whole = finished(large, tmp_path / "whole")
    folder = tmp_path / "killed"
    folder.mkdir()
    deaths = sum(killed(folder, dice.uniform(0, 0.1)) for _ in range(KILLS))
    held = (folder / "transcript").read_bytes()
    assert whole.startswith(held[: held.rfind(b"\n") + 1])
    subject = Counting()
    result = run(large(folder), Function(call=subject))
    assert deaths >= KILLS // 2
    assert result.head == expected.head
    assert (folder / "transcript").read_bytes() == whole
    assert all(outcome.verdict is not Verdict.INSUFFICIENT for outcome in result.outcomes)
    prompts = [str(record.opening.item.prompt) for record in expected.records]
    assert not set(prompts[: whole_records(held)]) & set(subject.asked)
