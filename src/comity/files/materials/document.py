# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A document that somebody else wrote about a system, read for what it answers."""

import json
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from comity.errors import Fault, InvalidDocument
from comity.files.materials.frontmatter import read_front_matter
from comity.files.materials.mapping import Table, hits, kinds, select, table_of
from comity.files.text import read_text
from comity.kernel.digest import sha256
from comity.law.fact import Fact
from comity.law.told import Told

MAX_BYTES = 32 * 1024 * 1024
"""A bill of materials of a large system has a few megabytes."""


def read_told(path: Path, facts: Mapping[str, Fact]) -> tuple[Told, ...]:
    """Read what a document says of a system.

    Raises:
        NotFound: No such file.
        InvalidDocument: Not readable, or of no kind for which there is a table (code
            `files.import`).
    """
    text = read_text(path, "import")
    return told_by(text, facts, source=path.name)


def told_by(text: str, facts: Mapping[str, Fact], *, source: str) -> tuple[Told, ...]:
    """Read what the text of a document says of a system.

    Raises:
        InvalidDocument: As for a file.
    """
    encoded = text.encode()
    if len(encoded) > MAX_BYTES:
        raise _refused(source, f"larger than {MAX_BYTES:,} bytes")
    tables = [table_of(kind, facts) for kind in kinds()]
    document, table = _opened(text, source, tables)
    evidence = f"{source}, sha256:{sha256(encoded).hex()}"
    return tuple(
        Told(
            fact=str(hit.rule.fact.name), answer=hit.answer, market=hit.rule.market,
            source=source, place=hit.place, why=hit.rule.why, evidence=evidence,
        )
        for hit in hits(table, document)
    )  # fmt: skip


def _opened(text: str, source: str, tables: Sequence[Table]) -> tuple[object, Table]:
    if text.lstrip("\ufeff \t\r\n").startswith(("{", "[")):
        document: object = _json(text.removeprefix("\ufeff"), source)
        for table in tables:
            if table.recognise and all(
                any(str(value).startswith(wanted) for value, _ in select(document, path))
                for path, wanted in table.recognise.items()
            ):
                return document, table
        known = "; ".join(table.title for table in tables)
        raise _refused(source, f"of no kind that is read here: {known}")
    head = read_front_matter(text, source=source)
    card = next(table for table in tables if not table.recognise)
    return head, card


def _json(text: str, source: str) -> Any:
    faults: list[Fault] = []

    def pairs(members: list[tuple[str, Any]]) -> dict[str, Any]:
        names = [name for name, _ in members]
        twice = (
            sorted({name for name in names if names.count(name) > 1})
            if len(set(names)) < len(names)
            else []
        )
        faults.extend(Fault(message=f"{name!r} stands twice in one object") for name in twice)
        return dict(members)

    try:
        found = json.loads(
            text, object_pairs_hook=pairs, parse_float=_decimal, parse_constant=_no_number
        )
    except json.JSONDecodeError as error:
        raise _refused(source, error.msg, line=error.lineno, column=error.colno) from None
    except (ValueError, RecursionError) as error:
        raise _refused(source, f"not readable as JSON: {str(error)[:80]}") from None
    if faults:
        raise _broken(source, faults)
    return found


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        raise ValueError("a number larger than any document needs") from None


def _no_number(word: str) -> object:
    raise ValueError(f"{word} is no number of JSON")


def _refused(
    source: str, message: str, *, line: int | None = None, column: int | None = None
) -> InvalidDocument:
    return _broken(source, [Fault(message=message, line=line, column=column)])


def _broken(source: str, faults: Iterable[Fault]) -> InvalidDocument:
    return InvalidDocument(
        "cannot be read for answers",
        code="files.import",
        hint="docs/how-to/answer-an-interview.md lists the kinds of document that answer",
        source=source,
        faults=faults,
    )
