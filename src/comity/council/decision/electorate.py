# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Who may vote on one proposal, in which groups, and what each weighs."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from comity.council.rule.floor import Weights
from comity.kernel.ids import MemberId


@dataclass(frozen=True, slots=True, kw_only=True)
class Electorate:
    """The members that may vote, as the proposal lists them.

    They stand in the proposal itself, so that no figure published later changes a vote that
    has begun.

    Args:
        groups: Group name to its members; groups of one family (`region:Africa`) are disjoint,
            others may overlap.
        states: ISO 3166-1 alpha-3 code of each member whose state is known.
        weights: By name, one value for each member.
    """

    members: frozenset[MemberId]
    groups: Mapping[str, frozenset[MemberId]] = field(default_factory=dict)
    states: Mapping[MemberId, str] = field(default_factory=dict)
    weights: Mapping[str, Weights] = field(default_factory=dict)


def overlaps(groups: Mapping[str, frozenset[MemberId]]) -> tuple[tuple[str, str], ...]:
    """Return each two groups of one family that share a member, by name."""
    families: dict[str, list[str]] = {}
    for name in sorted(groups):
        family, colon, _ = name.partition(":")
        if colon:
            families.setdefault(family, []).append(name)
    return tuple(
        (one, other)
        for names in families.values()
        for position, one in enumerate(names)
        for other in names[position + 1 :]
        if groups[one] & groups[other]
    )
