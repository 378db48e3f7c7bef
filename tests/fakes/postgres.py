# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A real PostgreSQL server for a while, in a folder of its own, on a socket of its own."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

_USERS = ("postgres", "nobody")
_START_S = 60


def find_programs() -> Path | None:
    """Return the folder of PostgreSQL's newest programs, or None where it is not installed."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"),
        key=lambda path: int(path.parts[-3]) if path.parts[-3].isdecimal() else 0,
    )
    if found:
        return found[-1].parent
    other = shutil.which("initdb")
    return None if other is None else Path(other).parent


@contextmanager
def running_server(programs: Path, settings: Sequence[str] = ()) -> Iterator[str]:
    """Run a server and yield the address of an empty database.

    Args:
        settings: Such as "fsync=off".
    """
    folder = Path(tempfile.mkdtemp(prefix="comity-pg-"))
    user = _unprivileged()
    if user is not None:  # PostgreSQL refuses to run as root
        os.chown(folder, pwd.getpwnam(user).pw_uid, -1)
    try:
        _run(user, programs / "initdb", "-D", folder / "data", "-U", "comity", "-A", "trust",
             "-E", "UTF8", "--locale", "C.UTF-8", "--no-sync")  # fmt: skip
        options = " ".join(
            ["-c listen_addresses=''", f"-k {folder}", *(f"-c {one}" for one in settings)]
        )
        control = (programs / "pg_ctl", "-D", folder / "data", "-w")
        _run(user, *control, "-t", str(_START_S), "-l", folder / "log", "-o", options, "start")
        try:
            yield f"postgresql+psycopg://comity@/postgres?host={folder}"
        finally:
            _run(user, *control, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _unprivileged() -> str | None:
    if os.geteuid():
        return None
    names = {one.pw_name for one in pwd.getpwall()}
    return next(name for name in _USERS if name in names)


def _run(user: str | None, *command: object) -> None:
    done = subprocess.run(
        [str(word) for word in command],
        user=user,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE if "start" not in command else subprocess.DEVNULL,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{command[0]}: {done.stdout}")
