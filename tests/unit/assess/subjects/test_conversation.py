# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A scripted conversation is held turn by turn, on every kind of subject that can hold one."""

import asyncio
import json
import time
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import web
from tests.fakes.subject import PLAN, Stub, assignment_of, bank_of, course_of, design_of

from comity.assess.run.runner import Assignment, Course, run
from comity.assess.scorers.scorer import score
from comity.assess.subjects.endpoint import Endpoint, chat, completions
from comity.assess.subjects.function import Function
from comity.assess.subjects.spelling import Spelling
from comity.assess.subjects.subject import (
    GREETING,
    Limits,
    Subject,
    ask_within,
    refuse_unaskable,
)
from comity.errors import InvalidDocument
from comity.evidence.bank import Bank, Item
from comity.evidence.transcript import Missing
from comity.kernel.canonical import Json

LIMITS = Limits(timeout_s=10, max_answer_bytes=200)
SCRIPT: Json = {"turns": ["a", "b"], "system": "s"}
SPELLED = Spelling(user="U:{text}\n", assistant="A:{text}\n", system="S:{text}\n", begin="A:")


def asked(subject: Subject, prompt: Json, limits: Limits = LIMITS) -> str | Missing:
    """Ask one item."""

    async def work() -> str | Missing:
        async with subject.open(limits, 1) as session:
            return await ask_within(session, prompt, limits)

    return asyncio.run(work())


def recording(stub: Stub) -> list[dict[str, object]]:
    """Let the endpoint answer each request by its number; return the list of requests."""
    seen: list[dict[str, object]] = []

    async def answer(request: web.Request, prompt: str) -> web.StreamResponse:
        del prompt
        seen.append(json.loads(await request.read()))
        return web.json_response({"out": [{"text": f"answer {len(seen)}"}]})

    stub.behaviour = answer
    return seen


def test_an_endpoint_is_sent_all_that_was_said(stub: Stub) -> None:
    """System message first, each turn with the answers before it."""
    seen = recording(stub)
    endpoint = Endpoint(
        url=stub.url,
        request={"text": "{prompt}", "said": "{messages}"},
        answer="out.0.text",
        system="own",
    )

    answer = asked(endpoint, SCRIPT)

    roles = [[(one["role"], one["content"]) for one in sent["said"]] for sent in seen]  # type: ignore[attr-defined] # a list, as sent
    before = [("system", "own"), ("system", "s"), ("user", "a")]
    assert answer == '["answer 1","answer 2"]'
    assert roles == [before, [*before, ("assistant", "answer 1"), ("user", "b")]]
    assert [sent["text"] for sent in seen] == ["a", "b"]


def test_a_pair_is_two_conversations(stub: Stub) -> None:
    """Neither is told of the other."""
    seen = recording(stub)
    endpoint = Endpoint(
        url=stub.url, request={"text": "", "said": "{messages}"}, answer="out.0.text"
    )

    assert asked(endpoint, {"pair": ["one", "other"]}) == '["answer 1","answer 2"]'
    assert [sent["said"] for sent in seen] == [
        [{"role": "user", "content": "one"}],
        [{"role": "user", "content": "other"}],
    ]


def test_a_completions_endpoint_is_sent_one_text(stub: Stub) -> None:
    """Written as its file says."""
    seen = recording(stub)
    endpoint = Endpoint(
        url=stub.url, request={"text": "{prompt}"}, answer="out.0.text", spelling=SPELLED
    )

    asked(endpoint, SCRIPT)

    assert seen[1]["text"] == "S:s\nU:a\nA:answer 1\nU:b\nA:"


def test_chat_and_completions_ask_the_same_way() -> None:
    """Temperature 0 and a seed, in the form each kind takes."""
    asked_chat = chat("http://h/v1", "m").request
    asked_text = completions("http://h/v1/", "m")

    assert isinstance(asked_chat, dict)
    assert isinstance(asked_text.request, dict)
    assert asked_chat["messages"] == "{messages}"
    assert asked_text.request["prompt"] == "{prompt}"
    assert asked_text.url == "http://h/v1/completions"
    assert asked_text.answer == "choices.0.text"
    same = {"model", "temperature", "seed", "max_tokens"}
    assert {k: asked_chat[k] for k in same} == {k: asked_text.request[k] for k in same}


def test_a_function_is_told_what_was_said_where_it_takes_it() -> None:
    """As chat endpoints are."""

    def answer(prompt: str, history: list[dict[str, str]]) -> str:
        return prompt + "".join(one["role"][0] for one in history)

    assert asked(Function(call=answer, converses=True), SCRIPT) == '["as","bsua"]'


@pytest.mark.parametrize(
    "prompt", [SCRIPT, {"turns": ["a", "b"]}, {"turns": ["a"], "system": ""}]
)
def test_what_cannot_be_said_is_refused_before_anything_is_asked(
    stub: Stub, tmp_path: Path, prompt: Json
) -> None:
    """Half a conversation would be another question."""
    item = Item(position=0, category="road", prompt=prompt, reference="x", scorer="exact/1")
    bank = Bank.of([item], b"k" * 32)
    course = Course(category="road", openings=[bank.open(0)], design=design_of(1))
    assignment = Assignment(
        plan_digest=PLAN, courses=(course,), transcript=tmp_path / "t", limits=LIMITS
    )

    with pytest.raises(InvalidDocument, match="cannot be asked items that are conversations"):
        run(assignment, stub.endpoint)

    assert stub.asked == []


@pytest.mark.parametrize("prompt", ["text", {"turns": ["one"]}, {"pair": ["a", "b"]}])
def test_what_needs_no_history_is_asked_of_anything(stub: Stub, prompt: Json) -> None:
    """A pair is two single messages."""
    refuse_unaskable(stub.endpoint, [prompt])


def test_the_limits_hold_for_the_whole_item(stub: Stub) -> None:
    """Thirty turns must not cost thirty times the time or the bytes."""
    recording(stub)
    turns: Json = {"turns": ["a"] * 30}
    endpoint = Endpoint(url=stub.url, request={"text": "{messages}"}, answer="out.0.text")

    assert asked(endpoint, turns) is Missing.OVERSIZE

    async def slow(request: web.Request, prompt: str) -> web.StreamResponse:
        del request, prompt
        await asyncio.sleep(0.2)
        return web.json_response({"out": [{"text": "y"}]})

    stub.behaviour = slow
    assert asked(endpoint, turns, Limits(timeout_s=0.5)) is Missing.TIMEOUT


def test_one_turn_without_an_answer_leaves_the_item_without_one(stub: Stub) -> None:
    """Half a list would be scored as if it were whole."""

    async def fails(request: web.Request, prompt: str) -> web.StreamResponse:
        del request
        return web.json_response({"out": [{"text": "y"}]}, status=500 if prompt == "b" else 200)

    stub.behaviour = fails

    assert asked(stub.endpoint, {"pair": ["a", "b"]}) is Missing.ERROR


def test_a_transcript_of_conversations_reads_and_scores_again(
    stub: Stub, tmp_path: Path
) -> None:
    """What is recorded is the canonical list, and a resumed run agrees with it."""

    async def answer(request: web.Request, prompt: str) -> web.StreamResponse:
        del request
        text = "hello" if prompt == GREETING else "yes"
        return web.json_response({"out": [{"text": text}]})

    stub.behaviour = answer
    reference = '["yes","yes"]'
    items = [
        Item(
            position=n, category="road", prompt={"pair": [f"a {n}", "b"]},
            reference=reference, scorer="exact/1",
        )
        for n in range(12)
    ]  # fmt: skip
    bank = Bank.of(items, b"k" * 32)
    course = Course(
        category="road", openings=[bank.open(n) for n in range(12)], design=design_of(12)
    )
    assignment = Assignment(
        plan_digest=PLAN, courses=(course,), transcript=tmp_path / "t", limits=LIMITS
    )

    first = run(assignment, stub.endpoint)
    again = run(assignment, stub.endpoint)

    assert all(first.outcomes[0].outcomes)
    assert again.head == first.head
    assert {record.answer for record in first.records} == {reference}
    assert score("exact/1", "any", reference, reference)


def test_categories_abreast_never_exceed_what_a_subject_bears(tmp_path: Path) -> None:
    """A question that waits behind another would be counted as late."""
    busy, most = 0, 0

    def answer(prompt: str) -> str:
        nonlocal busy, most
        del prompt
        busy += 1
        most = max(most, busy)
        time.sleep(0.002)
        busy -= 1
        return "yes"

    names = ("road", "rail", "river")
    bank = bank_of(*names)
    assignment = assignment_of(tmp_path, *(course_of(bank, name) for name in names))

    run(replace(assignment, abreast=3), Function(call=answer, width=1))

    assert most == 1
