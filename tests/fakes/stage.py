# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The command line in processes of its own, quick to start, whose system calls may be refused.

One process has everything loaded and forks a child for each verb; strace, attached to the child
before it begins, lets the operating system refuse one call: Python's and SQLite's alike.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

PASSPHRASE = "for tests only"  # noqa: S105 - it protects nothing
WRITES = (
    "write", "pwrite64", "writev", "fsync", "fdatasync", "rename", "renameat", "renameat2",
    "link", "linkat", "unlink", "unlinkat", "mkdir", "ftruncate", "fallocate", "fchmod",
    "chmod",
)  # fmt: skip
"""The calls by which a file, its name or its mode comes to be otherwise."""

LOADED = """
import importlib, json, os, sys
from comity.cli.app import _VERBS, run
for place, _ in _VERBS:
    importlib.import_module("comity.cli." + place.partition(":")[0])

def play(asked):
    for number, way, flags in ((0, "/dev/null", os.O_RDONLY), (1, asked["out"], os.O_WRONLY),
                               (2, asked["err"], os.O_WRONLY)):
        handle = os.open(way, flags | (os.O_CREAT | os.O_TRUNC if number else 0), 0o600)
        os.dup2(handle, number)
        os.close(handle)
    code = 99
    try:
        with open(asked["gate"]) as gate:
            gate.read()
        code = run(asked["words"])
        sys.stdout.flush()
        sys.stderr.flush()
    except SystemExit as left:
        code = left.code
    except BaseException:
        import traceback
        try:
            os.write(2, traceback.format_exc().encode())
        except OSError:
            pass
    finally:
        os._exit(code if isinstance(code, int) else 98)

print("ready", flush=True)
for line in sys.stdin:
    asked = json.loads(line)
    child = os.fork()
    if not child:
        play(asked)
    print(child, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Which call is refused, and how.

    Args:
        call: Its name.
        number: Which of them, counted from 1 in each thread.
        for_good: Whether every one after it is refused too.
    """

    call: str
    error: str
    number: int
    for_good: bool = False

    @property
    def words(self) -> tuple[str, ...]:
        """Return it as strace is told."""
        last = "+" if self.for_good else ""
        said = f"inject={self.call}:error={self.error}:when={self.number}{last}"
        return ("-e", f"trace={self.call}", "-e", said)


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """What became of a verb.

    Args:
        calls: The calls that were watched, as strace wrote them down.
    """

    code: int
    out: str
    err: str
    calls: tuple[str, ...] = ()

    @property
    def refused(self) -> tuple[str, ...]:
        """Return the calls that were refused."""
        return tuple(line for line in self.calls if "(INJECTED)" in line)


class Stage:
    """Verbs, each in a child of one process that has everything loaded."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._gate = folder / "gate"
        os.mkfifo(self._gate)
        self._process = subprocess.Popen(
            [sys.executable, "-c", LOADED],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "COMITY_PASSPHRASE": PASSPHRASE},
        )
        assert self._said() == "ready"

    def play(self, *words: object) -> Played:
        """Run one verb to its end."""
        return self._play(words, ())

    def watch(self, *words: object) -> Played:
        """Run one verb and write down every call that changes something on the disk."""
        return self._play(words, ("-e", f"trace={','.join(WRITES)}"))

    def refuse(self, refusal: Refusal, *words: object) -> Played:
        """Run one verb of whose calls one is refused."""
        return self._play(words, refusal.words)

    def _play(self, words: Sequence[object], traced: Sequence[str]) -> Played:
        out, err, log = (self._folder / name for name in ("out", "err", "strace"))
        asked = {
            "words": [str(word) for word in words],
            "out": str(out),
            "err": str(err),
            "gate": str(self._gate),
        }
        print(json.dumps(asked), file=self._stdin, flush=True)
        child = int(self._said())
        with _tracing(child, traced, log):
            self._gate.write_text("go")
            code = int(self._said())
        calls = log.read_text("utf-8", "replace") if traced else ""
        return Played(
            code=code,
            out=out.read_text("utf-8", "replace"),
            err=err.read_text("utf-8", "replace"),
            calls=tuple(line for line in calls.splitlines() if " = " in line),
        )

    def close(self) -> None:
        """End the process."""
        self._stdin.close()
        self._process.wait()
        self._stdout.close()

    @property
    def _stdin(self) -> IO[str]:
        return cast("IO[str]", self._process.stdin)

    @property
    def _stdout(self) -> IO[str]:
        return cast("IO[str]", self._process.stdout)

    def _said(self) -> str:
        return self._stdout.readline().strip()


@contextmanager
def staged(folder: Path) -> Iterator[Stage]:
    """Open a stage and close it."""
    stage = Stage(folder)
    try:
        yield stage
    finally:
        stage.close()


@contextmanager
def _tracing(child: int, traced: Sequence[str], log: Path) -> Iterator[None]:
    if not traced:
        yield
        return
    log.write_text("")
    command = [_strace(), "-f", "-p", str(child), "-o", str(log), "-e", "signal=none", *traced]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as tracer:
        said = cast("IO[str]", tracer.stderr).readline()
        assert "attached" in said, said
        yield


def _strace() -> str:
    return shutil.which("strace") or "strace"


def why_not(words: Sequence[str] = ("true",)) -> str:
    """Return why strace cannot refuse calls here, "" where it can."""
    if shutil.which("strace") is None:
        return "strace is not installed"
    command = [_strace(), "-e", "inject=exit_group:error=EIO:when=9", "-o", os.devnull, *words]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    return "" if ran.returncode == 0 else f"strace may not trace here: {ran.stderr.strip()}"
