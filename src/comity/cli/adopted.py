# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Adoptions that a question is put with: from a node's view, from a file, or from both."""

from dataclasses import replace
from pathlib import Path

from comity.cli.session import opened
from comity.desk.adopting import Adopted, adopted_in
from comity.desk.duties import Inquiry, library_for
from comity.files.adoption import read_adoptions


def with_adopted(
    inquiry: Inquiry, node: Path | None, file: Path | None, passphrase_file: Path | None
) -> tuple[Inquiry, tuple[str, ...]]:
    """Return a question with the adoptions that count, and why others do not.

    Raises:
        NotFound: No such node or file.
        InvalidDocument: Faults in the file; all are listed.
    """
    library = library_for(inquiry)
    adoptions = () if file is None else read_adoptions(file, library)
    seen = Adopted()
    if node is not None:
        with opened(node, passphrase_file) as own:
            seen = adopted_in(own, library)
    return replace(inquiry, adoptions=(*adoptions, *seen.adoptions)), seen.asides
