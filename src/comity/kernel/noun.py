# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Numbers with their nouns, as English writes them."""


def counted(number: int, one: str, several: str = "") -> str:
    """Write a number and what is counted, with separators of thousands.

    Args:
        several: The plural; empty for *one* with an s.

    >>> counted(1, "entry", "entries"), counted(2000, "file")
    ('1 entry', '2,000 files')
    """
    return f"{number:,} {one if number == 1 else several or f'{one}s'}"
