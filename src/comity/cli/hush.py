# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What a C library prints of itself never stands in a verb's answer.

HiGHS, which scipy brings, writes a line of its own on the standard output where a candidate
of its needs mending, whatever it was told of logging. In JSON that line would be a fault.
"""

import ctypes
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def hushed() -> Iterator[None]:
    """Send what is written to the standard output meanwhile to the error output."""
    sys.stdout.flush()
    kept = os.dup(1)
    os.dup2(2, 1)
    try:
        yield
    finally:
        ctypes.CDLL(None).fflush(None)
        sys.stdout.flush()
        os.dup2(kept, 1)
        os.close(kept)
