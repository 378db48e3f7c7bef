# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A run that is stopped loses nothing that was asked."""

from dataclasses import replace
from pathlib import Path

import pytest
from tests.fakes.subject import Stub, assignment_of, says

from comity.assess.run.brake import Brake
from comity.assess.run.runner import Progress, Step, run
from comity.assess.subjects.function import Function
from comity.evidence.asking import Rate
from comity.evidence.statistics.design import Verdict


def stop_after(brake: Brake, outcomes: int) -> Progress:
    """Return a watcher that pulls the brake after so many new outcomes."""
    new: list[Step] = []

    def watch(step: Step) -> None:
        if not step.is_resumed:
            new.append(step)
        if len(new) == outcomes:
            brake.pull()

    return watch


def test_what_is_on_its_way_is_taken_and_nothing_more_goes_out(tmp_path: Path) -> None:
    """Each question that was sent stands in the transcript with its answer."""
    brake = Brake()

    result = run(
        assignment_of(tmp_path),
        Function(call=lambda _: "yes"),
        progress=stop_after(brake, 4),
        brake=brake,
    )

    assert 4 < len(result.records) == result.sent < 12
    assert not result.is_finished
    assert result.outcomes[0].verdict is Verdict.INSUFFICIENT
    assert {record.answer for record in result.records} == {"yes"}


def test_a_stopped_run_goes_on_and_asks_nothing_twice(tmp_path: Path) -> None:
    """Stopped again and again, the outcomes are those of a run that never was."""
    asked: list[str] = []

    def call(prompt: str) -> str:
        asked.append(prompt)
        return "no" if prompt.endswith("3") else "yes"

    (tmp_path / "whole").mkdir()
    expected = run(assignment_of(tmp_path / "whole"), Function(call=call)).outcomes[0]
    asked.clear()
    for _ in range(9):
        brake = Brake()
        result = run(
            assignment_of(tmp_path),
            Function(call=call),
            progress=stop_after(brake, 3),
            brake=brake,
        )

    items = [prompt for prompt in asked if prompt.startswith("road")]
    found = result.outcomes[0]
    assert result.is_finished
    assert len(items) == len(set(items))
    assert (found.asked, found.failed, found.verdict) == (
        expected.asked,
        expected.failed,
        expected.verdict,
    )


def test_a_brake_pulled_before_the_first_question_asks_nothing(tmp_path: Path) -> None:
    """A forecast needs the greeting and nothing of the bank."""
    brake, greeted = Brake(), list[float]()

    def ready(latency_s: float) -> None:
        greeted.append(latency_s)
        brake.pull()

    result = run(
        assignment_of(tmp_path), Function(call=lambda _: "yes"), ready=ready, brake=brake
    )

    assert len(greeted) == 1
    assert (result.sent, result.records, result.is_finished) == (0, (), False)
    assert list(tmp_path.iterdir()) == []


def test_a_question_that_waits_for_its_turn_is_not_waited_for(
    tmp_path: Path, stub: Stub
) -> None:
    """At one question an hour nobody wants to wait for the next one to stop."""
    brake = Brake()
    stub.behaviour = says("yes")
    slow = replace(assignment_of(tmp_path), rates=(Rate(questions=1, per_ms=3_600_000),))

    result = run(slow, stub.endpoint, progress=stop_after(brake, 1), brake=brake)

    assert len(result.records) == result.sent == 1
    assert [prompt for prompt in stub.asked if prompt.startswith("road")] == ["road 0"]


def test_the_brake_says_once_that_it_was_heard(tmp_path: Path) -> None:
    """Whoever pressed Ctrl-C sees that it was not in vain."""
    heard: list[str] = []
    brake = Brake(lambda: heard.append("heard"))

    def pull_twice(step: Step) -> None:
        if step.asked in (2, 3):
            brake.pull()

    run(
        assignment_of(tmp_path),
        Function(call=lambda _: "yes"),
        progress=pull_twice,
        brake=brake,
    )

    assert heard == ["heard"]


def test_the_undefended_twin_that_just_stops_burns_what_it_asked(tmp_path: Path) -> None:
    """Stopped at once, what was on its way is lost: it was seen, and it has failed."""

    def interrupt(step: Step) -> None:
        if step.asked == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(assignment_of(tmp_path), Function(call=lambda _: "yes"), progress=interrupt)
    result = run(assignment_of(tmp_path), Function(call=lambda _: "yes"))

    assert result.outcomes[0].verdict is Verdict.NOT_SHOWN
