# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Whose cosignatures count for a node: its policy file, or the rule of its settings.

Which keys are a member's, its own log says: the operator names the member, and a rotation or
a second key needs no new line in the settings.
"""

from collections.abc import Mapping
from types import MappingProxyType

from comity.errors import Fault, InvalidDocument, NotFound
from comity.kernel.ids import MemberId, Origin
from comity.ledger.fork import Fork
from comity.ledger.identity import Identity
from comity.ledger.note import NoteKey
from comity.ledger.policy import TrustPolicy, refused, to_rule
from comity.ledger.policyfile import from_bytes
from comity.ledger.quorum import Policy, Quorum, Witness
from comity.node.disk.storage import Storage
from comity.node.logs.evidence import with_keysets
from comity.node.logs.mirror import Mirror
from comity.node.member.config import FILE, Config, Peer

EMPTY: Mapping[MemberId, tuple[NoteKey, ...]] = MappingProxyType({})


class TrustKeeper:
    """Reads a node's rule from its folder, again whenever that changes."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._identities: dict[MemberId, tuple[tuple[int, bytes], Identity]] = {}
        self._policy: tuple[bytes, TrustPolicy] | None = None

    def quorum(self, config: Config, own: Identity, own_keys: tuple[NoteKey, ...]) -> Quorum:
        """Return the rule this node counts by.

        Args:
            own: The node's own identity.
            own_keys: Its witness keys in use.

        Raises:
            InvalidDocument: The policy has faults, all of them listed.
            NotFound: The settings name a policy that is not there.
        """
        stated = tuple(dict.fromkeys((*own_keys, *_stated(own))))
        if not config.policy:
            return self._by_settings(config, own.member, stated)
        policy = self.read_policy(config.policy)
        _check_logs(policy, config, own)
        keys = {peer.member: self.keys_of(peer) for peer in config.peers}
        owners = self.owners(config, own, own_keys)
        return to_quorum(policy, owners, {**keys, own.member: stated})

    def read_policy(self, name: str) -> TrustPolicy:
        """Return a policy file of the node's folder.

        Raises:
            InvalidDocument: It has faults, all of them listed.
            NotFound: It is not there.
        """
        try:
            content = self._storage.read(name)
        except NotFound:
            raise NotFound(
                f"{FILE} names the trust policy {name}, which is not there",
                code="node.policy",
                hint="comity trust policy NODE writes one; or take the line out",
            ) from None
        if self._policy is None or self._policy[0] != content:
            self._policy = (content, read_policy(content, name))
        return self._policy[1]

    def owners(
        self, config: Config, own: Identity, own_keys: tuple[NoteKey, ...]
    ) -> Mapping[bytes, MemberId]:
        """Return whose each known witness key is, by its vkey and by its public bytes.

        By the vkey first: it bears the name of the member's own log, and the bytes alone
        anybody can state as theirs.
        """
        held = {own.member: (*own_keys, *_stated(own))}
        held |= {peer.member: self.keys_of(peer) for peer in config.peers}
        found: dict[bytes, MemberId] = {}
        for member, keys in held.items():
            for key in keys:
                found.setdefault(key.vkey.encode(), member)
                found.setdefault(key.public, member)
        return found

    def keys_of(self, peer: Peer) -> tuple[NoteKey, ...]:
        """Return a peer's witness keys: as its operator wrote them, and as its log says."""
        written = () if peer.witness_key is None else (peer.witness_key,)
        identity = self._identity(peer)
        if identity is None:
            return written
        gone = _disowned(identity)
        kept = tuple(key for key in written if key.vkey not in gone)
        return tuple(dict.fromkeys((*kept, *_stated(identity))))

    def log_keys(self, config: Config, origin: Origin, size: int) -> tuple[NoteKey, ...]:
        """Return the keys that may sign a followed log's checkpoint of a size.

        None for a log that is not followed: this node does not witness it.
        """
        for peer in config.peers:
            if peer.log_key.name == origin:
                identity = self._identity(peer)
                return (peer.log_key,) if identity is None else identity.log_keys_for(size)
        return ()

    def with_keysets(self, config: Config, fork: Fork) -> Fork:
        """Show in evidence of two keys that both are one followed log's, where that is known.

        Raises:
            NotFound: A keyset that the log stated is not held here.
        """
        for peer in config.peers:
            identity = self._identity(peer)
            if identity is not None and identity.origin == fork.log_key.partition("+")[0]:
                mirror = Mirror(self._storage, peer.member)
                return with_keysets(fork, identity, mirror.read_entry)
        return fork

    def _by_settings(
        self, config: Config, member: MemberId, own_keys: tuple[NoteKey, ...]
    ) -> Quorum:
        keys = {
            peer.member: self.keys_of(peer)
            for peer in config.peers
            if peer.witness_key is not None
        }
        written = {peer.witness_key for peer in config.peers}
        keys = dict(sorted(keys.items(), key=lambda one: not written & {*one[1][:1]}))
        if config.counts_self:
            keys[member] = own_keys
        witnesses = tuple(
            Witness(member=member, key=found[0], others=found[1:])
            for member, found in keys.items()
            if found
        )
        return Quorum(witnesses=witnesses, counts_when=config.counts_when)

    def _identity(self, peer: Peer) -> Identity | None:
        mirror = Mirror(self._storage, peer.member)
        size = mirror.size
        if not size:
            return None
        known = self._identities.get(peer.member)
        if known is None or known[0] != (size, mirror.read_history()):
            identity = mirror.read_identity()  # entries of old may have come in since
            known = ((size, mirror.read_history()), identity)
            self._identities[peer.member] = known
        return known[1]


def read_policy(content: bytes, source: str) -> TrustPolicy:
    """Read a policy and name its file in what is wrong with it.

    Raises:
        InvalidDocument: With every fault, each with line and column.
    """
    try:
        return from_bytes(content)
    except InvalidDocument as error:
        raise InvalidDocument(
            error.message,
            code=error.code,
            hint=error.hint,
            source=source,
            faults=error.faults,
        ) from None


def to_quorum(
    policy: TrustPolicy,
    owners: Mapping[bytes, MemberId],
    stated: Mapping[MemberId, tuple[NoteKey, ...]] = EMPTY,
) -> Quorum:
    """Return the rule a policy states, over the members its keys belong to.

    A witness that is no known member counts under the name of its key.

    Args:
        stated: Further keys of members, as their logs say: a member that the policy names
            counts by these too, so that a rotation needs no new policy.
    """
    voices = {one.name: voice_of(one.key, owners) for one in policy.witnesses}
    keys: dict[MemberId, list[NoteKey]] = {}
    for one in policy.witnesses:
        keys.setdefault(voices[one.name], []).append(one.key)
    for member, held in keys.items():
        later = (key for key in stated.get(member, ()) if voice_of(key, owners) == member)
        held.extend(key for key in later if key not in held)
    return Quorum(
        witnesses=tuple(
            Witness(member=member, key=first, others=tuple(others))
            for member, (first, *others) in keys.items()
        ),
        policy=Policy(
            rule=to_rule(policy, voices),
            origins=frozenset(Origin(log.key.name) for log in policy.logs) or None,
        ),
    )


def voice_of(key: NoteKey, owners: Mapping[bytes, MemberId]) -> MemberId:
    """Return whose a key is, of whom `TrustKeeper.owners` knows; else its own name."""
    by_bytes = owners.get(key.public, MemberId(key.name))
    return owners.get(key.vkey.encode(), by_bytes)


def _stated(identity: Identity) -> tuple[NoteKey, ...]:
    """Return the witness keys a log ever stated, the newest first, but for those disowned.

    Earlier ones count on: what they cosigned stays cosigned.
    """
    gone = _disowned(identity)
    found = [key for one in reversed(identity.tenures) for key in one.keyset.witness_keys]
    return tuple(key for key in dict.fromkeys(found) if key.vkey not in gone)


def _disowned(identity: Identity) -> frozenset[str]:
    return frozenset(name for one in identity.compromises for name in one.keys)


def _check_logs(policy: TrustPolicy, config: Config, own: Identity) -> None:
    """Refuse a policy that knows a followed log by another key."""
    known = {peer.log_key.name: {peer.log_key.vkey} for peer in config.peers}
    known[own.origin] = {one.keyset.log_key.vkey for one in own.tenures}
    wrong = [
        log.key
        for log in policy.logs
        if log.key.vkey not in known.get(log.key.name, {log.key.vkey})
    ]
    if wrong:
        raise refused(
            [Fault(message=f"the log {key.name} has another key in {FILE}") for key in wrong]
        )
