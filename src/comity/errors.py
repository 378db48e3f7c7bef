# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Every error Comity raises on purpose, grouped by who must act.

    ComityError
    ├── InvalidDocument      its author: the document has faults, all of them listed
    ├── VerificationFailed   nobody: do not trust what was given
    ├── NotPermitted         whoever lacks the authority or the passphrase
    ├── Conflict             the caller: try again on the newer state
    ├── NotFound             the caller: what was asked for is not here
    ├── PeerFailed           the other side: unreachable, slow, or answering garbage
    └── StorageFailed        the operator: the disk is full or does not obey

An error carries a stable `code` (never reworded, documented in docs/reference/errors.md),
a plain sentence, a hint, and its facts as attributes. What an edge makes of it (exit code,
HTTP status) is a table at the edge.

What an error quotes of a stranger's document is shown, never obeyed: characters that steer a
terminal or turn the direction of its text are written as escapes.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

STEERING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


def shown(text: str) -> str:
    r"""Write as escapes what would steer a terminal or cannot be encoded.

    Example:
        >>> print(shown("a" + chr(27) + "[2J" + chr(0x202E) + "b"))
        a\x1b[2J\u202eb
    """
    if text.isprintable():
        return text
    return STEERING.sub(lambda found: ascii(found[0])[1:-1], text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One fault of a document, with its place.

    Args:
        message: What is wrong, as a plain sentence without the place.
        line: 1-based line, or None where the format has none.
        column: 1-based column, or None.
        near: The value the author probably meant, if one is near.
        source: The file it stands in, where the document is several files.
    """

    message: str
    line: int | None = None
    column: int | None = None
    near: str | None = None
    source: str = ""

    def __post_init__(self) -> None:
        """Make what is quoted harmless."""
        object.__setattr__(self, "message", shown(self.message))
        object.__setattr__(self, "source", shown(self.source))

    def __str__(self) -> str:
        """Say the place, the fault and the near miss in one line."""
        place = "" if self.line is None else f"line {self.line}"
        if self.line is not None and self.column is not None:
            place += f", column {self.column}"
        if self.source:
            place = f"{self.source}: {place}" if place else self.source
        guess = "" if self.near is None else f"; did you mean {self.near!r}?"
        return f"{place}: {self.message}{guess}" if place else f"{self.message}{guess}"


class ComityError(Exception):
    """The root: anything Comity refuses, with a code, a sentence and a hint."""

    def __init__(self, message: str, *, code: str, hint: str = "") -> None:
        super().__init__(shown(message))
        self.message = shown(message)
        self.code = code
        self.hint = shown(hint)


class InvalidDocument(ComityError):
    """A document breaks its own rules; every fault is listed, each with its place."""

    def __init__(
        self,
        message: str,
        *,
        code: str,
        hint: str = "",
        source: str = "",
        faults: Iterable[Fault] = (),
    ) -> None:
        super().__init__(message, code=code, hint=hint)
        self.source = shown(source)
        self.faults = tuple(faults)

    def named(self, source: str, *, hint: str = "") -> "InvalidDocument":
        """Return the same of a document by its name, with a hint where it had none."""
        return InvalidDocument(
            self.message,
            code=self.code,
            hint=self.hint or hint,
            source=source,
            faults=self.faults,
        )

    def __str__(self) -> str:
        """Name the document, then one fault a line."""
        where = f"{self.source}: " if self.source else ""
        others = (fault for fault in self.faults if str(fault) != self.message)
        lines = [f"{where}{self.message}", *(f"  {fault}" for fault in others)]
        return "\n".join(lines)


class VerificationFailed(ComityError):
    """What was given does not verify: a signature, a proof, a digest, a replay.

    Args:
        place: Where the first disagreement stands, such as "entry 7" or "items[3].salt".
    """

    def __init__(self, message: str, *, code: str, hint: str = "", place: str = "") -> None:
        super().__init__(message, code=code, hint=hint)
        self.place = shown(place)

    def __str__(self) -> str:
        """Name the place first, as a reader looks there first."""
        return f"{self.place}: {self.message}" if self.place else self.message


class NotPermitted(ComityError):
    """The actor lacks the authority, the key or the passphrase."""


class Conflict(ComityError):
    """Somebody else wrote first; read the newer state and try again."""


class NotFound(ComityError):
    """What was asked for is not here."""


class PeerFailed(ComityError):
    """Another party could not be reached, was too slow, or answered garbage."""

    def __init__(self, message: str, *, code: str, hint: str = "", peer: str = "") -> None:
        super().__init__(message, code=code, hint=hint)
        self.peer = shown(peer)


class StorageFailed(ComityError):
    """The disk refused a write; nothing was half-written."""
