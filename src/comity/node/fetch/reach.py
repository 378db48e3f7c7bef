# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Where a node may connect to: the public network over TLS, and what its operator named.

A peer's name is resolved once, every address it has is judged, and the connection goes to an
address that was judged: a name that turns to another address a moment later gains nothing.
"""

import re
import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_network
from typing import TypeAlias
from urllib.parse import urlsplit

from comity.errors import Fault, InvalidDocument, NotPermitted, PeerFailed
from comity.node.fetch.settings import Address, HttpSettings, find_address, is_host

Resolve: TypeAlias = Callable[[str, int], Iterable[str]]
"""Return the addresses of a name, as texts; OSError where it has none."""

_DEFAULT_PORTS = {"https": 443, "http": 80}
_ODD_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
"""The last part of 2130706433, 0x7f.1 and 0177.0.0.1, which resolvers take for addresses."""
_NAT64 = ip_network("64:ff9b::/96")
_NAT64_LOCAL = ip_network("64:ff9b:1::/48")
_RESERVED = tuple(
    ip_network(text)
    for text in (
        "100.64.0.0/10",  # shared by carriers, RFC 6598
        "192.0.0.0/24",  # protocol assignments, RFC 6890
        "192.88.99.0/24",  # relays of 6to4, RFC 7526
        "168.63.129.16/32",  # one cloud's host of metadata, in public space
        "::/96",  # IPv4 in a spelling nobody uses, RFC 4291
        "fec0::/10",  # site-local, RFC 3879
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A peer's address, taken apart.

    Args:
        path: Without a slash at the end.
    """

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """Return what the Host field says: the port only where it is not the usual one."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"


def to_place(url: str) -> Place:
    """Take an operator's address apart.

    Raises:
        InvalidDocument: It is no http(s) address, or holds what an address of a peer must not.
    """
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
        encoded = host if ":" in host else host.encode("idna").decode("ascii").lower()
    except ValueError:
        raise _no_address(url, "cannot be read") from None
    if parts.scheme not in _DEFAULT_PORTS or not host:
        raise _no_address(url, "is neither an http(s) address nor a folder")
    if parts.username is not None or parts.password is not None:
        raise _no_address(url, "holds a password; requests are signed by the member's key")
    if parts.query or parts.fragment or not parts.path.isascii() or "%" in host:
        raise _no_address(url, "holds more than a host, a port and a path")
    if port == 0 or any(ord(letter) <= 32 or ord(letter) == 127 for letter in url):
        raise _no_address(url, "cannot be read")
    if find_address(host) is None and _ODD_NUMBER.fullmatch(encoded.rsplit(".", 1)[-1]):
        raise _no_address(url, "spells an IP address in an unusual way; write it plainly")
    if not is_host(encoded):
        raise _no_address(url, "names no host")
    return Place(
        scheme=parts.scheme,
        host=encoded,
        port=_DEFAULT_PORTS[parts.scheme] if port is None else port,
        path=parts.path.rstrip("/"),
    )


def check_place(place: Place, settings: HttpSettings) -> None:
    """Check what an address says before anything is resolved.

    Raises:
        NotPermitted: No TLS, or an unusual port, and the operator did not name the host.
    """
    if _is_named(place.host, settings):
        return
    if place.scheme != "https":
        raise _refused(f"{place.host} is asked without TLS", place.host)
    if place.port not in {443, *settings.ports}:
        message = f"port {place.port} of {place.host} is not among those that may be asked"
        hint = f"if that is right, write `ports = [{place.port}]` under [http] in node.toml"
        raise NotPermitted(message, code="node.reach", hint=hint)


def resolve(place: Place, settings: HttpSettings, look_up: Resolve) -> tuple[Address, ...]:
    """Return the addresses of a peer, every one of them judged.

    Raises:
        NotPermitted: One of them is not on the public network and was not named.
        PeerFailed: The name has no address.
    """
    literal = find_address(place.host)
    try:
        texts = [place.host] if literal is not None else list(look_up(place.host, place.port))
    except (OSError, UnicodeError) as error:
        raise _unknown(place.host, str(error)) from None
    found = [find_address(text.partition("%")[0]) for text in texts]
    addresses = tuple(dict.fromkeys(one for one in found if one is not None))
    if not addresses:
        raise _unknown(place.host, "it has no address")
    for address in addresses:
        if not _may_reach(address, place.host, settings):
            raise _refused(
                f"{place.host} stands at {address}, which is not public", f"{address}"
            )
    return addresses


def look_up(host: str, port: int) -> Iterable[str]:
    """Ask the system's resolver."""
    rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(row[4][0]) for row in rows]


def is_public(address: Address) -> bool:
    """Tell whether an address belongs to the public network, whatever it is wrapped in."""
    if isinstance(address, IPv6Address):
        if address in _NAT64_LOCAL:
            return False
        inner = address.ipv4_mapped or address.sixtofour
        if address.teredo is not None:
            inner = address.teredo[1]
        if address in _NAT64:
            inner = IPv4Address(address.packed[-4:])
        if inner is not None:
            return address.ipv4_mapped is None and is_public(inner)
    if address.is_multicast or any(address in network for network in _RESERVED):
        return False
    return address.is_global


def _may_reach(address: Address, host: str, settings: HttpSettings) -> bool:
    if is_public(address) or address in map(find_address, settings.allow):
        return True
    return address.is_loopback and _is_loopback_name(host)


def _is_named(host: str, settings: HttpSettings) -> bool:
    return _is_loopback_name(host) or host in settings.allow


def _is_loopback_name(host: str) -> bool:
    address = find_address(host)
    return host == "localhost" if address is None else address.is_loopback


def _refused(message: str, name: str) -> NotPermitted:
    hint = f'if you mean it, write `allow = ["{name}"]` under [http] in your node.toml'
    return NotPermitted(message, code="node.reach", hint=hint)


def _unknown(host: str, reason: str) -> PeerFailed:
    return PeerFailed(
        f"{host} cannot be found: {reason}",
        code="node.peer",
        hint="check the address in node.toml and the name service",
        peer=host,
    )


def _no_address(url: str, what: str) -> InvalidDocument:
    message = f"{url[:100]!r} {what}"
    return InvalidDocument(message, code="node.address", faults=[Fault(message=message)])
