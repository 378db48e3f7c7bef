# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Blocs that vote as one: what that makes of their members' voices, and of everybody else's.

A member's effective power is the bloc's power among all times the member's within the bloc,
which is exact where everybody's vote is independent and even.

Source:
    Owen (1977), "Values of games with a priori unions"; Leech (2002), "Designing the voting
    system for the Council of the European Union", Public Choice 113.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from comity.council.power.census import power_of, untold
from comity.council.power.game import Game, compile_game
from comity.council.power.method import count_exactly
from comity.council.rule.floor import Base, Floor
from comity.council.rule.rule import Leaf, Rule, Share
from comity.errors import InvalidDocument

CONSENSUS = Leaf(need=Share(of=Base.MEMBERS, least=Fraction(1)))
MAJORITY = Leaf(need=Share(of=Base.MEMBERS, least=Fraction(1, 2), strict=True))
TWO_THIRDS = Leaf(need=Share(of=Base.MEMBERS, least=Fraction(2, 3)))
INTERNAL: dict[str, Rule] = {
    "consensus": CONSENSUS,
    "majority": MAJORITY,
    "two-thirds": TWO_THIRDS,
}
"""Rules within a bloc by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bloc:
    """Members that vote as one.

    Args:
        members: Two or more, in order.
        rule: How they decide among themselves what to vote.
    """

    name: str
    members: tuple[str, ...]
    rule: Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Inside:
    """What each member's voice is worth within its bloc.

    Args:
        agrees: Chance that the bloc says yes when its members toss coins.
        banzhaf: By member: the chance that its vote decides the bloc's.
    """

    agrees: Fraction
    banzhaf: dict[str, Fraction]


def inside(bloc: Bloc, floor: Floor) -> Inside:
    """Return each member's Banzhaf index within its bloc.

    Raises:
        InvalidDocument: The bloc's rule cannot be counted exactly (code `council.bloc`).
    """
    game = compile_game(bloc.rule, _only(floor, bloc.members), bloc.members)
    found = count_exactly(game, untold)
    if found is None:
        raise InvalidDocument(
            f"the rule within {bloc.name} cannot be counted exactly",
            code="council.bloc",
            hint="take consensus, majority or two-thirds, or a rule on heads",
        )
    power = power_of(found[0])
    shares = zip(bloc.members, power.players, strict=True)
    return Inside(
        agrees=power.decisiveness, banzhaf={member: index.banzhaf for member, index in shares}
    )


def without_members(game: Game, members: Sequence[str]) -> Game:
    """Return the game as it stands when some members all say no: what they cannot stop."""
    kept = [at for at, player in enumerate(game.players) if player not in members]
    return replace(
        game,
        players=tuple(game.players[at] for at in kept),
        values=tuple(tuple(row[at] for at in kept) for row in game.values),
    )


def _only(floor: Floor, members: tuple[str, ...]) -> Floor:
    seats = frozenset(members)
    groups = {name: found & seats for name, found in floor.groups.items()}
    return replace(floor, seats=seats, groups=groups, answers={})
