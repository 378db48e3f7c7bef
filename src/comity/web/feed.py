# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Feeds of news in a reader's language.

Source:
    RFC 4287, Atom; RFC 5005 section 3, paged feeds; RFC 4151, tag URIs, for names that stay
    the same wherever an entry is read.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from comity.desk.register.feed import About, FeedEntry, FeedSheet, feed_sheet
from comity.desk.register.problem import to_problem
from comity.desk.register.register import Register
from comity.errors import ComityError, NotFound
from comity.web import reply
from comity.web.language import TAGS, Language
from comity.web.render import Address, Page
from comity.web.site import Asked, Site
from comity.web.text import choose, to_plain

MEDIA_TYPE = "application/atom+xml; charset=utf-8"
_NAMES = "tag:comity.example,2026"


def feed_routes(site: Site) -> list[Route]:
    """Return where the feeds stand, one for each language."""
    return [
        Route(
            f"/{tag}/feeds/{{about}}/{{name}}.atom",
            _Door(site, tag).answer,
            middleware=[Middleware(GZipMiddleware)],
        )
        for tag in TAGS
    ]


class _Door:
    """The feeds in one language."""

    def __init__(self, site: Site, tag: str) -> None:
        self._site = site
        self._tag = tag

    async def answer(self, request: Request) -> Response:
        """Answer with a page of a feed."""
        asked = Asked(
            tag=self._tag,
            parts={name: str(value) for name, value in request.path_params.items()},
            query=list(request.query_params.multi_items()),
            form=None,
            base=str(request.base_url).rstrip("/"),
        )
        return await run_in_threadpool(self._answer, request, asked)

    def _answer(self, request: Request, asked: Asked) -> Response:
        register = self._site.lookout.register()
        renderer = self._site.renderer
        etag = reply.to_etag(register.state, renderer.version, str(request.url))
        if reply.is_fresh(request.headers.get("if-none-match", ""), etag):
            return reply.not_modified(etag)
        try:
            page = feed(register, asked, renderer.languages[self._tag])
        except ComityError as error:
            problem = to_problem(error)
            return reply.json(problem, status=problem.status, problem=True)
        address = Address(path=request.url.path, query="", base=asked.base)
        text = renderer.render(page, self._tag, address).strip()
        headers = {"ETag": etag, "Cache-Control": "public, max-age=0, must-revalidate"}
        return Response(text + "\n", 200, headers, MEDIA_TYPE)


def feed(register: Register, asked: Asked, language: Language) -> Page:
    """Return a page of a feed, the newest where none is asked for."""
    about = _about(asked.parts["about"])
    number = asked.page() if asked.one("page") else None
    sheet = feed_sheet(register, about, asked.parts["name"], page=number)
    return Page(
        template="feed.xml", section="", sheet=sheet, more=_more(sheet, asked, language)
    )


def _about(word: str) -> About:
    try:
        return About(word)
    except ValueError:
        known = ", ".join(one.value for one in About)
        raise NotFound(
            f"no feed is about {word[:40]!r}", code="desk.no_feed", hint=f"there are: {known}"
        ) from None


def _more(sheet: FeedSheet, asked: Asked, language: Language) -> Mapping[str, Any]:
    tag = asked.tag
    here = f"{asked.base}/{tag}/feeds/{sheet.about.value}/{quote(sheet.id, safe='')}.atom"

    def at(number: int) -> str:
        return here if number == 0 else f"{here}?page={number}"

    return {
        "called": _called(sheet, language),
        "feed_id": f"{_NAMES}:feed/{sheet.about.value}/{quote(sheet.id, safe='')}/{tag}",
        "links": _links(sheet, is_newest=not asked.one("page")),
        "at": at,
        "page_url": asked.base + _page_of(sheet, tag),
        "stamp": _stamp,
        "entry_id": lambda one: f"{_NAMES}:entry/{one.row.sha256}",
        "entry_url": lambda one: (
            f"{asked.base}/{tag}/statements/{quote(one.row.origin)}/{one.row.index}"
        ),
        "title": lambda one, kind: _title(one, kind, tag),
    }


def _links(sheet: FeedSheet, *, is_newest: bool) -> list[tuple[str, int]]:
    """Return the links of a page; 0 stands for the address without a number."""
    links = [("self", 0 if is_newest else sheet.page), ("first", 0), ("last", 1)]
    if sheet.page < sheet.pages:
        links.append(("previous", sheet.page + 1))
    if sheet.page > 1:
        links.append(("next", sheet.page - 1))
    return links


def _called(sheet: FeedSheet, language: Language) -> str:
    if sheet.about is About.MARKET:
        return to_plain(language.market(sheet.id), 80)
    return to_plain(choose(sheet.name, language.tag).text or sheet.id[:12], 120)


def _page_of(sheet: FeedSheet, tag: str) -> str:
    if sheet.about is About.MARKET:
        return f"/{tag}/?market={quote(sheet.id, safe='')}"
    return f"/{tag}/{sheet.about.value}/{quote(sheet.id, safe='')}"


def _title(one: FeedEntry, kind: str, tag: str) -> str:
    system = "" if one.system is None else choose(one.system.name, tag).text
    parts = (kind or one.fault, system, one.by.name or one.by.id[:12])
    return " · ".join(to_plain(part, 120) for part in parts if part)


def _stamp(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
