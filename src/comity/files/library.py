# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The library of packs that comes with Comity, or one in a folder."""

import datetime as dt
from functools import cache
from pathlib import Path

from comity.files.edition import library_known_on, newest
from comity.files.pack import SHIPPED, documents_below, with_replaced
from comity.law.pack import Library
from comity.law.read import read_library


@cache
def shipped_library() -> Library:
    """Return the packs that come with Comity, read once a process.

    Raises:
        InvalidDocument: A pack has faults; all are listed with their places.
    """
    return library_below(SHIPPED)


def library_below(folder: Path, known_on: dt.date | None = None) -> Library:
    """Read the vocabulary and packs below a folder.

    Args:
        known_on: The day as known on which; None for the newest of what is held.

    Raises:
        NotFound: No such folder.
        InvalidDocument: A pack has faults; all are listed with their places.
    """
    if known_on is None:
        return read_library(documents_below(folder))
    return library_known_on(documents_below(folder, every_edition=True), known_on)


@cache
def library_beside(folder: Path | None, known_on: dt.date | None) -> Library:
    """Read the packs that come with Comity and those below a folder, as known on a day.

    A file of the folder takes the place of a shipped one of the same name.

    Raises:
        NotFound: No such folder.
        InvalidDocument: A pack has faults; all are listed with their places.
    """
    documents = documents_below(SHIPPED, every_edition=True)
    if folder is not None:
        documents = with_replaced(documents, documents_below(folder, every_edition=True))
    if known_on is None:
        return read_library(newest(documents).documents)
    return library_known_on(documents, known_on)
