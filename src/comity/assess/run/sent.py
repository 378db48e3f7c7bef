# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What was sent, written down before it is sent: one line a try, beside the transcript.

A run that dies leaves questions the subject has seen and nobody has an answer to. Without
this file they would be asked again as if for the first time, and who can make a tester fall
over would have a second chance at every question it did not like.

Source:
    docs/spec/evidence.md, "Questions sent".
"""

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from comity.assess.run.disk import damaged, storage, write_whole
from comity.evidence.transcript import Missing
from comity.kernel.digest import Digest

_HEADER = "comity/sent/v1 "
_LINE = re.compile(
    r"(?P<category>[a-z0-9._-]{1,64}) (?P<draw>[1-9][0-9]{0,6})(?P<tries>( [a-z]+)*)"
)


class SentFile:
    """An open list of questions sent; each is there before the subject sees it."""

    def __init__(self, path: Path, descriptor: int, plan_digest: Digest) -> None:
        self._path = path
        self._descriptor = descriptor
        self._header = f"{_HEADER}{plan_digest.hex()}".encode()
        self._last: dict[str, int] = {}
        self._tries: dict[tuple[str, int], tuple[Missing, ...]] = {}
        self._is_fresh = False

    def load(self) -> None:
        """Read every whole line and cut a torn end off: what is torn was never sent.

        Raises:
            VerificationFailed: A line is damaged, or the file belongs to another plan.
        """
        with storage(self._path):
            held = self._path.read_bytes()
            whole = held.rfind(b"\n") + 1
            os.truncate(self._descriptor, whole)
        lines = held[:whole].splitlines()
        if not lines:
            write_whole(self._path, self._descriptor, self._header + b"\n")
        elif lines[0] != self._header:
            raise damaged(self._path, 1, "it belongs to another plan")
        for number, line in enumerate(lines[1:], start=2):
            self._take(number, line)

    def note(self, category: str, draw: int, tries: Sequence[Missing] = ()) -> None:
        """Write down that a question goes out now.

        Args:
            tries: Why each earlier try of it came to nothing.

        Raises:
            StorageFailed: The disk refused; then nothing may be sent.
        """
        words = f"{category} {draw}"
        for reason in tries:
            words += f" {reason.value}"
        write_whole(self._path, self._descriptor, f"{words}\n".encode())
        self._is_fresh = True
        self._remember(category, draw, tuple(tries))

    def last(self, category: str) -> int:
        """Return the last draw that was sent, 0 for none."""
        return self._last.get(category, 0)

    def tries(self, category: str, draw: int) -> tuple[Missing, ...]:
        """Return why the earlier tries of a question that was sent came to nothing."""
        return self._tries.get((category, draw), ())

    def sync(self) -> None:
        """Have what was written survive a power cut, too."""
        if self._is_fresh:
            with storage(self._path):
                os.fdatasync(self._descriptor)
        self._is_fresh = False

    def remove(self) -> None:
        """Take the list away once every question on it stands in the transcript."""
        self._is_fresh = False
        with storage(self._path):
            self._path.unlink(missing_ok=True)

    @property
    def is_empty(self) -> bool:
        """Tell whether no question was ever sent."""
        return not self._last

    def _remember(self, category: str, draw: int, tries: tuple[Missing, ...]) -> None:
        self._last[category] = max(draw, self.last(category))
        if tries:
            self._tries[category, draw] = tries

    def _take(self, number: int, line: bytes) -> None:
        found = _LINE.fullmatch(line.decode("ascii", "replace"))
        if found is None:
            raise damaged(self._path, number, "it is not a question sent")
        category, draw = found["category"], int(found["draw"])
        known = {reason.value: reason for reason in Missing}
        words = found["tries"].split()
        last = self.last(category)
        follows = draw <= last if words else draw == last + 1 or not last
        if not follows or not set(words) <= set(known):
            raise damaged(self._path, number, "this question was not the next to be sent")
        self._remember(category, draw, tuple(known[word] for word in words))


@contextmanager
def open_sent(path: Path, plan_digest: Digest) -> Iterator[SentFile]:
    """Open a plan's list of questions sent, new or left by a run that broke off.

    Only who holds the transcript's lock opens it.

    Raises:
        StorageFailed: The disk refused.
        VerificationFailed: What is there is damaged, or belongs to another plan.
    """
    with storage(path):
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW
        descriptor = os.open(path, flags, 0o600)
    try:
        sent = SentFile(path, descriptor, plan_digest)
        sent.load()
        try:
            yield sent
        finally:
            if sent.is_empty:
                sent.remove()
        sent.sync()
    finally:
        os.close(descriptor)
