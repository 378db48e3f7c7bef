# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""However many workers ask, the verdict and the transcript are those of one."""

import asyncio
import importlib.util
from dataclasses import replace
from pathlib import Path

import pytest
from tests.fakes.subject import Stub, assignment_of, bank_of, course_of, says
from tests.fakes.worker import dies, right_but_for_every_fifth, says_which_process

from comity.assess.run.crew import Engine, crew_of
from comity.assess.run.runner import Assignment, Result, run
from comity.assess.subjects.function import Function
from comity.assess.subjects.subject import Limits, Message, Subject
from comity.errors import NotPermitted, PeerFailed
from comity.evidence.transcript import Missing

FIFTH = Function(call=right_but_for_every_fifth)


def whole(folder: Path, subject: Subject, abreast: int = 2) -> tuple[Result, bytes]:
    """Run a test of three categories; return its result and its transcript."""
    folder.mkdir()
    bank = bank_of("road", "shelter", "water")
    courses = [course_of(bank, name) for name in ("road", "shelter", "water")]
    assignment: Assignment = replace(assignment_of(folder, *courses), abreast=abreast)
    result = run(assignment, subject)
    return result, assignment.transcript.read_bytes()


def test_three_processes_write_the_transcript_that_one_writes(tmp_path: Path) -> None:
    """They ask; one runner takes what they bring in the order of the draw."""
    alone, written = whole(tmp_path / "alone", FIFTH)

    shared, same = whole(tmp_path / "shared", crew_of(FIFTH, 3, "process"))

    assert same == written
    assert shared.outcomes == alone.outcomes
    assert shared.head == alone.head


@pytest.mark.skipif(
    importlib.util.find_spec("ray") is None, reason="the extra `cluster` is not installed"
)
def test_workers_on_ray_write_the_transcript_that_one_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cluster is one way of asking among others."""
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[4]))
    _, written = whole(tmp_path / "alone", FIFTH)

    _, same = whole(tmp_path / "shared", crew_of(FIFTH, 2, "ray"))

    assert same == written


def test_several_processes_really_ask(tmp_path: Path) -> None:
    """And what a subject prints there does not get between its answers."""
    assignment = assignment_of(tmp_path)

    result = run(assignment, crew_of(Function(call=says_which_process), 2, "process"))

    answers = {record.answer for record in result.records}
    assert len(answers) == 2
    assert all(isinstance(answer, str) and answer.isdecimal() for answer in answers)


def test_an_endpoint_is_asked_from_several_processes(tmp_path: Path, stub: Stub) -> None:
    """A subject that is only a description goes anywhere, its failures included."""
    stub.behaviour = says("yes")

    result = run(assignment_of(tmp_path), crew_of(stub.endpoint, 2, "process"))

    assert {record.answer for record in result.records} == {"yes"}
    assert len(stub.asked) == 2 + result.sent


def test_what_was_said_before_reaches_the_worker() -> None:
    """A conversation is one on both sides."""

    async def ask() -> str | Missing:
        crew = crew_of(Function(call=_repeats, converses=True), 2, "process")
        async with crew.open(Limits(), 2) as session:
            return await session.ask("and now?", (Message(role="user", text="before"),))

    assert asyncio.run(ask()) == "before / and now?"


def _repeats(prompt: str, history: list[dict[str, str]]) -> str:
    return f"{history[0]['content']} / {prompt}"


def test_a_worker_that_dies_ends_the_run_and_not_the_test(tmp_path: Path) -> None:
    """The same command goes on, and what was on its way is on the list of what was sent."""
    assignment = assignment_of(tmp_path)

    with pytest.raises(PeerFailed) as caught:
        run(assignment, crew_of(Function(call=dies), 2, "process"))

    assert caught.value.code == "assess.worker"
    assert assignment.sent.read_bytes().count(b"road") > 0
    result = run(assignment, FIFTH)
    assert result.records[0].answer is Missing.INTERRUPTED


def test_what_cannot_be_handed_over_is_said(tmp_path: Path) -> None:
    """A function without a name in a module exists in one process only."""
    subject = Function(call=lambda _: "yes", label="a nameless function")

    with pytest.raises(NotPermitted, match="a nameless function") as caught:
        run(assignment_of(tmp_path), crew_of(subject, 2, "process"))

    assert caught.value.code == "assess.unshared"
    assert not (tmp_path / "transcript").exists()


def test_one_worker_is_the_subject_itself() -> None:
    """Nothing is started that is not needed."""
    engine: Engine = "process"

    assert crew_of(FIFTH, 1, engine) is FIFTH
    assert crew_of(FIFTH, 2, engine).label == FIFTH.label
    assert crew_of(FIFTH, 2, engine).traits == FIFTH.traits
