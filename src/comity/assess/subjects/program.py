# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A running program that is asked line by line, and whatever it does costs a bounded amount.

It leads a process group of its own, so that killing it takes what it forked along; what
leaves the group on purpose (`setsid`) is beyond this and belongs in a container.
"""

import asyncio
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from comity.assess.subjects.subject import NoAnswer
from comity.evidence.transcript import Missing

_TAIL_BYTES = 2_000
"""How much of the end of what it says on stderr is kept, for error messages."""

_NOISE_BYTES = 1_048_576
"""How much it may say on stderr for one question; beyond it waits, and is late."""

_POLITE_S = 2.0
"""How long a program may take to end by itself once its input is closed."""

_LAST_S = 0.5
"""How long a program whose output ended may take to end itself and say why."""


def start(
    command: Sequence[str],
    *,
    folder: Path | None,
    variables: Sequence[str],
    settings: Mapping[str, str],
    line_cap: int,
) -> "Program":
    """Start a program.

    Args:
        variables: Names of the tester's environment variables that it sees.
        settings: Variables it sees with these values.
        line_cap: Most bytes of one line.

    Raises:
        NoAnswer: It cannot be started.
    """
    seen = {name: os.environ[name] for name in variables if name in os.environ}
    try:
        process = subprocess.Popen(  # noqa: S603 - running it is what was asked for; no shell
            list(command),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            cwd=folder,
            env={**seen, **settings},
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise NoAnswer(f"it cannot be started: {reason}") from None
    return Program(process, line_cap)


class Program:
    """One process, its pipes, and the last of what it said on stderr."""

    def __init__(self, process: "subprocess.Popen[bytes]", line_cap: int) -> None:
        self._process = process
        self._output = _Lines(line_cap)
        self._noise = _Noise()
        self._pipes: list[asyncio.BaseTransport] = []
        self._input: asyncio.WriteTransport | None = None

    async def connect(self) -> None:
        """Attach the pipes to the running loop."""
        loop, process = asyncio.get_running_loop(), self._process
        output, _ = await loop.connect_read_pipe(lambda: self._output, process.stdout)
        noise, _ = await loop.connect_read_pipe(lambda: self._noise, process.stderr)
        self._input, _ = await loop.connect_write_pipe(asyncio.Protocol, process.stdin)
        self._pipes += [output, noise, self._input]

    @property
    def is_quiet(self) -> bool:
        """Tell whether it still runs and has said nothing that nobody asked for."""
        return _exit_of(self._process) is None and self._output.is_empty

    async def exchange(self, line: bytes) -> bytes:
        """Send a line and return the line that comes back.

        Raises:
            NoAnswer: It ended, or its line does not end.
        """
        self._noise.listen()
        if self._input is None or self._input.is_closing():
            raise NoAnswer(await self._obituary())
        self._input.write(line + b"\n")
        return await self.read_line()

    async def read_line(self) -> bytes:
        """Return its next line.

        Raises:
            NoAnswer: It ended, or the line does not end.
        """
        line = await self._output.next_line()
        if line is None:
            raise NoAnswer(await self._obituary())
        return line

    def kill(self) -> None:
        """Kill it with all that it started, and let go of its pipes."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        for pipe in self._pipes:
            pipe.close()
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            if stream is not None and not self._pipes:
                stream.close()
        with suppress(subprocess.TimeoutExpired):  # a killed process ends, unless a disk stalls
            self._process.wait(_POLITE_S)

    async def end(self) -> None:
        """Close its input, give it a moment, then kill what is left of it."""
        if self._input is not None:
            self._input.close()
        await self._wait(_POLITE_S)
        self.kill()

    async def _obituary(self) -> str:
        await self._wait(_LAST_S)
        code = _exit_of(self._process)
        ended = "it closed its output" if code is None else f"it ended with exit code {code}"
        words = " ".join(self._noise.tail.decode("utf-8", "replace").split())[-300:]
        return f"{ended}: {words}" if words else ended

    async def _wait(self, patience_s: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(patience_s):
                # no event tells of an end without burying the process
                while _exit_of(self._process) is None:  # noqa: ASYNC110 - as said above
                    await asyncio.sleep(0.005)
        await asyncio.sleep(0)


class _Lines(asyncio.Protocol):
    """What a program says, line by line; reading stops where a line is complete or too long."""

    def __init__(self, cap: int) -> None:
        self._cap = cap
        self._buffer = bytearray()
        self._has_ended = False
        self._news = asyncio.Event()
        self._pipe: asyncio.ReadTransport | None = None

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing waits to be read and more may come."""
        return not self._buffer and not self._has_ended

    async def next_line(self) -> bytes | None:
        """Return the next line, or None where the output ended.

        Raises:
            NoAnswer: The line is longer than it may be.
        """
        while True:
            line, found, rest = self._buffer.partition(b"\n")
            if len(line) > self._cap:
                words = f"its line does not end within {self._cap} bytes"
                raise NoAnswer(words, Missing.OVERSIZE)
            if found:
                self._buffer = bytearray(rest)
                return bytes(line)
            if self._has_ended:
                return None
            self._news.clear()
            if self._pipe is not None:
                self._pipe.resume_reading()
            await self._news.wait()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take note of the pipe."""
        if isinstance(transport, asyncio.ReadTransport):
            self._pipe = transport

    def data_received(self, data: bytes) -> None:
        """Keep what came; read no further than a line or its cap."""
        self._buffer += data
        if self._pipe is not None and (b"\n" in data or len(self._buffer) > self._cap):
            self._pipe.pause_reading()
            self._news.set()

    def connection_lost(self, exc: Exception | None) -> None:
        """Take note of the end."""
        del exc
        self._has_ended = True
        self._news.set()


class _Noise(asyncio.Protocol):
    """What a program says on stderr: the end of it is kept, and not too much is read."""

    def __init__(self) -> None:
        self.tail = b""
        self._read = 0
        self._pipe: asyncio.ReadTransport | None = None

    def listen(self) -> None:
        """Allow as much noise again, as one question may make."""
        self._read = 0
        if self._pipe is not None and not self._pipe.is_closing():
            self._pipe.resume_reading()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take note of the pipe."""
        if isinstance(transport, asyncio.ReadTransport):
            self._pipe = transport

    def data_received(self, data: bytes) -> None:
        """Keep the end of what came."""
        self.tail = (self.tail + data)[-_TAIL_BYTES:]
        self._read += len(data)
        if self._read > _NOISE_BYTES and self._pipe is not None:
            self._pipe.pause_reading()


def _exit_of(process: "subprocess.Popen[bytes]") -> int | None:
    """Return its exit code without burying it, so that its number still names its group."""
    if process.returncode is not None:
        return process.returncode
    try:
        found = os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:  # buried by someone else
        return process.poll()
    return None if found is None else found.si_status
