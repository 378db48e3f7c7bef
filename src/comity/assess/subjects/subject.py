# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A subject: the AI service under test, seen as something that answers one prompt."""

import asyncio
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from comity.errors import PeerFailed
from comity.evidence.transcript import Missing

GREETING = "Good morning."
"""What a preflight asks; it stands in no bank."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one answer may cost.

    Args:
        timeout_s: From the question to the last byte of its answer.
        max_answer_bytes: Of the answer's text in UTF-8.
    """

    timeout_s: float = 30.0
    max_answer_bytes: int = 16_384


class Session(Protocol):
    """An open way to a subject."""

    async def ask(self, prompt: str) -> str | Missing:
        """Return the answer, or why there is none; never raise for the subject's faults."""
        ...

    async def describe_fault(self, prompt: str) -> str | None:
        """Ask once and return what is wrong in plain words, or None when all is well."""
        ...


class Subject(Protocol):
    """A service under test."""

    @property
    def label(self) -> str:
        """Return what a person may read; never a credential."""
        ...

    def open(self, limits: Limits, width: int) -> AbstractAsyncContextManager[Session]:
        """Open a session for at most *width* questions at a time."""
        ...


async def ask_within(session: Session, prompt: str, limits: Limits) -> str | Missing:
    """Ask, with the limits kept whatever the subject does."""
    try:
        async with asyncio.timeout(limits.timeout_s):
            answer = await session.ask(prompt)
    except TimeoutError:
        return Missing.TIMEOUT
    if isinstance(answer, Missing):
        return answer
    try:
        size = len(answer.encode())
    except UnicodeEncodeError:  # a lone surrogate is no text and could not be signed
        return Missing.ERROR
    return answer if size <= limits.max_answer_bytes else Missing.OVERSIZE


async def preflight(session: Session, subject: Subject, limits: Limits) -> None:
    """Ask a greeting before anything of the bank is shown.

    Raises:
        PeerFailed: The subject is unreachable, too slow, or does not answer in its form.
    """
    try:
        async with asyncio.timeout(limits.timeout_s):
            fault = await session.describe_fault(GREETING)
    except TimeoutError:
        fault = f"it did not answer within {limits.timeout_s:g} s"
    if fault is not None:
        raise PeerFailed(
            f"{subject.label} is not ready to be tested: {fault}",
            code="assess.preflight",
            hint="no question of the bank was asked; check the address and the service",
            peer=subject.label,
        )
