# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Answer with bytes: not again where the reader has them, a part where it asks for a part.

Source:
    RFC 9110, sections 8.8 (validators), 13 (conditions), 14 (ranges).
"""

import gzip
import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import formatdate, parsedate_to_datetime

from starlette.requests import Request
from starlette.responses import Response

from comity.kernel.digest import sha256

FRESH = "no-cache"
FOREVER = "public, max-age=31536000, immutable"
_RANGE = re.compile(r"bytes=([0-9]{0,12})-([0-9]{0,12})")
_GZIP_LEVEL = 5
_WORTH_PACKING_BYTES = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What is to be sent, whole.

    Args:
        modified_s: When it was written, seconds since 1970; None where that says nothing.
        may_pack: Whether gzip makes it smaller.
    """

    encoded: bytes
    media_type: str
    cache: str = FRESH
    modified_s: int | None = None
    may_pack: bool = False

    @property
    def tag(self) -> str:
        """Return the strong entity tag of the bytes as they are."""
        return f'"{sha256(self.encoded).hex()[:32]}"'


def answer(request: Request, content: Content) -> Response:
    """Answer a GET or HEAD as its conditions ask."""
    headers = _headers(content)
    if _is_held(request.headers, content):
        return Response(status_code=304, headers=headers)
    encoded = content.encoded
    asked = request.headers.get("range", "")
    if asked and _may_range(request.headers, content):
        part = _part(asked, len(encoded))
        if part is None:
            headers["content-range"] = f"bytes */{len(encoded)}"
            return Response(status_code=416, headers=headers)
        if part != range(len(encoded)):
            headers["content-range"] = f"bytes {part.start}-{part.stop - 1}/{len(encoded)}"
            return Response(encoded[part.start : part.stop], 206, headers)
    if content.may_pack and len(encoded) > _WORTH_PACKING_BYTES and _takes_gzip(request):
        encoded = gzip.compress(encoded, _GZIP_LEVEL, mtime=0)
        headers["content-encoding"] = "gzip"
        headers["etag"] = f"W/{content.tag}"
    return Response(encoded, 200, headers)


def _headers(content: Content) -> dict[str, str]:
    headers = {
        "content-type": content.media_type,
        "cache-control": content.cache,
        "etag": content.tag,
        "accept-ranges": "bytes",
        "x-content-type-options": "nosniff",
    }
    if content.modified_s is not None:
        headers["last-modified"] = formatdate(content.modified_s, usegmt=True)
    if content.may_pack:
        headers["vary"] = "Accept-Encoding"
    return headers


def _is_held(headers: Mapping[str, str], content: Content) -> bool:
    held = headers.get("if-none-match", "")
    if held:
        tags = {one.strip().removeprefix("W/") for one in held.split(",")}
        return content.tag in tags or "*" in tags
    since = _seconds(headers.get("if-modified-since", ""))
    return since is not None and content.modified_s is not None and content.modified_s <= since


def _may_range(headers: Mapping[str, str], content: Content) -> bool:
    only_if = headers.get("if-range", "")
    if not only_if or only_if == content.tag:
        return True
    return content.modified_s is not None and _seconds(only_if) == content.modified_s


def _part(asked: str, length: int) -> range | None:
    """Return the one range asked for, everything where it cannot be read, None beyond."""
    found = _RANGE.fullmatch(asked.replace(" ", ""))
    if found is None or not (found[1] or found[2]):
        return range(length)
    if not found[1]:
        last = min(int(found[2]), length)
        return range(length - last, length) if last else None
    start = int(found[1])
    stop = min(int(found[2]) + 1, length) if found[2] else length
    if start >= length:
        return None
    return range(start, stop) if start < stop else range(length)


def _takes_gzip(request: Request) -> bool:
    for one in request.headers.get("accept-encoding", "").lower().split(","):
        name, _, weight = one.strip().partition(";")
        if name.strip() == "gzip":
            return weight.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return False


def _seconds(text: str) -> int | None:
    if not text:
        return None
    try:
        return int(parsedate_to_datetime(text).timestamp())
    except (ValueError, TypeError, OverflowError):
        return None
