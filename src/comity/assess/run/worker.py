# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""One that asks questions somewhere else, and the error for one that ended by itself."""

from collections.abc import Sequence
from typing import Protocol

from comity.assess.subjects.subject import Message
from comity.errors import PeerFailed
from comity.evidence.transcript import Missing


class Worker(Protocol):
    """One that asks questions somewhere else; a session of its own."""

    async def ask(self, prompt: str, history: Sequence[Message]) -> str | Missing:
        """Return the answer, or why there is none."""
        ...

    async def describe_fault(self, prompt: str) -> str | None:
        """Ask once and return what is wrong in plain words, or None when all is well."""
        ...


def gone(label: str) -> PeerFailed:
    """Return the error for a worker that ended by itself."""
    return PeerFailed(
        "a worker ended while questions were on their way",
        code="assess.worker",
        hint="what was answered is kept: run the same command again, with fewer --workers if "
        "the machine ran out of memory",
        peer=label,
    )
