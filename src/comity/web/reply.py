# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Answers over HTTP: entity tags, problem documents, and headers that allow no script."""

import hashlib
from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter
from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SECURITY: Mapping[str, str] = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

_CACHE = "public, max-age=0, must-revalidate"


class SecureHeaders:
    """Adds the security headers to every answer, those of mounted parts included."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and complete the headers of its answer."""

        async def complete(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, complete if scope["type"] == "http" else send)


def to_etag(*parts: str) -> str:
    """Return the entity tag of a page that is a function of these parts."""
    return f'"{hashlib.sha256(chr(10).join(parts).encode()).hexdigest()[:24]}"'


def is_fresh(if_none_match: str, etag: str) -> bool:
    """Tell whether the reader holds that very page.

    Source:
        RFC 9110, section 13.1.2.
    """
    held = {one.strip().removeprefix("W/") for one in if_none_match.split(",")}
    return etag in held or "*" in held


def not_modified(etag: str) -> Response:
    """Answer that nothing changed."""
    return Response(status_code=304, headers={"ETag": etag, "Cache-Control": _CACHE})


def html(text: str, *, status: int = 200, etag: str = "", tag: str = "") -> Response:
    """Answer with a page."""
    headers = {"Cache-Control": _CACHE, "Content-Language": tag}
    if etag:
        headers["ETag"] = etag
    return Response(text, status, headers, "text/html; charset=utf-8")


def json(value: Any, *, status: int = 200, etag: str = "", problem: bool = False) -> Response:
    """Answer with a plain value as JSON, or as a problem document."""
    kind = "application/problem+json" if problem else "application/json"
    headers = {"Cache-Control": _CACHE, "Access-Control-Allow-Origin": "*"}
    if etag:
        headers["ETag"] = etag
    encoded = TypeAdapter(type(value)).dump_json(value)
    return Response(encoded, status, headers, kind)
