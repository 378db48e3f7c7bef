# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A model judges in the run: in draw order, on the record, and never to a liar's advantage."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import web
from tests.fakes.subject import Stub, assignment_of, course_of, says

from comity.assess.run.course import Assignment
from comity.assess.run.runner import run
from comity.assess.scorers import judge as judging
from comity.assess.scorers.judge import MODEL_JUDGE, ModelJudge
from comity.assess.scorers.scorer import faults_of_items, refuse_unscorable
from comity.assess.subjects.function import Function
from comity.assess.subjects.subject import GREETING, Limits
from comity.errors import NotPermitted, PeerFailed
from comity.evidence.bank import Bank, Item
from comity.evidence.judge.judgement import FIELD, Judgement, find_judgement
from comity.evidence.statistics.design import Verdict

TEMPLATE = """{prompt}
BEGIN {fence}
{answer}
END {fence}
PASS or FAIL?
"""


@pytest.fixture(autouse=True)
def _no_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no test wait for a judge that is down."""
    monkeypatch.setattr(judging, "_REST_S", 0.0)


def bank() -> Bank:
    """Return a bank whose answers a judge judges."""
    items = (
        Item(position=n, category="road", prompt=f"road {n}", reference="", scorer=MODEL_JUDGE)
        for n in range(40)
    )
    return Bank.of(items, b"k" * 32)


def fair(question: str) -> str:
    """Pass the answers that are "yes", and nothing else."""
    return "PASS" if "\nyes\n" in question else "FAIL"


def judge_of(call: Callable[[str], str] = fair, *, votes: int = 1) -> ModelJudge:
    """Return a judge in this process."""
    return ModelJudge(template=TEMPLATE, subject=Function(call=call), votes=votes)


def judged(folder: Path, judge: ModelJudge | None = None) -> Assignment:
    """Return a test of the judged bank."""
    return replace(assignment_of(folder, course_of(bank())), judge=judge or judge_of())


def test_the_judge_decides_and_what_it_said_is_kept(tmp_path: Path) -> None:
    """Outcomes follow from the outputs, and the outputs are in the transcript."""
    wrong = "road 0"
    system = Function(call=lambda prompt: "no" if prompt == wrong else "yes")

    result = run(judged(tmp_path), system)

    assert result.outcomes[0].verdict is Verdict.SHOWN
    said = {str(one.opening.item.prompt): one.extra[FIELD] for one in result.records}
    assert said[wrong] == {"outputs": ["FAIL"]}
    assert {json.dumps(one) for name, one in said.items() if name != wrong} == {
        '{"outputs": ["PASS"]}'
    }


def test_a_run_resumed_takes_the_judge_at_its_first_word(tmp_path: Path) -> None:
    """Nobody is judged twice until the verdict suits."""
    first = run(judged(tmp_path), Function(call=lambda _: "yes"))
    again = run(judged(tmp_path, judge_of(lambda _: "FAIL")), Function(call=lambda _: "no"))

    assert again.records == first.records
    assert again.sent == 0


def test_a_judge_in_flight_does_not_change_the_order_of_outcomes(tmp_path: Path) -> None:
    """A judge slow on failures hides none of them."""

    async def slow_to_fail(request: web.Request, prompt: str) -> web.StreamResponse:
        wrong = "\nno\n" in prompt
        word = "FAIL" if wrong else "PASS"
        return await says(word, 0.2 if wrong else 0)(request, prompt)

    stub = Stub()
    stub.start()
    stub.behaviour = slow_to_fail
    judge = ModelJudge(template=TEMPLATE, subject=stub.endpoint)
    system = Function(
        call=lambda prompt: "no" if prompt in {"road 1", "road 2", "road 4"} else "yes"
    )
    try:
        result = run(judged(tmp_path, judge), system)
    finally:
        stub.stop()

    assert result.outcomes[0].verdict is Verdict.NOT_SHOWN
    assert result.outcomes[0].asked == 5
    assert [one.draw for one in result.records] == list(range(1, len(result.records) + 1))


@pytest.mark.parametrize(
    "call",
    [
        lambda _: "",
        lambda _: "PASS because it is right",
        lambda _: "x" * 100_000,
        lambda _: 1 // 0,
    ],
)
def test_a_judge_that_gives_no_verdict_fails_every_answer(
    tmp_path: Path, call: Callable[[str], str]
) -> None:
    """Nothing passed the answer, so it did not pass."""
    greeted = judge_of(lambda question: "hello" if question == GREETING else call(question))

    result = run(judged(tmp_path, greeted), Function(call=lambda _: "yes"))

    assert result.outcomes[0].verdict is Verdict.NOT_SHOWN
    assert all(find_judgement(record) is not None for record in result.records)


def test_a_missing_answer_is_not_judged(tmp_path: Path) -> None:
    """What is missing fails by itself."""
    asked: list[str] = []

    def note(question: str) -> str:
        asked.append(question)
        return "PASS"

    def fails(prompt: str) -> str:
        if prompt != GREETING:
            raise RuntimeError
        return "hello"

    result = run(judged(tmp_path, judge_of(note)), Function(call=fails))

    assert asked == [GREETING]
    assert all(FIELD not in record.extra for record in result.records)


def test_votes_are_asked_and_counted(tmp_path: Path) -> None:
    """More than half must pass, and each output is kept."""
    words = iter(["PASS", "FAIL", "PASS"] * 200)
    judge = judge_of(lambda question: "hi" if question == GREETING else next(words), votes=3)

    result = run(
        replace(judged(tmp_path, judge), width=1, least=1), Function(call=lambda _: "yes")
    )

    first = find_judgement(result.records[0])
    assert first == Judgement(outputs=("PASS", "FAIL", "PASS"))
    assert result.outcomes[0].verdict is Verdict.SHOWN


def test_a_judge_that_is_down_stops_the_test_before_its_first_question(tmp_path: Path) -> None:
    """No item is shown to the system when nobody could judge the answer."""
    asked: list[str] = []

    def note(prompt: str) -> str:
        asked.append(prompt)
        return "yes"

    down = judge_of(lambda _: str(1 // 0))
    with pytest.raises(PeerFailed) as caught:
        run(judged(tmp_path, down), Function(call=note))

    assert caught.value.code == "assess.judge"
    assert asked == []


def test_a_judge_that_never_answers_is_not_waited_for_for_ever() -> None:
    """One that hangs fails its greeting within its limit."""
    stub = Stub()
    stub.start()
    stub.behaviour = says("PASS", 30)
    judge = ModelJudge(
        template=TEMPLATE,
        subject=stub.endpoint,
        limits=Limits(timeout_s=0.05, max_answer_bytes=100),
    )

    async def open_it() -> None:
        async with judge.open(1):
            pass

    try:
        with pytest.raises(PeerFailed, match=r"within 0\.05 s"):
            asyncio.run(open_it())
    finally:
        stub.stop()


def test_a_judged_test_without_a_judge_asks_nothing(tmp_path: Path) -> None:
    """Answers nobody can judge are not asked for."""
    with pytest.raises(NotPermitted, match=MODEL_JUDGE):
        run(assignment_of(tmp_path, course_of(bank())), Function(call=lambda _: "yes"))


def test_a_bank_may_have_its_answers_judged() -> None:
    """A judge is no scorer of ours, and no unknown one either."""
    items = [bank().open(0).item]

    assert faults_of_items(items) == []
    assert faults_of_items([replace(items[0], scorer="model-jugde/1")])[0].near == MODEL_JUDGE


def test_models_are_looked_for_before_anything_is_asked() -> None:
    """A test must not stop halfway for a package."""
    refuse_unscorable(
        {"language/1", "not-toxic/1", "exact/1", "somebody-elses/1"}, has_judge=False
    )
    refuse_unscorable({MODEL_JUDGE}, has_judge=True)
