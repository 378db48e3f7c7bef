# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The evidence a node holds that a log told two stories, and what it makes of that log."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from comity.errors import InvalidDocument, NotFound, VerificationFailed
from comity.kernel.digest import Digest, sha256
from comity.kernel.ids import Origin
from comity.ledger.checkpoint import Checkpoint
from comity.ledger.cosignature import find_cosignature
from comity.ledger.fork import (
    Conviction,
    Fork,
    Shared,
    convicts,
    from_bytes,
    judge_fork,
    to_bytes,
)
from comity.ledger.identity import Identity
from comity.ledger.note import NoteKey
from comity.ledger.note import from_bytes as note_from_bytes
from comity.ledger.quorum import Quorum
from comity.ledger.tree import StoredTree
from comity.node.disk.storage import Storage

FOLDER = "evidence"
_MAX_OF_ONE_LOG = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhibit:
    """One file of evidence that convicts.

    Args:
        name: Its file below the node's folder.
        digest: SHA-256 of the file, by which it is named as a blob.
    """

    name: str
    digest: Digest
    encoded: bytes
    fork: Fork
    found: Conviction

    @property
    def origin(self) -> Origin:
        """Return the log that is convicted."""
        return self.found.smaller.origin

    @property
    def stories(self) -> frozenset[Checkpoint]:
        """Return the two checkpoints that contradict each other."""
        return frozenset((self.found.smaller, self.found.larger))

    @property
    def weight(self) -> tuple[int, int]:
        """Return how much it shows beside the contradiction itself."""
        return self.found.shared, len(self.found.both)


@dataclass(frozen=True, slots=True, kw_only=True)
class Forked:
    """A log convicted of two stories.

    Args:
        shared: How many entries every piece of evidence shows the stories to share; those
            from there on may be others elsewhere.
        evidence: Digests of the files.
        both: Witnesses that cosigned both stories.
    """

    shared: int
    evidence: tuple[Digest, ...]
    both: tuple[NoteKey, ...]


class Evidence:
    """The folder of evidence of one node; a file that does not convict is passed over."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._read: dict[str, Exhibit | None] = {}

    def keep(self, fork: Fork) -> Exhibit | None:
        """Keep evidence that convicts, if it says more than what is held already.

        Returns:
            What is held of it now; None where enough is held against that log.

        Raises:
            InvalidDocument: Malformed.
            VerificationFailed: It does not convict.
            StorageFailed: Nothing was kept.
        """
        encoded = to_bytes(fork)
        digest, fork = sha256(encoded), from_bytes(encoded)  # the file is judged, as by others
        made = Exhibit(
            name=f"{FOLDER}/fork-{digest.hex()[:32]}.json",
            digest=digest,
            encoded=encoded,
            fork=fork,
            found=judge_fork(fork),
        )
        held = [one for one in self.exhibits() if one.origin == made.origin]
        same = [one for one in held if one.stories == made.stories]
        for one in same:
            if one.weight >= made.weight:
                return one
        is_less = made.found.shared >= min((one.found.shared for one in held), default=1)
        if not same and len(held) >= _MAX_OF_ONE_LOG and is_less:
            return None
        self._storage.replace(made.name, encoded)
        for one in same:
            self._storage.remove(one.name)
        return made

    def exhibits(self) -> Iterator[Exhibit]:
        """Yield what convicts, by name."""
        for name in self._storage.names(FOLDER):
            if name not in self._read:
                self._read[name] = self._open(name)
            exhibit = self._read[name]
            if exhibit is not None:
                yield exhibit

    def forks(self) -> tuple[Fork, ...]:
        """Return what convicts."""
        return tuple(one.fork for one in self.exhibits())

    def find(self, digest: Digest) -> Exhibit | None:
        """Return the exhibit with a digest, or None."""
        return next((one for one in self.exhibits() if one.digest == digest), None)

    def against(self, identity: Identity) -> Forked | None:
        """Return what the evidence makes of a member's log, or None where there is none.

        Evidence under a key that never was that log's convicts whoever made it up.
        """
        held = [one for one in self.exhibits() if concerns(one.fork, one.found, identity)]
        if not held:
            return None
        both = dict.fromkeys(key for one in held for key in one.found.both)
        return Forked(
            shared=min(one.found.shared for one in held),
            evidence=tuple(one.digest for one in held),
            both=tuple(both),
        )

    def _open(self, name: str) -> Exhibit | None:
        try:
            encoded = self._storage.read(name)
            fork = from_bytes(encoded)
            found = judge_fork(fork)
        except (InvalidDocument, NotFound, VerificationFailed):
            return None
        return Exhibit(
            name=name, digest=sha256(encoded), encoded=encoded, fork=fork, found=found
        )


def concerns(fork: Fork, found: Conviction, identity: Identity) -> bool:
    """Tell whether evidence is about a member's own log, under its own keys.

    Where a rotation hides in the other story, the keysets in the evidence say whose it is.
    """
    if found.smaller.origin != identity.origin:
        return False
    if found.member is not None:
        return found.member == identity.member
    return fork.log_key in {tenure.keyset.log_key.vkey for tenure in identity.tenures}


def with_keysets(fork: Fork, identity: Identity, read: Callable[[int], bytes]) -> Fork:
    """Show in evidence that both its keys are one log's, where two keys signed.

    Args:
        identity: Of the log's member, with the keysets that name both.
        read: Return the entry at an index.
    """
    if fork.larger_key in {None, fork.log_key}:
        return replace(fork, larger_key=None, keysets=())
    if fork.keysets:  # whoever made it knew of keysets that may stand in the other story alone
        return fork
    keys = [one.keyset.log_key.vkey for one in identity.tenures]
    last = max((keys.index(key) for key in fork.log_keys if key in keys), default=0)
    entries = tuple(read(one.entry) for one in identity.tenures[: last + 1])
    return replace(fork, keysets=entries)


def with_witnesses(fork: Fork, quorum: Quorum) -> Fork:
    """Name in evidence the known witnesses that cosigned both stories."""
    notes = [note_from_bytes(encoded) for encoded in (fork.smaller, fork.larger)]
    found: list[str] = []
    for witness in quorum.witnesses:
        for key in witness.keys:
            try:
                is_both = all(find_cosignature(note, key) is not None for note in notes)
            except (InvalidDocument, VerificationFailed):
                continue
            if is_both:
                found.append(key.vkey)
    named = replace(fork, witness_keys=tuple(found))
    return named if convicts(named) else fork


def with_shared(fork: Fork, one: StoredTree, other: StoredTree) -> Fork:
    """Show in evidence how far both stories agree, where both trees can be read.

    Args:
        one: The tree of the smaller checkpoint, or a larger one that has it as a prefix.
        other: That of the larger.
    """
    found = judge_fork(fork)
    smaller, larger = found.smaller.size, found.larger.size
    low, high = 0, smaller
    while low < high:
        middle = (low + high + 1) // 2
        if one.root(middle) == other.root(middle):
            low = middle
        else:
            high = middle - 1
    if not low:
        return fork
    shared = Shared(
        size=low,
        root=one.root(low),
        to_smaller=one.consistency(low, smaller),
        to_larger=other.consistency(low, larger),
    )
    shown = replace(fork, shared=shared)
    return shown if convicts(shown) else fork
