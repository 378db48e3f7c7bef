# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Where a run stands, as one page of this machine: from memory, in numbers, without a script.

It answers to loopback names only, so that no other site's page can read it by a name that
was pointed here.
"""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from comity.assess.run.board import Row, Standing
from comity.errors import Conflict
from comity.evidence.statistics.design import Verdict
from comity.web import reply
from comity.web.render import load_bare

REFRESH_S = 2
_WORDS = {
    Verdict.SHOWN: ("shown", "good"),
    Verdict.NOT_SHOWN: ("not shown", "bad"),
    Verdict.INSUFFICIENT: ("open", "open"),
}
WIDTH, HEIGHT = 240, 96


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One category's path between the line of acceptance and that of rejection, in pixels."""

    path: str
    accepts: str
    rejects: str
    misses: tuple[tuple[int, int], ...]


def create_live(title: str, standing: Callable[[], Standing]) -> Starlette:
    """Build the page of one run.

    Args:
        title: Of the test; nothing of its items.
        standing: Says where the run stands; called once a view.
    """
    page = load_bare("live.html")

    def answer(request: Request) -> Response:
        if not _is_of_loopback(request):
            return Response("not here\n", 421, media_type="text/plain")
        now = standing()
        shown = [
            {"row": row, "word": _WORDS[row.verdict], "picture": picture_of(row)}
            for row in now.rows
        ]
        text = page.render(
            title=title,
            now=now,
            rows=shown,
            refresh_s=0 if now.is_over else REFRESH_S,
            width=WIDTH,
            height=HEIGHT,
        )
        return Response(text, headers={"Cache-Control": "no-store"}, media_type="text/html")

    def sheet(request: Request) -> Response:
        del request
        return Response(page.sheet, media_type="text/css")

    return Starlette(
        routes=[Route("/", answer), Route("/static/comity.css", sheet)],
        middleware=[Middleware(reply.SecureHeaders)],
    )


def _is_of_loopback(request: Request) -> bool:
    """Tell whether the reader called this machine by an address only it has."""
    name = urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
    try:
        return name == "localhost" or ip_address(name).is_loopback
    except ValueError:
        return False


@contextmanager
def served(host: str, port: int, title: str, standing: Callable[[], Standing]) -> Iterator[str]:
    """Serve the page beside the run, and return its address.

    Raises:
        Conflict: Another program listens there.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        try:
            bound.bind((host, port))
        except OSError as error:
            raise Conflict(
                f"cannot show a page at {host}:{port}: {error.strerror}",
                code="cli.port",
                hint="another program listens there; choose another --page",
            ) from None
        config = uvicorn.Config(
            create_live(title, standing),
            log_level="error",
            lifespan="off",
            http="h11",
            ws="none",
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, daemon=True)
        thread.start()
        while not server.started and thread.is_alive():
            time.sleep(0.01)
        shown = f"[{host}]" if ":" in host else host
        yield f"http://{shown}:{bound.getsockname()[1]}/"
        server.should_exit = True
        thread.join(timeout=5)
    finally:
        bound.close()


def picture_of(row: Row) -> Picture | None:
    """Draw a category's path, or None where its design does not count failures."""
    if not row.accepts or not row.asked:
        return None
    last = min(row.cap, max(20, row.asked + 2 * (row.to_shown or 0)))
    high = max(4, row.failed + 2, row.accepts[last] + 2)

    def x(asked: int) -> int:
        return WIDTH * asked // last

    def y(failed: int) -> int:
        return HEIGHT - HEIGHT * min(failed, high) // high

    corners = [(0, 0)]
    for count, asked in enumerate(row.misses, start=1):
        corners += [(asked - 1, count - 1), (asked, count)]
    corners.append((row.asked, row.failed))
    span = range(1, last + 1)
    return Picture(
        path=" ".join(f"{x(asked)},{y(failed)}" for asked, failed in corners),
        accepts=" ".join(f"{x(n)},{y(row.accepts[n])}" for n in span if row.accepts[n] >= 0),
        rejects=" ".join(f"{x(n)},{y(row.rejects[n])}" for n in span if row.rejects[n] <= n),
        misses=tuple((x(asked), y(count)) for count, asked in enumerate(row.misses, start=1)),
    )
