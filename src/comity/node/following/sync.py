# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""One run of bringing a mirror up to one checkpoint from one source.

What came in is kept apart until the tree over it has the signed root; an interrupted sync
goes on where it stopped. A log that shrank or changed its past is refused, and where its own
signatures convict it, an evidence file is written that anyone checks offline.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from comity.errors import ComityError, NotFound, VerificationFailed
from comity.kernel.digest import Digest
from comity.kernel.ids import MemberId
from comity.ledger.checkpoint import Checkpoint, verify_checkpoint
from comity.ledger.fork import Fork, convicts, verify_fork
from comity.ledger.identity import Identity, bearing, open_identity
from comity.ledger.note import Note, NoteKey, bounded, is_signed_by
from comity.ledger.quorum import Quorum
from comity.ledger.tile import TILE_WIDTH, Tile, bundle_path
from comity.ledger.tree import Edge, StoredTree
from comity.node.fetch.source import LogSource
from comity.node.following.culprit import SourceTiles, find_culprit
from comity.node.following.healing import heal
from comity.node.following.intake import Intake, Paused, Progress, Wants, refused
from comity.node.following.quota import Meter
from comity.node.logs.evidence import Evidence, with_keysets, with_shared, with_witnesses
from comity.node.logs.following import DEFAULT, Following
from comity.node.logs.mirror import Held, Holding, Mirror


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """What an operator knows of a followed log from its own configuration.

    Args:
        log_key: The one that the member's first keyset names; its log tells of any later.
    """

    member: MemberId
    log_key: NoteKey
    quorum: Quorum
    following: Following = DEFAULT


@dataclass(slots=True, kw_only=True)
class Sync:
    """One run of fetching and checking up to one checkpoint.

    Args:
        places: Where new entries stand that bear on who the member is.
        bearing: Those entries, by where they stand.
        is_refilled: Whether entries below what was held before came in.
        is_paused: Whether a quota kept something wanted out.
    """

    source: LogSource
    mirror: Mirror
    trust: Trust
    target: Checkpoint
    note: Note
    held: Held | None
    identity: Identity | None
    meter: Meter
    on_progress: Callable[[Progress], None]
    own_keys: tuple[NoteKey, ...] = ()
    places: list[int] = field(default_factory=list)
    bearing: dict[int, bytes] = field(default_factory=dict)
    is_refilled: bool = False
    is_paused: bool = False

    @property
    def place(self) -> str:
        """Return where the checkpoint was read."""
        return f"{self.source.name}/checkpoint"

    @property
    def start(self) -> int:
        """Return the size already held."""
        return 0 if self.held is None else self.held.checkpoint.size

    @property
    def is_whole(self) -> bool:
        """Tell whether the mirror holds every entry of the target."""
        return self.mirror.holds_all(self.target.size)

    def settle(self) -> Note:
        """Make the mirror hold the target's entries and return the note to keep."""
        if self.held is None or self.target.size > self.start:
            if self._is_signed_as_known():
                self._check_signature()
            self.run()
            return self.note
        self._check_signature()
        self._compare(self.held)
        witnesses = (key for one in self.trust.quorum.witnesses for key in one.keys)
        known = (*self.log_keys, *self.own_keys, *witnesses)
        return bounded(self.held.note.with_signatures(self.note.signatures), known)

    @property
    def log_keys(self) -> tuple[NoteKey, ...]:
        """Return the keys of the target's checkpoint, as far as the log is read."""
        if self.identity is None:
            return (self.trust.log_key,)
        return self.identity.log_keys_for(self.target.size)

    def _is_signed_as_known(self) -> bool:
        """Tell whether the checkpoint speaks for a key known now; else its log must."""
        is_of_log = self.target.origin == self.trust.log_key.name
        return not is_of_log or is_signed_by(self.note, self.log_keys[0])

    def _may_be_rotated(self) -> bool:
        """Tell whether another key signs in the log's name: alone, or beside the known one.

        For a while after a rotation both sign; who passed over it then would never find it.
        """
        known = self.log_keys[0]
        names = {one.key_id for one in self.note.signatures if one.name == known.name}
        return not self._is_signed_as_known() or names != {known.key_id}

    def _check_signature(self) -> None:
        """Check the checkpoint by the key that the log read so far gives it."""
        verify_checkpoint(self.note, self.target, self.log_keys[0], place=self.place)

    def _compare(self, held: Held) -> None:
        """Refuse a checkpoint that is older than the one held, or another of its size."""
        tree = self.mirror.tiles.tree(self.start)
        then = tree.root(self.target.size)
        is_same_size = self.target.size == self.start
        if then != self.target.root:
            fork = Fork(
                log_key=self.log_keys[0].vkey,
                smaller=self.note.encoded,
                larger=held.note.encoded,
                prefix_root=None if is_same_size else then,
                proof=() if is_same_size else tree.consistency(self.target.size),
                larger_key=self._key_of(held).vkey,
            )
            raise self._forked(self._with_keysets(fork), self._theirs(), tree)
        if not is_same_size:
            raise VerificationFailed(
                f"the log went back from size {self.start} to {self.target.size}",
                code="ledger.rollback",
                hint="this is an old copy, or its owner hides new entries; ask elsewhere",
                place=self.place,
            )

    def run(self) -> None:
        """Fetch, check and take in."""
        identity = self.identity
        is_resumed = any(self.mirror.storage.names(self.mirror.incoming.folder))
        try:
            self._bring_in()
        except VerificationFailed as error:
            if not is_resumed or error.code == "ledger.fork":
                raise
            # What an earlier run left may have been torn by a power cut: once more without.
            self.identity, self.places = identity, []
            self.bearing.clear()
            self._bring_in()

    def _bring_in(self) -> None:
        boundary = self.start // TILE_WIDTH * TILE_WIDTH
        edge = Edge.from_tiles(boundary, self.mirror.tiles.read_tile)
        self.mirror.drop_stale()
        intake = self._intake(is_scanning=self._may_be_rotated())
        holding = self.mirror.holding
        try:
            self._check(intake.grow(edge, self.target.size))
        except Paused:
            self.is_paused = True
            raise
        except VerificationFailed:
            self.mirror.drop_incoming()
            raise
        self._record(holding, intake.missed)
        self.mirror.take_in()
        if self.mirror.holds_all(self.target.size):
            self.mirror.remember(self.start, self.target.size, self.places)

    def _record(self, holding: Holding, missed: int | None) -> None:
        """Write down what will be held before it is, so that nothing missing is claimed."""
        now = holding.after(self.trust.following, self.start)
        reach = now.reach
        if reach >= self.start:
            reach = self.target.size if missed is None else missed
        self.is_paused = missed is not None
        found = Holding(mode=now.mode, chosen=now.chosen, reach=reach)
        self.mirror.record_holding(found, self.target.size)

    def refill(self) -> None:
        """Fetch what is wanted of the verified tree and not here: chosen now, or after a pause.

        Raises:
            PeerFailed: The source fails; what came in is kept.
            VerificationFailed: An entry does not stand in the verified tree.
        """
        size = self.mirror.size
        holding = self.mirror.holding.after(self.trust.following, size)
        if holding.reach < size:
            intake = self._intake(is_scanning=False)
            reach = holding.reach
            try:
                reach = intake.refill(reach, size)
            except Paused:
                reach = intake.reached
            finally:
                self.is_refilled = self.is_refilled or intake.fetched_bytes > 0
            self.is_paused = self.is_paused or reach < size
            holding = Holding(mode=holding.mode, chosen=holding.chosen, reach=reach)
        self.mirror.record_holding(holding, size)

    def heal(self) -> None:
        """Ask for entries that another place left out of its copy, and nobody here took out."""
        if heal(self._intake(is_scanning=False)):
            self.is_refilled = True
            self.mirror.forget_derived()
            self.identity = self.mirror.read_identity()

    def _intake(self, *, is_scanning: bool) -> Intake:
        return Intake(
            source=self.source,
            mirror=self.mirror,
            wants=Wants(following=self.trust.following, is_scanning=is_scanning),
            meter=self.meter,
            since=self.start,
            look=self._look,
            on_progress=self.on_progress,
        )

    def _look(self, number: int, entries: tuple[bytes, ...]) -> None:
        """Learn from new entries whose keys count for the rest."""
        start = number * TILE_WIDTH
        identity = self._opened(entries[0]) if not start else self.identity
        known = max(self.start, start, 1)
        new = entries[known - start :]
        for at in bearing(new):
            if identity is not None:
                self.places.append(known + at)
                self.bearing[known + at] = new[at]
                identity = identity.extended(known + at, [new[at]])
        self.identity = identity

    def _opened(self, entry: bytes) -> Identity:
        """Return who the log belongs to, which must be who the operator trusts."""
        place = f"{self.source.name}/{bundle_path(0, min(TILE_WIDTH, self.target.size))}"
        found = open_identity(entry, place=f"{place}, entry 0")
        check_identity(found, self.trust.member, self.trust.log_key, f"{place}, entry 0")
        return self.identity or found

    def _check(self, end: Edge) -> None:
        if self.held is not None and not self._is_signed_as_known():
            self._check_other_past()
        if end.root != self.target.root:
            theirs = self._theirs()
            self._check_past(theirs, is_certain=False)
            where = find_culprit(theirs, self._tree(), self.target)
            message = "the entries do not lead to the signed root"
            raise refused(message, f"{self.source.name}/{where}")
        self._check_signature()
        self._check_past(self._tree(), is_certain=True)

    def _check_past(self, tree: StoredTree, *, is_certain: bool) -> None:
        """Refuse a tree under the signed root whose past is not the one we hold."""
        if self.held is None:
            return
        try:
            then, proof = tree.root(self.start), tree.consistency(self.start)
        except ComityError:
            if is_certain:
                raise
            return
        if then == self.held.checkpoint.root:
            return
        fork = Fork(
            log_key=self._key_of(self.held).vkey,
            smaller=self.held.note.encoded,
            larger=self.note.encoded,
            prefix_root=then,
            proof=proof,
            larger_key=self.log_keys[0].vkey,
        )
        with suppress(ComityError):
            fork = self._with_keysets(fork)
        if convicts(fork):
            raise self._forked(fork, self.mirror.tiles.tree(self.start), tree)
        if is_certain:
            raise refused(f"its first {self.start} entries are not those held here", self.place)

    def _check_other_past(self) -> None:
        """Look in the source's own past for the rotation that its checkpoint rests on.

        Who tells another story and then rotates signs by a key that only this story names.
        """
        known, seen = self.identity, dict(self.bearing)
        try:
            self._read_other_past()
            self._check_past(self._theirs(), is_certain=False)
        finally:
            self.identity, self.bearing = known, seen

    def _read_other_past(self) -> None:
        """Learn who the source's story says the member is, from its first entry on."""
        intake, later = self._intake(is_scanning=True), self.bearing
        self.bearing, found = {}, None
        with suppress(ComityError):  # what cannot be read convicts nobody
            for start in range(0, self.start, TILE_WIDTH):
                width = min(TILE_WIDTH, self.target.size - start)
                if not self.meter.has_bytes_left:
                    return
                entries = intake.fetch(start // TILE_WIDTH, width)[1]
                found = found or open_identity(entries[0])
                for at in bearing(entries):
                    self.bearing[start + at] = entries[at]
                found = found.extended(start, entries)
        for at in sorted(later.keys() - self.bearing.keys()):
            self.bearing[at] = later[at]
            found = None if found is None else found.extended(at, [later[at]])
        self.identity = found or self.identity

    def _with_keysets(self, fork: Fork) -> Fork:
        """Show that both keys of a fork are the log's, where a rotation is between them."""
        return fork if self.identity is None else with_keysets(fork, self.identity, self._entry)

    def _entry(self, index: int) -> bytes:
        """Return an entry that bears on the identity: one that came in now, or one held."""
        found = self.bearing.get(index)
        return self.mirror.read_entry(index) if found is None else found

    def _key_of(self, held: Held) -> NoteKey:
        """Return the key of the log that signed what is held, best the one in force now."""
        stated = () if self.identity is None else self.identity.tenures
        keys = (*self.log_keys, self.trust.log_key, *(one.keyset.log_key for one in stated))
        return next((key for key in keys if is_signed_by(held.note, key)), keys[0])

    def _theirs(self) -> StoredTree:
        return StoredTree(self.target.size, SourceTiles(self.source).read_tile)

    def _forked(self, fork: Fork, one: StoredTree, other: StoredTree) -> VerificationFailed:
        """Keep the evidence; the trees of both stories show how far they agree."""
        smaller, larger = verify_fork(fork)
        with suppress(ComityError):
            fork = with_shared(fork, one, other)
        kept = Evidence(self.mirror.storage).keep(with_witnesses(fork, self.trust.quorum))
        name = "evidence/" if kept is None else kept.name
        return VerificationFailed(
            f"the log {smaller.origin} signed two stories: one of size {smaller.size}, "
            f"one of size {larger.size}; the evidence is in {name}",
            code="ledger.fork",
            hint="show the evidence file to other members; do not rely on this log",
            place=self.place,
        )

    def _tree(self) -> StoredTree:
        return StoredTree(self.target.size, self._read_tile)

    def _read_tile(self, tile: Tile) -> Sequence[Digest]:
        try:
            return self.mirror.incoming.read_tile(tile)
        except NotFound:
            return self.mirror.tiles.read_tile(tile)


def check_identity(identity: Identity, member: MemberId, log_key: NoteKey, place: str) -> None:
    """Check that a log belongs to whom an operator trusts.

    Raises:
        VerificationFailed: It is another member's, or names another log key.
    """
    if identity.member != member:
        raise refused(f"this is member {identity.member}, not {member}", place)
    named = identity.first.log_key
    if named != log_key:
        raise refused(f"the keyset names the log key {named.vkey}", place)
