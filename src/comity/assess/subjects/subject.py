# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A subject: the AI service under test, seen as something that answers a conversation."""

import asyncio
from collections.abc import Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Literal, Protocol

from comity.errors import InvalidDocument, PeerFailed
from comity.evidence.prompt import Conversation, answer_text, conversations_of
from comity.evidence.transcript import Missing
from comity.kernel.canonical import Json

GREETING = "Good morning."
"""What a preflight asks; it stands in no bank."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What the answer to one item may cost, all its turns together.

    Args:
        timeout_s: From the first question to the last byte of the last answer.
        max_answer_bytes: Of the answer's text in UTF-8, as it is recorded.
    """

    timeout_s: float = 30.0
    max_answer_bytes: int = 16_384


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message of a conversation that stands before the question."""

    role: Literal["system", "user", "assistant"]
    text: str


def to_chat(messages: Iterable[Message]) -> list[dict[str, str]]:
    """Write messages as chat endpoints and programs take them."""
    return [{"role": message.role, "content": message.text} for message in messages]


class Session(Protocol):
    """An open way to a subject."""

    async def ask(self, prompt: str, history: Sequence[Message] = ()) -> str | Missing:
        """Return the answer, or why there is none; never raise for the subject's faults.

        Args:
            prompt: What the user says now.
            history: What was said before it, the oldest first.
        """
        ...

    async def describe_fault(self, prompt: str) -> str | None:
        """Ask once and return what is wrong in plain words, or None when all is well."""
        ...


class NoAnswer(Exception):
    """What keeps a subject from answering, in words and as a value; it never leaves a session.

    Args:
        words: Said of the subject, after "it …".
        missing: What the transcript records.
    """

    def __init__(self, words: str, missing: Missing = Missing.ERROR) -> None:
        super().__init__(words)
        self.words = words
        self.missing = missing


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """What a subject can take.

    Args:
        converses: What was said before a question can be sent with it.
        width: Most questions it bears at a time; more would wait and be counted as late, or
            change what it answers.
    """

    converses: bool = True
    width: int = 256


class Subject(Protocol):
    """A service under test."""

    @property
    def traits(self) -> Traits:
        """Return what it can take."""
        ...

    @property
    def label(self) -> str:
        """Return what a person may read; never a credential."""
        ...

    def open(self, limits: Limits, width: int) -> AbstractAsyncContextManager[Session]:
        """Open a session for at most *width* questions at a time."""
        ...


async def ask_within(session: Session, prompt: Json, limits: Limits) -> str | Missing:
    """Ask an item, with the limits kept over all its turns whatever the subject does.

    Returns:
        The answer as it is recorded (docs/reference/subjects.md), or why there is none; an
        item of which one turn has no answer has none.
    """
    answers: list[str] = []
    try:
        async with asyncio.timeout(limits.timeout_s):
            for conversation in conversations_of(prompt):
                missing = await _converse(session, conversation, answers, limits)
                if missing is not None:
                    return missing
        answer = answer_text(prompt, answers)
        size = len(answer.encode())
    except TimeoutError:
        return Missing.TIMEOUT
    except (InvalidDocument, UnicodeEncodeError):  # no prompt, or a lone surrogate: no text
        return Missing.ERROR
    return answer if size <= limits.max_answer_bytes else Missing.OVERSIZE


async def _converse(
    session: Session, conversation: Conversation, answers: list[str], limits: Limits
) -> Missing | None:
    """Say each turn after the answer to the one before it; stop at the first not answered."""
    history: list[Message] = []
    if conversation.system is not None:
        history.append(Message(role="system", text=conversation.system))
    for place, turn in enumerate(conversation.turns):
        if place:
            history.append(Message(role="user", text=conversation.turns[place - 1]))
            history.append(Message(role="assistant", text=answers[-1]))
        answer = await session.ask(turn, tuple(history))
        if isinstance(answer, Missing):
            return answer
        answers.append(answer)
        if sum(map(len, answers)) > limits.max_answer_bytes:
            return Missing.OVERSIZE
    return None


def refuse_unaskable(subject: Subject, prompts: Iterable[Json]) -> None:
    """Refuse a subject that cannot be asked what its test asks, before it is asked anything.

    Raises:
        InvalidDocument: A prompt has a history or a system message, and the subject takes none.
    """
    if subject.traits.converses:
        return
    held = (one for prompt in prompts for one in conversations_of(prompt))
    if any(len(one.turns) > 1 or one.system is not None for one in held):
        raise InvalidDocument(
            f"{subject.label} cannot be asked items that are conversations",
            code="assess.conversation",
            hint="say in its file where what was said before goes: {messages} in the request, "
            "or [transcript] for a completions endpoint",
        )


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
