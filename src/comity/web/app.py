# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The register as a web site: addresses, languages, entity tags. No script anywhere."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp

from comity.desk.finding.download import dossiers_of
from comity.desk.finding.reporting import report_of
from comity.desk.finding.verification import verify_dossier
from comity.desk.law.duties import library
from comity.desk.log.schema import find_served
from comity.desk.register.lookout import lookout_of
from comity.desk.register.problem import to_problem
from comity.errors import ComityError
from comity.files.dossier import from_bytes
from comity.kernel.instant import Instant
from comity.node.clock import read_clock
from comity.node.node import Node
from comity.node.serving.server import log_routes
from comity.web import (
    consultation,
    cooperation,
    council,
    diversify,
    exposure,
    instrument,
    leverage,
    pages,
    programme,
    reply,
)
from comity.web.feed import feed_routes
from comity.web.language import TAGS, negotiate
from comity.web.render import STATIC, Address, Page, load_renderer
from comity.web.report import POLICY, render_report
from comity.web.site import Asked, Site

_log = logging.getLogger(__name__)

_MAX_FORM_BYTES = 64 * 1024

_PAGES: tuple[tuple[str, pages.Make], ...] = (
    ("", pages.systems),
    ("systems/{system}", pages.system),
    ("systems/{system}/duties", pages.system_duties),
    ("findings/{finding}", pages.finding),
    ("members", pages.members),
    ("members/{member}", pages.member),
    ("statements/{origin:path}/{index:int}", pages.statement),
    ("determine", pages.determine),
    ("council", council.council),
    ("council/proposals/{proposal}", council.proposal),
    ("council/rules", council.rules),
    ("council/rules/{rule}", council.rule),
    ("council/bodies", council.bodies),
    ("council/bodies/{body}", council.body),
    ("council/power", council.power),
    ("cooperation", cooperation.cooperation),
    ("exposure", exposure.exposures),
    ("exposure/{state}", exposure.exposure),
    ("exposure/{state}/scenarios/{scenario}", exposure.scenario),
    ("exposure/{state}/diversify", diversify.diversify),
    ("exposure/{state}/leverage", leverage.leverage),
    ("instruments", instrument.instruments),
    ("instruments/{instrument}", instrument.instrument),
    ("consultations", consultation.consultations),
    ("consultations/{consultation}", consultation.consultation),
    ("programmes", programme.programmes),
    ("programmes/{programme}", programme.programme),
)

_WITHOUT_LANGUAGE = (
    "systems", "findings", "members", "statements", "determine", "feeds", "council",
    "instruments", "consultations", "programmes", "exposure", "cooperation",
)  # fmt: skip

_Answer = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Door:
    """One page in one language, as HTML or as JSON."""

    site: Site
    tag: str
    make: pages.Make
    as_json: bool

    async def answer(self, request: Request) -> Response:
        asked = await _asked(request, self.tag)
        return await run_in_threadpool(self._answer, request, asked)

    def _answer(self, request: Request, asked: Asked) -> Response:
        try:
            return self._page(request, asked)
        except ComityError as error:
            if self.as_json:
                problem = to_problem(error)
                return reply.json(problem, status=problem.status, problem=True)
            return _error_page(self.site, request, self.tag, error)

    def _page(self, request: Request, asked: Asked) -> Response:
        register = self.site.lookout.register()
        etag = reply.to_etag(
            register.state,
            register.view.as_of.isoformat(),
            self.site.renderer.version,
            library().digest.hex(),
            str(request.url),
        )
        if request.method != "POST" and reply.is_fresh(
            request.headers.get("if-none-match", ""), etag
        ):
            return reply.not_modified(etag)
        page = self.make(register, asked)
        etag = etag if request.method != "POST" and page.status == 200 else ""
        if self.as_json:
            return reply.json(page.sheet, status=page.status, etag=etag)
        text = _text(self.site, page, self.tag, request)
        return reply.html(text, status=page.status, etag=etag, tag=self.tag)


def create_app(
    node: Node,
    *,
    api: ASGIApp | None = None,
    clock: Callable[[], Instant] = read_clock,
) -> Starlette:
    """Serve a node: its log's bytes, its register, and the programming interface if given.

    Args:
        api: `comity.api.app.create_api(node)`; the two edges do not know each other.
    """
    mounted = [] if api is None else [Mount("/api", api)]
    site = Site(
        lookout=lookout_of(node, clock),
        renderer=load_renderer(),
        dossiers=dossiers_of(node),
        has_api=api is not None,
    )
    return build(site, routes=[*log_routes(node, clock), *mounted])


def build(site: Site, routes: Sequence[BaseRoute] = ()) -> Starlette:
    """Build the site of a register; *routes* come first (the log's bytes, the API)."""
    return Starlette(
        routes=[
            *routes,
            Route("/static/{name}", _static(site), middleware=[Middleware(GZipMiddleware)]),
            Route("/dossiers/{finding}.json", _dossier(site)),
            Route("/schemas/{kind}/v1", _schema, middleware=[Middleware(GZipMiddleware)]),
            *(
                Route(
                    f"/{tag}/findings/{{finding}}/report",
                    _report(site, tag),
                    middleware=[Middleware(GZipMiddleware)],
                )
                for tag in TAGS
            ),
            *feed_routes(site),
            *_page_routes(site),
            Route("/{rest:path}", _redirect(site)),
        ],
        middleware=[Middleware(reply.SecureHeaders)],
        exception_handlers={HTTPException: _http_error(site), Exception: _failure(site)},
    )


def _page_routes(site: Site) -> Sequence[BaseRoute]:
    routes: list[BaseRoute] = []
    for tag in TAGS:
        for path, make in _PAGES:
            for as_json in (True, False):
                suffix = ".json" if as_json else ""
                name = path or ("index" if as_json else "")
                door = _Door(site=site, tag=tag, make=make, as_json=as_json)
                methods = ["GET", "POST"] if path == "determine" else ["GET"]
                routes.append(
                    Route(
                        f"/{tag}/{name}{suffix}",
                        door.answer,
                        methods=methods,
                        middleware=[Middleware(GZipMiddleware)],
                    )
                )
    return routes


async def _asked(request: Request, tag: str) -> Asked:
    form = None
    if request.method == "POST":
        form = _pairs(await _body(request))
    return Asked(
        tag=tag,
        parts={name: str(value) for name, value in request.path_params.items()},
        query=_pairs(request.url.query),
        form=form,
        base=str(request.base_url).rstrip("/"),
    )


async def _body(request: Request) -> str:
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _MAX_FORM_BYTES:
            raise HTTPException(413)
    return body.decode("utf-8", errors="replace")


def _pairs(text: str) -> Sequence[tuple[str, str]]:
    try:
        return parse_qsl(text, keep_blank_values=True, max_num_fields=2000)
    except ValueError:
        return ()


def _text(site: Site, page: Page, tag: str, request: Request) -> str:
    offers = {"has_dossier": site.dossiers is not None, "has_api": site.has_api}
    page = replace(page, more={**page.more, **offers})
    return site.renderer.render(page, tag, _address(request, tag))


def _address(request: Request, tag: str) -> Address:
    path = request.url.path
    inside = path.removeprefix(f"/{tag}/") if path.startswith(f"/{tag}/") else ""
    return Address(path=inside, query=request.url.query, base=str(request.base_url))


def _static(site: Site) -> _Answer:
    async def answer(request: Request) -> Response:
        name = request.path_params["name"]
        if name not in STATIC:
            raise HTTPException(404)
        headers = {"Cache-Control": "public, max-age=31536000, immutable"}
        return Response(site.renderer.static[name], 200, headers, STATIC[name])

    return answer


def _dossier(site: Site) -> _Answer:
    """Serve a finding as one file; no language, no page, the same bytes for everybody."""

    def made(finding: str) -> bytes:
        held = site.lookout.register().findings.get(finding)
        if held is None or site.dossiers is None:
            raise HTTPException(404)
        return site.dossiers(held.entry.reference)

    async def answer(request: Request) -> Response:
        finding = request.path_params["finding"]
        try:
            encoded = await run_in_threadpool(made, finding)
        except ComityError as error:
            return _error_page(site, request, _tag_of(request), error)
        name = f"finding-{finding[:12]}.dossier.json"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(encoded, 200, headers, "application/json")

    return answer


async def _schema(request: Request) -> Response:
    """Serve what statements of a kind must say; the same bytes from every node."""
    schema = find_served(request.path_params["kind"])
    if schema is None:
        raise HTTPException(404)
    headers = {"Cache-Control": "public, max-age=86400", "Access-Control-Allow-Origin": "*"}
    return Response(schema.encoded, 200, headers, "application/schema+json")


def _report(site: Site, tag: str) -> _Answer:
    """Serve a finding's report: its dossier verified here and now, as one page to print."""

    def made(finding: str) -> str:
        held = site.lookout.register().findings.get(finding)
        if held is None or site.dossiers is None:
            raise HTTPException(404)
        verified = verify_dossier(from_bytes(site.dossiers(held.entry.reference)))
        return render_report(site.renderer, report_of(verified), tag)

    async def answer(request: Request) -> Response:
        try:
            text = await run_in_threadpool(made, request.path_params["finding"])
        except ComityError as error:
            return _error_page(site, request, tag, error)
        page = reply.html(text, tag=tag)
        page.headers["Content-Security-Policy"] = POLICY
        return page

    return answer


def _redirect(_site: Site) -> _Answer:
    async def answer(request: Request) -> Response:
        rest = request.path_params["rest"]
        if rest and rest.split("/", maxsplit=1)[0].split(".")[0] not in _WITHOUT_LANGUAGE:
            raise HTTPException(404)
        tag = negotiate(request.headers.get("accept-language", ""))
        query = f"?{request.url.query}" if request.url.query else ""
        headers = {"Vary": "Accept-Language", "Cache-Control": "no-cache"}
        return RedirectResponse(f"/{tag}/{rest}{query}", 302, headers)

    return answer


def _http_error(site: Site) -> Callable[[Request, Exception], Awaitable[Response]]:
    async def answer(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        return _status_page(site, request, _tag_of(request), status)

    return answer


def _failure(site: Site) -> Callable[[Request, Exception], Awaitable[Response]]:
    async def answer(request: Request, error: Exception) -> Response:
        _log.error("a page failed: %s", request.url.path, exc_info=error)
        return _status_page(site, request, _tag_of(request), 500)

    return answer


def _tag_of(request: Request) -> str:
    first = request.url.path.split("/")[1]
    return first if first in TAGS else negotiate(request.headers.get("accept-language", ""))


def _error_page(site: Site, request: Request, tag: str, error: ComityError) -> Response:
    problem = to_problem(error)
    return _status_page(site, request, tag, problem.status, error)


def _status_page(
    site: Site, request: Request, tag: str, status: int, error: ComityError | None = None
) -> Response:
    page = Page(
        template="error.html",
        section="",
        sheet=None,
        status=status,
        more={
            "status": status,
            "detail": "" if error is None else error.message,
            "hint": "" if error is None else error.hint,
        },
    )
    text = _text(site, page, tag, request)
    return reply.html(text, status=status, tag=tag)
