# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A file's lock, which ends with the process that holds it."""

import fcntl
import time

from comity.errors import Conflict

_POLL_S = 0.01


def wait_for(handle: int, path: str, wait_s: float) -> None:
    """Take the lock of an open file.

    Raises:
        Conflict: Somebody else held it for longer than *wait_s*.
    """
    if _is_taken(handle):
        return
    deadline = time.monotonic() + wait_s
    while not _is_taken(handle):
        if time.monotonic() >= deadline:
            raise Conflict(
                f"another process is writing: {path} is locked",
                code="node.second_writer",
                hint="one log has one writer at a time; let the other one finish",
            )
        time.sleep(_POLL_S)


def _is_taken(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
