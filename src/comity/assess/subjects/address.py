# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Where questions are posted, and the lines that stand above each: written once, sent often."""

import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

_PORTS = {"http": 80, "https": 443}
_TOKEN = re.compile(r"[!#-'*+.^-z|~A-Z0-9-]+")
_FRAMING = frozenset({"content-length", "transfer-encoding"})
"""What says where a question ends is ours to write."""

_SAFE = "/%:@!$&'()*+,;=~?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """One place on the net.

    Args:
        host: Name or number; never in brackets.
        is_secure: TLS, with the certificate checked against the name.
        head: The lines above a body, up to its length; a credential may stand in them.
    """

    host: str
    port: int
    is_secure: bool
    head: bytes = field(repr=False)

    def request(self, body: bytes) -> bytes:
        """Return the bytes of one question."""
        return b"%s%d\r\n\r\n%s" % (self.head, len(body), body)


def address_of(url: str, headers: Mapping[str, str]) -> Address:
    """Return where a url leads, with what is said there beside each question.

    Args:
        url: One in which `url_faults` finds nothing.
        headers: As above with `header_faults`; they may replace what we say of ourselves.
    """
    parts = urlsplit(url)
    host = _ascii(parts.hostname or "")
    port = parts.port or _PORTS[parts.scheme]
    shown = f"[{host}]" if ":" in host else host
    said = {
        "host": ("Host", shown if port == _PORTS[parts.scheme] else f"{shown}:{port}"),
        "user-agent": ("User-Agent", "Python/{}.{}".format(*sys.version_info)),
        "accept": ("Accept", "*/*"),
        **{name.lower(): (name, value) for name, value in headers.items()},
    }
    lines = [
        f"POST {_target(parts.path or '/', parts.query)} HTTP/1.1",
        *(f"{name}: {value}" for name, value in said.values()),
        "Content-Length: ",
    ]
    return Address(
        host=host,
        port=port,
        is_secure=parts.scheme == "https",
        head="\r\n".join(lines).encode(),
    )


def url_faults(url: str) -> Iterator[str]:
    """Say what keeps a text from being where questions are posted."""
    try:
        parts = urlsplit(url)
        is_usable = parts.scheme in _PORTS and bool(_ascii(parts.hostname or ""))
        is_usable = is_usable and parts.port != 0
        has_secret = parts.username is not None or parts.password is not None
    except ValueError:
        is_usable, has_secret = False, False
    if has_secret:
        yield "the url holds a user name or password; name a variable instead"
    elif not is_usable:
        yield "the url is not like http://host:port/path"


def header_faults(headers: Mapping[str, str]) -> Iterator[str]:
    """Say what keeps headers from standing above a question."""
    for name, value in headers.items():
        if not _TOKEN.fullmatch(name) or not value.isprintable():
            yield f"{name[:40]!r} is no header of one line"
        elif name.lower() in _FRAMING:
            yield f"the header {name} is written here, from the question itself"


def _target(path: str, query: str) -> str:
    target = quote(path, safe=_SAFE)
    return f"{target}?{quote(query, safe=_SAFE)}" if query else target


def _ascii(host: str) -> str:
    """Return a host's name as it is looked up (RFC 3490).

    Raises:
        ValueError: It has no such form.
    """
    name = host if ":" in host else host.encode("idna").decode()
    if not name.isprintable() or " " in name:
        raise ValueError(host)
    return name
