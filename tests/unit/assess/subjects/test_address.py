# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What stands above a question is written once, and nothing can be slipped into it."""

import pytest

from comity.assess.subjects.address import Address, address_of, header_faults, url_faults


def lines_of(address: Address) -> list[str]:
    """Return what stands above a body of two bytes."""
    head, _, body = address.request(b"{}").decode().partition("\r\n\r\n")
    assert body == "{}"
    return head.split("\r\n")


def test_a_request_says_where_it_goes_and_ends() -> None:
    """No more than a service needs to answer."""
    address = address_of("http://host:8080/ask?a=1#part", {"Content-Type": "application/json"})
    first, host, _, *rest = lines_of(address)

    assert (address.host, address.port, address.is_secure) == ("host", 8080, False)
    assert (first, host) == ("POST /ask?a=1 HTTP/1.1", "Host: host:8080")
    assert rest == ["Accept: */*", "Content-Type: application/json", "Content-Length: 2"]


@pytest.mark.parametrize(
    ("url", "host", "port", "shown", "target"),
    [
        ("https://Host", "host", 443, "host", "/"),
        ("https://host:8443/x", "host", 8443, "host:8443", "/x"),
        ("http://[::1]:81/x", "::1", 81, "[::1]:81", "/x"),
        ("http://münchen.example/ä b", "xn--mnchen-3ya.example", 80, "xn--mnchen-3ya.example",
         "/%C3%A4%20b"),
        ("http://host/a%2Fb?q=é&r=%20", "host", 80, "host", "/a%2Fb?q=%C3%A9&r=%20"),
    ],
)  # fmt: skip
def test_a_url_leads_where_a_browser_would_go(
    url: str, host: str, port: int, shown: str, target: str
) -> None:
    """Ports by scheme, numbers in brackets, letters of the world as they are sent."""
    address = address_of(url, {})

    assert (address.host, address.port) == (host, port)
    assert lines_of(address)[:2] == [f"POST {target} HTTP/1.1", f"Host: {shown}"]


def test_a_service_may_say_what_we_are_called() -> None:
    """Once, however it is spelled: two of one name are read in two ways."""
    headers = {"user-agent": "town", "HOST": "inner", "X-Key": "k", "Accept": "text/plain"}
    lines = lines_of(address_of("http://host/", headers))

    assert lines[1:] == [
        "HOST: inner", "user-agent: town", "Accept: text/plain", "X-Key: k",
        "Content-Length: 2",
    ]  # fmt: skip


def test_a_credential_is_not_printed_with_it() -> None:
    """Values end up in logs."""
    assert "sk-1" not in repr(address_of("http://host/", {"Authorization": "Bearer sk-1"}))


@pytest.mark.parametrize(
    "url", ["", "host", "ftp://h/", "http://", "http://[::1", "http://h:99999/", "http://h:0/",
            "http://a b/", "http://a\x01b/", "http://a..b/", f"http://{'a' * 70}/"],
)  # fmt: skip
def test_a_url_that_leads_nowhere_is_refused(url: str) -> None:
    """Before anything is asked, and with no error but ours."""
    assert list(url_faults(url)) == ["the url is not like http://host:port/path"]


@pytest.mark.parametrize(
    ("name", "value"),
    [("X-A", "a\r\nX-B: b"), ("X-A", "a\0"), ("X A", "a"), ("X-A:", "a"), ("", "a"),
     ("Content-Length", "3"), ("transfer-encoding", "chunked")],
)  # fmt: skip
def test_no_header_writes_another_line(name: str, value: str) -> None:
    """Nor says where the question ends: a second question could stand behind it."""
    assert len(list(header_faults({"X-Fine": "yes", name: value}))) == 1
