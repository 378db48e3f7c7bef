# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Which cosignatures count, and whether they suffice.

An owner never counts for its own log, and a member counts once, whichever of its keys
cosigned. A split view passes k of n witnesses of whom f collude only if 2k <= n + f, so "all"
or 3 of 4 are first useful choices (docs/spec/trust.md).
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from comity.kernel.ids import MemberId, Origin
from comity.ledger.cosignature import Cosignature, find_cosignature
from comity.ledger.gate import Gate, Part, fewest, is_met, without
from comity.ledger.note import Note, NoteKey

CountsWhen: TypeAlias = int | Literal["all"]
"""How many of the named witnesses must have cosigned; "all" leaves out only the owner."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """A member whose cosignature a reader counts.

    Args:
        others: Its further keys; it counts once, whichever of them cosigned.
    """

    member: MemberId
    key: NoteKey
    others: tuple[NoteKey, ...] = ()

    @property
    def keys(self) -> tuple[NoteKey, ...]:
        """Return all its keys."""
        return (self.key, *self.others)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What a trust policy comes to for one reader.

    Args:
        rule: Over member ids; None where no cosignature is asked for.
        origins: The logs that count; None for every log followed.
    """

    rule: Part | None
    origins: frozenset[Origin] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quorum:
    """A reader's own rule for when a checkpoint counts.

    Args:
        policy: Decides instead of *counts_when* where there is one.
    """

    witnesses: tuple[Witness, ...]
    counts_when: CountsWhen = "all"
    policy: Policy | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What a quorum made of one checkpoint.

    Args:
        counted: Members whose cosignatures counted, with them.
        needed: How many had to, at the least.
        is_met: Whether those who cosigned suffice; of no witnesses, only where a policy says
            that none is asked for.
    """

    counted: tuple[tuple[MemberId, Cosignature], ...]
    needed: int
    is_met: bool

    @property
    def members(self) -> tuple[MemberId, ...]:
        """Return the members whose cosignatures counted."""
        return tuple(member for member, _ in self.counted)


def tally(note: Note, quorum: Quorum, *, owner: MemberId) -> Tally:
    """Count the cosignatures on a checkpoint whose log signature is already checked.

    Raises:
        VerificationFailed: A cosignature in a known witness's name is wrong.
    """
    counted: list[tuple[MemberId, Cosignature]] = []
    for witness in eligible(quorum, owner=owner):
        found = [find_cosignature(note, key, place="checkpoint") for key in witness.keys]
        valid = [one for one in found if one is not None]
        if valid:
            counted.append((witness.member, valid[0]))
    members = {member for member, _ in counted}
    needed, met = _judged(note, quorum, owner, members)
    return Tally(counted=tuple(counted), needed=needed, is_met=met)


def rule_of(quorum: Quorum, *, owner: MemberId | None = None) -> Part | None:
    """Return what must be met for the log of an owner, or for any log, over member ids.

    Returns:
        None where nobody is left who could count, or nobody is asked for.
    """
    gone = () if owner is None else (owner,)
    if quorum.policy is not None:
        rule = quorum.policy.rule
        return None if rule is None else without(rule, gone)
    able = eligible(quorum, owner=owner)
    needed = None if quorum.counts_when == "all" else quorum.counts_when
    return Gate(needed=needed, parts=tuple(one.member for one in able)) if able else None


def eligible(quorum: Quorum, *, owner: MemberId | None) -> tuple[Witness, ...]:
    """Return the witnesses that may count for a log: one per member and key, not its owner.

    A member's first key is its operator's or reader's word, further ones are its own: what
    it says never takes another's first key, nor the place of whoever has it.
    """
    owned = {one.key.public for one in quorum.witnesses if one.member == owner}
    found: dict[MemberId, Witness] = {}
    taken: set[bytes] = set(owned)
    for witness in quorum.witnesses:
        is_owner = witness.member == owner or owned & {key.public for key in witness.keys}
        if not is_owner and witness.member not in found and witness.key.public not in taken:
            found[witness.member] = witness
            taken.add(witness.key.public)
    return tuple(
        replace(one, others=tuple(key for key in one.others if key.public not in taken))
        for one in found.values()
    )


def _judged(
    note: Note, quorum: Quorum, owner: MemberId, members: Collection[str]
) -> tuple[int, bool]:
    policy = quorum.policy
    if policy is not None:
        origin = Origin(note.text.partition("\n")[0])
        if policy.origins is not None and origin not in policy.origins:
            return 0, False
        if policy.rule is None:
            return 0, True
    rule = rule_of(quorum, owner=owner)
    if rule is None:
        stated = quorum.counts_when
        return (stated if isinstance(stated, int) and policy is None else 0), False
    least = fewest(rule)
    fallback = rule.least if isinstance(rule, Gate) else 1
    return (fallback if least is None else len(least)), is_met(rule, members)
