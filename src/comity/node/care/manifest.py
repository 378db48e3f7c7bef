# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What a backup holds: every file as the digests of its pieces, and the log's state."""

import re
from dataclasses import dataclass

from comity.errors import Fault, InvalidDocument
from comity.kernel.canonical import from_canonical, to_canonical
from comity.kernel.digest import Digest
from comity.kernel.fields import Fields
from comity.kernel.ids import Origin
from comity.kernel.instant import Instant, to_rfc3339

FILE = "manifest.json"
PIECE_BYTES = 4 * 1024 * 1024
_TYPE = "https://comity.example/backup/v1"
_HEX = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One file of a backup.

    Args:
        pieces: SHA-256 of each stretch of 4 MiB, in order, in hexadecimal.
        changed_ns: When the original last changed; 0 where that says nothing.
        is_private: Whether only its owner may read it.
    """

    name: str
    bytes: int
    pieces: tuple[str, ...]
    changed_ns: int = 0
    is_private: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """A node's folder at one moment.

    Args:
        size: Entries under the last checkpoint the log had signed.
        root: The root of that checkpoint.
    """

    node_format: int
    origin: Origin
    size: int
    root: Digest
    taken: Instant
    files: tuple[Kept, ...]


def object_name(digest: str) -> str:
    """Return where a piece is stored."""
    return f"objects/{digest[:2]}/{digest[2:]}"


def to_json(manifest: Manifest) -> bytes:
    """Write a manifest."""
    return to_canonical(
        {
            "type": _TYPE,
            "node_format": manifest.node_format,
            "origin": manifest.origin,
            "size": manifest.size,
            "root": manifest.root.hex(),
            "taken": to_rfc3339(manifest.taken),
            "files": [
                {
                    "name": one.name,
                    "bytes": one.bytes,
                    "pieces": list(one.pieces),
                    "changed": str(one.changed_ns),
                    "private": one.is_private,
                }
                for one in manifest.files
            ],
        }
    )


def from_json(content: bytes) -> Manifest:
    """Read a manifest, listing every fault.

    Raises:
        InvalidDocument: Not canonical JSON, or a field is missing or malformed.
    """
    faults: list[Fault] = []
    fields = Fields(from_canonical(content), faults=faults)
    if fields.text("type") != _TYPE:
        fields.fault("type", f"is not {_TYPE}")
    manifest = Manifest(
        node_format=fields.integer("node_format", low=1),
        origin=Origin(fields.text("origin")),
        size=fields.integer("size"),
        root=fields.digest("root"),
        taken=fields.instant("taken"),
        files=tuple(map(_kept, fields.rows("files"))),
    )
    names = [one.name for one in manifest.files]
    if len(set(names)) < len(names):
        fields.fault("files", "names a file twice")
    if faults:
        message = "this manifest of a backup cannot be used"
        raise InvalidDocument(message, code="node.backup", source=FILE, faults=faults)
    return manifest


def _kept(row: Fields) -> Kept:
    name, pieces, changed = row.text("name"), row.texts("pieces"), row.text("changed")
    parts = name.split("/")
    if "\\" in name or "\0" in name or {"", ".", ".."} & set(parts):
        row.fault("name", "leads out of the folder")
    if not all(map(_HEX.fullmatch, pieces)):
        row.fault("pieces", "holds something that is no SHA-256")
    if not re.fullmatch(r"[0-9]{1,20}", changed):
        row.fault("changed", "is no number")
        changed = "0"
    return Kept(
        name=name,
        bytes=row.integer("bytes"),
        pieces=tuple(pieces),
        changed_ns=int(changed),
        is_private=row.flag("private"),
    )
