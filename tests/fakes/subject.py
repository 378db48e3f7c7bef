# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A bank of plain questions, a design, and an endpoint on loopback that misbehaves on call."""

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable
from fractions import Fraction
from pathlib import Path

from aiohttp import web

from comity.assess.run.runner import Assignment, Course
from comity.assess.subjects.endpoint import Endpoint
from comity.assess.subjects.subject import Limits
from comity.evidence.bank import Bank, Item
from comity.evidence.statistics.design import Design
from comity.kernel.digest import Digest, sha256

PLAN = sha256(b"a plan")
Behaviour = Callable[[web.Request, str], Awaitable[web.StreamResponse]]


def bank_of(*categories: str, size: int = 40) -> Bank:
    """Return a bank whose right answers are all "yes"."""
    names = [name for name in categories for _ in range(size)]
    items = (
        Item(position=n, category=name, prompt=f"{name} {n}", reference="yes", scorer="exact/1")
        for n, name in enumerate(names)
    )
    return Bank.of(items, b"k" * 32)


def design_of(size: int = 40) -> Design:
    """Accept 12 without a failure, reject 3 failures, decide at 30."""
    return Design(
        size=size,
        threshold=Fraction(9, 10),
        goal=Fraction(97, 100),
        risk=Fraction(1, 20),
        power=Fraction(9, 10),
        cap=30,
        acceptance=((12, 0), (20, 1), (30, 2)),
        rejection=((3, 3),),
    )


def course_of(bank: Bank, category: str = "road", prior: tuple[bool, ...] = ()) -> Course:
    """Draw a category in the order of its positions, from the first draw not yet made."""
    due = list(bank.commitment.positions(category))[len(prior) :]
    openings = [bank.open(position) for position in due]
    return Course(category=category, openings=openings, design=design_of(), prior=prior)


def assignment_of(
    folder: Path, *courses: Course, limits: Limits | None = None, plan: Digest = PLAN
) -> Assignment:
    """Return a test of the courses with its transcript in a folder."""
    return Assignment(
        plan_digest=plan,
        courses=courses or (course_of(bank_of("road")),),
        transcript=folder / "transcript",
        limits=limits or Limits(timeout_s=5, max_answer_bytes=2_000),
    )


class Stub:
    """An endpoint on loopback; what it does with a prompt can be set at any time."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.behaviour: Behaviour = says("yes")
        self.url = ""
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._runner: web.AppRunner | None = None

    def start(self) -> None:
        """Listen on a free port."""
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(10)

    def stop(self) -> None:
        """Stop listening, drop what is still being answered, and join the thread."""
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    @property
    def endpoint(self) -> Endpoint:
        """Return it as a subject."""
        return Endpoint(url=self.url, request={"text": "{prompt}"}, answer="out.0.text")

    async def _listen(self) -> None:
        app = web.Application()
        app.router.add_post("/ask", self._answer)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}/ask"

    async def _end(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
        late = asyncio.all_tasks() - {asyncio.current_task()}
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        prompt = json.loads(await request.read())["text"]
        self.asked.append(prompt)
        return await self.behaviour(request, prompt)


def says(text: str, after_s: float = 0) -> Behaviour:
    """Answer one text after a while."""

    async def answer(request: web.Request, prompt: str) -> web.StreamResponse:
        del request, prompt
        await asyncio.sleep(after_s)
        return web.json_response({"out": [{"text": text}]})

    return answer
