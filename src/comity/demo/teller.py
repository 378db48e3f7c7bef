# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""How the demonstration speaks: numbered steps, short lines, everything as it falls."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.table import Table
from rich.text import Text


class Teller:
    """Prints the story to one console."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._step = 0

    def title(self, words: str) -> None:
        """Begin the story."""
        self._console.print(Text(words, style="bold"))

    def step(self, words: str) -> None:
        """Begin the next numbered step."""
        self._step += 1
        self._console.print()
        self._console.rule(Text(f"{self._step}  {words}", style="bold"), align="left")

    def say(self, words: str, *, indent: int = 0, style: str = "") -> None:
        """Say one thing; long lines wrap under themselves."""
        for line in Text(words, style=style).wrap(self._console, self._width(indent)):
            self._console.print(Text(" " * indent) + line)

    def table(self, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Print a plain table; the first column is left, the others right if numbers."""
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
        for column, head in enumerate(heads):
            is_number = all(_is_number(row[column]) for row in rows)
            table.add_column(head, justify="right" if is_number else "left", overflow="fold")
        for row in rows:
            table.add_row(*map(Text, row))
        self._console.print(table)

    @contextmanager
    def working(self, words: str) -> Iterator[None]:
        """Show that something takes a moment, on a terminal only."""
        with self._console.status(Text(words, style="dim")):
            yield

    def _width(self, indent: int) -> int:
        return max(20, self._console.width - indent)


def _is_number(text: str) -> bool:
    return text.replace("·", "").replace(" ", "").replace(".", "").isdecimal() or text == "·"
