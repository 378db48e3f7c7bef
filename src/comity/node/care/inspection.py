# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Check what a node keeps beside its logs: key file, index, witness's records, vault."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from comity.errors import ComityError, InvalidDocument, NotFound, StorageFailed
from comity.kernel.canonical import from_canonical
from comity.kernel.ids import Origin
from comity.ledger.base64text import from_base64
from comity.ledger.checkpoint import from_text
from comity.ledger.identity import Identity
from comity.ledger.note import from_bytes
from comity.ledger.reading import read_logged
from comity.ledger.redaction import is_erased
from comity.ledger.tile import TILE_WIDTH
from comity.node.disk.storage import Disk
from comity.node.logs.mirror import Mirror
from comity.node.member.founding import KEYS, MAX_KEY_FILE_BYTES
from comity.node.views.batch import Row, to_row
from comity.node.views.index import SCHEMA, Index

INDEX = "index.sqlite"
_LOOK = 16_384
WITNESS = "witness.sqlite"
_SEALED_BYTES = 48
"""What sealing adds to a secret: a public key and an authenticator."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that does not follow from the logs.

    Args:
        place: The file, with the entry and byte where they are known.
    """

    place: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """One log as its entries stand on the disk, for the index to be held against.

    Args:
        stretches: Yields where entries stand and which follow, at most 256 at a time.
    """

    origin: Origin
    size: int
    identity: Identity
    stretches: Callable[[], Iterable[tuple[int, Sequence[bytes]]]]


def inspect_keys(disk: Disk) -> Iterator[Problem]:
    """Check that the key file has the shape of one, and that nobody else may read it."""
    try:
        content = disk.read(KEYS, 0, MAX_KEY_FILE_BYTES)
        shape = from_canonical(content)
    except (InvalidDocument, NotFound, StorageFailed) as error:
        yield Problem(place=KEYS, message=" ".join(str(error).split()))
        return
    if not _is_key_file(shape):
        yield Problem(place=KEYS, message="has not the shape of a key file; use the copy apart")
    if disk.path(KEYS).stat().st_mode & 0o077:
        yield Problem(place=KEYS, message="others may read it: chmod 600")


def _is_key_file(shape: object) -> bool:
    match shape:
        case {
            "format": str(form),
            "passes": int(passes),
            "memory_bytes": int(memory),
            "salt": str(salt),
            "box": str(box),
        }:
            try:
                lengths = len(from_base64(salt)), len(from_base64(box))
            except InvalidDocument:
                return False
            is_sealed = lengths[0] == 16 and lengths[1] > 40
            return form.startswith("comity-keys/") and passes > 0 and memory > 0 and is_sealed
        case _:
            return False


def inspect_witness(disk: Disk) -> Iterator[Problem]:
    """Check that each checkpoint the witness keeps is the one its note says."""
    path = disk.path(WITNESS)
    if not path.exists():
        return
    damage = find_damage(path)
    if damage:
        yield Problem(place=WITNESS, message=f"{damage}; put it back from the newest backup")
        return
    try:
        with closing(_connected(path)) as connection:
            found = connection.execute("select origin, size, root, note from witnessed")
            rows = found.fetchall()
    except sqlite3.Error as error:
        yield Problem(place=WITNESS, message=f"cannot be read: {error}; check again")
        return
    for origin, size, root, encoded in rows:
        try:
            said = from_text(from_bytes(encoded).text)
        except InvalidDocument as error:
            message = " ".join(str(error).split())
            yield Problem(place=f"{WITNESS}, {origin}", message=message)
            continue
        if (said.origin, said.size, said.root) != (origin, size, root):
            message = f"the record says size {size}, and its note says {said.size}"
            yield Problem(place=f"{WITNESS}, {origin}", message=message)


def inspect_vault(disk: Disk) -> Iterator[Problem]:
    """Check that each secret is as long as a sealed one must be; only its key opens it."""
    for name in disk.names("vault"):
        if disk.length(name) < _SEALED_BYTES:
            yield Problem(place=name, message="is too short to be a sealed secret")


def inspect_leftovers(disk: Disk) -> Iterator[Problem]:
    """Name what a killed process left half-written beside."""
    for name in disk.left_over(tiles=True):
        yield Problem(place=name, message="was left half-written by a killed process")


def inspect_index(disk: Disk, url: str, shelves: Iterable[Shelf]) -> Iterator[Problem]:
    """Hold each row of the index against its entry; name the first wrong one of each log."""
    path, place = disk.path(INDEX), url or INDEX
    if not url:
        if not path.exists():
            return
        damage = find_damage(path)
        if damage:
            yield Problem(
                place=INDEX, message=f"{damage}; it is rebuilt when it is next opened"
            )
            return
        if not _is_of_this_schema(path):
            return
    try:
        with closing(Index(url or path)) as index:
            for shelf in shelves:
                yield from _compare(index, shelf, place)
    except ComityError as error:
        yield Problem(place=place, message=" ".join(str(error).split()))


def find_damage(path: Path) -> str:
    """Return what is wrong with a SQLite file, "" where nothing is."""
    try:
        with closing(_connected(path)) as connection:
            (said,) = connection.execute("pragma quick_check(1)").fetchone()
    except sqlite3.Error as error:
        return str(error)
    return "" if said == "ok" else str(said)


def mirror_shelf(mirror: Mirror) -> Shelf | None:
    """Return a mirrored log that is held whole, or None."""
    held = mirror.find_checkpoint()
    if held is None or not mirror.is_whole:
        return None

    def stretches() -> Iterator[tuple[int, Sequence[bytes]]]:
        for number in range(-(-held.checkpoint.size // TILE_WIDTH)):
            yield number * TILE_WIDTH, mirror.read_bundle(number)

    return Shelf(
        origin=held.checkpoint.origin,
        size=held.checkpoint.size,
        identity=mirror.read_identity(),
        stretches=stretches,
    )


def _compare(index: Index, shelf: Shelf, place: str) -> Iterator[Problem]:
    indexed = index.size(shelf.origin)
    if indexed > shelf.size:
        message = f"knows {indexed} entries of a log of {shelf.size}"
        yield Problem(place=f"{place}, {shelf.origin}", message=message)
        return
    rows, known_until = dict[int, Row](), 0
    for first, entries in shelf.stretches():
        if first >= indexed:
            return
        for at, entry in enumerate(entries, first):
            if at >= known_until:  # each look reads all subjects, which are in no such order
                rows, known_until = index.rows(shelf.origin, at, at + _LOOK), at + _LOOK
            if at >= indexed or is_erased(entry):
                continue
            if rows.get(at) != to_row(at, entry, read_logged(entry, at, shelf.identity)):
                message = "is not what the log says; `comity node reindex` rebuilds it"
                yield Problem(place=f"{place}, {shelf.origin}, entry {at}", message=message)
                return


def _is_of_this_schema(path: Path) -> bool:
    try:
        with closing(_connected(path)) as connection:
            query = "select value from about where name = 'schema'"
            return connection.execute(query).fetchall() == [(str(SCHEMA),)]
    except sqlite3.Error:
        return False


def _connected(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=10)
