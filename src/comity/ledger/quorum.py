# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Which cosignatures count, and whether they suffice.

An owner never counts for its own log. A split view passes k of n witnesses of whom f
collude only if 2k <= n + f, so "all" or 3 of 4 are first useful choices.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal, TypeAlias

from comity.kernel.ids import MemberId
from comity.ledger.cosignature import Cosignature, find_cosignature
from comity.ledger.note import Note, NoteKey

CountsWhen: TypeAlias = int | Literal["all"]
"""How many of the named witnesses must have cosigned; "all" leaves out only the owner."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """A member whose cosignature a reader counts."""

    member: MemberId
    key: NoteKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Quorum:
    """A reader's own rule for when a checkpoint counts."""

    witnesses: tuple[Witness, ...]
    counts_when: CountsWhen = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What a quorum made of one checkpoint.

    Args:
        counted: Members whose cosignatures counted, with them.
        needed: How many had to.
    """

    counted: tuple[tuple[MemberId, Cosignature], ...]
    needed: int

    @property
    def is_met(self) -> bool:
        """Tell whether enough witnesses cosigned; of no witnesses, never."""
        return 0 < self.needed <= len(self.counted)

    @property
    def members(self) -> tuple[MemberId, ...]:
        """Return the members whose cosignatures counted."""
        return tuple(member for member, _ in self.counted)


def tally(note: Note, quorum: Quorum, *, owner: MemberId) -> Tally:
    """Count the cosignatures on a checkpoint whose log signature is already checked.

    Raises:
        VerificationFailed: A cosignature in a known witness's name is wrong.
    """
    witnesses = eligible(quorum, owner=owner)
    counted: list[tuple[MemberId, Cosignature]] = []
    for witness in witnesses:
        cosignature = find_cosignature(note, witness.key, place="checkpoint")
        if cosignature is not None:
            counted.append((witness.member, cosignature))
    needed = len(witnesses) if quorum.counts_when == "all" else quorum.counts_when
    return Tally(counted=tuple(counted), needed=needed)


def eligible(quorum: Quorum, *, owner: MemberId) -> tuple[Witness, ...]:
    """Return the witnesses that may count for a log: one per member and key, not its owner."""
    owned = _keys_of(quorum.witnesses, owner)
    found: dict[MemberId, Witness] = {}
    keys: set[bytes] = set()
    for witness in quorum.witnesses:
        is_new = witness.member not in found and witness.key.public not in keys
        if witness.member != owner and witness.key.public not in owned and is_new:
            found[witness.member] = witness
            keys.add(witness.key.public)
    return tuple(found.values())


def _keys_of(witnesses: Collection[Witness], member: MemberId) -> frozenset[bytes]:
    return frozenset(one.key.public for one in witnesses if one.member == member)
