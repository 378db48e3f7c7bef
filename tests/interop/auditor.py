# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Go's own packages as an auditor of ours: built from the toolchain, asked by JSON lines."""

import base64
import fcntl
import importlib.util
import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SOURCES = Path(__file__).with_name("go")
ROOT = Path(__file__).parents[2]
CACHE = ROOT / "build" / "go-cache"
PACKAGES = ("note", "tlog")

Question = Mapping[str, object]
Answer = dict[str, object]


def find_go() -> Path | None:
    """Return Go's command: that of the installed package, else the machine's, or None."""
    found = importlib.util.find_spec("go")
    for folder in (found and found.submodule_search_locations) or ():
        command = Path(folder) / "bin" / "go"
        if command.is_file():
            return command
    command_there = shutil.which("go")
    return None if command_there is None else Path(command_there)


def build(go: Path, folder: Path, *flags: str) -> "Auditor":
    """Build the auditor in an empty folder, offline, with the packages of the toolchain.

    Args:
        flags: More of the compiler's own: quick to build, or quick to run.
    """
    environment = _environment(folder)
    root = _run([str(go), "env", "GOROOT"], folder, environment).strip()
    (vendored,) = Path(root, "src", "cmd", "vendor").glob("*/x/mod/sumdb")
    for source in (*SOURCES.glob("*.go"), SOURCES / "go.mod"):
        shutil.copy(source, folder)
    for package in PACKAGES:
        shutil.copytree(vendored / package, folder / "sumdb" / package)
    program = folder / "auditor"
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "comity.lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two workers would compile everything twice
        command = [str(go), "build", "-trimpath", *flags, "-o", str(program), "."]
        _run(command, folder, environment)
    return Auditor(program=program)


def _environment(folder: Path) -> dict[str, str]:
    """Return settings by which Go asks no network and writes nowhere else."""
    home = folder.parent / f"{folder.name}-home"
    home.mkdir()
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "TMPDIR": str(home),
        "GOPATH": str(home / "go"),
        "GOCACHE": str(CACHE),
        "GOENV": "off",
        "GOFLAGS": "-mod=mod",
        "GOPROXY": "off",
        "GOSUMDB": "off",
        "GOTOOLCHAIN": "local",
        "GOWORK": "off",
        "CGO_ENABLED": "0",
    }


def _run(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> str:
    ran = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, f"{' '.join(command)}\n{ran.stderr}"
    return ran.stdout


@dataclass(frozen=True, slots=True, kw_only=True)
class Auditor:
    """The built program."""

    program: Path

    def answers(self, questions: Sequence[Question]) -> list[Answer]:
        """Ask everything of one process, and return the answers in order."""
        lines = b"".join(json.dumps(one, default=_text).encode() + b"\n" for one in questions)
        ran = subprocess.run([self.program], input=lines, capture_output=True, check=False)
        assert ran.returncode == 0, ran.stderr
        answers = [json.loads(line) for line in ran.stdout.splitlines()]
        assert [one["name"] for one in answers] == [one["name"] for one in questions]
        assert [one for one in answers if one.get("panic")] == []
        return answers

    def ask(self, **question: object) -> Answer:
        """Ask one thing."""
        return self.answers([{"name": "one", **question}])[0]

    @contextmanager
    def witness(
        self, name: str, logs: Sequence[str], *, kind: int = 4
    ) -> Iterator[tuple[str, str]]:
        """Serve a witness of Go's; yield its address and its vkey."""
        secret = self.ask(ask="make key", kind=kind)["secret"]
        with subprocess.Popen(
            [self.program, "witness"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as running:
            assert running.stdin is not None
            assert running.stdout is not None
            settings = {"name": name, "kind": kind, "secret": secret, "logs": list(logs)}
            running.stdin.write(json.dumps(settings).encode() + b"\n")
            running.stdin.flush()
            address, vkey = running.stdout.readline().decode().split()
            try:
                yield address, vkey
            finally:
                running.stdin.close()


def _text(value: object) -> str:
    assert isinstance(value, bytes)
    return base64.b64encode(value).decode("ascii")


def raw(answer: Answer, name: str) -> bytes:
    """Return bytes of an answer."""
    return base64.b64decode(str(answer.get(name, "")))
