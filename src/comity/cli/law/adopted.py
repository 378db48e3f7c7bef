# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Adoptions that a question is put with: from a node's view, from a file, or from both."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.console import Console

from comity.desk.law.duties import Inquiry, library_for

_SEALED = "A file with the passphrase; else COMITY_PASSPHRASE, else you are asked."


@Parameter(name="*")
@dataclass(frozen=True, slots=True, kw_only=True)
class Adopting:
    """Whose adoptions of packs apply too.

    Args:
        node: A node's folder; packs that states adopted in the logs it follows apply too.
        adoptions: A TOML file of adoptions, to see what they would do.
    """

    node: Path | None = None
    adoptions: Path | None = None
    passphrase_file: Annotated[Path | None, Parameter(help=_SEALED)] = None

    def joined_to(self, inquiry: Inquiry) -> Inquiry:
        """Return a question with the adoptions that count, and say why others do not.

        Raises:
            NotFound: No such node or file.
            InvalidDocument: Faults in the file; all are listed.
        """
        if self.node is None and self.adoptions is None:
            return inquiry
        from comity.cli.session import looked_at  # noqa: PLC0415 - no node, no cost
        from comity.desk.council.instrument.adopting import Adopted, adopted_in  # noqa: PLC0415 - the same
        from comity.files.adoption import read_adoptions  # noqa: PLC0415 - the same

        library = library_for(inquiry)
        written = () if self.adoptions is None else read_adoptions(self.adoptions, library)
        seen = Adopted()
        if self.node is not None:
            with looked_at(self.node, self.passphrase_file) as own:
                seen = adopted_in(own, library)
        for aside in seen.asides:
            Console(stderr=True, highlight=False).print(f"not counted: {aside}", markup=False)
        return replace(inquiry, adoptions=(*written, *seen.adoptions))


ONLY_THE_PACKS = Adopting()
