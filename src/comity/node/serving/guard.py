# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What stands before every answer: who asks, by which name, how often, how much.

One layer around the whole application. It refuses names this node does not answer to (a page
elsewhere could point its own name here), wrong signatures, too many and too large requests;
it notes each request for the metrics and the access log.
"""

import asyncio
import json
import math
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from comity.errors import VerificationFailed
from comity.kernel.ids import MemberId, Origin
from comity.node.fetch.settings import HttpSettings, find_address
from comity.node.fetch.signature import Received, RequestChecker
from comity.node.serving.limit import Limit, to_visitor

MEMBER = "comity.member"
"""Where in a request's scope stands which member asks, or None."""

MAX_BODY_BYTES = 1024 * 1024
MAX_HEAD_BYTES = 32 * 1024
_BODY_WAIT_S = 20.0
_BAD_SIGNATURE_WEIGHT = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One request and what became of it.

    Args:
        area: What it asked for: the first part of the path where that is one of ours.
        duration_s: Until the last byte of the answer was handed on.
        address: The visitor's address; not to be kept without need.
    """

    method: str
    area: str
    path: str
    status: int
    duration_s: float
    sent_bytes: int
    member: MemberId | None
    address: str


Note: TypeAlias = Callable[[Seen], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """By what a guard judges.

    Args:
        checker: Tells which member asks.
        note: Is told of each request, once it is over.
    """

    settings: HttpSettings
    origin: Origin
    checker: RequestChecker
    note: Note = lambda _seen: None


class Guard:
    """Stands before an application."""

    def __init__(
        self, app: ASGIApp, rules: Rules, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._app = app
        self._rules = rules
        self._clock = clock
        settings = rules.settings
        self._by_address = Limit(settings.requests_a_minute)
        self._by_member = Limit(settings.member_requests_a_minute)
        self._names = answered_names(settings, rules.origin)
        self._share = max(1, settings.requests_at_once // 2)  # one visitor is never all
        self._inside: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Judge a request, and pass it on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answer = _Answer(send)
        start = self._clock()
        scope[MEMBER] = None
        visitor = to_visitor(_address(scope))
        self._inside[visitor] += 1
        try:
            await self._judge(scope, receive, answer)
        finally:
            self._inside[visitor] -= 1
            if not self._inside[visitor]:
                del self._inside[visitor]
            self._rules.note(
                Seen(
                    method=scope["method"],
                    area=area_of(scope["path"]),
                    path=scope["path"],
                    status=answer.status,
                    duration_s=self._clock() - start,
                    sent_bytes=answer.sent_bytes,
                    member=scope[MEMBER],
                    address=_address(scope),
                )
            )

    async def _judge(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not self._answers_to(scope):
            await _refuse(send, 421, "this node does not answer to that name")
        elif _head_bytes(scope) > MAX_HEAD_BYTES:
            await _refuse(send, 431, f"a request's head has at most {MAX_HEAD_BYTES} bytes")
        elif self._inside.total() > self._rules.settings.requests_at_once:
            await _refuse(send, 503, "too many requests at once", wait_s=1)
        elif self._inside[to_visitor(_address(scope))] > self._share:
            await _refuse(send, 429, "too many of your requests at once", wait_s=1)
        else:
            await self._take_in(scope, receive, send)

    async def _take_in(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            async with asyncio.timeout(_BODY_WAIT_S):
                body = await _body(scope, receive)
        except TimeoutError:
            await _refuse(send, 408, f"the body took longer than {_BODY_WAIT_S:g} seconds")
            return
        if body is None:
            await _refuse(send, 413, f"a request has at most {MAX_BODY_BYTES} bytes")
            return
        await self._identify(scope, body, receive, send)

    async def _identify(self, scope: Scope, body: bytes, receive: Receive, send: Send) -> None:
        visitor = to_visitor(_address(scope))
        try:
            member = await self._member(scope, body)
        except VerificationFailed as error:
            self._by_address.take(visitor, self._clock(), weight=_BAD_SIGNATURE_WEIGHT)
            await _refuse(send, 401, error.message, code=error.code, hint=error.hint)
            return
        scope[MEMBER] = member
        if member is None:
            wait_s = self._by_address.take(visitor, self._clock())
        else:
            wait_s = self._by_member.take(member, self._clock())
        if wait_s:
            await _refuse(send, 429, "this node has answered you enough for now", wait_s=wait_s)
            return
        await self._app(scope, _replay(body, receive), send)

    async def _member(self, scope: Scope, body: bytes) -> MemberId | None:
        fields = [
            (name.decode("latin-1").lower(), value.decode("latin-1"))
            for name, value in scope["headers"]
        ]
        if not any(name.startswith("signature") for name, _ in fields):
            return None
        received = Received(
            method=scope["method"], url=_url(scope, fields), fields=fields, body=body
        )
        return await run_in_threadpool(self._rules.checker.check, received)

    def _answers_to(self, scope: Scope) -> bool:
        hosts = [value for name, value in scope["headers"] if name.lower() == b"host"]
        if len(hosts) != 1:
            return False
        name = _host_name(hosts[0].decode("latin-1"))
        return name in self._names or find_address(name) is not None


class _Answer:
    """Passes an answer on and counts it."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.status = 0
        self.sent_bytes = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
        self.sent_bytes += len(message.get("body", b""))
        await self._send(message)


def answered_names(settings: HttpSettings, origin: Origin) -> frozenset[str]:
    """Return the names a node answers to; it also answers to any IP address."""
    own = origin.partition("/")[0].partition(":")[0].lower()
    return frozenset({"localhost", own, *(name.rstrip(".") for name in settings.hosts)})


AREAS = frozenset(
    {
        "checkpoint", "tile", "blob", "history", "keyset", "transport-key", "receipt-key",
        "mirrors", "add-checkpoint", "api", "static", "dossiers", "feeds", "health",
    }
)  # fmt: skip


def area_of(path: str) -> str:
    """Return what a path asks for, one of a fixed few words."""
    first = path.split("/")[1] if path.startswith("/") else ""
    return first if first in AREAS else "page"


def _head_bytes(scope: Scope) -> int:
    fields = sum(len(name) + len(value) + 4 for name, value in scope["headers"])
    return fields + len(scope.get("raw_path", b"")) + len(scope.get("query_string", b""))


def _host_name(host: str) -> str:
    if host.startswith("["):
        return host[1:].partition("]")[0].lower()
    return host.partition(":")[0].rstrip(".").lower()


def _address(scope: Scope) -> str:
    client = scope.get("client")
    return "" if client is None else str(client[0])


def _url(scope: Scope, fields: list[tuple[str, str]]) -> str:
    host = next((value for name, value in fields if name == "host"), "")
    raw = scope.get("raw_path") or scope["path"].encode()
    path = raw.partition(b"?")[0].decode("latin-1")
    query = scope.get("query_string", b"").decode("latin-1")
    return f"{scope.get('scheme', 'http')}://{host}{path}{'?' if query else ''}{query}"


async def _body(scope: Scope, receive: Receive) -> bytes | None:
    """Return the body, or None where it is too large."""
    stated = next(
        (value for name, value in scope["headers"] if name == b"content-length"), b"0"
    )
    if not stated.isdigit() or int(stated) > MAX_BODY_BYTES:
        return None
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > MAX_BODY_BYTES:
            return None
        if message["type"] != "http.request" or not message.get("more_body", False):
            return bytes(body)


def _replay(body: bytes, receive: Receive) -> Receive:
    """Hand on a body that was read already, then whatever follows it."""
    is_read = False

    async def again() -> Message:
        nonlocal is_read
        if is_read:
            return await receive()
        is_read = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


async def _refuse(
    send: Send,
    status: int,
    detail: str,
    *,
    code: str = "node.refused",
    hint: str = "",
    wait_s: float = 0.0,
) -> None:
    """Answer with a problem document.

    Source:
        RFC 9457; RFC 6585 section 4 for 429; RFC 9110 section 15.5.20 for 421.
    """
    problem = {
        "type": f"https://comity.example/problems/{code}",
        "title": "The request is refused",
        "status": status,
        "detail": detail,
        "code": code,
        "hint": hint,
    }
    headers = [
        (b"content-type", b"application/problem+json"),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
    ]
    if wait_s:
        headers.append((b"retry-after", str(math.ceil(wait_s)).encode()))
    if status in {408, 413}:
        headers.append((b"connection", b"close"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(problem).encode()})
