# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What other members wrote, as one cell or one line: no markup, no line of its own."""

from rich.text import Text


def one_line(text: str) -> str:
    """Return a text on one line, so that none of it passes for a line of ours."""
    return " ".join(text.split())


def cell(text: str) -> Text:
    """Return a text as a cell of a table; square brackets in it mean nothing."""
    return Text(one_line(text))
