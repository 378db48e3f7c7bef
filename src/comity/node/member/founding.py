# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Found a node's folder: keys, settings, first entry, first checkpoint; all or nothing."""

from collections.abc import Callable
from pathlib import Path

from comity.errors import Conflict
from comity.ledger import keyset as keysets
from comity.ledger.keyset import Keyset
from comity.node.disk.handle import reporting
from comity.node.disk.storage import Disk, sync_folder
from comity.node.keys.keys import Keys
from comity.node.keys.signing import signed
from comity.node.logs.format import write_format
from comity.node.logs.log import Log
from comity.node.member import config as settings
from comity.node.member.config import Config

KEYS = "keys.sealed"
MAX_KEY_FILE_BYTES = 1024 * 1024


def refuse_taken(folder: Path) -> None:
    """Refuse a folder in which something stands.

    Raises:
        Conflict: It is not empty.
    """
    with reporting(folder, "read"):
        is_taken = folder.exists() and (not folder.is_dir() or any(folder.iterdir()))
    if is_taken:
        message = f"{folder} is not empty"
        raise Conflict(message, code="node.exists", hint="choose a new folder")


def write_keys(storage: Disk, sealed: bytes) -> None:
    """Put a key file in place of the one before; nobody else may read it."""
    storage.replace(KEYS, sealed, is_private=True)


def furnish(
    folder: Path, keys: Keys, keyset: Keyset, sealed: bytes, settle: Callable[[Disk], None]
) -> None:
    """Write keys, settings, first entry and first checkpoint beside, then rename.

    Args:
        settle: Makes what else a node keeps, while all can still be taken back.
    """
    storage = Disk(folder.with_name(f".{folder.name}.new"))
    storage.remove("")
    try:
        with reporting(folder, "create"):
            storage.folder.mkdir(parents=True, mode=0o700)
        write_format(storage)
        write_keys(storage, sealed)
        config = Config(origin=keys.origin, counts_self=keyset.role == "regulator")
        storage.replace(settings.FILE, settings.to_toml(config).encode())
        log = Log(storage, keys.log)
        log.append([signed(keysets.to_statement(keyset), keys)])
        log.publish(log.prepare()[1])
        settle(storage)
        with reporting(folder, "create"):
            storage.folder.chmod(0o755)
            storage.folder.rename(folder)
            sync_folder(folder.parent)
    except BaseException:
        storage.remove("")
        raise
