# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The `[http]` section of node.toml: whom this node asks, whom it answers, how much."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import TypeAlias, TypeVar

from comity.kernel.fields import Fields

Address: TypeAlias = IPv4Address | IPv6Address

T = TypeVar("T")

_NAME = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))*\.?")
_MOST = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpSettings:
    """How a node speaks HTTP; whatever is not written down has these values.

    Args:
        allow: Addresses that may be asked although they are private, and names that may be
            asked without TLS and on any port.
        ports: Ports that may be asked besides 443.
        sign: Whether requests to peers say which member asks.
        hosts: Names this node answers to, besides IP addresses, localhost and its origin's.
        proxies: Addresses (or networks) whose word about the visitor's address is taken.
        certificate: PEM file with this node's certificate and its chain; "" behind a proxy.
        key: PEM file with the certificate's key.
        requests_a_minute: What one address may ask.
        member_requests_a_minute: What one followed member may ask, in signed requests.
        requests_at_once: How many requests are answered at a time.
        log_addresses: Whether the access log names visitors' addresses.
    """

    allow: tuple[str, ...] = ()
    ports: tuple[int, ...] = ()
    sign: bool = True
    hosts: tuple[str, ...] = ()
    proxies: tuple[str, ...] = ()
    certificate: str = ""
    key: str = ""
    requests_a_minute: int = 1200
    member_requests_a_minute: int = 60_000
    requests_at_once: int = 64
    log_addresses: bool = False


DEFAULT = HttpSettings()


def from_fields(fields: Fields) -> HttpSettings:
    """Read the section, noting every fault in *fields*."""

    def read(name: str, reader: Callable[[str], T], default: T) -> T:
        return reader(name) if fields.has(name) else default

    def count(name: str, default: int) -> int:
        return read(name, lambda one: fields.integer(one, low=1, high=_MOST), default)

    settings = HttpSettings(
        allow=read("allow", fields.texts, ()),
        ports=read("ports", fields.integers, ()),
        sign=read("sign", fields.flag, DEFAULT.sign),
        hosts=read("hosts", fields.texts, ()),
        proxies=read("proxies", fields.texts, ()),
        certificate=read("certificate", fields.text, ""),
        key=read("key", fields.text, ""),
        requests_a_minute=count("requests_a_minute", DEFAULT.requests_a_minute),
        member_requests_a_minute=count(
            "member_requests_a_minute", DEFAULT.member_requests_a_minute
        ),
        requests_at_once=count("requests_at_once", DEFAULT.requests_at_once),
        log_addresses=read("log_addresses", fields.flag, DEFAULT.log_addresses),
    )
    _check(settings, fields)
    return settings


def _check(settings: HttpSettings, fields: Fields) -> None:
    for name, texts in (("allow", settings.allow), ("hosts", settings.hosts)):
        for text in texts:
            if not is_host(text):
                fields.fault(name, f"names {text!r}, which is no address and no name")
    for text in settings.proxies:
        try:
            ip_network(text)
        except ValueError:
            fields.fault(
                "proxies", f"names {text!r}, which is neither an address nor a network"
            )
    for port in settings.ports:
        if not 1 <= port <= 65_535:
            fields.fault("ports", f"lists {port}, which is no port")
    if bool(settings.certificate) != bool(settings.key):
        fields.fault("certificate", "and key go together: give both, or neither")
    for unknown in fields.rest():
        fields.fault(unknown, "is no setting of this section")


def is_host(text: str) -> bool:
    """Tell whether a text is an IP address or a host name in lower case."""
    return find_address(text) is not None or (
        len(text) <= 253 and _NAME.fullmatch(text) is not None
    )


def find_address(text: str) -> Address | None:
    """Return the IP address a text spells, or None where it spells none."""
    try:
        return ip_address(text)
    except ValueError:
        return None
