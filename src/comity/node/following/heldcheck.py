# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Check a mirror that holds not every entry: its whole tree, and the entries it has."""

from comity.errors import ComityError, VerificationFailed
from comity.kernel.digest import Digest
from comity.kernel.ids import MemberId
from comity.ledger.checkpoint import Checkpoint, verify_checkpoint
from comity.ledger.note import NoteKey
from comity.ledger.redaction import leaf_of
from comity.ledger.tile import TILE_WIDTH, Tile, bundle_path
from comity.ledger.tree import Edge
from comity.node.following.sync import check_identity
from comity.node.logs.mirror import Mirror


def check_held(mirror: Mirror, member: MemberId, log_key: NoteKey) -> int:
    """Re-derive a mirror's root from its hash tiles, and check each entry held against them.

    Returns:
        How many entries are held.

    Raises:
        VerificationFailed: The first disagreement, with its file and entry.
    """
    found = mirror.find_checkpoint()
    if found is None:
        return 0
    identity = mirror.read_identity()
    check_identity(identity, member, log_key, "entry 0")
    checkpoint = found.checkpoint
    key = identity.log_keys_for(checkpoint.size)[0]
    verify_checkpoint(found.note, checkpoint, key, place="checkpoint")
    edge, count = Edge(), 0
    for start in range(0, checkpoint.size, TILE_WIDTH):
        number = start // TILE_WIDTH
        tile = Tile(level=0, index=number, width=min(TILE_WIDTH, checkpoint.size - start))
        leaves = _leaves(mirror, tile)
        count += _check_entries(mirror, number, leaves)
        for filled, hashes in edge.extend(leaves):
            _check_tile(mirror, filled, hashes)
    for part, hashes in edge.partial_tiles():
        _check_tile(mirror, part, hashes)
    _check_root(edge, checkpoint)
    return count


def _leaves(mirror: Mirror, tile: Tile) -> tuple[Digest, ...]:
    try:
        return tuple(mirror.tiles.read_tile(tile))
    except ComityError as error:
        raise _wrong(" ".join(str(error).split()), tile.path) from None


def _check_entries(mirror: Mirror, number: int, leaves: tuple[Digest, ...]) -> int:
    entries = mirror.read_bundle(number)
    for at, (entry, leaf) in enumerate(zip(entries, leaves, strict=False)):
        if leaf_of(entry) != leaf:
            place = f"{bundle_path(number)}, entry {number * TILE_WIDTH + at}"
            raise _wrong("this entry does not stand in the tree", place)
    return len(entries)


def _check_tile(mirror: Mirror, tile: Tile, hashes: tuple[Digest, ...]) -> None:
    if _leaves(mirror, tile) != hashes:
        raise _wrong("this tile does not belong to those below it", tile.path)


def _check_root(edge: Edge, checkpoint: Checkpoint) -> None:
    if edge.root != checkpoint.root:
        raise _wrong("the hash tiles do not lead to the signed root", "tile/0")


def _wrong(message: str, place: str) -> VerificationFailed:
    return VerificationFailed(
        message,
        code="ledger.log",
        hint="remove the folder of that peer and follow it again",
        place=place,
    )
