# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The library of packs that comes with Comity, or one in a folder."""

from functools import cache
from pathlib import Path

from comity.files.pack import SHIPPED, documents_below
from comity.law.pack import Library
from comity.law.read import read_library


@cache
def shipped_library() -> Library:
    """Return the packs that come with Comity, read once a process.

    Raises:
        InvalidDocument: A pack has faults; all are listed with their places.
    """
    return library_below(SHIPPED)


def library_below(folder: Path) -> Library:
    """Read the vocabulary and packs below a folder.

    Raises:
        NotFound: No such folder.
        InvalidDocument: A pack has faults; all are listed with their places.
    """
    return read_library(documents_below(folder))
