# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import gzip
from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from comity.node.serving.file import FOREVER, Content, answer

BODY = bytes(range(256)) * 8
CONTENT = Content(
    encoded=BODY,
    media_type="application/octet-stream",
    cache=FOREVER,
    modified_s=1_700_000_000,
    may_pack=True,
)


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    """Return a client that asks for no packing of itself."""

    def serve(request: Request) -> Response:
        return answer(request, CONTENT)

    with TestClient(Starlette(routes=[Route("/", serve)])) as made:
        made.headers["accept-encoding"] = "identity"
        yield made


def test_the_whole_is_sent_with_what_names_it(client: TestClient) -> None:
    """A cache needs the tag, the date and the lifetime."""
    got = client.get("/")
    assert (got.status_code, got.content) == (200, BODY)
    assert got.headers["etag"] == CONTENT.tag
    assert got.headers["last-modified"] == "Tue, 14 Nov 2023 22:13:20 GMT"
    assert got.headers["accept-ranges"] == "bytes"
    assert "immutable" in got.headers["cache-control"]
    assert got.headers["vary"] == "Accept-Encoding"


@pytest.mark.parametrize(
    "condition",
    [
        {"if-none-match": CONTENT.tag},
        {"if-none-match": f"W/{CONTENT.tag}"},
        {"if-none-match": f'"x", {CONTENT.tag}'},
        {"if-none-match": "*"},
        {"if-modified-since": "Tue, 14 Nov 2023 22:13:20 GMT"},
        {"if-modified-since": "Wed, 15 Nov 2023 22:13:20 GMT"},
    ],
)
def test_nothing_is_sent_to_who_has_it(client: TestClient, condition: dict[str, str]) -> None:
    """RFC 9110, section 13."""
    got = client.get("/", headers=condition)
    assert (got.status_code, got.content) == (304, b"")
    assert got.headers["etag"] == CONTENT.tag


@pytest.mark.parametrize(
    "condition",
    [
        {"if-none-match": '"x"'},
        {"if-none-match": '"x"', "if-modified-since": "Wed, 15 Nov 2023 22:13:20 GMT"},
        {"if-modified-since": "Mon, 13 Nov 2023 22:13:20 GMT"},
        {"if-modified-since": "not a date"},
        {"if-modified-since": "Fri, 31 Dec 99999 23:59:59 GMT"},
    ],
)
def test_who_has_something_else_gets_it(client: TestClient, condition: dict[str, str]) -> None:
    """The tag decides before the date does; nonsense decides nothing."""
    assert client.get("/", headers=condition).status_code == 200


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("bytes=0-0", BODY[:1]),
        ("bytes=5-9", BODY[5:10]),
        ("bytes=2040-", BODY[2040:]),
        ("bytes=-3", BODY[-3:]),
        ("bytes=2047-99999", BODY[-1:]),
        ("bytes= 5 - 9", BODY[5:10]),
    ],
)
def test_a_part_is_sent_where_a_part_is_asked(
    client: TestClient, asked: str, expected: bytes
) -> None:
    """An interrupted copy goes on where it stopped."""
    got = client.get("/", headers={"range": asked})
    assert (got.status_code, got.content) == (206, expected)
    start, _, stop = got.headers["content-range"].partition(" ")[2].partition("-")
    assert BODY[int(start) : int(stop.partition("/")[0]) + 1] == expected


@pytest.mark.parametrize("asked", ["bytes=2048-", "bytes=9999-10000", "bytes=-0"])
def test_a_part_beyond_the_end_is_refused(client: TestClient, asked: str) -> None:
    """With the length, so that the reader knows better."""
    got = client.get("/", headers={"range": asked})
    assert (got.status_code, got.headers["content-range"]) == (416, "bytes */2048")


@pytest.mark.parametrize(
    "asked",
    ["bytes=9-5", "bytes=0-1,4-5", "items=0-1", "bytes=-", "bytes=a-b", "bytes=" + "9" * 99],
)
def test_a_range_nobody_can_read_gives_the_whole(client: TestClient, asked: str) -> None:
    """RFC 9110, section 14.2: a server may ignore it."""
    got = client.get("/", headers={"range": asked})
    assert (got.status_code, got.content) == (200, BODY)


def test_a_part_of_another_version_gives_the_whole(client: TestClient) -> None:
    """If-Range joins no two versions."""
    part = {"range": "bytes=0-1"}
    assert client.get("/", headers={**part, "if-range": '"x"'}).status_code == 200
    assert client.get("/", headers={**part, "if-range": CONTENT.tag}).status_code == 206
    dated = {**part, "if-range": "Tue, 14 Nov 2023 22:13:20 GMT"}
    assert client.get("/", headers=dated).status_code == 206


def test_it_is_packed_where_asked(client: TestClient) -> None:
    """Packed bytes carry a weak tag: they are not the same bytes."""
    got = client.get("/", headers={"accept-encoding": "br, gzip;q=0.5"})
    assert got.headers["content-encoding"] == "gzip"
    assert got.headers["etag"] == f"W/{CONTENT.tag}"
    assert got.content == BODY
    plain = client.get("/", headers={"accept-encoding": "gzip;q=0"})
    assert "content-encoding" not in plain.headers
    assert len(gzip.compress(BODY)) < len(BODY)
