# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The one clock a node reads; below it, time is an argument."""

import time

from comity.kernel.instant import Instant, from_posix


def read_clock() -> Instant:
    """Return the present instant."""
    return from_posix(int(time.time()))
