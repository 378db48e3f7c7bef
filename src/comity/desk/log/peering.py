# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Change or take out a peer that an operator wrote down before."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TypeAlias

from comity.desk.log.following import to_following
from comity.desk.log.node import introduce
from comity.desk.log.trusting import Reader, Weaker, reader_at, weaker
from comity.errors import ComityError, Fault, InvalidDocument
from comity.ledger.note import NoteKey
from comity.node.disk.storage import Disk
from comity.node.fetch.http import Asking
from comity.node.logs.following import DEFAULT_BYTES_A_DAY, Following, Mode
from comity.node.member import config as settings
from comity.node.member.absent import read_config
from comity.node.member.config import Peer
from comity.node.member.peerblock import rewrite, with_peer, without_peer


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What an operator asks for; None leaves a setting as it is.

    Args:
        select: Kinds of statements, and indexes in decimal.
        statements_a_day: 0 sets no limit.
        bytes_a_day: 0 sets the usual limit.
    """

    name: str | None = None
    address: str | None = None
    counts: bool | None = None
    mode: str | None = None
    select: tuple[str, ...] | None = None
    mirrors: tuple[str, ...] | None = None
    statements_a_day: int | None = None
    bytes_a_day: int | None = None

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing is asked for."""
        return all(getattr(self, one.name) is None for one in fields(self))


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A peer that was changed, or taken out.

    Args:
        after: None where it was taken out.
        weaker: The logs for which cosignatures withstand less than before.
        policy: The trust policy that says whose cosignatures count; empty without one.
    """

    before: Peer
    after: Peer | None
    weaker: tuple[Weaker, ...]
    policy: str


def wished(wish: Wish, before: Following) -> Following:
    """Return how a peer is followed once a wish is granted.

    Raises:
        InvalidDocument: A selection without its mode or the mode without one, or a limit
            below 0.
    """
    limits = {"statements": wish.statements_a_day, "bytes": wish.bytes_a_day}
    faults = [
        Fault(message=f"--{name}-a-day {limit}: give a number from 0")
        for name, limit in limits.items()
        if limit is not None and limit < 0
    ]
    if faults:
        raise InvalidDocument("no such limit", code="desk.quota", faults=faults)
    mode = wish.mode or before.mode.value
    select = wish.select
    if select is None:
        kept = (*before.kinds, *map(str, before.places))
        select = kept if mode == Mode.SELECTED.value else ()
    found = to_following(mode, select, wish.mirrors or ())
    statements, size = wish.statements_a_day, wish.bytes_a_day
    return replace(
        found,
        mirrors=before.mirrors if wish.mirrors is None else found.mirrors,
        statements_a_day=before.statements_a_day if statements is None else statements or None,
        bytes_a_day=before.bytes_a_day if size is None else size or DEFAULT_BYTES_A_DAY,
    )


def find_known(folder: Path, name: str) -> Peer | None:
    """Return the peer of a name, a member id or an origin, or None; needs no passphrase.

    Raises:
        NotFound: The folder holds no node.
        InvalidDocument: node.toml has faults.
    """
    return read_config(Disk(folder.absolute())).find_peer(name)


Asker: TypeAlias = Callable[[], AbstractContextManager[Asking]]
"""Say how the node asks others, for as long as that is open."""


def change_peer(folder: Path, name: str, wish: Wish, asker: Asker) -> Changed:
    """Write another name, address, mode, selection or limit of a peer into node.toml.

    Args:
        asker: Is opened where a log must be read for the change.

    Raises:
        NotFound: No such peer, or no log stands at the new address.
        Conflict: The change cannot be written.
        VerificationFailed: Another member's log stands at the new address.
    """
    peer = _known(folder, name)
    following = wished(wish, peer.following)
    after = replace(peer, name=wish.name or peer.name, following=following)
    if wish.address is not None or (wish.counts and peer.witness_key is None):
        with asker() as asking:
            found = _met(peer, wish.address or peer.url, asking)
        after = replace(after, url=found.url if wish.address else peer.url)
        after = replace(after, witness_key=_witness_key(wish, peer, found.witness_key))
    elif wish.counts is False:
        after = replace(after, witness_key=None)
    return _written(folder, peer, after)


def remove_peer(folder: Path, name: str) -> Changed:
    """Take a peer out of node.toml; the verified copy of its log stays in the folder.

    Raises:
        NotFound: No such peer.
        Conflict: The settings cannot be changed safely.
    """
    return _written(folder, _known(folder, name), None)


def _witness_key(wish: Wish, peer: Peer, found: NoteKey | None) -> NoteKey | None:
    """Return the key that counts: the one known, unless it is to count anew or no more."""
    if wish.counts is None:
        return peer.witness_key
    return (peer.witness_key or found) if wish.counts else None


def _met(peer: Peer, location: str, asking: Asking) -> Peer:
    return introduce(location, member=peer.member, name=None, counts=True, asking=asking)[0]


def _written(folder: Path, peer: Peer, after: Peer | None) -> Changed:
    before = _reader(folder)

    def edit(content: bytes) -> bytes:
        if after is None:
            return without_peer(content, peer)
        return with_peer(content, peer, after)

    content = rewrite(Disk(folder.absolute()), edit)
    now = _reader(folder)
    less = () if before is None or now is None else weaker(before, now)
    policy = settings.from_toml(content).policy
    return Changed(before=peer, after=after, weaker=less, policy=policy)


def _reader(folder: Path) -> Reader | None:
    try:
        return reader_at(folder)
    except ComityError:  # a policy with faults is not what is changed here
        return None


def _known(folder: Path, name: str) -> Peer:
    return read_config(Disk(folder.absolute())).get_peer(name)
