# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What is on disk is the truth, whatever moment a run dies."""

import resource
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from tests.fakes import subject as asked
from tests.fakes.subject import PLAN, assignment_of, bank_of, course_of

from comity.assess.run.journal import open_journal
from comity.assess.run.runner import Assignment, Step, run
from comity.assess.subjects.function import Function
from comity.assess.subjects.subject import GREETING
from comity.errors import Conflict, StorageFailed, VerificationFailed
from comity.evidence.transcript import Missing
from comity.kernel.digest import sha256

VICTIM = """
import sys, time
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from tests.fakes.subject import assignment_of
from comity.assess.subjects.function import Function
from comity.assess.run.runner import run

def call(prompt):
    time.sleep(0.02)
    return "yes"

run(assignment_of(Path(sys.argv[1])), Function(call=call))
"""


class Counting:
    """A subject that answers "yes" and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, prompt: str) -> str:
        """Answer."""
        if prompt != GREETING:
            self.asked.append(prompt)
        return "yes"


def one_by_one(folder: Path) -> Assignment:
    """Return a test with one question on its way, so that none is when the verdict falls."""
    return replace(assignment_of(folder), width=1)


@pytest.fixture
def whole(tmp_path: Path) -> bytes:
    """Return the bytes of a finished transcript."""
    folder = tmp_path / "whole"
    folder.mkdir()
    run(one_by_one(folder), Function(call=Counting()))
    return (folder / "transcript").read_bytes()


def test_a_transcript_cut_anywhere_is_gone_on_with_byte_for_byte(
    tmp_path: Path, whole: bytes
) -> None:
    """A kill may fall on any byte: of a line's head, its middle, its line break."""
    ends = [at + 1 for at, byte in enumerate(whole) if byte == 0x0A]
    cuts = {0, 1, 64, 65, ends[0] - 1, ends[0], ends[0] + 1, ends[4] + 300, len(whole) - 1}

    for cut in sorted(cuts):
        folder = tmp_path / str(cut)
        folder.mkdir()
        (folder / "transcript").write_bytes(whole[:cut])
        kept = whole[:cut].count(b"\n")
        subject = Counting()

        result = run(one_by_one(folder), Function(call=subject))

        assert (folder / "transcript").read_bytes() == whole
        assert not {f"road {n}" for n in range(kept)} & set(subject.asked)
        assert len(result.records) == len(ends)


def test_a_killed_run_resumes_and_asks_nothing_twice(tmp_path: Path) -> None:
    """SIGKILL gives nobody time to tidy up; what was on its way counts as failed."""
    root = Path(asked.__file__).parents[2]
    transcript = tmp_path / "transcript"
    victim = subprocess.Popen([sys.executable, "-c", VICTIM, str(tmp_path), str(root)])
    deadline = time.monotonic() + 60
    while victim.poll() is None and time.monotonic() < deadline:
        if transcript.exists() and transcript.read_bytes().count(b"\n") >= 2:
            break
        time.sleep(0.002)
    victim.send_signal(signal.SIGKILL)
    victim.wait(10)
    kept = transcript.read_bytes().count(b"\n")
    sent = (tmp_path / "transcript.sent").read_bytes().count(b"\n") - 1
    subject, steps = Counting(), list[Step]()

    result = run(assignment_of(tmp_path), Function(call=subject), progress=steps.append)

    assert kept >= 2
    assert sent > kept
    assert [one.answer for one in result.records[:sent]] == ["yes"] * kept + [
        Missing.INTERRUPTED
    ] * (sent - kept)
    assert not {f"road {n}" for n in range(sent)} & set(subject.asked)
    assert sum(step.is_resumed for step in steps) == kept


def test_an_interrupted_run_resumes(tmp_path: Path, whole: bytes) -> None:
    """Ctrl-C between two answers loses neither."""

    def interrupt(step: Step) -> None:
        if step.asked == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(one_by_one(tmp_path), Function(call=Counting()), progress=interrupt)
    assert (tmp_path / "transcript").read_bytes().count(b"\n") == 5

    run(one_by_one(tmp_path), Function(call=Counting()))

    assert (tmp_path / "transcript").read_bytes() == whole


def test_a_finished_run_asks_nothing_more(tmp_path: Path, whole: bytes) -> None:
    """The same command again says the same result."""
    (tmp_path / "transcript").write_bytes(whole)
    subject = Counting()

    result = run(assignment_of(tmp_path), Function(call=subject))

    assert (subject.asked, result.sent) == ([], 0)


def test_any_flipped_byte_of_a_whole_line_is_found(tmp_path: Path, whole: bytes) -> None:
    """A record nobody wrote must not be continued on."""
    first = whole.index(b"\n")
    for at in (0, 63, 64, 65, 90, first // 2, first - 1):
        damaged = bytearray(whole)
        damaged[at] ^= 0x01
        (tmp_path / "transcript").write_bytes(bytes(damaged))

        with pytest.raises(VerificationFailed) as caught:
            run(assignment_of(tmp_path), Function(call=Counting()))

        assert (caught.value.code, caught.value.place) == ("assess.transcript", "line 1")
        assert (tmp_path / "transcript").read_bytes() == bytes(damaged)


def test_lines_cannot_be_left_out_or_exchanged(tmp_path: Path, whole: bytes) -> None:
    """The chain fixes the order of what happened."""
    lines = whole.splitlines(keepends=True)
    for forged in (lines[1:], [lines[1], lines[0], *lines[2:]], [lines[0], *lines[2:]]):
        (tmp_path / "transcript").write_bytes(b"".join(forged))

        with pytest.raises(VerificationFailed, match="does not chain"):
            run(assignment_of(tmp_path), Function(call=Counting()))


def test_another_plans_transcript_is_not_continued(tmp_path: Path, whole: bytes) -> None:
    """Answers to one plan say nothing under another."""
    (tmp_path / "transcript").write_bytes(whole)

    with pytest.raises(VerificationFailed, match="does not chain from the plan"):
        run(assignment_of(tmp_path, plan=sha256(b"another")), Function(call=Counting()))


@pytest.mark.parametrize(
    ("category", "prior", "reason"),
    [
        ("shelter", (), "this draw was not due"),
        ("road", (True,), "this draw was not due"),
    ],
)
def test_a_transcript_of_other_draws_is_not_continued(
    tmp_path: Path, whole: bytes, category: str, prior: tuple[bool, ...], reason: str
) -> None:
    """A record counts only where its draw was due."""
    (tmp_path / "transcript").write_bytes(whole)
    course = course_of(bank_of("road", "shelter"), category, prior)

    with pytest.raises(VerificationFailed, match=reason):
        run(assignment_of(tmp_path, course), Function(call=Counting()))


def test_a_transcript_of_other_items_is_not_continued(tmp_path: Path, whole: bytes) -> None:
    """The same draw of another bank is another question."""
    (tmp_path / "transcript").write_bytes(whole)
    course = course_of(bank_of("road", size=30))

    with pytest.raises(VerificationFailed, match="another item was due"):
        run(assignment_of(tmp_path, course), Function(call=Counting()))


def test_a_recorded_outcome_is_scored_again(tmp_path: Path, whole: bytes) -> None:
    """A transcript that says "passed" of a wrong answer is not believed."""
    (tmp_path / "transcript").write_bytes(whole)

    with pytest.raises(VerificationFailed, match="the scorer says otherwise"):
        run(
            assignment_of(tmp_path),
            Function(call=Counting()),
            scorer=lambda *_: False,
        )


def test_two_runs_of_one_test_exclude_each_other(tmp_path: Path) -> None:
    """Two writers would weave two histories into one chain."""
    with (
        open_journal(tmp_path / "transcript", PLAN),
        pytest.raises(Conflict) as caught,
    ):
        run(assignment_of(tmp_path), Function(call=Counting()))

    assert caught.value.code == "assess.transcript_busy"


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    """The operator gets a sentence, not a traceback."""
    with pytest.raises(StorageFailed, match="cannot be used"):
        run(assignment_of(tmp_path / "nowhere"), Function(call=Counting()))


def test_a_device_is_no_transcript(tmp_path: Path) -> None:
    """Some never end when read."""
    (tmp_path / "transcript").symlink_to("/dev/zero")

    with pytest.raises(StorageFailed, match="no regular file"):
        run(assignment_of(tmp_path), Function(call=Counting()))


def test_a_full_disk_is_said_and_the_run_resumes_when_there_is_room(
    tmp_path: Path, whole: bytes
) -> None:
    """A line that did not fit never happened: its question was asked, so it fails."""
    least, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(whole) // 2, most))
    try:
        with pytest.raises(StorageFailed, match="cannot be used"):
            run(one_by_one(tmp_path), Function(call=Counting()))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (least, most))
    kept = (tmp_path / "transcript").read_bytes().count(b"\n")

    result = run(one_by_one(tmp_path), Function(call=Counting()))

    assert 0 < kept < 12
    assert [one.answer for one in result.records[: kept + 2]] == ["yes"] * kept + [
        Missing.INTERRUPTED,
        "yes",
    ]
