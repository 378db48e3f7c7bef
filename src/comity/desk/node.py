# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What an operator does with a node: write down peers, follow them, publish statements."""

import difflib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from comity.errors import (
    ComityError,
    Fault,
    InvalidDocument,
    NotFound,
    StorageFailed,
    VerificationFailed,
)
from comity.kernel.canonical import Json, to_canonical
from comity.kernel.ids import MemberId
from comity.kernel.instant import Instant
from comity.kernel.reference import Reference
from comity.ledger.envelope import MAX_PAYLOAD_BYTES
from comity.ledger.keyset import KEYSET_TYPE, Keyset
from comity.ledger.note import MAX_NOTE_BYTES
from comity.ledger.statement import (
    STATEMENT_TYPE,
    Statement,
    from_value,
    to_payload,
    to_predicate_type,
)
from comity.node.audit import read_identity
from comity.node.config import Peer
from comity.node.follow import Followed
from comity.node.node import Node
from comity.node.publication import Publication
from comity.node.source import LogSource, source_at

_MAX_FILE_BYTES = 4 * MAX_PAYLOAD_BYTES
_FIELDS = ("predicateType", "subject", "predicate")


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What came of following one peer: the news, or why there is none."""

    peer: Peer
    followed: Followed | None
    error: ComityError | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """Statements that were logged, and how their checkpoint was received."""

    references: tuple[Reference, ...]
    publication: Publication


def introduce(
    location: str, *, member: str | None, name: str | None, counts: bool
) -> tuple[Peer, Keyset]:
    """Read who stands at an address, and check it against the id known from elsewhere.

    Args:
        member: The id its operator gave over another channel, or its first digits (at
            least 16); None takes the address at its word.
        counts: Whether its cosignatures will count.

    Raises:
        NotFound: No log stands there.
        PeerFailed: It cannot be reached.
        VerificationFailed: It is another member, or no member's log.
    """
    with source_at(location) as source:
        _check_log(source, location)
        keyset = read_identity(source)
    if member is not None and (len(member) < 16 or not keyset.member.startswith(member)):
        raise VerificationFailed(
            f"the member there is {keyset.member}, not {member}",
            code="desk.member",
            hint="ask its operator for the id again; at least its first 16 digits are needed",
            place=location,
        )
    peer = Peer(
        member=MemberId(keyset.member),
        name=name or keyset.name,
        url=location if "://" in location else str(Path(location).resolve()),
        log_key=keyset.log_key,
        witness_key=keyset.witness_key if counts else None,
    )
    return peer, keyset


def _check_log(source: LogSource, location: str) -> None:
    """Refuse a place that holds no log at all: mistyped, most often, and no liar."""
    try:
        source.read("checkpoint", limit=MAX_NOTE_BYTES)
    except NotFound:
        raise NotFound(
            f"no log stands at {location}",
            code="desk.no_log",
            hint="give a node's folder, or the address at which it is served",
        ) from None


def follow_peers(node: Node, names: Sequence[str], now: Instant) -> Iterator[Visit]:
    """Follow the named peers, or all of them; one that fails keeps no other from being read.

    Raises:
        NotFound: No peer has one of the names; nothing was followed.
    """
    peers = [node.get_peer(name) for name in names] if names else node.config.peers
    for peer in peers:
        try:
            yield Visit(peer=peer, followed=node.follow(peer, now), error=None)
        except ComityError as error:
            yield Visit(peer=peer, followed=None, error=error)


def publish_files(node: Node, paths: Iterable[Path], now: Instant) -> Published:
    """Sign the statements in files, log them as one group, have them cosigned, publish.

    Raises:
        InvalidDocument: A file has faults; all of them are listed and nothing is logged.
    """
    statements = [read_statement(path) for path in paths]
    references = node.append(statements, now)
    return Published(references=references, publication=node.publish(now))


def read_statement(path: Path) -> Statement:
    """Read a statement somebody wrote by hand: JSON with predicateType, subject, predicate.

    Raises:
        NotFound: There is no such file.
        InvalidDocument: With every fault.
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
    value = _json(path, content)
    if not isinstance(value, dict):
        raise _refused(path, [Fault(message="must be an object with " + ", ".join(_FIELDS))])
    faults = [
        Fault(message=f"no field is called {name!r}", near=_near(name))
        for name in value
        if name not in {*_FIELDS, "_type"}
    ]
    value.setdefault("_type", STATEMENT_TYPE)
    value.setdefault("subject", [])
    kind = value.get("predicateType")
    if isinstance(kind, str) and kind and "://" not in kind:
        value["predicateType"] = to_predicate_type(kind)
    for check in (from_value, to_canonical):
        try:
            check(value)
        except InvalidDocument as error:
            faults.extend(error.faults)
    if not faults:
        faults.extend(_own_faults(from_value(value)))
    if faults:
        raise _refused(path, faults)
    return from_value(value)


def _near(name: str) -> str | None:
    near = difflib.get_close_matches(name, _FIELDS, 1)
    return near[0] if near else None


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


def _json(path: Path, content: bytes) -> Json:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _refused(path, [Fault(message=f"byte {error.start} is not UTF-8")]) from None
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
        raise InvalidDocument("a key stands twice", code="desk.statement_file", faults=faults)
    return dict(pairs)


def _refused(path: Path, faults: Iterable[Fault]) -> InvalidDocument:
    return InvalidDocument(
        "not a statement to publish",
        code="desk.statement_file",
        hint='a file such as {"predicateType": "finding", "subject": [], "predicate": {}}',
        source=str(path),
        faults=faults,
    )
