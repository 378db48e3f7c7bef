# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Sign what somebody wrote by hand: read statements from files, refuse every fault at once."""

import difflib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from comity.desk.log.schema import faults_of, find_schema, kinds, located
from comity.errors import ComityError, Fault, InvalidDocument, NotFound, StorageFailed
from comity.files.jsonplace import Places, places_of
from comity.kernel.canonical import Json, to_canonical
from comity.kernel.instant import Instant
from comity.kernel.reference import Reference
from comity.law.cursor import near_miss
from comity.ledger.envelope import MAX_PAYLOAD_BYTES
from comity.ledger.keyset import KEYSET_TYPE
from comity.ledger.statement import (
    STATEMENT_TYPE,
    Statement,
    from_value,
    to_payload,
    to_predicate_type,
)
from comity.node.node import Node
from comity.node.witness.publication import Publication

_MAX_FILE_BYTES = 4 * MAX_PAYLOAD_BYTES
_FIELDS = ("predicateType", "subject", "predicate")
_CODE = "desk.statement_file"
_HINT = "comity statement example KIND prints one to start from, schema KIND what it must say"
_ANY_INSTANT = "1970-01-01T00:00:00Z"


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """Statements that were logged, and how their checkpoint was received.

    Args:
        unknown: Kinds among them that this version has no schema of.
    """

    references: tuple[Reference, ...]
    publication: Publication
    unknown: tuple[str, ...] = ()


def publish_files(node: Node, paths: Iterable[Path], now: Instant) -> Published:
    """Sign the statements in files, log them as one group, have them cosigned, publish.

    Raises:
        InvalidDocument: Files have faults; all of them are listed and nothing is logged.
    """
    statements = read_statements(paths)
    references = node.append(statements, now)
    return Published(
        references=references,
        publication=node.publish(now),
        unknown=unknown_kinds(statements),
    )


def unknown_kinds(statements: Iterable[Statement]) -> tuple[str, ...]:
    """Return the kinds of which there is no schema here, each once."""
    return tuple(dict.fromkeys(s.kind for s in statements if find_schema(s.kind) is None))


def near_kind(kind: str) -> str | None:
    """Return the kind that was perhaps meant by the name of one nobody knows."""
    return near_miss(kind, kinds())


def read_statements(paths: Iterable[Path]) -> tuple[Statement, ...]:
    """Read statements from files, listing the faults of all of them.

    Raises:
        NotFound: The only file that cannot be read is not there.
        InvalidDocument: With every fault of every file.
    """
    found: list[Statement] = []
    errors: list[tuple[Path, ComityError]] = []
    for path in paths:
        try:
            found.append(read_statement(path))
        except (InvalidDocument, NotFound) as error:
            errors.append((path, error))
    if len(errors) == 1:
        raise errors[0][1]
    if errors:
        raise InvalidDocument(
            f"{len(errors)} files hold no statement to publish",
            code=_CODE,
            hint=_HINT,
            faults=[fault for path, error in errors for fault in _sourced(path, error)],
        )
    return tuple(found)


def read_statement(path: Path) -> Statement:
    """Read a statement somebody wrote by hand: JSON with predicateType, subject, predicate.

    Raises:
        NotFound: There is no such file.
        InvalidDocument: With every fault; of a known kind, also those against its schema.
    """
    try:
        with path.open("rb") as file:
            content = file.read(_MAX_FILE_BYTES + 1)
    except (FileNotFoundError, IsADirectoryError):
        raise NotFound(f"no file {path}", code="desk.file") from None
    except OSError as error:
        raise StorageFailed(f"cannot read {path}: {error.strerror}", code="desk.file") from None
    if len(content) > _MAX_FILE_BYTES:
        fault = Fault(message=f"larger than {_MAX_FILE_BYTES} bytes; put content in a blob")
        raise _refused(path, [fault])
    return _statement(path, content)


def _statement(path: Path, content: bytes) -> Statement:
    text = _text(path, content)
    value = _json(path, text)
    if not isinstance(value, dict):
        raise _refused(path, [Fault(message="must be an object with " + ", ".join(_FIELDS))])
    unknown = [name for name in value if name not in {*_FIELDS, "_type"}]
    value.setdefault("_type", STATEMENT_TYPE)
    value.setdefault("subject", [])
    kind = value.get("predicateType")
    if isinstance(kind, str) and kind and "://" not in kind:
        value["predicateType"] = to_predicate_type(kind)
    faults = _form_faults(value)
    if not faults:
        faults = list(_own_faults(from_value(value)))
    if faults or unknown:
        places = places_of(text)
        strangers = (_stranger(name, places) for name in unknown)
        raise _refused(path, [*strangers, *(located(fault, places) for fault in faults)])
    statement = from_value(value)
    faults = list(faults_of(_dated(statement)))
    if faults:
        raise _refused(path, faults_of(_dated(statement), places_of(text)))
    return statement


def _form_faults(value: Json) -> list[Fault]:
    faults: list[Fault] = []
    for check in (from_value, to_canonical):
        try:
            check(value)
        except InvalidDocument as error:
            faults.extend(error.faults)
    return faults


def _dated(statement: Statement) -> Statement:
    """Return a statement as it will be logged: the node says when where the file does not."""
    return replace(statement, predicate={"issued": _ANY_INSTANT, **statement.predicate})


def _stranger(name: str, places: Places) -> Fault:
    near = difflib.get_close_matches(name, _FIELDS, 1)
    line, column = places.of_name((name,)) or (None, None)
    return Fault(
        message=f"no field is called {name!r}",
        line=line,
        column=column,
        near=near[0] if near else None,
    )


def _own_faults(statement: Statement) -> Iterator[Fault]:
    if statement.predicate_type == KEYSET_TYPE:
        yield Fault(message="a keyset is logged by `comity node init`, never by hand")
    size = len(to_payload(statement))
    if size > MAX_PAYLOAD_BYTES - 64:
        yield Fault(message=f"{size} bytes; at most {MAX_PAYLOAD_BYTES - 64} fit in an entry")
    for position, subject in enumerate(statement.subjects):
        digest = subject.digest.get("sha256", "0" * 64)
        if len(digest) != 64 or set(digest) - set("0123456789abcdef"):
            yield Fault(message=f"subject[{position}].digest.sha256 is not 64 hex digits")


def _text(path: Path, content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _refused(path, [Fault(message=f"byte {error.start} is not UTF-8")]) from None


def _json(path: Path, text: str) -> Json:
    try:
        value: Json = json.loads(text, object_pairs_hook=_without_doubles)
    except InvalidDocument as error:
        raise _refused(path, error.faults) from None
    except json.JSONDecodeError as error:
        fault = Fault(message=error.msg, line=error.lineno, column=error.colno)
        raise _refused(path, [fault]) from None
    except (ValueError, RecursionError):
        message = "nested too deeply, or a number too long"
        raise _refused(path, [Fault(message=message)]) from None
    return value


def _without_doubles(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    names = [name for name, _ in pairs]
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        faults = [Fault(message=f"key {name!r} stands twice in one object") for name in doubled]
        raise InvalidDocument("a key stands twice", code=_CODE, faults=faults)
    return dict(pairs)


def _sourced(path: Path, error: ComityError) -> Sequence[Fault]:
    faults = error.faults if isinstance(error, InvalidDocument) else ()
    named = faults or (Fault(message=error.message),)
    return [replace(fault, source=str(path)) for fault in named]


def _refused(path: Path, faults: Iterable[Fault]) -> InvalidDocument:
    return InvalidDocument(
        "not a statement to publish", code=_CODE, hint=_HINT, source=str(path), faults=faults
    )
