# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A member's keys before anybody gave the passphrase: enough to read its node by.

What reads needs public keys alone, and those the log states. The key file is opened when a
secret is needed for the first time, such as to open what is sealed for this member.
"""

from collections.abc import Callable
from dataclasses import dataclass

from comity.errors import NotFound, StorageFailed
from comity.kernel.ids import Origin
from comity.ledger.note import NoteKey
from comity.node.disk.storage import Disk, Storage
from comity.node.keys.keys import Keys
from comity.node.member.absent import no_node
from comity.node.member.founding import KEYS, MAX_KEY_FILE_BYTES
from comity.node.member.glance import find_glance


@dataclass(frozen=True, slots=True, kw_only=True)
class Unopened:
    """What is known of a member's keys without its passphrase.

    Args:
        logs: The keys that its log states for its checkpoints, the newest first.
        open: Asks for the passphrase and returns the keys.
    """

    logs: tuple[NoteKey, ...]
    open: Callable[[], Keys]

    @property
    def origin(self) -> Origin:
        """Return the name of the member's log."""
        return Origin(self.logs[0].name)


def read_sealed(storage: Disk) -> bytes:
    """Return the key file of a node, as it is sealed.

    Raises:
        NotFound: The folder holds no node.
    """
    try:
        return storage.read(KEYS, 0, MAX_KEY_FILE_BYTES)
    except NotFound:
        raise no_node(storage.folder) from None


def unopened(storage: Storage, opener: Callable[[], Keys]) -> Unopened:
    """Read from a node's own log which keys it signs its checkpoints by.

    Raises:
        StorageFailed: The journal is damaged, or has no entry.
        VerificationFailed: Its first entry is no keyset.
    """
    found = find_glance(storage)
    if found is None:
        raise StorageFailed(
            "the journal of this node has no entry, and so no keys to read it by",
            code="node.empty_journal",
            hint="put the newest journal back; a mirror has every entry",
        )
    keys = dict.fromkeys(one.keyset.log_key for one in reversed(found.identity.tenures))
    return Unopened(logs=tuple(keys), open=opener)
