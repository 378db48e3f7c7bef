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
"""

from collections.abc import Iterable
from dataclasses import dataclass


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
        super().__init__(message)
        self.message = message
        self.code = code
        self.hint = hint


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
        self.source = source
        self.faults = tuple(faults)

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
        self.place = place

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
        self.peer = peer


class StorageFailed(ComityError):
    """The disk refused a write; nothing was half-written."""
