# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What others wrote never steers the terminal it is shown on.

Names, reasons and titles come from members' logs and may hold any character: codes that move
the cursor, clear the screen or turn the direction of what follows. Every text is cleared of
them on its way out, whichever verb prints it.
"""

import sys
from typing import TextIO

import rich.control

from comity.errors import STEERING

_ESCAPES = {
    code: f"\\u{code:04x}"
    for code in (*range(0x20), *range(0x7F, 0xA0), *range(0x2000, 0x2070))
    if STEERING.fullmatch(chr(code))
}
"""How each is written; in JSON it reads as the same character."""


class Cleared:
    """A text stream that writes what would steer a terminal as escapes."""

    def __init__(self, stream: TextIO) -> None:
        self.rich_proxied_file = stream
        """Where rich writes its own codes; texts it is given are cleared before."""

    def __getattr__(self, name: str) -> object:
        """Be the stream in all else."""
        return getattr(self.rich_proxied_file, name)

    def write(self, text: str) -> int:
        """Write a text."""
        return self.rich_proxied_file.write(
            text if text.isprintable() else text.translate(_ESCAPES)
        )


def clear_output() -> None:
    """Clear everything this process prints from now on."""
    table: dict[int, object] = vars(rich.control)["_CONTROL_STRIP_TRANSLATE"]
    table.update(_ESCAPES)  # the one place through which rich passes every text it is given
    for name in ("stdout", "stderr"):
        setattr(sys, name, Cleared(getattr(sys, name)))
