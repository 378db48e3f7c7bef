# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Our errors as HTTP sees them: one table for every edge.

Source:
    RFC 9457, Problem Details for HTTP APIs; RFC 9110 section 15 for the statuses.
"""

from dataclasses import dataclass

from comity.errors import (
    ComityError,
    Conflict,
    InvalidDocument,
    NotFound,
    NotPermitted,
    PeerFailed,
    StorageFailed,
    VerificationFailed,
)

_STATUS: tuple[tuple[type[ComityError], int, str], ...] = (
    (InvalidDocument, 422, "The request cannot be read"),
    (NotFound, 404, "Not here"),
    (NotPermitted, 403, "Not permitted"),
    (Conflict, 409, "Somebody else wrote first"),
    (VerificationFailed, 422, "It does not verify"),
    (PeerFailed, 502, "Another party did not answer"),
    (StorageFailed, 507, "The disk refused"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A problem document; *code* is our stable error code."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    hint: str
    faults: tuple[str, ...] = ()


def to_problem(error: ComityError) -> Problem:
    """Write an error as a problem."""
    status, title = next(
        ((status, title) for kind, status, title in _STATUS if isinstance(error, kind)),
        (500, "Something failed here"),
    )
    faults = tuple(map(str, error.faults)) if isinstance(error, InvalidDocument) else ()
    return Problem(
        type=f"https://comity.example/problems/{error.code}",
        title=title,
        status=status,
        detail=error.message,
        code=error.code,
        hint=error.hint,
        faults=faults,
    )
