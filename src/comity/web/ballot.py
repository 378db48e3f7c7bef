# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A rater's ballot as a page of this machine: one answer at a time, no script.

Each decision is written into the same CSV file before the next answer is shown. Answers are
hostile: everything is escaped, nothing may load, and a form of another site's page has not
the token. It answers to loopback names only.
"""

import hmac
import socket
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from comity.errors import ComityError, Conflict
from comity.evidence.judge.panel import Word
from comity.files.queue import Queue, get_votes, read_queue, write_votes
from comity.web import reply
from comity.web.render import Bare, load_bare

HOST = "127.0.0.1"
_MAX_FORM_BYTES = 4_096
_WORDS = {word.value: word for word in Word}


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """One rater's place.

    Args:
        folder: Of the queue.
        token: What a form of this page knows and another does not.
    """

    folder: Path
    queue: Queue
    rater: str
    token: str
    page: Bare
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def places(self) -> Mapping[str, int]:
        """Return the place behind each id, in the rater's order."""
        return self.queue.names(self.rater)

    def show(self, asked_for: str) -> Response:
        """Show one answer: the one asked for by id, else the first that is open."""
        votes = get_votes(self.folder, self.queue, self.rater)
        places = self.places
        names = tuple(places)
        still = [name for name in names if places[name] not in votes]
        name = asked_for if asked_for in places else (still[0] if still else "")
        at = names.index(name) if name else len(names)
        word = votes.get(places[name]) if name else None
        text = self.page.render(
            rater=self.rater,
            token=self.token,
            name=name,
            asked=self.queue.answers[places[name]] if name else None,
            word="" if word is None else word.value,
            before=names[at - 1] if at > 0 else "",
            after=names[at + 1] if at + 1 < len(names) else "",
            number=at + 1,
            size=len(names),
            done=len(names) - len(still),
        )
        return _page(text)

    def decide(self, form: Mapping[str, str]) -> Response:
        """Write one decision down, and lead to the next answer."""
        if not hmac.compare_digest(form.get("token", "").encode(), self.token.encode()):
            return _plain("this form is not of this page; open it again", 403)
        word = _WORDS.get(form.get("verdict", ""))
        place = self.places.get(form.get("id", ""))
        if word is None or place is None:
            return _plain("there is no such answer or verdict", 400)
        with self.lock:
            votes = get_votes(self.folder, self.queue, self.rater)
            write_votes(self.folder, self.queue, self.rater, {**votes, place: word})
        return RedirectResponse("/", 303, headers={"Cache-Control": "no-store"})


def create_ballot(folder: Path, rater: str, token: str) -> Starlette:
    """Build the page of one rater.

    Args:
        token: Random, new for each start.

    Raises:
        NotFound: There is no such queue, or no such rater.
        InvalidDocument: The ballot has faults.
    """
    queue = read_queue(folder)
    get_votes(folder, queue, rater)
    desk = Desk(
        folder=folder, queue=queue, rater=rater, token=token, page=load_bare("ballot.html")
    )

    async def answer(request: Request) -> Response:
        if not _is_of_loopback(request.headers.get("host", "")):
            return _plain("not here", 421)
        try:
            if request.method != "POST":
                return desk.show(request.query_params.get("id", ""))
            if not _is_of_here(request):
                return _plain("this form is not of this page; open it again", 403)
            form = await _form(request)
            return _plain("too long", 413) if form is None else desk.decide(form)
        except ComityError as error:
            return _plain(f"{error}\n{error.hint}", 500)

    def sheet(request: Request) -> Response:
        del request
        return Response(desk.page.sheet, media_type="text/css")

    return Starlette(
        routes=[
            Route("/", answer, methods=["GET", "POST"]),
            Route("/static/comity.css", sheet),
        ],
        middleware=[Middleware(reply.SecureHeaders)],
    )


def bind(port: int) -> socket.socket:
    """Listen on this machine's own address; port 0 is any free one.

    Raises:
        Conflict: Another program listens there.
    """
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((HOST, port))
    except OSError as error:
        bound.close()
        raise Conflict(
            f"cannot show a page at {HOST}:{port}: {error.strerror}",
            code="cli.port",
            hint="another program listens there; choose another --port",
        ) from None
    return bound


def serve(app: Starlette, bound: socket.socket) -> None:
    """Serve a page until interrupted."""
    config = uvicorn.Config(app, log_level="error", lifespan="off", http="h11", ws="none")
    with bound:
        uvicorn.Server(config).run(sockets=[bound])


async def _form(request: Request) -> dict[str, str] | None:
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _MAX_FORM_BYTES:
            return None
    try:
        found = parse_qs(body.decode("utf-8", errors="replace"), max_num_fields=8)
    except ValueError:
        return {}
    return {name: values[-1] for name, values in found.items()}


def _is_of_loopback(host: str) -> bool:
    name = urlsplit(f"//{host}").hostname or ""
    try:
        return name == "localhost" or ip_address(name).is_loopback
    except ValueError:
        return False


def _is_of_here(request: Request) -> bool:
    """Tell whether a browser says that the form stood on this page; silence is no proof."""
    origin = request.headers.get("origin", "")
    return origin in {"", "null"} or urlsplit(origin).netloc == request.headers.get("host", "")


def _page(text: str) -> Response:
    headers = {"Cache-Control": "no-store"}
    return Response(text, headers=headers, media_type="text/html")


def _plain(text: str, status: int) -> Response:
    headers = {"Cache-Control": "no-store"}
    return Response(f"{text}\n", status, headers, media_type="text/plain")
