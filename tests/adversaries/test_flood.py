# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Huge and endless answers, and answers all as long as they may be: what they cost a tester.

Eighteen ways to lie byte by byte are in tests/unit/assess/subjects/test_hostile.py, the disk
beside its forecast in tests/unit/assess/run/test_forecast.py; here are twins without a bound,
and memory.
"""

import asyncio
import tracemalloc
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from tests.fakes.subject import Stub, assignment_of, design_of, says

from comity.assess.run.forecast import Price, Terms, forecast
from comity.assess.run.runner import run
from comity.assess.subjects.function import Function
from comity.assess.subjects.subject import GREETING, Limits, ask_within
from comity.evidence.statistics.design import Verdict
from comity.evidence.transcript import Missing

CAP = 2_000
LIMITS = Limits(timeout_s=20, max_answer_bytes=CAP)
PART = b" " * 65_536
ENOUGH = 64 * len(PART)
"""Where the twin is stopped, because nothing else would stop it."""


async def endless(request: web.Request, prompt: str) -> web.StreamResponse:
    """Begin an answer and never end it."""
    if prompt == GREETING:
        return await says("hello")(request, prompt)
    reply = web.StreamResponse()
    await reply.prepare(request)
    while True:
        await reply.write(PART)
        await asyncio.sleep(0)


async def unbounded(url: str) -> int:
    """Read an answer to its end, as a client does that bounds only the time: the twin."""
    received = bytearray()
    async with aiohttp.ClientSession() as client, client.post(url, json={"text": "q"}) as reply:
        async for chunk in reply.content.iter_any():
            received += chunk
            if len(received) >= ENOUGH:
                break
    return len(received)


def test_an_endless_answer_is_hung_up_on(stub: Stub) -> None:
    """Within a few times the cap, long before the time is up."""
    stub.behaviour = endless

    async def work() -> str | Missing:
        async with stub.endpoint.open(LIMITS, 1) as session:
            return await ask_within(session, "question", LIMITS)

    assert asyncio.run(work()) is Missing.OVERSIZE


def test_the_twin_that_reads_to_the_end_reads_two_thousand_times_the_cap(stub: Stub) -> None:
    """It would go on as long as its time lasts: gigabytes a question."""
    stub.behaviour = endless

    assert asyncio.run(unbounded(stub.url)) >= 2_000 * CAP


def test_a_test_of_an_endless_service_ends_with_its_verdict(stub: Stub, tmp_path: Path) -> None:
    """Three failures decide it, and nothing of the flood is kept."""
    stub.behaviour = endless
    assignment = assignment_of(tmp_path, limits=LIMITS)

    result = run(assignment, stub.endpoint)

    assert result.outcomes[0].verdict is Verdict.NOT_SHOWN
    assert {record.answer for record in result.records} == {Missing.OVERSIZE}
    assert assignment.transcript.stat().st_size < 40_000


def flooded(folder: Path, cap: int, flood: str) -> tuple[int, int]:
    """Run where every answer is a flood; return bytes held at the end, and at most."""
    folder.mkdir()
    assignment = assignment_of(folder, limits=Limits(timeout_s=20, max_answer_bytes=cap))
    anew = Function(call=lambda _: flood[:-1] + flood[-1:])
    tracemalloc.start()
    try:
        result = run(assignment, anew)
        assert result.is_finished
        return tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("sign", ["x", "\u0001", "\u4e2d"])
def test_memory_stays_below_what_the_disk_was_forecast_to_hold(
    tmp_path: Path, sign: str
) -> None:
    """Every answer exactly as long as it may be; the whole run holds no more than its file."""
    cap = 40_000
    terms = Terms(
        latency_s=0,
        width=16,
        interval_s=0,
        prompt_bytes=10,
        answer_bytes=cap,
        price=Price(),
    )
    bound = forecast({"road": design_of()}, {}, terms).disk_bytes

    _, most = flooded(tmp_path / "run", cap, sign * (cap // len(sign.encode())))

    assert most <= bound


def test_the_twin_without_a_cap_holds_what_it_is_sent(tmp_path: Path) -> None:
    """Fifty times the cap is fifty times the memory, question after question."""
    flood = "x" * (50 * CAP)

    flooded(tmp_path / "first", CAP, flood)  # what is loaded once is not counted
    kept, _ = flooded(tmp_path / "capped", CAP, flood)
    held, _ = flooded(tmp_path / "open", len(flood), flood)

    assert held > 8 * len(flood)
    assert held > 8 * kept
