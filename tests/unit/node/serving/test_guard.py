# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What is refused at the door, and what is noted of who came."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.types import Message
from tests.unit.node.fetch.test_signature import IDENTITY, MEMBER, signer

from comity.kernel.ids import Origin
from comity.kernel.instant import from_rfc3339
from comity.node.fetch.http import Outgoing
from comity.node.fetch.settings import HttpSettings
from comity.node.fetch.signature import RequestChecker
from comity.node.serving import guard
from comity.node.serving.guard import MAX_BODY_BYTES, Guard, Rules, Seen, area_of
from comity.node.serving.guard import MEMBER as ASKER

NOW = from_rfc3339("2026-11-21T19:19:24Z")
HOSTS = HttpSettings(hosts=("testserver",))


class Ticking:
    """A clock that goes on when told to."""

    def __init__(self) -> None:
        self.at_s = 0.0

    def __call__(self) -> float:
        """Return the seconds."""
        return self.at_s


async def echo(request: Request) -> Response:
    """Say who asks, and what."""
    body = (await request.body()).decode("latin-1")
    return JSONResponse({"asker": request.scope[ASKER], "body": body[:20], "size": len(body)})


APP = Starlette(routes=[Route("/{rest:path}", echo, methods=["GET", "POST"])])


class Door:
    """A guarded application and what it noted."""

    def __init__(self, settings: HttpSettings) -> None:
        self.seen: list[Seen] = []
        self.clock = Ticking()
        self.sign = signer()
        checker = RequestChecker({MEMBER: IDENTITY}.get, clock=lambda: NOW)
        rules = Rules(
            settings=settings,
            origin=Origin("kh.example:8080/log"),
            checker=checker,
            note=self.seen.append,
        )
        self.guard = Guard(APP, rules, clock=self.clock)
        self.client = TestClient(self.guard)

    def signed(self, path: str, body: bytes = b"") -> Mapping[str, str]:
        """Return the fields of a request by a followed member."""
        method = "POST" if body else "GET"
        return self.sign(Outgoing(method=method, url=f"http://testserver{path}", body=body))


@pytest.fixture
def door() -> Door:
    """Return a door with the usual limits."""
    return Door(HOSTS)


def test_anybody_is_let_in_as_nobody(door: Door) -> None:
    """The body comes through whole, though the guard has read it."""
    assert door.client.get("/checkpoint").json() == {"asker": None, "body": "", "size": 0}
    posted = door.client.post("/add-checkpoint", content=b"x" * 70_000).json()
    assert posted == {"asker": None, "body": "x" * 20, "size": 70_000}


def test_a_member_is_let_in_by_name(door: Door) -> None:
    """What it may see and how much it may ask depends on it."""
    assert door.client.get("/a?b=c", headers=door.signed("/a?b=c")).json()["asker"] == MEMBER
    body = b"old 0\n"
    headers = door.signed("/add-checkpoint", body)
    assert door.client.post("/add-checkpoint", content=body, headers=headers).is_success
    assert [one.member for one in door.seen] == [MEMBER, MEMBER]


def test_a_wrong_signature_is_refused_with_the_reason(door: Door) -> None:
    """Not taken for nobody's: the asker should learn that its clock is wrong."""
    fields = door.signed("/a")
    refused = door.client.get("/b", headers=fields)
    assert refused.status_code == 401
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["code"] == "node.request_signature"
    assert door.client.get("/a", headers=fields).json()["asker"] == MEMBER
    assert door.client.get("/a", headers=fields).status_code == 401, "the second time"


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("testserver", 200), ("testserver:8080", 200), ("localhost:8080", 200),
        ("127.0.0.1:8080", 200), ("[::1]:8080", 200), ("[::1]", 200), ("192.0.2.1", 200),
        ("kh.example", 200), ("KH.example.", 200), ("kh.example:443", 200),
        ("evil.example", 421), ("kh.example.evil.example", 421), ("", 421),
        ("127.0.0.1.evil.example", 421), ("localhost.evil.example", 421),
    ],
)  # fmt: skip
def test_only_its_own_names_are_answered_to(door: Door, host: str, status: int) -> None:
    """DNS rebinding: a page elsewhere turns its name to this node's address."""
    assert door.client.get("/", headers={"host": host}).status_code == status


def test_too_much_is_refused_until_the_time_it_names() -> None:
    """Retry-After is true; others are not touched by it."""
    door = Door(HttpSettings(hosts=("testserver",), requests_a_minute=60))
    statuses = [door.client.get("/").status_code for _ in range(21)]
    assert statuses == [200] * 20 + [429]
    refused = door.client.get("/")
    assert refused.headers["retry-after"] == "1"
    assert door.client.get("/", headers=door.signed("/")).status_code == 200, "a member"
    door.clock.at_s += 1
    assert door.client.get("/").status_code == 200


def test_a_member_has_a_limit_too() -> None:
    """Of its own, whatever address it asks from."""
    door = Door(
        HttpSettings(hosts=("testserver",), requests_a_minute=60, member_requests_a_minute=60)
    )
    statuses = [door.client.get("/", headers=door.signed("/")).status_code for _ in range(21)]
    assert statuses == [200] * 20 + [429]
    assert door.client.get("/").status_code == 200, "its address has asked nothing"


def test_wrong_signatures_cost_more() -> None:
    """Checking them is work."""
    door = Door(HttpSettings(hosts=("testserver",), requests_a_minute=60))
    wrong = {**door.signed("/a"), "content-digest": "sha-256=:AAAA:"}
    assert [door.client.get("/a", headers=wrong).status_code for _ in range(2)] == [401, 401]
    assert door.client.get("/a").status_code == 429


@pytest.mark.parametrize("length", [MAX_BODY_BYTES + 1, 10**15])
def test_a_body_is_refused_by_its_length(door: Door, length: int) -> None:
    """Before a byte of it is read."""
    headers = {"content-length": str(length)}
    assert door.client.post("/", content=b"x", headers=headers).status_code == 413


def test_a_head_that_is_too_long_is_refused(door: Door) -> None:
    """In fields, or in the address itself."""
    assert door.client.get("/", headers={"x-long": "x" * 40_000}).status_code == 431
    assert door.client.get("/" + "x" * 40_000).status_code == 431
    assert door.client.get("/?" + "x" * 40_000).status_code == 431


def test_a_body_without_a_length_is_cut_off(door: Door) -> None:
    """Chunks may go on for ever."""

    def endless() -> Iterator[bytes]:
        while True:
            yield bytes(100_000)

    messages = ({"type": "http.request", "body": part, "more_body": True} for part in endless())
    answers = drive(door.guard, lambda: next(messages))
    assert answers[0]["status"] == 413


def test_a_body_that_does_not_come_is_not_waited_for(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who opens many requests and sends nothing holds no place for long."""
    monkeypatch.setattr(guard, "_BODY_WAIT_S", 0.05)
    never = {"type": "http.request", "body": b"", "more_body": True}
    answers = drive(door.guard, lambda: never, wait_s=0.01)
    assert answers[0]["status"] == 408


def test_no_more_are_answered_at_once_than_settled() -> None:
    """The rest are told to come again."""
    door = Door(HttpSettings(hosts=("testserver",), requests_at_once=1))
    door.guard._inside["192.0.2.1"] = 1
    refused = door.client.get("/")
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "1")
    assert door.guard._inside.total() == 1
    door.guard._inside.clear()
    assert door.client.get("/").status_code == 200


def test_what_is_noted_is_enough_for_figures(door: Door) -> None:
    """Refused requests count as well; the area is one of few."""
    door.client.get("/tile/0/000")
    door.client.get("/", headers={"host": "evil.example"})
    first, second = door.seen
    assert (first.method, first.area, first.status) == ("GET", "tile", 200)
    assert first.sent_bytes > 0
    assert (second.area, second.status) == ("page", 421)


@pytest.mark.parametrize(
    ("path", "area"),
    [("/tile/0/000", "tile"), ("/", "page"), ("", "page"), ("/x" * 99, "page"), ("*", "page")],
)
def test_every_path_has_one_of_few_areas(path: str, area: str) -> None:
    """A stranger must not fill the figures with names of its own."""
    assert area_of(path) == area


def drive(
    guard: Guard, next_message: Callable[[], Message], *, wait_s: float = 0.0
) -> list[Message]:
    """Let a guard answer one POST whose parts come from a function."""
    sent: list[Message] = []
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/",
        "headers": [(b"host", b"localhost")],
        "client": ("127.0.0.1", 1),
    }

    async def receive() -> Message:
        await asyncio.sleep(wait_s)
        return next_message()

    def send(message: Message) -> Awaitable[None]:
        sent.append(message)
        return asyncio.sleep(0)

    asyncio.run(guard(scope, receive, send))
    return sent
