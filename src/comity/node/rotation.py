# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Put a member's following keys in the place of those in use, and say which were stolen."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from comity.errors import Fault, InvalidDocument, NotPermitted
from comity.kernel.digest import sha256
from comity.kernel.instant import Instant
from comity.kernel.reference import Reference
from comity.ledger import keyset as keysets
from comity.ledger import revocation
from comity.ledger.keyset import Keyset, Root
from comity.ledger.note import Secret
from comity.ledger.revocation import Compromise, names_of
from comity.node.disk.storage import Disk
from comity.node.draft import Draft, check_complete, draft_of, sign_draft
from comity.node.keys.keys import Entropy, Keys, Seeds, draw, open_keys_as, seal_keys
from comity.node.keys.signers import at_hand
from comity.node.member.founding import KEYS, write_keys
from comity.node.node import Node

_KEPT_DRAFTS = 16
_SHORTEST = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What the next keyset says otherwise than the one in force; None leaves a part.

    Args:
        root: The offline keys from then on.
        officers: How many officers must sign, by kind.
        following: Public statement keys to be announced for the rotation after this one,
            beside the one drawn here; they come into force with that.
        is_own_following: Whether the one drawn here is announced too.
        is_lost: The statement keys in use are lost: only the root signs.
    """

    name: str | None = None
    root: Root | None = None
    officers: Mapping[str, int] | None = None
    following: tuple[bytes, ...] | None = None
    is_own_following: bool = True
    is_lost: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Theft:
    """Which keys others may hold, as an operator names them.

    Args:
        keys: Key ids, vkeys or beginnings of them, or "statement", "log", "witness", "root"
            for all of that purpose in the keyset.
        sequence: The number of their keyset; None finds it.
    """

    keys: tuple[str, ...]
    last_good: int
    reason: str
    sequence: int | None = None


def prepare_rotation(
    node: Node, change: Change, passphrase: str, now: Instant, entropy: Entropy
) -> Draft:
    """State the next keyset, signed by what is at hand; the key file keeps what it announces.

    Raises:
        InvalidDocument: What changes is malformed.
        NotPermitted: The passphrase is wrong, the keys announced are not in the key file, or
            the statement keys are lost and are their own root.
        VerificationFailed: A key would serve two purposes, or was declared stolen.
    """
    storage, old = Disk(node.folder), node.keyset
    if change.is_lost and old.stated_root is None:
        raise NotPermitted(
            "this member's statement keys are their own root; lost, nobody can rotate them",
            code="node.root_lost",
            hint="put a copy of the key file back, or found a new member and be endorsed anew",
        )
    sealed = storage.read(KEYS)
    found, strength = open_keys_as(sealed, passphrase)
    keys = found.aligned(node.identity)
    seeds = _announced(keys, change, entropy)
    keys = replace(keys, prepared=(*keys.prepared, seeds)[-_KEPT_DRAFTS:])
    coming = keys.rotated(keys.digest_of(seeds))
    keyset = _following(old, coming, change, now)
    statement = keysets.to_statement(keyset)
    node.identity.check_successor(statement)
    write_keys(storage, seal_keys(keys, passphrase, entropy=entropy, strength=strength))
    signers = at_hand(storage, coming, keyset)
    if not change.is_lost:
        signers = (*at_hand(storage, keys, old), *signers)
    return sign_draft(draft_of(statement), *_entitled(signers, old, keyset))


def prepare_compromise(node: Node, theft: Theft, now: Instant) -> Draft:
    """State which keys were stolen, signed by what is at hand.

    Raises:
        InvalidDocument: No such key, or no such entry.
    """
    keyset = _keyset_of(node, theft)
    said = Compromise(
        entry=node.log.size,
        sequence=keyset.sequence,
        keys=_named(keyset, theft.keys),
        last_good=theft.last_good,
        reason=theft.reason,
        issued=now,
    )
    if not 0 <= said.last_good < said.entry:
        message = f"the last good entry is from 0 to {said.entry - 1}"
        raise _refused([Fault(message=message)])
    draft = draft_of(revocation.to_statement(said, keyset))
    return sign_draft(draft, *_entitled(node.secrets(), node.keyset))


def log_draft(node: Node, draft: Draft) -> Reference:
    """Add a draft that all who must have signed to the node's own log.

    Raises:
        NotPermitted: Signatures are missing.
        VerificationFailed: It would change nothing, or a signature is wrong.
    """
    node.log.refresh()
    check_complete(draft, node.identity, node.log.size)
    places = node.log.append([draft.encoded])
    return Reference(log=node.origin, index=places[0], sha256=sha256(draft.encoded))


def _following(old: Keyset, coming: Keys, change: Change, now: Instant) -> Keyset:
    keyset = coming.to_keyset(
        name=change.name or old.name,
        role=old.role,
        jurisdiction=old.jurisdiction,
        example=old.example,
        issued=now,
    )
    keyset = replace(
        keyset,
        sequence=old.sequence + 1,
        stated_root=change.root or old.stated_root,
        officers=old.officers if change.officers is None else change.officers,
    )
    return keysets.from_predicate(keysets.to_predicate(keyset))


def _announced(keys: Keys, change: Change, entropy: Entropy) -> Seeds:
    """Draw the keys to be announced, beside those named, else those beside the next ones."""
    if change.following is None:
        after = keys.needed()
        return draw(entropy, beside=after.beside, is_own_stated=after.is_own_stated)
    return draw(entropy, beside=change.following, is_own_stated=change.is_own_following)


def _entitled(signers: tuple[Secret, ...], *stated: Keyset) -> tuple[Secret, ...]:
    """Return each signer that one of the keysets lists, once."""
    listed = {key for keyset in stated for key in keyset.statement_keys.values()}
    return tuple({one.public: one for one in signers if one.public in listed}.values())


def _keyset_of(node: Node, theft: Theft) -> Keyset:
    tenures = node.identity.tenures
    if theft.sequence is not None:
        if theft.sequence >= len(tenures):
            raise _refused([Fault(message=f"there is no keyset number {theft.sequence}")])
        return tenures[theft.sequence].keyset
    for tenure in reversed(tenures):
        if any(_matching(tenure.keyset, name) for name in theft.keys):
            return tenure.keyset
    return node.keyset


def _named(keyset: Keyset, names: tuple[str, ...]) -> frozenset[str]:
    faults = [
        Fault(message=f"keyset {keyset.sequence} has no key {name[:80]!r}")
        for name in names
        if not _matching(keyset, name)
    ]
    if not names:
        faults.append(
            Fault(message="name the keys: their ids, or statement, log, witness, root")
        )
    if faults:
        raise _refused(faults)
    return frozenset[str]().union(*(_matching(keyset, name) for name in names))


def _matching(keyset: Keyset, name: str) -> frozenset[str]:
    root = () if keyset.stated_root is None else keyset.stated_root.keys
    purposes = {
        "statement": frozenset(keyset.statement_keys),
        "log": frozenset([keyset.log_key.vkey]),
        "witness": frozenset(key.vkey for key in keyset.witness_keys),
        "root": frozenset(root),
    }
    if name in purposes:
        return purposes[name]
    long = len(name) >= _SHORTEST
    return frozenset(one for one in names_of(keyset) if long and one.startswith(name))


def _refused(faults: list[Fault]) -> InvalidDocument:
    return InvalidDocument(
        "the compromise cannot be stated",
        code="node.compromise",
        hint="`comity identity show` lists the keys; `--last-good` is an index of the log",
        faults=faults,
    )
