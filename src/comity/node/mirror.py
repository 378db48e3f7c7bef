# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A verified copy of a followed log; itself a folder of static files anyone may serve."""

from dataclasses import dataclass

from comity.errors import NotFound
from comity.kernel.ids import MemberId
from comity.kernel.instant import Instant, from_rfc3339, to_rfc3339
from comity.ledger.checkpoint import Checkpoint, from_text
from comity.ledger.identity import Identity
from comity.ledger.note import Note, from_bytes
from comity.ledger.tile import TILE_WIDTH
from comity.node import history
from comity.node.storage import Storage
from comity.node.tiles import TileFolder


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A checkpoint the mirror keeps, already verified."""

    checkpoint: Checkpoint
    note: Note


class Mirror:
    """One member's log as far as it is verified, and what is still coming in.

    `checkpoint` is the newest verified, `counted` the newest that met the quorum, `checked`
    when the source was last asked.
    """

    def __init__(self, storage: Storage, member: MemberId) -> None:
        self.storage = storage
        self.member = member
        self.folder = f"peers/{member}/"
        self.tiles = TileFolder(storage, self.folder)
        self.incoming = TileFolder(storage, f"{self.folder}incoming/")

    def find_checkpoint(self) -> Held | None:
        """Return the newest verified checkpoint, or None before the first."""
        return self._find("checkpoint")

    def find_counted(self) -> Held | None:
        """Return the newest checkpoint that met the quorum, or None."""
        return self._find("counted")

    def find_checked_at(self) -> Instant | None:
        """Return when the source was last asked with success, or None."""
        try:
            return from_rfc3339(self.storage.read(f"{self.folder}checked").decode())
        except NotFound:
            return None

    @property
    def size(self) -> int:
        """Count the verified entries."""
        held = self.find_checkpoint()
        return 0 if held is None else held.checkpoint.size

    def read_bundle(self, index: int) -> tuple[bytes, ...]:
        """Return the verified entries of one bundle."""
        width = min(TILE_WIDTH, self.size - index * TILE_WIDTH)
        return self.tiles.read_bundle(index, width)

    def read_identity(self) -> Identity:
        """Return who the member is by its verified entries; the mirror is not empty.

        Raises:
            VerificationFailed: The first entry is no keyset.
        """
        name = f"{self.folder}history"
        return history.read_identity(self.storage, name, self.size, self.read_bundle)

    def take_in(self) -> None:
        """Move what came in, and now verifies, beside the rest."""
        for name in list(self.storage.names(self.incoming.folder)):
            target = self.folder + name.removeprefix(self.incoming.folder)
            self.storage.move(name, target)
            if ".p/" not in target:
                self.storage.remove(f"{target}.p")
        self.drop_incoming()

    def drop_incoming(self) -> None:
        """Forget what came in."""
        self.storage.remove(self.incoming.folder.rstrip("/"))

    def keep(self, note: Note, *, is_counted: bool, now: Instant) -> None:
        """Record a verified checkpoint."""
        self.storage.replace(f"{self.folder}checkpoint", note.encoded)
        if is_counted:
            self.storage.replace(f"{self.folder}counted", note.encoded)
        self.storage.replace(f"{self.folder}checked", to_rfc3339(now).encode())

    def _find(self, name: str) -> Held | None:
        try:
            note = from_bytes(self.storage.read(f"{self.folder}{name}"))
        except NotFound:
            return None
        return Held(checkpoint=from_text(note.text), note=note)
