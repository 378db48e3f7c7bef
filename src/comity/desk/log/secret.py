# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Keep, seal, open and fetch blobs; conceal fields of a statement before it is signed."""

import io
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from comity.errors import Conflict, Fault, InvalidDocument, NotFound, StorageFailed
from comity.kernel.canonical import Json, from_canonical, to_canonical
from comity.kernel.digest import Digest, sha256
from comity.kernel.fields import Fields
from comity.kernel.ids import MemberId
from comity.kernel.instant import Instant
from comity.kernel.reference import Reference
from comity.ledger.commitment import Access, AccessClass, Commitment, from_json
from comity.ledger.disclosure import (
    SALT_BYTES,
    Disclosure,
    Salts,
    conceal,
    digests_in,
    from_text,
)
from comity.ledger.statement import Statement
from comity.node.disk.storage import sync_folder
from comity.node.node import Node
from comity.node.secrets.kept import Held
from comity.node.secrets.sealed import Head, is_sealed, seal_stream


def keep_blob(
    node: Node, content: bytes, *, media: str, access: Access, salts: Salts
) -> Commitment:
    """Keep content outside the log; sealed content is encrypted for its readers and oneself.

    Raises:
        InvalidDocument: Too large, no media type, or readers that the class does not take.
        NotFound: A reader is not followed.
    """
    names_readers = access.kind in {AccessClass.NAMED, AccessClass.SEALED}
    if names_readers != bool(access.readers):
        word = "needs readers" if names_readers else "takes no readers"
        message = f"access {access.kind.value!r} {word}: --to MEMBER"
        raise InvalidDocument(message, code="desk.blob", faults=[Fault(message=message)])
    if access.kind is AccessClass.SEALED:
        keys = agreement_keys(node, [*sorted(access.readers), node.member])
        target = io.BytesIO()
        seal_stream(io.BytesIO(content), target, keys, None)
        content = target.getvalue()
    return node.blobs.kept.keep(content, salt=salts(SALT_BYTES), media=media, access=access)


def agreement_keys(node: Node, members: Iterable[MemberId]) -> list[bytes]:
    """Return the keys by which members open what is sealed for them.

    Raises:
        NotFound: One of them is not followed.
    """
    known = {log.member: log.keyset.agreement_key for log in node.view().members()}
    wanted = list(members)
    missing = [one for one in wanted if one not in known]
    if missing:
        raise NotFound(
            f"nothing is held of member {missing[0][:16]}, so its key is not known",
            code="desk.reader",
            hint="follow that member first: comity node follow",
        )
    return [known[one] for one in wanted]


def seal_file(
    node: Node, source: Path, target: Path, readers: Sequence[MemberId], about: Reference | None
) -> int:
    """Encrypt a file of any size for members and oneself; return the bytes written.

    Raises:
        NotFound: There is no such file, or a reader is not followed.
        Conflict: Something stands where the sealed file should.
    """
    keys = agreement_keys(node, [*readers, node.member])
    with reading(source) as plain, new_file(target) as sealed:
        seal_stream(plain, sealed, keys, about)
    return target.stat().st_size


def open_file(node: Node, source: Path, target: Path) -> Head:
    """Decrypt a sealed file; the new file is there whole or not at all.

    Raises:
        NotPermitted: It was sealed for others.
        VerificationFailed: It was changed.
    """
    with reading(source) as sealed, new_file(target) as plain:
        return node.unlock(sealed, plain)


def open_held(node: Node, held: Held, target: Path) -> None:
    """Write a kept blob into a file, decrypted where it is sealed.

    Raises:
        NotPermitted: It was sealed for others.
    """
    with new_file(target) as plain:
        if is_sealed(held.content):
            node.unlock(io.BytesIO(held.content), plain)
        else:
            plain.write(held.content)


def commitments_in(value: Json) -> Iterator[Commitment]:
    """Yield the commitments to blobs in a predicate, wherever they stand."""
    if isinstance(value, dict):
        if {"sha256", "bucket", "media", "access"} <= set(value):
            try:
                yield from_json(value)
            except InvalidDocument:
                return
        else:
            for part in value.values():
                yield from commitments_in(part)
    elif isinstance(value, list):
        for part in value:
            yield from commitments_in(part)


def fetch_blob(node: Node, member: MemberId, commitment: Commitment) -> Held:
    """Return a blob, from here or from the member that committed to it.

    Raises:
        NotFound: It was erased, or this member may not read it.
        VerificationFailed: Something else was sent.
    """
    held = node.blobs.kept.find(commitment.sha256)
    if held is not None:
        return held
    peer = next((one for one in node.config.peers if one.member == member), None)
    if peer is None:
        return node.blobs.kept.get(commitment.sha256)
    return node.blobs.kept.fetch(node.connect(peer), commitment)


def conceal_fields(
    statement: Statement, names: Sequence[str], salts: Salts, *, at_least: int
) -> tuple[Statement, tuple[Disclosure, ...]]:
    """Replace fields of a predicate by salted digests.

    Raises:
        InvalidDocument: With every name that cannot be concealed.
    """
    predicate, made = conceal(statement.predicate, names, salts, at_least=at_least)
    return replace(statement, predicate=predicate), made


def log_concealed(
    node: Node, statement: Statement, made: Sequence[Disclosure], now: Instant
) -> Reference:
    """Keep what opens a statement, then log it; without the first the second tells nobody."""
    texts: list[Json] = [one.encoded for one in made]
    node.vault.put(_opening(statement), to_canonical({"disclosures": texts}))
    (reference,) = node.append([statement], now)
    return reference


def disclosures_of(node: Node, statement: Statement) -> tuple[Disclosure, ...]:
    """Return what opens the concealed fields of one's own statement.

    Raises:
        NotFound: Nothing in it is concealed, or what opened it was erased.
    """
    if not digests_in(dict(statement.predicate)):
        raise NotFound("nothing in this statement is concealed", code="desk.disclosure")
    faults: list[Fault] = []
    fields = Fields(from_canonical(node.vault.get(_opening(statement))), faults=faults)
    found = tuple(map(from_text, fields.texts("disclosures")))
    fields.finish("not the disclosures of a statement", code="desk.disclosure")
    return found


def forget_disclosures(node: Node, statement: Statement) -> bool:
    """Forget what opens the concealed fields of a statement; tell whether it was there."""
    return node.vault.remove(_opening(statement))


def is_file(text: str) -> bool:
    """Tell whether a target is a file rather than a place or a digest."""
    return Path(text).is_file()


@contextmanager
def reading(path: Path) -> Iterator[BinaryIO]:
    """Open a file for reading.

    Raises:
        NotFound: There is none.
    """
    try:
        file = path.open("rb")
    except (FileNotFoundError, IsADirectoryError):
        raise NotFound(f"no file {path}", code="desk.file") from None
    except OSError as error:
        raise StorageFailed(f"cannot read {path}: {error.strerror}", code="desk.file") from None
    with file:
        yield file


@contextmanager
def new_file(path: Path) -> Iterator[BinaryIO]:
    """Write a new file that is there whole, or not at all; only its owner may read it.

    Raises:
        Conflict: Something stands there.
        StorageFailed: It cannot be written.
    """
    if path.exists():
        raise Conflict(f"{path} is there already", code="desk.file", hint="name a new file")
    beside = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        beside.rename(path)
        sync_folder(path.parent)
    except OSError as error:
        raise StorageFailed(
            f"cannot write {path}: {error.strerror}", code="desk.file"
        ) from None
    finally:
        beside.unlink(missing_ok=True)


def _opening(statement: Statement) -> str:
    """Name what opens a statement by the digests in it, which nobody else's has."""
    digests: list[Json] = list(digests_in(dict(statement.predicate)))
    return f"disclosures/{sha256(to_canonical(digests)).hex()}"


def to_digest(text: str, known: Iterable[Digest]) -> Digest | None:
    """Return the one blob whose name begins with these hexadecimal digits, or None."""
    found = [one for one in known if len(text) >= 8 and one.hex().startswith(text)]
    return found[0] if len(found) == 1 else None
