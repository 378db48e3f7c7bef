# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Which exact method counts a game, if any does."""

from collections import Counter
from enum import Enum
from math import prod

from comity.council.power.census import Census, Told
from comity.council.power.game import Game
from comity.council.power.halves import count_halves
from comity.council.power.kinds import count_kinds
from comity.council.power.packed import count_packed

FEW = 20_000


class Method(Enum):
    """How a game was counted; the first three are exact."""

    KINDS = "kinds"
    HALVES = "halves"
    PACKED = "packed"
    PREVIEW = "preview"
    SAMPLE = "sample"


def count_exactly(game: Game, told: Told) -> tuple[Census, Method] | None:
    """Count a game by the first exact method that can bear it.

    Returns:
        None where none can: a rule under which a yes can hurt, or more than 40 players with
        weights counted in several groups.
    """
    if not game.is_monotone:
        return None
    if _ways(game) <= FEW and (found := count_kinds(game, told)) is not None:
        return found, Method.KINDS
    if (found := count_halves(game, told)) is not None:
        return found, Method.HALVES
    if (found := count_packed(game, told)) is not None:
        return found, Method.PACKED
    if (found := count_kinds(game, told)) is not None:
        return found, Method.KINDS
    return None


def _ways(game: Game) -> int:
    """Return how many coalitions differ, where players of one kind do not."""
    kinds = Counter(game.kind(player) for player in range(len(game.players)))
    return prod(number + 1 for number in kinds.values())
