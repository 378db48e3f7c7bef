# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""An item's outcome is its first answer: what was sent is on disk before it is sent."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import web
from tests.fakes.subject import PLAN, Stub, assignment_of, bank_of, course_of, says

from comity.assess.run.runner import Assignment, Step, run
from comity.assess.run.sent import open_sent
from comity.assess.subjects.function import Function
from comity.assess.subjects.subject import GREETING, Limits
from comity.errors import VerificationFailed
from comity.evidence.asking import Retry
from comity.evidence.statistics.design import Verdict
from comity.evidence.transcript import Missing
from comity.kernel.digest import sha256

AGAIN = Retry(reasons=(Missing.INTERRUPTED,), waits_ms=(0,))


def noting(asked: list[str]) -> Callable[[str], str]:
    """Return a subject that is always right and writes down what it was asked."""

    def call(prompt: str) -> str:
        asked.append(prompt)
        return "yes"

    return call


def broken_off(assignment: Assignment, after: int = 3) -> list[str]:
    """Run until so many outcomes were taken, then die; return what the subject was asked."""
    asked: list[str] = []

    def die(step: Step) -> None:
        if step.asked == after:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(assignment, Function(call=noting(asked)), progress=die)
    return [prompt for prompt in asked if prompt != GREETING]


def test_what_was_sent_and_never_answered_has_failed(tmp_path: Path) -> None:
    """Who makes a tester fall over gets no second chance at what it did not like."""
    assignment = assignment_of(tmp_path)
    asked = broken_off(assignment)

    result = run(assignment, Function(call=noting(asked)))

    seen = [prompt for prompt in asked if prompt != GREETING]
    answers = [record.answer for record in result.records]
    assert answers[:3] == ["yes"] * 3
    assert set(answers[3:]) >= {Missing.INTERRUPTED}
    assert len(seen) == len(set(seen))
    assert result.outcomes[0].verdict is Verdict.NOT_SHOWN


def test_the_undefended_twin_asks_it_again_as_if_for_the_first_time(tmp_path: Path) -> None:
    """Without the list of what was sent, a fall is a second chance, and nothing shows it."""
    assignment = assignment_of(tmp_path)
    asked = broken_off(assignment)
    assignment.sent.unlink()

    result = run(assignment, Function(call=noting(asked)))

    seen = [prompt for prompt in asked if prompt != GREETING]
    assert len(seen) > len(set(seen))
    assert result.outcomes[0].verdict is Verdict.SHOWN
    assert {record.tries for record in result.records} == {()}


def test_where_the_plan_says_so_it_is_asked_again_and_the_record_says_so(
    tmp_path: Path,
) -> None:
    """A second chance is a rule of the plan, and stands in the evidence."""
    assignment = replace(assignment_of(tmp_path), retry=AGAIN)
    broken_off(assignment)

    result = run(assignment, Function(call=lambda _: "yes"))

    assert {record.answer for record in result.records} == {"yes"}
    again = [record.draw for record in result.records if record.tries]
    assert again[0] == 4
    assert {record.tries for record in result.records} == {(), (Missing.INTERRUPTED,)}
    assert result.outcomes[0].verdict is Verdict.SHOWN


def test_a_second_fall_on_the_same_item_is_its_last(tmp_path: Path) -> None:
    """The plan gives one try more, not one after every fall."""
    assignment = replace(assignment_of(tmp_path), retry=AGAIN, width=1)
    with open_sent(assignment.sent, PLAN) as sent:
        sent.note("road", 1)
        sent.note("road", 1, [Missing.INTERRUPTED])

    result = run(assignment, Function(call=lambda _: "yes"))

    assert result.records[0].answer is Missing.INTERRUPTED
    assert result.records[0].tries == (Missing.INTERRUPTED,)


def test_what_was_on_its_way_at_the_verdict_stands_in_the_transcript(tmp_path: Path) -> None:
    """The subject saw it, so another tester must not ask it as if nobody had."""
    asked: list[str] = []

    result = run(assignment_of(tmp_path), Function(call=noting(asked)))

    recorded = {str(record.opening.item.prompt) for record in result.records}
    assert recorded == set(asked) - {GREETING}
    assert len(recorded) > result.outcomes[0].asked


def test_with_thrift_nothing_is_on_its_way_at_the_verdict(tmp_path: Path) -> None:
    """What a verdict may not need is then not shown."""
    for answer in ("yes", "no"):
        folder = tmp_path / answer
        folder.mkdir()
        assignment = replace(assignment_of(folder), least=1)

        result = run(assignment, Function(call=lambda _, said=answer: said))

        assert len(result.records) == result.sent == result.outcomes[0].asked


def test_the_list_goes_when_everything_on_it_is_answered(tmp_path: Path) -> None:
    """It is needed by a run that broke off, and by nobody else."""
    assignment = assignment_of(tmp_path)

    run(assignment, Function(call=lambda _: "yes"))

    assert not assignment.sent.exists()


def test_a_torn_line_was_never_sent(tmp_path: Path) -> None:
    """It is written whole before the question goes out."""
    path = tmp_path / "list"
    with open_sent(path, PLAN) as sent:
        sent.note("road", 1)
        sent.note("road", 2)
    whole = path.read_bytes()
    for cut in range(len(whole) - len(b"road 2\n"), len(whole)):
        path.write_bytes(whole[:cut])
        with open_sent(path, PLAN) as sent:
            assert sent.last("road") == 1
        path.write_bytes(whole)


@pytest.mark.parametrize(
    "line",
    [b"road 3\n", b"road 1\n", b"road 0\n", b"road\n", b"road 2 tired\n", b"Road 2\n", b"\n"],
)
def test_a_line_nobody_wrote_is_refused(tmp_path: Path, line: bytes) -> None:
    """It would turn a question that was never asked into a failure."""
    path = tmp_path / "list"
    with open_sent(path, PLAN) as sent:
        sent.note("road", 1)
    path.write_bytes(path.read_bytes() + line)

    with pytest.raises(VerificationFailed) as caught, open_sent(path, PLAN):
        pass

    assert (caught.value.code, caught.value.place) == ("assess.transcript", "line 3")


def test_a_list_of_another_plan_is_refused(tmp_path: Path) -> None:
    """It would make failures of questions this plan never sent."""
    path = tmp_path / "list"
    with open_sent(path, PLAN) as sent:
        sent.note("road", 1)

    with (
        pytest.raises(VerificationFailed, match="another plan"),
        open_sent(path, sha256(b"another")),
    ):
        pass


def test_a_busy_service_is_asked_again_only_where_the_plan_says(
    tmp_path: Path, stub: Stub
) -> None:
    """Once, twice, then an answer: both tries stand in the record, with their reason."""
    turns: dict[str, int] = {}

    async def busy_twice(request: web.Request, prompt: str) -> web.StreamResponse:
        turns[prompt] = turns.get(prompt, 0) + 1
        if prompt == "road 0" and turns[prompt] <= 2:
            return web.Response(status=503)
        return await says("yes")(request, prompt)

    stub.behaviour = busy_twice
    retry = Retry(reasons=(Missing.BUSY,), waits_ms=(1, 1))
    for name, rule in (("with", retry), ("without", None)):
        folder = tmp_path / name
        folder.mkdir()
        turns.clear()
        result = run(replace(assignment_of(folder), retry=rule), stub.endpoint)
        first = result.records[0]
        if rule is None:
            assert (first.answer, first.tries, turns["road 0"]) == (Missing.BUSY, (), 1)
        else:
            assert (first.answer, first.tries) == ("yes", (Missing.BUSY,) * 2)


def test_a_timeout_is_not_asked_again_for_being_busy(tmp_path: Path, stub: Stub) -> None:
    """Only what the plan names is a reason."""
    retry = Retry(reasons=(Missing.BUSY,), waits_ms=(1,))
    limits = Limits(timeout_s=1)

    async def slow(request: web.Request, prompt: str) -> web.StreamResponse:
        return await says("yes", 0 if prompt == GREETING else 5)(request, prompt)

    stub.behaviour = slow
    result = run(replace(assignment_of(tmp_path, limits=limits), retry=retry), stub.endpoint)

    assert {record.answer for record in result.records} == {Missing.TIMEOUT}
    assert {record.tries for record in result.records} == {()}


def test_categories_abreast_are_taken_in_turn(tmp_path: Path) -> None:
    """The transcript is a function of the answers, whatever comes back first."""
    bank = bank_of("road", "shelter", "water")
    courses = [course_of(bank, name) for name in ("road", "shelter", "water")]
    assignment = replace(assignment_of(tmp_path, *courses), abreast=2, least=1)

    result = run(assignment, Function(call=lambda _: "yes"))

    names = [record.category for record in result.records]
    assert names[:24] == ["road", "shelter"] * 12
    assert names[24:] == ["water"] * 12
    assert {one.verdict for one in result.outcomes} == {Verdict.SHOWN}
