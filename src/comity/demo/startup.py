# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What both services share: how they start, and how they say that they cannot."""

import sys
from collections.abc import Callable

from comity.errors import ComityError, Conflict


def run(serve: Callable[[int], None], port: int) -> None:
    """Serve on a port; exit 2 with one sentence where that is not possible."""
    try:
        serve(port)
    except ComityError as error:
        sys.stderr.write(f"error: {error}\nhint: {error.hint}\n")
        sys.exit(2)


def port_taken(port: int) -> Conflict:
    """Return the error of a service that could not start to listen."""
    return Conflict(
        f"the service cannot listen on port {port} of this machine",
        code="demo.port",
        hint="another program uses it; choose another port, or 0 for any free one",
    )
