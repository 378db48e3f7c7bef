# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What a disk that refuses, and a file that is not as it was written, are called in a run."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from comity.errors import StorageFailed, VerificationFailed


@contextmanager
def storage(path: Path) -> Iterator[None]:
    """Turn what the system refuses into our own error.

    Raises:
        StorageFailed: The disk refused.
    """
    try:
        yield
    except OSError as error:
        raise unusable(path, str(error.strerror)) from None


def write_whole(path: Path, descriptor: int, line: bytes) -> None:
    """Hand all of a line to the system; from then on a kill cannot lose it.

    Raises:
        StorageFailed: The disk refused.
    """
    try:
        done = os.write(descriptor, line)
        while done < len(line):
            done += os.write(descriptor, line[done:])
    except OSError as error:
        raise unusable(path, str(error.strerror)) from None


def unusable(path: Path, reason: str) -> StorageFailed:
    """Return the error for a file that cannot be read or written."""
    return StorageFailed(
        f"the transcript {path.name} cannot be used: {reason}",
        code="assess.transcript_storage",
        hint="nothing recorded is lost; make room or give permission, then run this again",
    )


def damaged(path: Path, number: int, message: str) -> VerificationFailed:
    """Return the error for a line that was changed after it was written."""
    return VerificationFailed(
        f"this line of the transcript {path.name} is not as it was written: {message}",
        code="assess.transcript",
        hint="do not continue on it; restore the file, or report the attempt as not completed",
        place=f"line {number}",
    )
