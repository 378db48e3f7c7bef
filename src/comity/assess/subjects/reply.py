# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""One HTTP/1.1 response, taken from the bytes as they come: strict, and bounded in memory.

What is not plainly one response is refused: two lengths, a length beside chunks, a line that
is no header, another transfer coding. Nothing is unpacked.

Source:
    RFC 9112 (HTTP/1.1), sections 4 to 7.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from comity.assess.subjects.subject import NoAnswer
from comity.evidence.transcript import Missing

OK = 200
HEAD_BYTES = 65_536
"""Most bytes before a body, all interim responses (1xx) included."""

BROKEN = "the connection broke or did not speak HTTP"
_LINE_BYTES = 4_096
"""Of a chunk's size and extensions, and of the fields behind the last chunk."""

_STATUS = re.compile(rb"HTTP/1\.([01]) ([1-5][0-9]{2})(?: [\t -~\x80-\xff]*)?")
_FIELD = re.compile(rb"([!#-'*+.^-z|~A-Z0-9-]+):([\t -~\x80-\xff]*)")
_LENGTH = re.compile(rb"[0-9]{1,15}")
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,12})[ \t]*(?:;[\t -~\x80-\xff]*)?\r\n")
_READ = frozenset({
    b"connection", b"content-encoding", b"content-length", b"transfer-encoding",
})  # fmt: skip
_SWITCHING = 101


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What stands before a body.

    Args:
        status: Three digits.
        length: Bytes of the body, or None where its own form or the end says so.
        is_chunked: The body comes in chunks.
        is_packed: The body is compressed.
        is_last: Nothing follows on this connection.
    """

    status: int
    length: int | None
    is_chunked: bool
    is_packed: bool
    is_last: bool


def head_from(text: bytes) -> Head:
    """Read the lines before a body, without the empty one.

    Raises:
        NoAnswer: They are not those of an HTTP/1 response, or leave its end in doubt.
    """
    first, *lines = text.split(b"\r\n")
    found = _STATUS.fullmatch(first)
    if found is None:
        raise NoAnswer(BROKEN)
    said = _said(lines)
    status, is_old = int(found[2]), found[1] == b"0"
    codings, lengths = said.get(b"transfer-encoding"), said.get(b"content-length")
    is_plain = codings is None or (codings == [b"chunked"] and lengths is None and not is_old)
    is_sized = lengths is None or (len(lengths) == 1 and _LENGTH.fullmatch(lengths[0]))
    if not (is_plain and is_sized) or status == _SWITCHING:
        raise NoAnswer(BROKEN)
    is_endless = codings is None and lengths is None
    manners = said.get(b"connection", [])
    is_closed = b"close" in manners or (is_old and b"keep-alive" not in manners)
    return Head(
        status=status,
        length=int(lengths[0]) if lengths else None,
        is_chunked=codings is not None,
        is_packed=any(one != b"identity" for one in said.get(b"content-encoding", [])),
        is_last=is_closed or is_endless,
    )


def _said(lines: Iterable[bytes]) -> Mapping[bytes, list[bytes]]:
    """Return the values of the fields that are read, in small letters."""
    said: dict[bytes, list[bytes]] = {}
    for line in lines:
        found = _FIELD.fullmatch(line)
        if found is None:
            raise NoAnswer(BROKEN)
        name = found[1].lower()
        if name in _READ:
            values = (one.strip(b" \t") for one in found[2].lower().split(b","))
            said.setdefault(name, []).extend(values)
    return said


class Reply:
    """One response as far as it has come.

    Args:
        cap: Most bytes of its body; of a status other than 200 no body is waited for.
    """

    def __init__(self, cap: int) -> None:
        self.status = 0
        self.body = b""
        self._cap = cap
        self._head: Head | None = None
        self._is_whole = False
        self._held, self._chunks = bytearray(), bytearray()
        self._searched = self._spent = 0

    @property
    def is_kept(self) -> bool:
        """Tell whether its connection may carry another question: it ended where it said."""
        is_last = self._head is None or self._head.is_last
        return self._is_whole and not is_last and not self._held

    def feed(self, received: bytes | memoryview) -> bool:
        """Take what came; tell whether nothing more is needed.

        Raises:
            NoAnswer: It is no response, or longer than it may be.
        """
        self._held += received
        while self._head is None:
            if not self._take_head():
                return False
        if self.status != OK:
            self._take_sized(self._head.length)
            return True
        if self._head.is_packed:
            raise NoAnswer("it compresses its answers although asked not to")
        if self._head.is_chunked:
            self._take_chunks()
        else:
            length = self._head.length
            self._bound(len(self._held) if length is None else length)
            self._take_sized(length)
        return self._is_whole

    def end(self, *, is_clean: bool) -> None:
        """Take note that nothing more comes.

        Args:
            is_clean: The other side ended it; else it broke.

        Raises:
            NoAnswer: Something is still due.
        """
        head = self._head
        if not is_clean or head is None or head.is_chunked or head.length is not None:
            raise NoAnswer(BROKEN)
        self._take_sized(len(self._held))

    def _take_head(self) -> bool:
        """Take the lines before a body; of an interim response they are all there is."""
        end = self._held.find(b"\r\n\r\n", max(0, self._searched - 3))
        self._searched = len(self._held)
        if self._spent + (self._searched if end < 0 else end) > HEAD_BYTES:
            raise NoAnswer(BROKEN)
        if end < 0:
            return False
        head = head_from(bytes(self._held[:end]))
        del self._held[: end + 4]
        self._searched, self._spent = 0, self._spent + end + 4
        if head.status >= OK:
            self._head, self.status = head, head.status
        return True

    def _take_sized(self, length: int | None) -> None:
        if length is not None and len(self._held) >= length:
            self.body = bytes(self._held[:length])
            del self._held[:length]
            self._is_whole = True

    def _take_chunks(self) -> None:
        while (found := _CHUNK.match(self._held)) is not None:
            size, start = int(found[1], 16), found.end()
            if size == 0:
                self._take_trailer(start)
                return
            self._bound(len(self._chunks) + size)
            end = start + size
            if len(self._held) < end + 2:
                return
            if self._held[end : end + 2] != b"\r\n":
                raise NoAnswer(BROKEN)
            self._chunks += self._held[start:end]
            del self._held[: end + 2]
        if b"\n" in self._held or len(self._held) > _LINE_BYTES:
            raise NoAnswer(BROKEN)

    def _take_trailer(self, start: int) -> None:
        """Drop the fields behind the last chunk; they say nothing that is needed."""
        end = self._held.find(b"\r\n\r\n", start - 2)
        if end >= 0:
            _said(filter(None, bytes(self._held[start:end]).split(b"\r\n")))
            self.body = bytes(self._chunks)
            del self._held[: end + 4]
            self._is_whole = True
        elif len(self._held) > _LINE_BYTES:
            raise NoAnswer(BROKEN)

    def _bound(self, size: int) -> None:
        if size > self._cap:
            words = f"its answer does not end within {self._cap} bytes"
            raise NoAnswer(words, Missing.OVERSIZE)
