# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Needs and offers as numbers: how much each wants or holds, and who prefers whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """What is paired.

    Args:
        wants: How much each need wants, at least 1.
        holds: How much each offer holds; None where nobody said.
        choices: The offers that fit each need, best first.
        favours: The needs that fit each offer, best first.
    """

    wants: Mapping[str, int]
    holds: Mapping[str, int | None]
    choices: Mapping[str, Sequence[str]]
    favours: Mapping[str, Sequence[str]]

    def bound(self, need: str, offer: str) -> int:
        """Return the most that can pass between the two."""
        held = self.holds[offer]
        return self.wants[need] if held is None else min(held, self.wants[need])


Flows = Mapping[tuple[str, str], int]
"""How much each need takes of each offer, by (need, offer); what is 0 is left out."""
