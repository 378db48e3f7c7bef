# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The arms of `benchmarks/ledger.py` that write: ours, and what stands beside it."""

import itertools
import json
import os
import secrets
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
from benchmarks.peer import ROOT
from tests.fakes.postgres import find_programs, running_server

from comity.kernel.digest import sha256
from comity.ledger.envelope import sign_payload
from comity.ledger.note import ED25519, NoteSigner
from comity.ledger.signature import SigningKey
from comity.ledger.statement import PAYLOAD_TYPE, Statement, Subject, to_payload
from comity.node.disk.storage import Disk
from comity.node.logs.log import Log

KEY = SigningKey.from_seed(bytes(range(32)))
SIGNED = "signed, durable, checkpoint"
TREE = "tree and checkpoint only"
APPENDED = "raw append + fdatasync"
IN_PLACE = "raw write in place + fdatasync"
BARE = "bare: sign, write, sync, sign, write"
SQLITE = "raw SQLite, WAL, FULL"
SIGNER = NoteSigner.of("bench.example/log", ED25519, SigningKey.from_seed(bytes(32)))

SAID = 4096
"""Statements there are to sign; they are made before the time is taken."""

_PIECE = 64 * 1024
_FLAGS = os.O_WRONLY | os.O_CREAT
_CHECKPOINT = bytes(96)

HELD_US = (40, 60, 80, 100, 150, 274)
"""How long a sync takes on a disk that is simulated; 274 is what the goal was set on."""

_SLACK = Path("/proc/self/timerslack_ns")

Step = Callable[[], object]
Arm = Callable[[int], Step]
"""Given how many entries a batch has, return what writes one batch durably."""


def statement(number: int) -> Statement:
    """Return a finding-like statement of about 700 bytes."""
    return Statement(
        predicate_type="https://bench.example/finding/v1",
        predicate={
            "issued": "2026-11-21T19:19:24Z",
            "plan": {"log": "bench.example/log", "index": number, "sha256": "ab" * 32},
            "seed": sha256(b"%d" % number).hex(),
            "results": [
                {"category": f"category-{n}", "verdict": "shown", "asked": 64, "failed": n}
                for n in range(4)
            ],
        },
        subjects=(Subject.of(sha256(b"model %d" % number), name="translator"),),
    )


def entry(number: int) -> bytes:
    """Return a signed entry."""
    return _entry(statement(number))


def _entry(said: Statement) -> bytes:
    return sign_payload(to_payload(said), PAYLOAD_TYPE, [KEY])


@contextmanager
def arms(folder: Path) -> Iterator[dict[str, Arm]]:
    """Yield every arm there is on this machine; a database server runs meanwhile."""
    with ExitStack() as stack:
        found = local_arms(folder, stack)
        programs = find_programs()
        if programs is None:
            print("PostgreSQL is not installed: its row is left out")
        else:
            connection = stack.enter_context(_postgresql(programs))
            found["raw PostgreSQL, synced"] = lambda batch: _insert(connection, batch)
        yield found


def local_arms(folder: Path, stack: ExitStack) -> dict[str, Arm]:
    """Return the arms that need no server; what they open ends with the stack."""
    return {
        SIGNED: lambda batch: _signed(folder, batch),
        TREE: lambda batch: _tree(folder, batch),
        APPENDED: lambda batch: _raw(folder, batch, stack, room=0),
        IN_PLACE: lambda batch: _raw(folder, batch, stack, room=4096),
        BARE: lambda batch: _bare(folder, batch, stack),
        SQLITE: lambda batch: _sqlite(folder, batch, stack),
    }


@contextmanager
def held_syncs(sync_us: int) -> Iterator[None]:
    """Have every sync of this process take at least so long: a slower disk, simulated.

    The disk syncs first; what is left of the time is slept away, as it is on a real disk.
    """
    real, sync_s = os.fdatasync, sync_us / 1e6

    def held(handle: int) -> None:
        start = time.perf_counter()
        real(handle)
        left_s = sync_s - (time.perf_counter() - start)
        if left_s > 0:
            time.sleep(left_s)

    slack = _SLACK.read_text() if _SLACK.exists() else ""
    if slack:
        _SLACK.write_text("1")  # else Linux wakes a sleeper some 50 microseconds late
    os.fdatasync = held  # type: ignore[assignment] # only ever given numbers here
    try:
        yield
    finally:
        os.fdatasync = real
        if slack:
            _SLACK.write_text(slack)


def find_break_even(found: Sequence[tuple[float, float]], goal: float) -> float | None:
    """Return from which sync time on a ratio holds, None where it does nowhere.

    Args:
        found: Microseconds of a raw append and its sync, and the ratio there.
    """
    holds_us: float | None = None
    above: tuple[float, float] | None = None
    for raw_us, ratio in sorted(found, reverse=True):
        if ratio < goal:
            if above is not None:
                share = (goal - ratio) / (above[1] - ratio)
                holds_us = raw_us + (above[0] - raw_us) * share
            break
        holds_us, above = raw_us, (raw_us, ratio)
    return holds_us


def pymerkle(python: Path, folder: Path, *words: object) -> Any:
    """Return what pymerkle measured of itself: a rate, or two."""
    script = ROOT / "benchmarks" / "peers" / "ledger.py"
    command = [str(one) for one in (python, script, folder / secrets.token_hex(4), *words)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)  # noqa: S603 - our own
    return json.loads(done.stdout)


def _signed(folder: Path, batch: int) -> Step:
    log = Log(Disk(folder / secrets.token_hex(4)), SIGNER)
    log.append([entry(0)])
    said = itertools.cycle([statement(number) for number in range(SAID)])
    return lambda: log.append([_entry(next(said)) for _ in range(batch)])


def _tree(folder: Path, batch: int) -> Step:
    ready, log = [entry(0)] * batch, Log(Disk(folder / secrets.token_hex(4)), SIGNER)
    log.append(ready)
    return lambda: log.append(ready)


def _raw(folder: Path, batch: int, stack: ExitStack, *, room: int) -> Step:
    content = entry(0) * batch
    handle = os.open(folder / secrets.token_hex(4), os.O_WRONLY | os.O_CREAT)
    stack.callback(os.close, handle)
    for at in range(0, len(entry(0)) * room, _PIECE):  # in one piece, each sync would cost more
        os.pwrite(handle, bytes(_PIECE), at)
    os.fdatasync(handle)
    number = itertools.count()

    def step() -> None:
        os.pwrite(handle, content, next(number) * len(content))
        os.fdatasync(handle)

    return step


def _bare(folder: Path, batch: int, stack: ExitStack) -> Step:
    """Return the least that any signed durable append in Python does: no lock, no tree."""
    journal, last = (os.open(folder / secrets.token_hex(4), _FLAGS) for _ in range(2))
    for handle in (journal, last):
        stack.callback(os.close, handle)
        for at in range(0, len(entry(0)) * 4096, _PIECE):
            os.pwrite(handle, bytes(_PIECE), at)
        os.fdatasync(handle)
    at, said = 0, itertools.cycle([statement(number) for number in range(SAID)])

    def step() -> None:
        nonlocal at
        content = b"".join(_entry(next(said)) for _ in range(batch))
        os.pwrite(journal, content, at)
        os.fdatasync(journal)
        at += len(content)
        os.pwrite(last, KEY.sign(_CHECKPOINT), 0)

    return step


def _sqlite(folder: Path, batch: int, stack: ExitStack) -> Step:
    connection = stack.enter_context(closing(sqlite3.connect(folder / secrets.token_hex(4))))
    connection.execute("pragma journal_mode=wal")
    connection.execute("pragma synchronous=full")
    connection.execute("create table entry (position integer primary key, content blob)")
    rows = [(entry(0),)] * batch

    def step() -> None:
        with connection:
            connection.executemany("insert into entry (content) values (?)", rows)

    return step


@contextmanager
def _postgresql(programs: Path) -> Iterator[psycopg.Connection]:
    with (
        running_server(programs) as url,
        psycopg.connect(url.replace("+psycopg", "", 1)) as connection,
    ):
        connection.execute("create table entry (position bigserial primary key, content bytea)")
        connection.commit()
        yield connection


def _insert(connection: psycopg.Connection, batch: int) -> Step:
    rows = [(entry(0),)] * batch

    def step() -> None:
        with connection.cursor() as cursor:
            cursor.executemany("insert into entry (content) values (%s)", rows)
        connection.commit()

    return step
