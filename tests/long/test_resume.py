# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""An assessment that dies anywhere goes on from what is on disk, and asks nothing twice."""

import random
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from tests.fakes.subject import PLAN, assignment_of, bank_of, course_of, design_of

from comity.assess.run.runner import Assignment, Result, Step, run
from comity.assess.run.sent import open_sent
from comity.assess.subjects.function import Function
from comity.assess.subjects.subject import GREETING
from comity.errors import VerificationFailed
from comity.evidence.statistics.design import Verdict
from comity.evidence.transcript import Missing, head_of

pytestmark = pytest.mark.long

KILLS = 12
WIDTH = 4
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
    quick = replace(design_of(), cap=8, acceptance=((8, 1),), rejection=((2, 2),))
    made = assignment_of(folder, *(replace(course, design=quick) for course in courses))
    return replace(made, width=1)  # so that the bytes do not depend on where it died


def finished(make: Callable[[Path], Assignment], folder: Path) -> tuple[Result, bytes]:
    """Run a test to its end; return the result and the transcript's bytes."""
    assignment = make(folder)
    result = run(assignment, Function(call=Counting()))
    return result, assignment.transcript.read_bytes()


def whole_records(transcript: bytes) -> int:
    """Count the records that are whole."""
    return transcript.count(b"\n")


def test_a_run_killed_at_every_byte_resumes_to_the_identical_head(tmp_path: Path) -> None:
    """Each length a transcript can have is cut to, and gone on with.

    The list of what was sent is cut with it, as a power cut would: with the list whole, the
    question on its way counts as failed (the test after this one).
    """
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


def ends(transcript: bytes) -> set[int]:
    """Return every place beside a line's end."""
    found = {place for place, byte in enumerate(transcript) if byte == 0x0A}
    beside = {place + step for place in found for step in (-1, 0, 1)}
    return {place for place in beside if 0 <= place < len(transcript)}


def test_a_run_killed_anywhere_asks_no_item_twice(tmp_path: Path) -> None:
    """With the list of what was sent whole, whatever was lost of the transcript has failed."""
    expected, whole = finished(small, tmp_path / "whole")
    prompts = [str(record.opening.item.prompt) for record in expected.records]
    assignment = small(tmp_path / "cut")
    for cut in sorted({*range(0, len(whole), 97), *ends(whole)}):
        assignment.transcript.write_bytes(whole[:cut])
        kept = whole_records(whole[:cut])
        with open_sent(assignment.sent, PLAN) as sent:
            for record in expected.records[: kept + 1]:
                if record.draw > sent.last(record.category):
                    sent.note(record.category, record.draw)
        subject = Counting()
        result = run(assignment, Function(call=subject))
        assert result.records[:kept] == expected.records[:kept], cut
        assert result.records[kept].answer is Missing.INTERRUPTED, cut
        assert not set(prompts[: kept + 1]) & set(subject.asked), cut
        assignment.transcript.unlink()


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
            assignment.sent.unlink(missing_ok=True)  # lost with the end of the transcript
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
    long = replace(design_of(150), cap=150, acceptance=((150, 149),), rejection=((150, 150),))
    made = assignment_of(folder, *(replace(course, design=long) for course in courses))
    return replace(made, width=WIDTH)


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


def test_a_real_run_killed_again_and_again_asks_nothing_twice(
    tmp_path: Path, dice: random.Random
) -> None:
    """SIGKILL a dozen times, then to the end: what was on its way each time has failed."""
    expected, _ = finished(large, tmp_path / "whole")
    folder = tmp_path / "killed"
    folder.mkdir()
    deaths = sum(killed(folder, dice.uniform(0, 0.1)) for _ in range(KILLS))
    held = (folder / "transcript").read_bytes()
    sent = {
        (words[0], int(words[1]))
        for words in map(str.split, (folder / "transcript.sent").read_text().splitlines()[1:])
    }
    subject = Counting()
    result = run(large(folder), Function(call=subject))
    lost = [one for one in result.records if one.answer is Missing.INTERRUPTED]
    assert deaths >= KILLS // 2
    assert len(lost) <= deaths * WIDTH
    assert len(result.records) == len(expected.records)
    assert all(outcome.verdict is not Verdict.INSUFFICIENT for outcome in result.outcomes)
    assert held.count(b"\n") + len(subject.asked) <= len(result.records)
    seen = {str(one.opening.item.prompt) for one in result.records[: held.count(b"\n")]}
    assert not seen & set(subject.asked)
    assert {(one.category, one.draw) for one in lost} <= sent
    for one, other in zip(result.records, expected.records, strict=True):
        assert one in (other, replace(other, answer=Missing.INTERRUPTED, passed=False))
