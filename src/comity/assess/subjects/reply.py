# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""One HTTP/1.1 response, taken from the bytes as they come, within bounds.

llhttp reads it, as strictly as it can; here stands what is made of it: how much is too much,
when a question has its answer, and whether the connection may carry another. Nothing is
unpacked.

Source:
    RFC 9112 (HTTP/1.1), sections 4 to 9.
"""

from httptools import HttpParserError, HttpParserUpgrade, HttpResponseParser

from comity.assess.subjects.subject import NoAnswer
from comity.evidence.transcript import Missing

OK = 200
HEAD_BYTES = 65_536
"""Most bytes beside a body, and eight more for each of its own: a chunk may be one byte."""

BROKEN = "the connection broke or did not speak HTTP"


class Reply:
    """One response as far as it has come; the parser calls it as it reads.

    Args:
        cap: Most bytes of its body; of a status other than 200 no body is waited for.
    """

    def __init__(self, cap: int) -> None:
        self.status = 0
        self.body = b""
        self._cap = cap
        self._received, self._spent, self._promised = bytearray(), 0, 0
        self._is_sized = self._is_packed = False
        self._is_whole = self._is_last = self._has_more = False
        self._wire = HttpResponseParser(self)

    @property
    def is_kept(self) -> bool:
        """Tell whether its connection may carry another question: it ended where it said."""
        return self._is_whole and not self._is_last and not self._has_more

    def feed(self, received: bytes | memoryview) -> bool:
        """Take what came; tell whether nothing more is needed.

        Raises:
            NoAnswer: It is no response, or longer than it may be.
        """
        try:
            self._wire.feed_data(received)
        except (HttpParserError, HttpParserUpgrade):
            if not self._is_whole:
                raise NoAnswer(BROKEN) from None
            self._has_more = True
        self._check(len(received))
        if self._is_whole:
            self.body = bytes(self._received)
        return self._is_whole or self.status not in {0, OK}

    def end(self, *, is_clean: bool) -> None:
        """Take note that nothing more comes.

        Args:
            is_clean: The other side ended it; else it broke.

        Raises:
            NoAnswer: Something is still due.
        """
        if not is_clean or not self.status or self._is_sized:
            raise NoAnswer(BROKEN)
        self.body, self._is_whole, self._is_last = bytes(self._received), True, True

    def on_message_begin(self) -> None:
        """Note that something follows what was whole."""
        self._has_more = self._is_whole

    def on_header(self, name: bytes, value: bytes) -> None:
        """Note what says how long the body is, and how it is packed."""
        match name.lower():
            case b"content-length" if not self.status:
                self._is_sized, self._promised = True, int(value)
            case b"transfer-encoding":
                self._is_sized = True
            case b"content-encoding":
                self._is_packed = self._is_packed or value.lower() != b"identity"
            case _:
                pass

    def on_headers_complete(self) -> None:
        """Note the status, unless it is that of an interim response."""
        status = self._wire.get_status_code()
        if status >= OK and not self._is_whole:
            self.status = status

    def on_body(self, body: bytes) -> None:
        """Keep a piece of the body, as long as it may be."""
        if self.status == OK and not self._is_whole and len(self._received) <= self._cap:
            self._received += body

    def on_message_complete(self) -> None:
        """Note whether the connection goes on, unless only an interim response ends."""
        if self.status and not self._is_whole:
            self._is_whole, self._is_last = True, not self._wire.should_keep_alive()

    def _check(self, taken: int) -> None:
        """Refuse what is too long or packed.

        Raises:
            NoAnswer: It is.
        """
        if self.status == OK:
            if self._is_packed:
                raise NoAnswer("it compresses its answers although asked not to")
            if max(len(self._received), self._promised) > self._cap:
                words = f"its answer does not end within {self._cap} bytes"
                raise NoAnswer(words, Missing.OVERSIZE)
        self._spent += taken
        if self._spent > HEAD_BYTES + 9 * max(len(self._received), self._promised):
            raise NoAnswer(BROKEN)
