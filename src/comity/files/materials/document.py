# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A document that somebody else wrote about a system, read for what it answers."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from comity.errors import Fault, InvalidDocument
from comity.files.materials.frontmatter import read_front_matter
from comity.files.materials.jsontext import json_of
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
    try:
        return json_of(text)
    except InvalidDocument as error:
        raise _broken(source, error.faults) from None


def _refused(source: str, message: str) -> InvalidDocument:
    return _broken(source, [Fault(message=message)])


def _broken(source: str, faults: Iterable[Fault]) -> InvalidDocument:
    return InvalidDocument(
        "cannot be read for answers",
        code="files.import",
        hint="docs/how-to/answer-an-interview.md lists the kinds of document that answer",
        source=source,
        faults=faults,
    )
