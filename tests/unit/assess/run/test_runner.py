# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The runner takes outcomes in draw order, whatever the subject does with time."""

import asyncio
import re
import threading
from pathlib import Path

import pytest
from aiohttp import web
from tests.fakes.subject import PLAN, Stub, assignment_of, bank_of, course_of, design_of, says

from comity.assess.run.runner import LEAST_WINDOW, Step, run
from comity.assess.subjects.endpoint import Endpoint
from comity.assess.subjects.function import Function
from comity.assess.subjects.subject import GREETING, Limits, ask_within
from comity.errors import InvalidDocument, PeerFailed
from comity.evidence.bank import Bank
from comity.evidence.statistics.design import Verdict
from comity.evidence.transcript import Missing, head_of

NUMBER = re.compile(r"\d+")


def number_of(prompt: str) -> int:
    """Return the position a prompt of our bank names."""
    found = NUMBER.search(prompt)
    return int(found.group()) if found else 1


def is_bad(prompt: str) -> bool:
    """Every fourth item fails, the first included."""
    return number_of(prompt) % 4 == 0 and prompt != GREETING


async def stalls_failures(request: web.Request, prompt: str) -> web.StreamResponse:
    """Answer at once when right, late when wrong: what a provider could choose to do."""
    wrong = is_bad(prompt)
    return await says("no" if wrong else "yes", 0.3 if wrong else 0)(request, prompt)


def one_after_another(bank: Bank) -> tuple[list[bool], Verdict]:
    """Return what a tester with all the time in the world would see."""
    outcomes: list[bool] = []
    verdict = Verdict.INSUFFICIENT
    for opening in course_of(bank).openings:
        outcomes.append(not is_bad(str(opening.item.prompt)))
        verdict = design_of().decide(len(outcomes), outcomes.count(False))
        if verdict is not Verdict.INSUFFICIENT:
            break
    return outcomes, verdict


async def as_they_arrive(endpoint: Endpoint, bank: Bank, width: int) -> Verdict:
    """Judge answers in order of arrival: the undefended twin of the runner."""
    limits, design, passed, failed = Limits(timeout_s=5), design_of(), 0, 0
    async with endpoint.open(limits, width) as session:
        rest = (str(opening.item.prompt) for opening in course_of(bank).openings)
        busy = {
            asyncio.create_task(ask_within(session, prompt, limits))
            for _, prompt in zip(range(width), rest, strict=False)
        }
        try:
            while busy:
                done, busy = await asyncio.wait(busy, return_when="FIRST_COMPLETED")
                for task in done:
                    passed, failed = (
                        passed + (task.result() == "yes"),
                        failed + (task.result() != "yes"),
                    )
                    verdict = design.decide(passed + failed, failed)
                    if verdict is not Verdict.INSUFFICIENT:
                        return verdict
        finally:
            for task in busy:
                task.cancel()
            await asyncio.gather(*busy, return_exceptions=True)
    return Verdict.INSUFFICIENT


def test_slow_failures_do_not_hide_behind_quick_passes(tmp_path: Path, stub: Stub) -> None:
    """A subject may choose when it answers, never which outcomes count."""
    stub.behaviour = stalls_failures
    bank = bank_of("road")
    expected, verdict = one_after_another(bank)

    result = run(assignment_of(tmp_path, course_of(bank)), stub.endpoint)

    found = result.outcomes[0]
    assert (list(found.outcomes[: found.asked]), found.verdict) == (expected, verdict)
    assert verdict is Verdict.NOT_SHOWN


def test_taken_as_they_arrive_the_same_answers_show_the_claim(stub: Stub) -> None:
    """This is what the order of the draw defends against."""
    stub.behaviour = stalls_failures
    bank = bank_of("road")

    assert asyncio.run(as_they_arrive(stub.endpoint, bank, 16)) is Verdict.SHOWN


def test_a_stalled_first_question_does_not_run_through_the_bank(
    tmp_path: Path, stub: Stub
) -> None:
    """What was shown and not needed is burnt, so a stall may burn one window at most."""

    async def stalls_first(request: web.Request, prompt: str) -> web.StreamResponse:
        return await says("yes", 0.4 if prompt == "road 0" else 0)(request, prompt)

    stub.behaviour = stalls_first
    seen: list[int] = []
    run(
        assignment_of(tmp_path),
        stub.endpoint,
        progress=lambda step: seen.append(len(stub.asked)) if step.asked == 1 else None,
    )

    assert seen[0] <= 1 + max(LEAST_WINDOW, design_of().questions_to_decision(0, 0))


def test_no_more_is_sent_than_a_window_beyond_the_verdict(tmp_path: Path) -> None:
    """A bank is worth what of it is still hidden."""
    result = run(assignment_of(tmp_path), Function(call=lambda _: "yes"))

    assert result.outcomes[0].verdict is Verdict.SHOWN
    assert result.outcomes[0].asked == 12
    assert len(result.records) == result.sent < 12 + LEAST_WINDOW


def test_every_category_gets_its_own_verdict(tmp_path: Path) -> None:
    """A pooled rate hides harm."""
    bank = bank_of("road", "shelter")
    courses = [course_of(bank, "road"), course_of(bank, "shelter")]
    answer = Function(call=lambda prompt: "no" if "shelter" in prompt else "yes")

    result = run(assignment_of(tmp_path, *courses), answer)

    verdicts = {outcome.category: outcome.verdict for outcome in result.outcomes}
    assert verdicts == {"road": Verdict.SHOWN, "shelter": Verdict.NOT_SHOWN}
    assert [outcome.asked for outcome in result.outcomes] == [12, 3]
    assert result.head == head_of(PLAN, result.records)


def test_a_second_tester_continues_the_first_ones_path(tmp_path: Path) -> None:
    """Ten passes seen elsewhere leave two to ask, at draws eleven and twelve."""
    course = course_of(bank_of("road"), prior=(True,) * 10)

    result = run(assignment_of(tmp_path, course), Function(call=lambda _: "yes"))

    assert [record.draw for record in result.records][:2] == [11, 12]
    assert (result.outcomes[0].asked, result.outcomes[0].failed) == (12, 0)
    assert result.outcomes[0].verdict is Verdict.SHOWN


def test_what_is_already_decided_is_not_asked_for(tmp_path: Path) -> None:
    """Even an unreachable subject cannot disturb a test that is over."""
    course = course_of(bank_of("road"), prior=(False,) * 3)
    nowhere = Endpoint(url="http://127.0.0.1:9/ask", request="{prompt}", answer="a")

    result = run(assignment_of(tmp_path, course), nowhere)

    assert (result.sent, result.outcomes[0].verdict) == (0, Verdict.NOT_SHOWN)


def test_each_step_is_told_as_it_falls(tmp_path: Path) -> None:
    """Who watches sees the path the verdict stands on."""
    steps: list[Step] = []

    run(assignment_of(tmp_path), Function(call=lambda _: "no"), progress=steps.append)

    assert [(step.asked, step.failed) for step in steps] == [(1, 1), (2, 2), (3, 3)]
    assert [step.verdict for step in steps][-1] is Verdict.NOT_SHOWN
    assert not any(step.is_resumed for step in steps)


def test_items_that_run_out_leave_the_claim_open(tmp_path: Path) -> None:
    """Too little is neither shown nor refuted."""
    bank = bank_of("road", size=5)

    result = run(assignment_of(tmp_path, course_of(bank)), Function(call=lambda _: "yes"))

    assert result.outcomes[0].verdict is Verdict.INSUFFICIENT
    assert len(result.records) == 5


def test_an_unready_subject_sees_no_question(tmp_path: Path) -> None:
    """A greeting tells a wrong address before the bank is spent on it."""
    nowhere = Endpoint(url="http://127.0.0.1:9/ask", request="{prompt}", answer="a")

    with pytest.raises(PeerFailed, match="nothing answers at that address") as caught:
        run(assignment_of(tmp_path), nowhere)

    assert caught.value.code == "assess.preflight"
    assert not (tmp_path / "transcript").exists()


def test_a_subject_that_never_greets_is_unready(tmp_path: Path, stub: Stub) -> None:
    """Waiting has an end before the first question, too."""
    stub.behaviour = says("yes", 5)

    with pytest.raises(PeerFailed, match="did not answer within"):
        run(assignment_of(tmp_path, limits=Limits(timeout_s=0.2)), stub.endpoint)

    assert stub.asked == [GREETING]


def test_a_test_that_cannot_be_asked_is_refused_whole(tmp_path: Path) -> None:
    """Two courses of one category would share their draws."""
    course = course_of(bank_of("road"))

    with pytest.raises(InvalidDocument, match="stands twice"):
        run(assignment_of(tmp_path, course, course), Function(call=lambda _: "yes"))


def test_a_function_that_hangs_is_a_timeout_and_holds_nothing_up(tmp_path: Path) -> None:
    """A thread cannot be killed, so nobody waits for it."""
    never = threading.Event()

    def call(prompt: str) -> str:
        if prompt != GREETING:
            never.wait(30)
        return "yes"

    limits = Limits(timeout_s=1)
    result = run(assignment_of(tmp_path, limits=limits), Function(call=call))
    never.set()

    assert result.outcomes[0].asked == 3
    assert {record.answer for record in result.records} == {Missing.TIMEOUT}


def test_a_function_that_raises_or_returns_no_text_has_failed(tmp_path: Path) -> None:
    """What a subject does wrong is its failure, never the tester's crash."""

    def call(prompt: str) -> str:
        if prompt == GREETING:
            return "hello"
        if is_bad(prompt):
            raise RuntimeError(prompt)
        return None  # type: ignore[return-value] # the fault under test

    result = run(assignment_of(tmp_path), Function(call=call))

    assert [record.answer for record in result.records][:3] == [Missing.ERROR] * 3


@pytest.mark.parametrize("broken", [RuntimeError, None])
def test_a_function_that_cannot_greet_is_unready(tmp_path: Path, broken: object) -> None:
    """The preflight says what it saw, not what was in it."""

    def call(prompt: str) -> str:
        if broken is RuntimeError:
            raise RuntimeError(prompt)
        return None  # type: ignore[return-value] # the fault under test

    with pytest.raises(PeerFailed, match=r"it raised RuntimeError|it returned NoneType"):
        run(assignment_of(tmp_path), Function(call=call))
