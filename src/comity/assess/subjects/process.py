# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A subject that is a program: one JSON line in, one JSON line out.

    {"id": 7, "prompt": "...", "messages": [{"role": "user", "content": "..."}]}  to its input
    {"id": 7, "answer": "..."}                                                  from its output

The id may be left out of the answer; where it stands, an answer to another question is none.
A program that dies, is late, says too much or speaks unasked is killed with all it started,
and started anew for the next question. It runs with the rights of whoever tests it.
"""

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from comity.assess.subjects.credential import Credential, find_credential
from comity.assess.subjects.program import Program, start
from comity.assess.subjects.subject import (
    Limits,
    Message,
    NoAnswer,
    Session,
    Traits,
    to_chat,
)
from comity.errors import Fault, InvalidDocument, PeerFailed
from comity.evidence.transcript import Missing

_ENVELOPE_BYTES = 65_536
"""What a program may wrap around its answer in its line."""

_ESCAPED = 6
"""JSON may spell one byte of text as six, as in \\u0041."""

_PASSED = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR")
"""What a program is told of the tester's environment; all else is named in its file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """A program under test.

    Args:
        command: What is run, and its arguments; no shell stands between.
        label: What a person reads.
        folder: Where it runs.
        variables: Names of the environment variables it is given beside the usual five.
        settings: Environment variables it is given with these values.
        system: The service's own system message, sent first.
        credential_env: Name of the environment variable that holds its secret; given to it
            under the same name, and refused in its answers.
        processes: How many run side by side; each answers one question at a time.
        is_fresh: Each question gets a process of its own, so that none remembers another.
        announces: It prints one line once it is ready: `{"ready": true}`.
        start_timeout_s: How long that may take.
    """

    command: tuple[str, ...]
    label: str = "a program"
    folder: Path | None = None
    variables: tuple[str, ...] = ()
    settings: Mapping[str, str] = field(default_factory=dict)
    system: str | None = None
    credential_env: str | None = None
    processes: int = 1
    is_fresh: bool = False
    announces: bool = False
    start_timeout_s: float = 120.0

    def __post_init__(self) -> None:
        """Refuse what could never be started."""
        faults: list[Fault] = []
        if not self.command or not self.command[0]:
            faults.append(Fault(message="the command is empty"))
        if any("\0" in part for part in self.command):
            faults.append(Fault(message="the command holds a zero byte"))
        if self.processes < 1:
            faults.append(Fault(message="at least one process runs"))
        if faults:
            raise InvalidDocument("not a program", code="assess.program", faults=faults)

    @property
    def traits(self) -> Traits:
        """Return what it can take."""
        return Traits(width=self.processes)

    @asynccontextmanager
    async def open(self, limits: Limits, width: int) -> AsyncIterator[Session]:
        """Start the program, and wait until it is ready where it says so.

        Raises:
            NotPermitted: The environment variable of the credential is not set.
            PeerFailed: It cannot be started, or is not ready in time.
        """
        session = _ProcessSession(self, limits, find_credential(self.credential_env))
        try:
            await session.warm_up(min(width, self.processes))
            yield session
        finally:
            await session.close()


class _ProcessSession:
    """Some processes of one program; each is lent to one question at a time."""

    def __init__(self, subject: Process, limits: Limits, credential: Credential | None) -> None:
        self._subject = subject
        self._credential = credential
        self._line_cap = limits.max_answer_bytes * _ESCAPED + _ENVELOPE_BYTES
        self._free: asyncio.LifoQueue[Program | None] = asyncio.LifoQueue()
        self._running: set[Program] = set()
        self._numbers = itertools.count(1)

    async def warm_up(self, count: int) -> None:
        """Start processes before the first question, unless each question starts its own."""
        for _ in range(count):
            try:
                program = None if self._subject.is_fresh else await self._start()
            except NoAnswer as gone:
                raise self._not_ready(self._hidden(gone.words)) from None
            self._free.put_nowait(program)

    async def ask(self, prompt: str, history: Sequence[Message] = ()) -> str | Missing:
        """Return the answer, or why there is none."""
        answer = await self._exchange(prompt, history)
        return answer.missing if isinstance(answer, NoAnswer) else answer

    async def describe_fault(self, prompt: str) -> str | None:
        """Ask once and return what is wrong in plain words."""
        answer = await self._exchange(prompt, ())
        return None if isinstance(answer, str) else self._hidden(answer.words)

    async def close(self) -> None:
        """End every process, politely first."""
        for program in tuple(self._running):
            await program.end()
        self._running.clear()

    async def _exchange(self, prompt: str, history: Sequence[Message]) -> str | NoAnswer:
        system = self._subject.system
        first = () if system is None else (Message(role="system", text=system),)
        messages = to_chat((*first, *history, Message(role="user", text=prompt)))
        number = next(self._numbers)
        asked = {"id": number, "prompt": prompt, "messages": messages}
        line = json.dumps(asked, ensure_ascii=False).encode("utf-8", "replace")
        program = await self._free.get()
        kept: Program | None = None
        try:
            if program is None or not program.is_quiet:
                self._drop(program)
                program = None
                program = await self._start()
            text = _picked(await program.exchange(line), number)
            if self._credential is not None:
                self._credential.refuse_in(text, NoAnswer)
            kept = None if self._subject.is_fresh else program
        except NoAnswer as failed:
            return failed
        finally:
            if kept is None:
                self._drop(program)
            self._free.put_nowait(kept)
        return text

    async def _start(self) -> Program:
        subject = self._subject
        program = start(
            subject.command,
            folder=subject.folder,
            variables=(*_PASSED, *subject.variables),
            settings={**subject.settings, **self._secret()},
            line_cap=self._line_cap,
        )
        self._running.add(program)
        try:
            await program.connect()
            if subject.announces:
                async with asyncio.timeout(subject.start_timeout_s):
                    _check_ready(await program.read_line())
        except TimeoutError:
            self._drop(program)
            raise NoAnswer(f"it is not ready within {subject.start_timeout_s:g} s") from None
        except BaseException:
            self._drop(program)
            raise
        return program

    def _secret(self) -> dict[str, str]:
        found = self._credential
        return {} if found is None else {found.variable: found.reveal()}

    def _hidden(self, words: str) -> str:
        """Return words about a fault; a program's last words may hold what it was given."""
        return words if self._credential is None else self._credential.hide_in(words)

    def _drop(self, program: Program | None) -> None:
        if program is not None:
            self._running.discard(program)
            program.kill()

    def _not_ready(self, words: str) -> PeerFailed:
        return PeerFailed(
            f"{self._subject.label} is not ready to be tested: {words}",
            code="assess.preflight",
            hint="no question of the bank was asked; run its command by hand to see",
            peer=self._subject.label,
        )


def _picked(line: bytes, number: int) -> str:
    match _object(line):
        case {"id": other} if other != number:
            raise NoAnswer("its line answers another question")
        case {"answer": str(text)}:
            return text
        case {"error": str(words)}:
            raise NoAnswer(f"it says: {words[:300]}")
        case _:
            raise NoAnswer('its line is not like {"answer": "..."}')


def _check_ready(line: bytes) -> None:
    match _object(line):
        case {"ready": True}:
            return
        case {"fault": str(words)}:
            raise NoAnswer(words[:600])
        case _:
            raise NoAnswer('its first line is not {"ready": true}')


def _object(line: bytes) -> object:
    try:
        found: object = json.loads(line)
    except (ValueError, RecursionError):
        raise NoAnswer("its line is not JSON") from None
    return found
