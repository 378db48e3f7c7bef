# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A response is what it plainly is, however its bytes come; all else is refused."""

from contextlib import suppress
from itertools import pairwise

import h11
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.assess.subjects.reply import HEAD_BYTES, OK, Reply
from comity.assess.subjects.subject import NoAnswer
from comity.evidence.transcript import Missing

CAP = 500
SIZED = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nServer: x\r\n\r\nhello"
CHUNKED = (
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"3\r\nhel\r\n2;a=b\r\nlo\r\n0\r\nX-Sum: 1\r\n\r\n"
)
NEWS = b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + SIZED
FAILED = b"HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nwait"
WHOLE = (SIZED, CHUNKED, NEWS)
LONG = b"x" * (HEAD_BYTES + 9 * CAP)


def taken(*parts: bytes, cap: int = CAP) -> Reply:
    """Feed parts one after another, until no more is needed."""
    reply = Reply(cap)
    for part in parts:
        if reply.feed(part):
            return reply
    return reply


def headed(*lines: str, body: bytes = b"hello") -> bytes:
    """Return a response with some header lines."""
    return "\r\n".join(["HTTP/1.1 200 OK", *lines, "", ""]).encode("latin-1") + body


@pytest.mark.parametrize("text", WHOLE)
def test_its_body_is_what_was_sent(text: bytes) -> None:
    """By length or in chunks, with trailers, extensions and news ahead."""
    reply = taken(text)

    assert (reply.status, reply.body, reply.is_kept) == (200, b"hello", True)


@given(st.sampled_from(WHOLE), st.lists(st.integers(1, 120), max_size=8))
def test_how_its_bytes_are_cut_changes_nothing(text: bytes, cuts: list[int]) -> None:
    """A network cuts where it likes."""
    places = sorted({0, *(cut for cut in cuts if cut < len(text)), len(text)})
    parts = [text[begin:end] for begin, end in pairwise(places)]

    assert (taken(*parts).body, taken(*parts).is_kept) == (b"hello", True)


@pytest.mark.parametrize("text", WHOLE)
def test_byte_by_byte_it_ends_with_the_last(text: bytes) -> None:
    """Not before, or the rest would answer the next question."""
    reply = Reply(CAP)

    ended = [reply.feed(text[at : at + 1]) for at in range(len(text))]

    assert ended == [False] * (len(text) - 1) + [True]


def test_without_a_length_it_ends_where_the_connection_does() -> None:
    """So HTTP/1.0 does it, and no further question goes out there."""
    reply = Reply(CAP)

    assert not reply.feed(headed(body=b"hello"))
    reply.end(is_clean=True)

    assert (reply.body, reply.is_kept) == (b"hello", False)


@pytest.mark.parametrize("text", [SIZED[:-1], CHUNKED[:-1], SIZED[:20], b""])
def test_what_breaks_off_is_no_response(text: bytes) -> None:
    """A half answer scored as a whole one would be the tester's invention."""
    reply = taken(text)

    with pytest.raises(NoAnswer, match="connection broke"):
        reply.end(is_clean=True)


def test_a_connection_that_broke_ended_nothing() -> None:
    """Only who sends it says where a body without a length ends."""
    reply = taken(headed(body=b"hello"))

    with pytest.raises(NoAnswer, match="connection broke"):
        reply.end(is_clean=False)


@pytest.mark.parametrize(
    "text",
    [
        SIZED + b"H",
        CHUNKED + b"0\r\n\r\n",
        headed("Content-Length: 5", "Connection: close"),
        headed("Content-Length: 5", "Connection: keep-alive, Close"),
        SIZED.replace(b"1.1", b"1.0"),
    ],
)
def test_a_connection_is_not_kept_after(text: bytes) -> None:
    """What more was said would answer the next question; who said goodbye is gone."""
    reply = taken(text)

    assert (reply.body, reply.is_kept) == (b"hello", False)


def test_an_old_service_may_ask_for_the_connection_to_be_kept() -> None:
    """HTTP/1.0 closes unless it says otherwise."""
    kept = headed("Content-Length: 5", "Connection: Keep-Alive").replace(b"1.1", b"1.0")

    assert taken(kept).is_kept


@pytest.mark.parametrize(("text", "is_kept"), [(FAILED, True), (FAILED[:-2], False)])
def test_no_body_of_a_failure_is_waited_for(text: bytes, *, is_kept: bool) -> None:
    """Its status says it all; a body that goes on for ever must not hide it."""
    reply = taken(text)

    assert (reply.status, reply.is_kept) == (503, is_kept)


REFUSED = {
    "no status": b"HELLO 200 OK\r\n\r\n",
    "a status of words": b"HTTP/1.1 2OO OK\r\n\r\n",
    "another protocol": b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
    "a line without a colon": headed("Content-Length 5"),
    "a space before the colon": headed("Content-Length : 5"),
    "a folded line": headed("Server: x", " Content-Length: 5"),
    "a bare line feed": headed("Server: x\nContent-Length: 5"),
    "a bare carriage return": headed("Server: x\rContent-Length: 5"),
    "a zero byte": headed("Server: \0"),
    "two lengths": headed("Content-Length: 5", "content-length: 5"),
    "two lengths in one": headed("Content-Length: 5, 5"),
    "a signed length": headed("Content-Length: +5"),
    "a length of words": headed("Content-Length: 5x"),
    "no length": headed("Content-Length:"),
    "a length beside chunks": headed("Content-Length: 5", "Transfer-Encoding: chunked"),
    "packed chunks": headed("Transfer-Encoding: gzip, chunked"),
    "chunks twice": headed("Transfer-Encoding: chunked", "Transfer-Encoding: chunked"),
    "chunks of an old service": headed("Transfer-Encoding: chunked").replace(b"1.1", b"1.0"),
    "a chunk that lies": headed("Transfer-Encoding: chunked", body=b"2\r\nhello\r\n0\r\n\r\n"),
    "a chunk without a size": headed("Transfer-Encoding: chunked", body=b"\r\nhello"),
    "a negative chunk": headed("Transfer-Encoding: chunked", body=b"-2\r\nhe\r\n"),
    "a chunk's line without end": headed("Transfer-Encoding: chunked", body=b"2;" + LONG),
    "trailers without end": headed("Transfer-Encoding: chunked", body=b"0\r\n" + LONG),
    "a head without end": b"HTTP/1.1 200 OK\r\nX: " + b"x" * HEAD_BYTES,
    "news without end": b"HTTP/1.1 100 Continue\r\n\r\n" * 3_000,
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_plainly_a_response_is_refused(name: str) -> None:
    """Two readings of one text are how an answer is smuggled past a tester."""
    with pytest.raises(NoAnswer, match="connection broke") as caught:
        taken(REFUSED[name])

    assert caught.value.missing is Missing.ERROR


@pytest.mark.parametrize(
    "text",
    [
        headed(f"Content-Length: {CAP + 1}", body=b""),
        headed("Transfer-Encoding: chunked", body=b"ffffffffff\r\n" + LONG),
        headed("Transfer-Encoding: chunked", body=b"1\r\nx\r\n" * (CAP + 1)),
        headed(body=b"x" * (CAP + 1)),
    ],
)
def test_more_than_the_cap_is_oversize_at_once(text: bytes) -> None:
    """Memory is bounded by what may be answered, not by what is promised."""
    with pytest.raises(NoAnswer, match=f"within {CAP} bytes") as caught:
        taken(text)

    assert caught.value.missing is Missing.OVERSIZE


@pytest.mark.parametrize("coding", ["gzip", "identity, gzip", "x"])
def test_nothing_is_unpacked(coding: str) -> None:
    """Some hundred bytes may unpack into gigabytes."""
    with pytest.raises(NoAnswer, match="compresses"):
        taken(headed("Content-Length: 5", f"Content-Encoding: {coding}"))


@given(
    st.sampled_from((*WHOLE, FAILED)),
    st.integers(0, 160),
    st.integers(0, 3),
    st.sampled_from(
        [b"", b"\r\n", b"\n", b" ", b"0", b",", b":", b"\xff", b"Content-Length: 3"]
    ),
)
def test_what_it_takes_another_reader_takes_alike(
    text: bytes, at: int, cut: int, put: bytes
) -> None:
    """Changed at one place, a response is refused or means what h11 says that it means."""
    changed = text[:at] + put + text[at + cut :]
    try:
        reply = taken(changed)
    except NoAnswer:
        return
    if not reply.is_kept:
        return

    other = h11.Connection(h11.CLIENT)
    other.send(h11.Request(method="POST", target="/", headers=[("Host", "x")]))
    other.send(h11.EndOfMessage())
    other.receive_data(changed.lstrip(b"\r\n"))  # it takes no empty line before a response
    events = [other.next_event()]
    while not isinstance(events[-1], h11.EndOfMessage):
        events.append(other.next_event())
    heads = [event for event in events if isinstance(event, h11.Response)]
    body = b"".join(bytes(event.data) for event in events if isinstance(event, h11.Data))
    assert heads[0].status_code == reply.status
    assert reply.body == (body if reply.status == OK else b"")


@given(st.lists(st.binary(max_size=40) | st.sampled_from(SIZED.splitlines(keepends=True))))
def test_no_bytes_raise_anything_else(parts: list[bytes]) -> None:
    """Whatever is sent ends as an answer or as none."""
    reply = Reply(CAP)
    with suppress(NoAnswer):
        if not any(reply.feed(part) for part in parts):
            reply.end(is_clean=True)

    assert len(reply.body) <= CAP
