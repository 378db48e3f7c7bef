# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What verbs about duties are asked: where, when, and as whom."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from comity.cli.option import day_of, roles_of, today, words_of
from comity.desk.law.duties import Inquiry
from comity.errors import Fault, InvalidDocument

_IN = "Markets, such as EU,CHN,VNM,BRA,KHM,WAICO; without it, the profile's own."
_ON = "The day whose law is asked about, such as 2026-11-21; without it, today."
_FACTS_ON = (
    "The day whose answers count, where the profile holds changes; else that of the law."
)
_KNOWN_ON = "Count only packs recorded until that day; without it, all that are held."
_ROLE = "Roles, such as provider,deployer; without it, the profile's own."
_PACKS = "A folder of packs that stand beside those that come along."


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Asked:
    """The options every verb about duties shares."""

    in_: Annotated[str, Parameter(name="--in", help=_IN)] = ""
    on: Annotated[str, Parameter(help=_ON)] = ""
    facts_on: Annotated[str, Parameter(help=_FACTS_ON)] = ""
    known_on: Annotated[str, Parameter(help=_KNOWN_ON)] = ""
    role: Annotated[str, Parameter(help=_ROLE)] = ""
    packs: Annotated[Path | None, Parameter(help=_PACKS)] = None

    def inquiry(self) -> Inquiry:
        """Read them.

        Raises:
            InvalidDocument: A day that no calendar has, or a word that names no role.
        """
        self._refuse_all()
        return Inquiry(
            markets=words_of(self.in_), on=day_of(self.on) or today(), packs=self.packs,
            facts_on=day_of(self.facts_on), known_on=day_of(self.known_on),
            roles=roles_of(self.role),
        )  # fmt: skip

    def _refuse_all(self) -> None:
        """Tell the faults of all options at once, where more than one has any."""
        reads: tuple[tuple[str, str, Callable[[str], object]], ...] = (
            ("--on", self.on, day_of), ("--facts-on", self.facts_on, day_of),
            ("--known-on", self.known_on, day_of), ("--role", self.role, roles_of),
        )  # fmt: skip
        found: list[Fault] = []
        for option, text, read in reads:
            try:
                read(text)
            except InvalidDocument as error:
                told = error.faults or [Fault(message=str(error))]
                found += [replace(each, message=f"{option}: {each.message}") for each in told]
        if len(found) > 1:
            raise InvalidDocument("the question has faults", code="cli.question", faults=found)
