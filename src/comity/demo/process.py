# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Processes of the demonstration: started, waited for, and always stopped again."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx2

from comity.errors import PeerFailed

HOST = "127.0.0.1"
_PATIENCE_S = 60.0


def free_port(wanted: int = 0) -> int:
    """Return *wanted* if nobody listens there, else any free port of this machine."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise PeerFailed("no port of this machine is free", code="demo.port")


@contextmanager
def running(
    name: str,
    module: str,
    arguments: Sequence[str],
    *,
    probe: str,
    log: Path,
    environment: Mapping[str, str] | None = None,
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a module of ours as a process until the block ends.

    Args:
        name: What an error message calls it.
        probe: Address that answers once it is ready.
        log: File for what it prints.

    Raises:
        PeerFailed: It ended, or did not answer in time; its last words are quoted.
    """
    with ExitStack() as stack:
        output = stack.enter_context(log.open("wb"))
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-m", module, *arguments],
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, **(environment or {})},
        )
        stack.callback(_stop, process)
        _wait(name, process, probe, log)
        yield process


def _wait(name: str, process: subprocess.Popen[bytes], probe: str, log: Path) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            answer = httpx2.get(probe, timeout=2, trust_env=False, verify=False)
            if answer.status_code < 500:
                return
        except httpx2.HTTPError:
            time.sleep(0.05)
    words = log.read_text("utf-8", errors="replace").strip()[-600:]
    raise PeerFailed(
        f"{name} did not start: {words or 'it said nothing'}",
        code="demo.process",
        hint=f"all it printed is in {log}",
        peer=name,
    )


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
