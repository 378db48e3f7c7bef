# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A game before and after blocs form: who gains, who loses, who would leave or join."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from comity.council.power.bloc import Bloc, Inside, inside, without_members
from comity.council.power.census import Told
from comity.council.power.game import Game, merge
from comity.council.power.measured import Figure, Measured, Meter, Voice
from comity.council.rule.floor import Floor


@dataclass(frozen=True, slots=True, kw_only=True)
class Stake:
    """What a bloc makes of one member's voice.

    Args:
        before: Its Banzhaf index when everybody votes alone.
        within: Its Banzhaf index inside the bloc.
        effective: The bloc's Banzhaf index times `within`.
    """

    member: str
    before: Fraction
    within: Fraction
    effective: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class United:
    """A bloc as one player.

    Args:
        voice: Of the bloc.
        agrees: Chance that it says yes when its members toss coins.
        apart: What its members' Shapley-Shubik indices add up to when all vote alone.
        blocks_apart: Chance that they stop what would be adopted if all turn against at
            once, when they else vote alone; `voice.prevent` is the same as a bloc.
    """

    bloc: Bloc
    voice: Voice
    agrees: Fraction
    apart: Fraction
    blocks_apart: Figure
    stakes: tuple[Stake, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Union:
    """A game with blocs.

    Args:
        outside: Those in no bloc, by name, as they stand after the blocs formed.
    """

    before: Measured
    after: Measured
    united: tuple[United, ...]
    outside: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """What a member would be worth in a bloc and out of it, all others staying.

    Args:
        joins: True where it is out now, False where it is in.
        inside: Its effective Banzhaf index in the bloc.
        outside: Its Banzhaf index out of it.
    """

    bloc: str
    member: str
    joins: bool
    inside: Fraction
    outside: Fraction

    @property
    def gains(self) -> bool:
        """Tell whether moving would make its voice worth more."""
        now, then = (self.outside, self.inside) if self.joins else (self.inside, self.outside)
        return then > now


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What every question about blocs starts from.

    Args:
        floor: What the rules within blocs look at.
    """

    game: Game
    floor: Floor
    blocs: tuple[Bloc, ...]
    meter: Meter
    told: Told

    def unite(self) -> Union:
        """Measure the game before and after the blocs form.

        Raises:
            InvalidDocument: A member is unknown or in two blocs, or a rule within cannot be
                counted.
        """
        joined = merge(self.game, {bloc.name: bloc.members for bloc in self.blocs})
        before, after = self._measure(self.game), self._measure(joined)
        united = tuple(self._united(bloc, before, after) for bloc in self.blocs)
        members = {member for bloc in self.blocs for member in bloc.members}
        outside = tuple(player for player in self.game.players if player not in members)
        return Union(before=before, after=after, united=united, outside=outside)

    def leaving(self, union: Union) -> Iterator[Move]:
        """Yield what each member of each bloc would be worth alone."""
        for at, one in enumerate(union.united):
            alike: dict[tuple[int, ...], Fraction] = {}
            for stake in one.stakes:
                kind = self._kind(stake.member)
                if kind not in alike:
                    rest = tuple(m for m in one.bloc.members if m != stake.member)
                    found = self._measure(self._with(at, rest))
                    alike[kind] = found.voices[stake.member].banzhaf.value
                yield Move(
                    bloc=one.bloc.name,
                    member=stake.member,
                    joins=False,
                    inside=stake.effective,
                    outside=alike[kind],
                )

    def joining(self, union: Union, members: Sequence[str]) -> Iterator[Move]:
        """Yield what each of some outsiders would be worth in each bloc."""
        for at, one in enumerate(union.united):
            for member in members:
                larger = replace(one.bloc, members=(*one.bloc.members, member))
                found = self._measure(self._with(at, larger.members))
                within = inside(larger, self.floor).banzhaf[member]
                yield Move(
                    bloc=one.bloc.name,
                    member=member,
                    joins=True,
                    inside=found.voices[one.bloc.name].banzhaf.value * within,
                    outside=union.after.voices[member].banzhaf.value,
                )

    def _united(self, bloc: Bloc, before: Measured, after: Measured) -> United:
        voice = after.voices[bloc.name]
        within = inside(bloc, self.floor)
        return United(
            bloc=bloc,
            voice=voice,
            agrees=within.agrees,
            apart=sum(
                (before.voices[member].shapley.value for member in bloc.members), Fraction(0)
            ),
            blocks_apart=self._blocks_apart(bloc, before),
            stakes=tuple(_stakes(bloc, before, voice, within)),
        )

    def _blocks_apart(self, bloc: Bloc, before: Measured) -> Figure:
        adopted = before.decisiveness.value
        rest = self._measure(without_members(self.game, bloc.members)).decisiveness
        if not adopted:
            return Figure(value=Fraction(0))
        low, high = (
            None if bound is None else max(0.0, 1 - bound / float(adopted))
            for bound in (rest.high, rest.low)
        )
        return Figure(value=max(Fraction(0), 1 - rest.value / adopted), low=low, high=high)

    def _with(self, at: int, members: tuple[str, ...]) -> Game:
        blocs = [
            (bloc.name, members if place == at else bloc.members)
            for place, bloc in enumerate(self.blocs)
        ]
        return merge(self.game, {name: found for name, found in blocs if found})

    def _kind(self, member: str) -> tuple[int, ...]:
        return self.game.kind(self.game.players.index(member))

    def _measure(self, game: Game) -> Measured:
        return self.meter.measure(game, self.told)


def _stakes(bloc: Bloc, before: Measured, voice: Voice, within: Inside) -> Iterator[Stake]:
    for member in bloc.members:
        share = within.banzhaf[member]
        yield Stake(
            member=member,
            before=before.voices[member].banzhaf.value,
            within=share,
            effective=voice.banzhaf.value * share,
        )
