# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Rows of JSON, one a line; every faulty line is named by its number."""

import json
from collections.abc import Callable
from typing import TypeVar

from comity.errors import Fault

T = TypeVar("T")


def rows_of(
    text: str, read: Callable[[object, int], T], *, most: int
) -> tuple[tuple[T, ...], list[Fault]]:
    """Return what the lines say, and what is wrong with them; empty lines say nothing.

    Args:
        read: From a line's JSON value and its number, from 1; raises ValueError with a
            sentence where that is no row.
        most: Rows allowed.
    """
    found: list[T] = []
    faults: list[Fault] = []
    for line, row in enumerate(text.split("\n"), start=1):
        if row.strip():
            try:
                found.append(read(json.loads(row), line))
            except (ValueError, RecursionError) as error:
                message = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
                faults.append(Fault(message=message, line=line))
    if not found and not faults:
        faults.append(Fault(message="there is no answer in it"))
    if len(found) > most:
        faults.append(Fault(message=f"more than {most} answers"))
    return tuple(found), faults
