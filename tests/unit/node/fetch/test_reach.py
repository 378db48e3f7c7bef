# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Every way an address could lead where it must not, with the answer."""

from collections.abc import Iterable
from ipaddress import ip_address

import pytest

from comity.errors import InvalidDocument, NotPermitted, PeerFailed
from comity.node.fetch.reach import Place, Resolve, check_place, is_public, resolve, to_place
from comity.node.fetch.settings import DEFAULT, HttpSettings

PRIVATE = [
    "0.0.0.0", "10.0.0.1", "100.64.1.1", "127.0.0.1", "127.255.255.254", "168.63.129.16",  # noqa: S104 - refused, not bound
    "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.2.1",
    "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1",
    "239.255.255.250", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::10.0.0.1", "::ffff:10.0.0.1", "::ffff:127.0.0.1", "::ffff:8.8.8.8",
    "64:ff9b::10.0.0.1", "64:ff9b:1::8.8.8.8", "100::1", "2001::1", "2001:db8::1",
    "2002:a00:1::", "2002:7f00:1::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fec0::1",
    "ff02::1",
]  # fmt: skip
PUBLIC = ["8.8.8.8", "193.0.14.129", "2606:4700::1111", "64:ff9b::8.8.8.8", "2002:808:808::1"]


@pytest.mark.parametrize("text", PRIVATE)
def test_no_address_that_is_not_public_is_reached(text: str) -> None:
    """Private, shared, local, reserved, of metadata, or any of these wrapped in another."""
    address = ip_address(text)
    assert not is_public(address)
    host = f"[{text}]" if ":" in text else text
    place = to_place(f"https://{host}")
    if address.is_loopback:
        return  # an operator who writes a loopback address means it
    with pytest.raises(NotPermitted, match="not public"):
        resolve(place, DEFAULT, refuse)
    with pytest.raises(NotPermitted, match="not public"):
        resolve(to_place("https://peer.example"), DEFAULT, lambda *_: [text])


@pytest.mark.parametrize("text", PUBLIC)
def test_public_addresses_are_reached(text: str) -> None:
    """Else nobody could follow anybody."""
    assert is_public(ip_address(text))
    found = resolve(to_place("https://peer.example"), DEFAULT, lambda *_: [text, text])
    assert found == (ip_address(text),)


@pytest.mark.parametrize("text", ["10.0.0.7", "169.254.169.254", "fd12::1", "::ffff:10.0.0.7"])
def test_the_operator_may_name_the_very_address(text: str) -> None:
    """A ministry's nodes may well stand on a network of its own."""
    named = HttpSettings(allow=(text,))
    host = f"[{text}]" if ":" in text else text
    place = to_place(f"http://{host}:8080")
    check_place(place, named)
    assert resolve(place, named, refuse) == (ip_address(text),)
    assert resolve(to_place("https://peer.example"), named, lambda *_: [text])
    with pytest.raises(NotPermitted):
        resolve(to_place("https://peer.example"), named, lambda *_: [text, "10.9.9.9"])


def test_one_private_address_among_public_ones_refuses_the_name() -> None:
    """The system could pick either."""
    with pytest.raises(NotPermitted, match=r"10\.0\.0\.1"):
        resolve(to_place("https://peer.example"), DEFAULT, lambda *_: ["8.8.8.8", "10.0.0.1"])


def test_a_name_never_leads_to_loopback() -> None:
    """Only `localhost` and a loopback address themselves do."""
    with pytest.raises(NotPermitted):
        resolve(to_place("https://peer.example"), DEFAULT, lambda *_: ["127.0.0.1"])
    with pytest.raises(NotPermitted):
        resolve(to_place("https://localhost"), DEFAULT, lambda *_: ["10.0.0.1"])
    assert resolve(to_place("http://localhost:1"), DEFAULT, lambda *_: ["127.0.0.1", "::1"])


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://peer.example", "without TLS"),
        ("http://8.8.8.8", "without TLS"),
        ("http://10.0.0.1", "without TLS"),
        ("https://peer.example:22", "port 22"),
        ("https://peer.example:6379", "port 6379"),
        ("https://10.0.0.1:8443", "port 8443"),
    ],
)
def test_only_tls_on_the_usual_port_without_the_operators_word(url: str, said: str) -> None:
    """And the refusal says which line of node.toml would allow it."""
    with pytest.raises(NotPermitted, match=said) as refused:
        check_place(to_place(url), DEFAULT)
    assert refused.value.code == "node.reach"
    assert "[http]" in refused.value.hint


def test_a_port_or_a_host_may_be_named() -> None:
    """A port for every peer; a host for plain HTTP and any port."""
    check_place(to_place("https://peer.example:8443"), HttpSettings(ports=(8443,)))
    check_place(to_place("http://peer.example:81"), HttpSettings(allow=("peer.example",)))
    check_place(to_place("http://127.0.0.1:9"), DEFAULT)
    check_place(to_place("http://[::1]:9"), DEFAULT)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://x.example", "file:///etc/passwd", "gopher://x.example", "http://", "https:///x",
        "https://user:secret@x.example", "https://user@x.example", "https://x.example/?q",
        "https://x.example/#a", "https://x.example:0", "https://x.example:99999",
        "https://x.example:port", "https://[::1", "https://[fe80::1%25eth0]",
        "https://x y.example", "https://x.example/a\nb", "https://x.example/a b",
        "https://exa%6dple.org", "https://x_y.example", "https://-x.example",
        "https://x..example", "https://2130706433", "https://0x7f.1", "https://0177.0.0.1",
        "https://127.1", "https://127.0.0.0x1", "https://127.0.0.①", "https://x.example/ü",
        "https://x.example\\@y.example", "https://" + "a" * 64 + ".example",
        "https://" + "a." * 130 + "example", "https://\x00",
    ],
)  # fmt: skip
def test_an_address_that_is_not_plain_is_refused(url: str) -> None:
    """No password, no query, no odd spelling that two programs read in two ways."""
    with pytest.raises(InvalidDocument) as refused:
        to_place(url)
    assert refused.value.code == "node.address"


def test_an_address_is_taken_apart_as_it_was_meant() -> None:
    """Upper case, a final dot, a name in another script, a path with a slash at its end."""
    assert to_place("HTTPS://Peer.Example./logs/") == Place(
        scheme="https", host="peer.example", port=443, path="/logs"
    )
    assert to_place("https://bücher.example").host == "xn--bcher-kva.example"
    assert to_place("http://[::1]:81").authority == "[::1]:81"
    assert to_place("https://x.example:443").authority == "x.example"


def test_a_name_without_an_address_is_a_peer_that_failed() -> None:
    """It may have one tomorrow."""
    place = to_place("https://peer.example")
    answers: tuple[Resolve, ...] = (refuse, lambda *_: [])
    for answer in answers:
        with pytest.raises(PeerFailed, match="cannot be found"):
            resolve(place, DEFAULT, answer)


def refuse(_host: str, _port: int) -> Iterable[str]:
    """Answer as a resolver that knows nothing."""
    raise OSError("Name or service not known")
