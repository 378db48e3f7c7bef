# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""How many items each category of a bank has, as TOML: enough to design its test."""

from pathlib import Path

from comity.errors import Fault, InvalidDocument
from comity.evidence.bank import is_category_name
from comity.evidence.statistics.design import MAX_SIZE
from comity.files.text import read_text
from comity.files.toml import Toml, read_toml

FIELDS = ("title", "source", "categories")


def read_sizes(path: Path) -> dict[str, int]:
    """Read the table `categories` of a file: by category, its items.

    Raises:
        NotFound: The file cannot be read (code `files.no_sizes`).
        InvalidDocument: Any fault in it, each with its place (code `files.sizes`).
    """
    return sizes_from_toml(read_text(path, "sizes"), source=str(path))


def sizes_from_toml(text: str, *, source: str = "sizes") -> dict[str, int]:
    """Read by category its items.

    Raises:
        InvalidDocument: As `read_sizes`.
    """
    toml = read_toml(text, source=source)
    faults = [
        toml.fault((name,), f"sizes have no field {name!r}")
        for name in toml.values
        if name not in FIELDS
    ]
    categories = toml.values.get("categories")
    found: dict[str, int] = {}
    if not isinstance(categories, dict) or not categories:
        faults.append(toml.fault(("categories",), "no table [categories] of name = items"))
    else:
        found = {name: _count(toml, name, categories[name], faults) for name in categories}
    if faults:
        message = "not the sizes of a bank"
        raise InvalidDocument(message, code="files.sizes", source=source, faults=faults)
    return found


def _count(toml: Toml, name: str, value: object, faults: list[Fault]) -> int:
    if not is_category_name(name):
        faults.append(toml.fault(("categories", name), f"{name!r} is no category's name"))
    if type(value) is int and 1 <= value <= MAX_SIZE:
        return value
    message = f"{name} has {value!r} items, not a number from 1 to {MAX_SIZE}"
    faults.append(toml.fault(("categories", name), message))
    return 1
