# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A verified copy of a followed log; itself a folder of static files anyone may serve.

The hash tiles cover the whole log, so that its root and every entry held can be checked. Of
the entries a mirror holds all, or those its operator chose, or those a quota let in so far.
"""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import cast

from comity.errors import InvalidDocument, NotFound
from comity.kernel.canonical import from_canonical, to_canonical
from comity.kernel.ids import MemberId
from comity.kernel.instant import Instant, from_rfc3339, to_rfc3339
from comity.ledger.checkpoint import Checkpoint, from_text
from comity.ledger.identity import Identity
from comity.ledger.note import Note, from_bytes
from comity.ledger.redaction import redacted_path
from comity.ledger.tile import TILE_WIDTH, bundle_path
from comity.node.disk.logged import note_size
from comity.node.disk.storage import Storage
from comity.node.logs import history
from comity.node.logs.following import Following, Mode
from comity.node.logs.tiles import TileFolder


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A checkpoint the mirror keeps, already verified."""

    checkpoint: Checkpoint
    note: Note


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """Which entries a mirror holds.

    Args:
        mode: Full where every entry below `reach` is held, else those chosen.
        chosen: The kinds and indexes chosen when that was recorded.
        reach: Below it nothing wanted is missing; entries from there on may be.
    """

    mode: Mode
    chosen: tuple[str | int, ...]
    reach: int

    def after(self, following: Following, size: int) -> "Holding":
        """Return what is held by the measure of other settings, nothing fetched yet."""
        chosen: tuple[str | int, ...] = (*following.kinds, *following.places)
        is_all_here = self.mode is Mode.FULL and self.reach >= size
        is_same = (self.mode, self.chosen) == (following.mode, chosen)
        reach = self.reach if is_same or is_all_here else 0
        return Holding(mode=following.mode, chosen=chosen, reach=min(reach, size))


class Mirror:
    """One member's log as far as it is verified, and what is still coming in.

    `checkpoint` is the newest verified, `counted` the newest that met the quorum, `checked`
    when the source was last asked, `holding` which entries are here where not all are.
    """

    def __init__(self, storage: Storage, member: MemberId) -> None:
        self.storage = storage
        self.member = member
        self.folder = f"peers/{member}/"
        self.tiles = TileFolder(storage, self.folder)
        self.incoming = TileFolder(storage, f"{self.folder}incoming/")
        self._seen: dict[str, tuple[bytes, Held]] = {}

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
        """Count the entries of the verified log, held here or not."""
        held = self.find_checkpoint()
        return 0 if held is None else held.checkpoint.size

    @property
    def holding(self) -> Holding:
        """Return which entries are held."""
        return self._find_holding() or Holding(mode=Mode.FULL, chosen=(), reach=self.size)

    def _find_holding(self) -> Holding | None:
        try:
            value = from_canonical(self.storage.read(f"{self.folder}holding"))
        except NotFound:
            return None
        match value:
            case {"mode": str(mode), "chosen": [*chosen], "reach": int(reach)}:
                kept = tuple(cast("str | int", one) for one in chosen)
                return Holding(mode=Mode(mode), chosen=kept, reach=reach)
        raise InvalidDocument(
            f"{self.folder}holding is damaged",
            code="node.holding",
            hint="remove the folder of that peer and follow it again",
        )

    @property
    def is_whole(self) -> bool:
        """Tell whether every entry of the verified log is held."""
        return self.holds_all(self.size)

    def holds_all(self, size: int) -> bool:
        """Tell whether every entry below a size is held, once a checkpoint covers it."""
        if self.lacks_some(size):
            return False
        return not any(self.storage.names(f"{self.folder}tile/redacted"))

    def lacks_some(self, size: int) -> bool:
        """Tell whether entries below a size never came in, by choice or by a quota."""
        found = self._find_holding()
        return found is not None and (found.mode is not Mode.FULL or found.reach < size)

    def record_holding(self, holding: Holding, size: int) -> None:
        """Write down which entries are held; that all are is said by no record."""
        name = f"{self.folder}holding"
        if holding.mode is Mode.FULL and holding.reach >= size:
            self.storage.remove(name)
            return
        value = {
            "mode": holding.mode.value,
            "chosen": list(holding.chosen),
            "reach": holding.reach,
        }
        self.storage.replace(name, to_canonical(value))

    def read_bundle(self, index: int) -> tuple[bytes, ...]:
        """Return the verified entries of one bundle: all, the first few, or none of them."""
        width = min(TILE_WIDTH, self.size - index * TILE_WIDTH)
        if self.holds(index, width):  # of a log held by its hashes nearly none is
            with suppress(NotFound):
                return self.tiles.read_bundle(index, width)
        return self._read_older(index)[:width]

    def read_entry(self, index: int) -> bytes:
        """Return one verified entry.

        Raises:
            NotFound: It is not held here.
        """
        number, at = divmod(index, TILE_WIDTH)
        held = self.read_bundle(number)
        if at >= len(held):
            raise NotFound(f"entry {index} is not held here", code="node.mirror")
        return held[at]

    def holds(self, index: int, width: int) -> bool:
        """Tell whether the first *width* entries of a bundle are here."""
        paths = dict.fromkeys((bundle_path(index, width), bundle_path(index)))
        places = (*paths, *map(redacted_path, paths))
        return any(self.storage.length(self.folder + place) for place in places)

    def count_held(self) -> int:
        """Count the entries that are here."""
        size = self.size
        if self.is_whole:
            return size
        return sum(len(self.read_bundle(number)) for number in range(-(-size // TILE_WIDTH)))

    def read_identity(self) -> Identity:
        """Return who the member is by its verified entries; the mirror is not empty.

        Raises:
            VerificationFailed: The first entry is no keyset.
        """
        name = self.folder + history.FILE
        return history.read_identity(self.storage, name, self.size, self.read_bundle)

    def read_history(self) -> bytes:
        """Return what is remembered of where the keys changed; nothing before it is known."""
        try:
            return self.storage.read(self.folder + history.FILE)
        except NotFound:
            return b""

    def remember(self, start: int, size: int, places: Iterable[int]) -> None:
        """Note where entries stand that bear on the identity, as they were just read."""
        history.remember(self.storage, self.folder + history.FILE, start, size, places)

    def forget_derived(self) -> None:
        """Forget what was derived from the entries held, as older ones came in since."""
        self.storage.remove(self.folder + history.FILE)

    def take_in(self) -> None:
        """Move what came in, and now verifies, beside the rest."""
        targets = self.storage.merge(self.incoming.folder, self.folder)
        self.storage.settle(targets)  # before anything rests on them
        for target in targets:
            if ".p/" not in target:
                self.storage.remove(f"{target}.p")
        self.drop_incoming()

    def drop_stale(self) -> None:
        """Forget the partial files of an interrupted run: its checkpoint may be another."""
        for name in list(self.storage.names(self.incoming.folder)):
            if ".p/" in name:
                self.storage.remove(name)

    def drop_incoming(self) -> None:
        """Forget what came in."""
        self.storage.remove(self.incoming.folder.rstrip("/"))

    def keep(self, note: Note, *, is_counted: bool, now: Instant) -> None:
        """Record a verified checkpoint."""
        self.storage.replace(f"{self.folder}checkpoint", note.encoded)
        if is_counted:
            self.storage.replace(f"{self.folder}counted", note.encoded)
        self.storage.replace(f"{self.folder}checked", to_rfc3339(now).encode())
        note_size(self.storage, self.folder, from_text(note.text).size, now)

    def _find(self, name: str) -> Held | None:
        try:
            encoded = self.storage.read(f"{self.folder}{name}")
        except NotFound:
            return None
        seen = self._seen.get(name)
        if seen is None or seen[0] != encoded:  # it is asked with every bundle
            note = from_bytes(encoded)
            seen = encoded, Held(checkpoint=from_text(note.text), note=note)
            self._seen[name] = seen
        return seen[1]

    def _read_older(self, index: int) -> tuple[bytes, ...]:
        """Return what an earlier, smaller checkpoint left of a bundle."""
        widths = self.tiles.widths(index)
        return self.tiles.read_bundle(index, max(widths)) if widths else ()
