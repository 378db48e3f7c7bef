# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""An endpoint costs a bounded time and size, and its key is written down nowhere."""

import asyncio
import gzip
import json
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from aiohttp import web
from tests.fakes.subject import Behaviour, Stub, assignment_of, says

from comity.assess.run.runner import run
from comity.assess.subjects.endpoint import Endpoint, chat
from comity.assess.subjects.subject import GREETING, Limits
from comity.errors import InvalidDocument, NotPermitted, PeerFailed
from comity.evidence.transcript import Missing

KEY = "sk-very-secret-7f3a"
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


def after_greeting(answer: Answer) -> Behaviour:
    """Greet properly, then misbehave on every question."""

    async def behave(request: web.Request, prompt: str) -> web.StreamResponse:
        if prompt == GREETING:
            return await says("hello")(request, prompt)
        return await answer(request)

    return behave


async def waits(request: web.Request) -> web.StreamResponse:
    """Answer too late."""
    return await says("yes", 2)(request, "")


async def fails(request: web.Request) -> web.StreamResponse:
    """Answer with a status that says so, and a body that looks right."""
    del request
    return web.json_response({"out": [{"text": "yes"}]}, status=500)


async def redirects(request: web.Request) -> web.StreamResponse:
    """Point elsewhere."""
    raise web.HTTPFound(str(request.url))


async def garbles(request: web.Request) -> web.StreamResponse:
    """Answer in no JSON."""
    del request
    return web.Response(text="<html>yes</html>")


async def nests(request: web.Request) -> web.StreamResponse:
    """Answer deeper than any parser goes."""
    del request
    return web.Response(text="[" * 50_000)


async def says_half_a_character(request: web.Request) -> web.StreamResponse:
    """Answer a lone surrogate, which has no UTF-8 form."""
    del request
    return web.Response(text='{"out": [{"text": "\\ud800"}]}')


async def says_a_number(request: web.Request) -> web.StreamResponse:
    """Answer something that is no text."""
    del request
    return web.json_response({"out": [{"text": 7}]})


async def says_nothing(request: web.Request) -> web.StreamResponse:
    """Answer JSON of another form."""
    del request
    return web.json_response({"out": []})


async def drops(request: web.Request) -> web.StreamResponse:
    """Hang up before a word."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def hangs_up_within(request: web.Request) -> web.StreamResponse:
    """Promise more than is sent, then hang up."""
    reply = web.StreamResponse(headers={"Content-Length": "1000"})
    await reply.prepare(request)
    await reply.write(b'{"out"')
    return await drops(request)


async def compresses(request: web.Request) -> web.StreamResponse:
    """Send a small body that grows when unpacked."""
    del request
    packed = gzip.compress(json.dumps({"out": [{"text": "yes"}]}).encode())
    return web.Response(body=packed, headers={"Content-Encoding": "gzip"})


async def never_ends(request: web.Request) -> web.StreamResponse:
    """Send an answer without an end."""
    reply = web.StreamResponse()
    await reply.prepare(request)
    while True:
        await reply.write(b" " * 65_536)
        await asyncio.sleep(0)


async def goes_on(request: web.Request) -> web.StreamResponse:
    """Answer a text longer than the plan allows."""
    return await says("yes " * 1_000)(request, "")


@pytest.mark.parametrize(
    ("answer", "missing"),
    [
        (waits, Missing.TIMEOUT),
        (fails, Missing.ERROR),
        (redirects, Missing.ERROR),
        (garbles, Missing.ERROR),
        (nests, Missing.ERROR),
        (says_half_a_character, Missing.ERROR),
        (says_a_number, Missing.ERROR),
        (says_nothing, Missing.ERROR),
        (drops, Missing.ERROR),
        (hangs_up_within, Missing.ERROR),
        (compresses, Missing.ERROR),
        (never_ends, Missing.OVERSIZE),
        (goes_on, Missing.OVERSIZE),
    ],
)
def test_whatever_is_no_answer_is_a_failure(
    tmp_path: Path, stub: Stub, answer: Answer, missing: Missing
) -> None:
    """Dropping errors would let a service hide what it gets wrong."""
    stub.behaviour = after_greeting(answer)
    limits = Limits(timeout_s=1 if answer is waits else 10, max_answer_bytes=2_000)

    result = run(assignment_of(tmp_path, limits=limits), stub.endpoint)

    assert result.outcomes[0].asked == 3
    assert {record.answer for record in result.records} == {missing}
    assert not any(result.outcomes[0].outcomes)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (fails, "HTTP status 500"),
        (redirects, "HTTP status 302"),
        (garbles, "does not answer in JSON"),
        (says_nothing, r"nothing at out\.0\.text"),
        (says_a_number, r"no text at out\.0\.text"),
        (drops, "connection broke"),
        (compresses, "compresses"),
        (never_ends, "does not end within"),
    ],
)
def test_the_preflight_says_in_words_what_is_wrong(
    tmp_path: Path, stub: Stub, answer: Answer, words: str
) -> None:
    """A misconfigured test should cost a greeting, not a bank."""

    async def behave(request: web.Request, prompt: str) -> web.StreamResponse:
        del prompt
        return await answer(request)

    stub.behaviour = behave

    with pytest.raises(PeerFailed, match=words):
        run(assignment_of(tmp_path), stub.endpoint)

    assert set(stub.asked) == {GREETING}


def test_the_prompt_goes_wherever_the_template_says(tmp_path: Path, stub: Stub) -> None:
    """Quotes, line breaks and braces in a question arrive as they are."""
    asked: list[object] = []

    async def listens(request: web.Request, prompt: str) -> web.StreamResponse:
        asked.append(await request.json())
        return await says("yes")(request, prompt)

    stub.behaviour = listens
    endpoint = Endpoint(
        url=stub.url,
        request={"text": "{prompt}", "more": [{"say": "Q: {prompt} {x}", "n": 1}, True, None]},
        answer="out.0.text",
    )
    run(assignment_of(tmp_path), endpoint)

    assert {
        "text": "road 0",
        "more": [{"say": "Q: road 0 {x}", "n": 1}, True, None],
    } in asked


def test_a_chat_endpoint_is_asked_as_deterministically_as_it_allows() -> None:
    """The outcome of an item must be the same whoever asks."""
    endpoint = chat("http://127.0.0.1:8080/v1/", "a-model", max_tokens=32)

    assert endpoint.url == "http://127.0.0.1:8080/v1/chat/completions"
    assert isinstance(endpoint.request, dict)
    assert endpoint.request["temperature"] == 0
    assert endpoint.request["seed"] == 1
    assert endpoint.request["max_tokens"] == 32


def test_the_credential_reaches_the_service_and_nothing_else(
    tmp_path: Path,
    stub: Stub,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """A transcript is published and a log is copied: neither may hold a key."""
    monkeypatch.setenv("STUB_KEY", KEY)
    caplog.set_level(logging.DEBUG)
    received: list[str] = []

    async def repeats(request: web.Request, prompt: str) -> web.StreamResponse:
        received.append(request.headers["Authorization"])
        leak = "hello" if prompt == GREETING else f"your key is {KEY}"
        return await says(leak)(request, prompt)

    stub.behaviour = repeats
    endpoint = Endpoint(
        url=stub.url, request="{prompt}", answer="out.0.text", credential_env="STUB_KEY"
    )
    stub_request = Endpoint(
        url=stub.url,
        request={"text": "{prompt}"},
        answer="out.0.text",
        credential_env="STUB_KEY",
    )
    result = run(assignment_of(tmp_path), stub_request)
    printed = capfd.readouterr()

    assert set(received) == {f"Bearer {KEY}"}
    assert {record.answer for record in result.records} == {Missing.ERROR}
    for place in (
        (tmp_path / "transcript").read_text("utf-8"),
        repr(endpoint),
        repr(result),
        caplog.text,
        printed.out,
        printed.err,
    ):
        assert KEY not in place


def test_an_error_does_not_hold_the_credential(
    tmp_path: Path, stub: Stub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Errors are printed, logged and sent to colleagues."""
    monkeypatch.setenv("STUB_KEY", KEY)
    stub.behaviour = says(f"your key is {KEY}")
    endpoint = Endpoint(
        url=stub.url,
        request={"text": "{prompt}"},
        answer="out.0.text",
        credential_env="STUB_KEY",
    )

    with pytest.raises(PeerFailed) as caught:
        run(assignment_of(tmp_path), endpoint)

    assert (
        KEY not in f"{caught.value} {caught.value!r} {caught.value.hint} {vars(caught.value)}"
    )


@pytest.mark.parametrize("value", [None, "", "  ", "two\nlines", "schlüssel"])
def test_a_credential_that_is_not_there_is_said_by_its_name(
    tmp_path: Path, stub: Stub, monkeypatch: pytest.MonkeyPatch, value: str | None
) -> None:
    """The message names the variable, never what was in it."""
    monkeypatch.delenv("STUB_KEY", raising=False)
    if value is not None:
        monkeypatch.setenv("STUB_KEY", value)
    endpoint = Endpoint(
        url=stub.url,
        request={"text": "{prompt}"},
        answer="out.0.text",
        credential_env="STUB_KEY",
    )

    with pytest.raises(NotPermitted, match="STUB_KEY holds no credential"):
        run(assignment_of(tmp_path), endpoint)

    assert stub.asked == []


def test_a_hopeless_endpoint_is_refused_with_every_fault() -> None:
    """Whoever writes one should not have to find faults one at a time."""
    with pytest.raises(InvalidDocument) as caught:
        Endpoint(
            url="ftp://host/x", request={"text": "?"}, answer="a..b", credential_env="my key"
        )

    assert len(caught.value.faults) == 4


@pytest.mark.parametrize("url", ["http://me:pw@host/x", "http://me@host/x"])
def test_a_password_in_the_url_is_refused_unprinted(url: str) -> None:
    """A url is shown everywhere, so it is no place for a secret."""
    with pytest.raises(InvalidDocument, match="name a variable instead") as caught:
        Endpoint(url=url, request="{prompt}", answer="a")

    assert "pw" not in str(caught.value)


@pytest.mark.parametrize("url", ["", "host", "http://", "http://[::1", "http://h:99999/"])
def test_a_url_that_leads_nowhere_is_refused(url: str) -> None:
    """A parser raises nothing but ours."""
    with pytest.raises(InvalidDocument, match="not an endpoint"):
        Endpoint(url=url, request="{prompt}", answer="a")


def test_the_label_leaves_the_query_out() -> None:
    """Some services take a token in the query."""
    endpoint = Endpoint(url="http://host/x?token=1", request="{prompt}", answer="a")

    assert endpoint.label == "http://host/x"
