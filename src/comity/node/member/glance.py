# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What a node's own log says of its member, read without any key."""

from dataclasses import dataclass

from comity.errors import NotFound
from comity.ledger.identity import Identity, bearing, open_identity
from comity.node.disk.journal import read_frames
from comity.node.disk.storage import Disk, Storage
from comity.node.logs.log import JOURNAL
from comity.node.member.absent import no_node
from comity.node.member.config import FILE


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """A member as its own log states it, unpublished entries included.

    Args:
        size: Entries of the log.
    """

    identity: Identity
    size: int


def read_glance(disk: Disk) -> Glance:
    """Return who the node in a folder is; no key is needed and nothing is written.

    Raises:
        NotFound: The folder holds no node.
        StorageFailed: The log is damaged.
        VerificationFailed: Its first entry is no keyset.
    """
    try:
        disk.read(FILE)
        found = find_glance(disk)
    except NotFound:
        raise no_node(disk.folder) from None
    if found is None:
        raise no_node(disk.folder)
    return found


def find_glance(storage: Storage) -> Glance | None:
    """Return what a journal says of its member, or None where it has no entry.

    Raises:
        NotFound: There is no journal.
        StorageFailed: It is damaged.
        VerificationFailed: Its first entry is no keyset.
    """
    identity, size = None, 0
    for frame in read_frames(storage, JOURNAL, 0):
        entries = frame.entries
        if identity is None:
            identity = open_identity(entries[0])
        for at in bearing(entries):
            identity = identity.extended(size + at, [entries[at]])
        size += len(entries)
    return None if identity is None else Glance(identity=identity, size=size)
