# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Faults of several steps of one command line, said together."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from comity.errors import Fault, InvalidDocument

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tray:
    """What was found wrong so far; nobody runs a command three times to learn three faults.

    Args:
        about: What cannot be done with such options.
        code: Of the refusal.

    >>> tray = Tray()
    >>> tray.take(lambda: 3)
    3
    """

    about: str = "cannot be planned"
    code: str = "cli.plan"
    faults: list[Fault] = field(default_factory=list)
    refusals: list[InvalidDocument] = field(default_factory=list)

    def take(self, step: Callable[[], T]) -> T | None:
        """Return what a step returns; where it refuses, keep its faults and return None."""
        try:
            return step()
        except InvalidDocument as error:
            self.faults.extend(error.faults or (Fault(message=error.message),))
            self.refusals.append(error)
            return None

    def add(self, faults: Iterable[Fault]) -> None:
        """Keep more faults; one that was said already is not said again."""
        self.faults.extend(one for one in faults if one not in self.faults)

    def check(self) -> None:
        """Refuse the command line where anything was found.

        Raises:
            InvalidDocument: With every fault; what one step alone refused, as it did.
        """
        if not self.faults:
            return
        if len(self.refusals) == 1 and self.faults == list(self.refusals[0].faults):
            raise self.refusals[0]
        hints = dict.fromkeys(error.hint for error in self.refusals if error.hint)
        raise InvalidDocument(
            self.about, code=self.code, hint="; ".join(hints), faults=self.faults
        )
