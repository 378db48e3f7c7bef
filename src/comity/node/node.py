# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""One member's node, wired in one place."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

from comity.errors import NotFound
from comity.kernel.digest import sha256
from comity.kernel.ids import MemberId, Origin
from comity.kernel.instant import Instant
from comity.kernel.reference import Reference
from comity.ledger import keyset as keysets
from comity.ledger.fork import Fork
from comity.ledger.identity import Identity, open_identity
from comity.ledger.keyset import Keyset
from comity.ledger.note import NoteKey, Secret
from comity.ledger.quorum import Quorum
from comity.ledger.signature import SigningKey
from comity.ledger.statement import Statement
from comity.node.disk.storage import Disk
from comity.node.fetch.key import Purpose, derive, key_document
from comity.node.fetch.source import LogSource, close_source, opened_once
from comity.node.following.asking import Connector
from comity.node.following.follow import Followed, Manner
from comity.node.following.visit import Visitor, mirror_signer_of, visit
from comity.node.keys.keys import Entropy, Keys, Strength, generate, open_keys, seal_keys
from comity.node.keys.signatory import Signatory
from comity.node.keys.signers import at_hand
from comity.node.keys.signing import issued, signed_for
from comity.node.logs.evidence import Evidence, Exhibit, with_witnesses
from comity.node.logs.format import settle
from comity.node.logs.log import RESTORED, Log
from comity.node.logs.mirror import Mirror
from comity.node.member import config as settings
from comity.node.member.config import Config, Peer
from comity.node.member.founding import furnish, refuse_taken
from comity.node.member.peerblock import rewrite, with_new_peer
from comity.node.secrets import custody
from comity.node.secrets.blob import Blobs
from comity.node.secrets.erasing import honour
from comity.node.secrets.sealed import Head, open_stream
from comity.node.secrets.vault import Vault
from comity.node.unopened import Unopened, read_sealed, unopened
from comity.node.views.index import Index
from comity.node.views.memberlog import MemberLog, own_log, peer_log
from comity.node.views.seen import to_statement as seen_statement
from comity.node.views.seen import unsaid
from comity.node.views.trust import TrustKeeper
from comity.node.views.view import View, take_up
from comity.node.witness.publication import Publication, Publisher, publish
from comity.node.witness.witness import Witness


class Node:
    """A member's keys, log, mirrors, index and blobs, in one folder."""

    def __init__(
        self,
        storage: Disk,
        keys: Keys | Unopened,
        *,
        connect: Callable[[Peer], LogSource] | None = None,
    ) -> None:
        self._storage = storage
        self._all_keys = keys
        self.connector = Connector(settings=lambda: self.config.http, vouch=self._vouch)
        self._connect = connect or self.connector
        self._sources: dict[Peer, LogSource] = {}
        self._settings: tuple[bytes, Config] = (b"", Config(origin=keys.origin))
        self.log = Log(storage, Signatory(*keys.logs))
        self.member = self.identity.member
        self.blobs = Blobs(storage)
        self.vault = Vault(storage, lambda: self._keys.agreements)
        self.evidence = Evidence(storage)
        self.trust = TrustKeeper(storage)
        self._witness_signers = () if isinstance(keys, Unopened) else self._keys.witnesses
        path = storage.path("witness.sqlite")
        self.witness = Witness(path, self._witness_signers, self._find_log_keys, self.keep_fork)

    @staticmethod
    def create(  # noqa: PLR0913 - a founding states everything once, each by name
        folder: Path,
        *,
        name: str,
        role: str,
        jurisdiction: str,
        origin: str,
        passphrase: str,
        now: Instant,
        entropy: Entropy,
        example: bool = False,
    ) -> "Node":
        """Found a node: keys, first keyset, first checkpoint; all of it or nothing.

        Raises:
            Conflict: Something stands in the folder already.
            InvalidDocument: A part of the keyset is malformed.
            NotPermitted: The passphrase is empty.
        """
        folder = folder.absolute()
        refuse_taken(folder)
        keys = generate(Origin(origin), entropy)
        keyset = keys.to_keyset(
            name=name, role=role, jurisdiction=jurisdiction, example=example, issued=now
        )
        keysets.from_predicate(keysets.to_predicate(keyset))
        strength = Strength.LIGHT if example else Strength.NORMAL
        sealed = seal_keys(keys, passphrase, entropy=entropy, strength=strength)
        furnish(folder, keys, keyset, sealed, lambda disk: Node(disk, keys).close())
        return Node(Disk(folder), keys)

    @staticmethod
    def open(
        folder: Path,
        passphrase: str,
        *,
        connect: Callable[[Peer], LogSource] | None = None,
    ) -> "Node":
        """Open a node.

        Raises:
            NotFound: The folder holds no node.
            NotPermitted: The passphrase is wrong.
            StorageFailed: The log was rolled back or is damaged.
        """
        storage = Disk(folder)
        sealed = read_sealed(storage)
        settle(storage)
        return Node(storage, open_keys(sealed, passphrase), connect=connect)

    @staticmethod
    def look(folder: Path, ask: Callable[[], str]) -> "Node":
        """Open a node to be read; its log takes nothing.

        Args:
            ask: Return the passphrase; called when a secret is needed, if ever.

        Raises:
            NotFound: The folder holds no node.
            StorageFailed: The log was rolled back or is damaged.
        """
        storage = Disk(folder)
        sealed = read_sealed(storage)
        settle(storage)
        return Node(storage, unopened(storage, lambda: open_keys(sealed, ask())))

    @property
    def folder(self) -> Path:
        """Return the node's folder."""
        return self._storage.folder

    @property
    def public_folder(self) -> Path:
        """Return the folder of static files any web server may serve."""
        return self._storage.path("public")

    @property
    def identity(self) -> Identity:
        """Return the member as its own log states it."""
        found = self.log.identity
        return open_identity(next(self.log.entries(0, 1))) if found is None else found

    @property
    def keyset(self) -> Keyset:
        """Return the keyset in force."""
        return self.identity.keyset

    @property
    def _keys(self) -> Keys:
        """Return the keys with those in use that the log says are."""
        if isinstance(self._all_keys, Unopened):
            self._all_keys = self._all_keys.open()
        return self._all_keys.aligned(self.identity)

    def secrets(self) -> tuple[Secret, ...]:
        """Return what can sign statements here, the preferred first.

        Raises:
            NotPermitted: A token that signers.toml declares cannot be used.
        """
        return at_hand(self._storage, self._keys, self.keyset)

    @property
    def origin(self) -> Origin:
        """Return the name of the node's log."""
        return self.log.origin

    @property
    def config(self) -> Config:
        """Return the operator's settings, read again when the file has changed.

        Raises:
            InvalidDocument: node.toml has faults, all of them listed.
        """
        content = self._storage.read(settings.FILE)
        if content != self._settings[0]:
            self._settings = (content, settings.from_toml(content))
        return self._settings[1]

    @property
    def quorum(self) -> Quorum:
        """Return the rule by which this node counts cosignatures."""
        own = tuple(signer.key for signer in self._witness_signers)
        return self.trust.quorum(self.config, self.identity, own)

    @cached_property
    def index(self) -> Index:
        """Return where each statement stands, in the database node.toml names."""
        place = self.config.index_url or self._storage.path("index.sqlite")
        return Index(place, owner=self.member)

    @property
    def mirror_key(self) -> NoteKey:
        """Return the key by which this node says that it holds the whole of a log."""
        return mirror_signer_of(self._keys).key

    def close(self) -> None:
        """Close the databases and the connections to peers."""
        while self._sources:
            close_source(self._sources.popitem()[1])
        if "index" in self.__dict__:
            self.index.close()
        self.witness.close()

    def append(self, statements: Sequence[Statement], now: Instant) -> tuple[Reference, ...]:
        """Sign statements and add them to the log as one group, durable when this returns.

        A predicate without `issued` is given *now*. Others see them after `publish`.

        Raises:
            InvalidDocument: A statement is too large or outside the canonical profile.
            NotPermitted: More officers must sign than this node has keys of.
            Conflict: Another writer holds the log.
            StorageFailed: Nothing was added.
        """
        self.log.refresh()
        keyset, secrets = self.keyset, self.secrets()
        entries = [signed_for(issued(one, now), keyset, secrets) for one in statements]
        if not entries:
            return ()
        places = self.log.append(entries)
        return tuple(
            Reference(log=self.origin, index=index, sha256=sha256(entry))
            for index, entry in zip(places, entries, strict=True)
        )

    def publish(
        self, now: Instant, connect: Callable[[Peer], LogSource] | None = None
    ) -> Publication:
        """Have the newest checkpoint cosigned by who can be reached, and make it public.

        Args:
            connect: Where witnesses are asked instead, such as on a memory stick.

        Raises:
            StorageFailed: The public files could not be written, or witnesses hold a larger
                checkpoint of this log; the log is unharmed.
        """
        return publish(self.log, self._storage, self.publisher(connect), now)

    def publisher(self, connect: Callable[[Peer], LogSource] | None = None) -> Publisher:
        """Return whom this node asks when it publishes, and by which rule it counts."""
        return Publisher(
            owner=self.member,
            peers=self.config.peers,
            quorum=self.quorum,
            connect=connect or self.connect,
            keys_of=self.trust.keys_of,
        )

    def follow(
        self,
        peer: Peer | str,
        now: Instant,
        manner: Manner | None = None,
        further: Sequence[LogSource] = (),
    ) -> Followed:
        """Bring the mirror of one peer up to date, as its settings in node.toml say.

        Raises:
            NotFound: No peer has that name, id or origin.
            PeerFailed: It cannot be reached, is slow, or sends garbage.
            VerificationFailed: Its log does not verify; nothing was taken in.
        """
        found = self.get_peer(peer) if isinstance(peer, str) else peer
        visitor = Visitor(storage=self._storage, quorum=self.quorum, connect=self.connect)
        signing = replace(manner or Manner(), mirror_signer=mirror_signer_of(self._keys))
        followed = visit(visitor, found, now, signing, further)
        if followed.is_refilled:
            self.index.clear()
        if followed.size > followed.previous or followed.is_refilled:
            honour(self._storage, self.view(), self.blobs, self.index)
        return followed

    def get_peer(self, name: str) -> Peer:
        """Return the peer with a name, a member id or an origin.

        Raises:
            NotFound: There is none.
        """
        return self.config.get_peer(name)

    def add_peer(self, peer: Peer) -> None:
        """Write a peer into node.toml.

        Raises:
            Conflict: A peer of that member or name is there already.
        """
        rewrite(self._storage, lambda content: with_new_peer(content, peer))

    def connect(self, peer: Peer | str) -> LogSource:
        """Return where a peer is read from, such as to fetch a blob; the node closes it."""
        found = self.get_peer(peer) if isinstance(peer, str) else peer
        return opened_once(self._sources, found, self._connect)

    def view(self) -> View:
        """Return what this node knows now: its own log and the verified logs it follows."""
        self.log.refresh()
        against = self.evidence.against
        found = (replace(log, forked=against(log.identity)) for log in self._member_logs())
        logs = {log.keyset.origin: log for log in found}
        for origin, log in logs.items():
            take_up(self.index, origin, log)
        return View(self.index, logs)

    def record_seen(self, now: Instant) -> Reference | None:
        """Log the checkpoints this node cosigned since it last said so, if any is news.

        A log that grew only by such records is no news, so that two witnesses never keep
        answering each other.
        """
        news = unsaid(self.view(), self.index, self.member, self.witness.seen())
        return self.append([seen_statement(news)], now)[0] if news else None

    def seal(self, member: MemberId, content: bytes) -> bytes:
        """Seal bytes so that only one member can open them.

        Raises:
            NotFound: The node does not follow that member.
        """
        for log in self.view().members():
            if log.member == member:
                return custody.seal(content, log.keyset.agreement_key)
        raise NotFound(
            f"no followed member {member}", code="node.member", hint="follow that member first"
        )

    def unseal(self, sealed: bytes) -> bytes:
        """Open what was sealed for this member.

        Raises:
            NotPermitted: It was sealed for another, or was changed.
        """
        return custody.unseal(sealed, *self._keys.agreements)

    def unlock(self, source: BinaryIO, target: BinaryIO) -> Head:
        """Decrypt a file sealed for this member, under any of its agreement keys.

        Raises:
            InvalidDocument: It is no sealed file.
            NotPermitted: It was sealed for others.
            VerificationFailed: It was changed; what was written is not to be relied on.
        """
        return open_stream(source, target, [bytes(key) for key in self._keys.agreements])

    def keep_fork(self, fork: Fork) -> Exhibit | None:
        """Keep evidence that convicts, naming the witnesses known here that signed both.

        Raises:
            VerificationFailed: It does not convict.
        """
        shown = self.trust.with_keysets(self.config, fork)
        return self.evidence.keep(with_witnesses(shown, self.quorum))

    def derived_key(self, purpose: Purpose, now: Instant) -> tuple[SigningKey, bytes]:
        """Return the key of one purpose, and the member's signed word for it."""
        keys, signer = self._keys, self.secrets()[0]
        return derive(keys, purpose), key_document(keys, self.member, purpose, now, signer)

    def _vouch(self, now: Instant) -> tuple[SigningKey, bytes]:
        return self.derived_key(Purpose.TRANSPORT, now)

    def _find_log_keys(self, origin: Origin, size: int) -> tuple[NoteKey, ...]:
        if self._storage.length(RESTORED):  # what it cosigned before is not known here
            return ()
        return self.trust.log_keys(self.config, origin, size)

    def _member_logs(self) -> Iterator[MemberLog]:
        quorum = self.quorum
        yield own_log(self.log, self.identity, self._storage, quorum)
        for peer in self.config.peers:
            mirror = Mirror(self._storage, peer.member)
            if mirror.size:
                yield peer_log(peer, mirror, quorum)
