# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Make anew what follows from the log and can be derived again: tiles, bundles, the index.

What cannot be derived is left as it is: the journal, what was signed, keys, secrets, blobs.
"""

from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path

from comity.errors import StorageFailed
from comity.ledger.checkpoint import from_text
from comity.ledger.note import from_bytes
from comity.ledger.redaction import leaf_of
from comity.ledger.tile import TILE_WIDTH
from comity.ledger.tree import Edge
from comity.node.care.fsck import check_node
from comity.node.care.inspection import INDEX, find_damage
from comity.node.disk.journal import read_frames
from comity.node.disk.storage import Disk
from comity.node.logs.log import CHECKPOINT, JOURNAL, LOCK, PUBLIC
from comity.node.logs.tiles import TileFolder
from comity.node.member import config as settings
from comity.node.views.index import Index

_WAIT_S = 5.0


def repair(folder: Path) -> tuple[str, ...]:
    """Make anew what `check_node` finds wrong and the log can give back; say what was done.

    Raises:
        Conflict: Another process writes to the log.
        NotFound: The folder holds no node.
        StorageFailed: The disk refuses, or the journal is not sound.
    """
    disk, done = Disk(folder), list[str]()
    places = [problem.place for problem in check_node(folder).problems]
    if any(place.startswith(("public/tile", "public/checkpoint, tile")) for place in places):
        done.append(f"{rebuild_tiles(disk)} entries written to {PUBLIC}tile anew")
    if any(place.startswith((INDEX, "postgresql")) for place in places):
        _drop_index(disk)
        done.append("the index emptied; the next view rebuilds it from the logs")
    done.extend(f"{name} removed" for name in disk.sweep(tiles=True))
    return tuple(done)


def rebuild_tiles(disk: Disk) -> int:
    """Write every tile and bundle under the public checkpoint from the journal.

    Raises:
        Conflict: Another process writes to the log.
        StorageFailed: The journal does not lead to that checkpoint; nothing was written.
    """
    with disk.lock(LOCK, _WAIT_S):
        checkpoint = from_text(from_bytes(disk.read(CHECKPOINT)).text)
        edge = Edge()
        edge.extend(map(leaf_of, _entries(disk, checkpoint.size)))
        if (edge.size, edge.root) != (checkpoint.size, checkpoint.root):
            raise StorageFailed(
                f"the journal does not lead to the public checkpoint of size {checkpoint.size}",
                code="node.rolled_back",
                hint="put the newest journal back; tiles are derived from it",
            )
        TileFolder(disk, PUBLIC).write(Edge(), _bundles(disk, checkpoint.size))
    return checkpoint.size


def _entries(disk: Disk, size: int) -> Iterator[bytes]:
    entries = (entry for frame in read_frames(disk, JOURNAL, 0) for entry in frame.entries)
    return islice(entries, size)


def _bundles(disk: Disk, size: int) -> Iterator[Sequence[bytes]]:
    entries = _entries(disk, size)
    while bundle := tuple(islice(entries, TILE_WIDTH)):
        yield bundle


def _drop_index(disk: Disk) -> None:
    url = settings.from_toml(disk.read(settings.FILE)).index_url
    path = disk.path(INDEX)
    if not url and find_damage(path):
        disk.remove(INDEX)
        return
    with closing(Index(url or path)) as index:
        index.clear()
