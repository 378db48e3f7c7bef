# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What a node's own log says of its member, read without any key."""

from dataclasses import dataclass

from comity.errors import NotFound
from comity.ledger.identity import Identity, open_identity
from comity.node.disk.journal import read_frames
from comity.node.disk.storage import Disk
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
    """
    identity, size = None, 0
    try:
        disk.read(FILE)
        for frame in read_frames(disk, JOURNAL, 0):
            if identity is None:
                identity = open_identity(frame.entries[0])
            identity = identity.extended(size, frame.entries)
            size += len(frame.entries)
    except NotFound:
        raise no_node(disk.folder) from None
    if identity is None:
        raise no_node(disk.folder)
    return Glance(identity=identity, size=size)
