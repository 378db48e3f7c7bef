# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Voting power laid out: what was measured of a case, as the sheet a page shows."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from comity.council.body.body import Body, cautions_of
from comity.council.power.game import Game
from comity.council.power.gate import Bar, clauses
from comity.council.power.measured import Figure, Measured, Voice
from comity.council.power.method import Method
from comity.council.power.reweigh import weights_in
from comity.council.power.union import Move, Union, United
from comity.council.rule.explain import explain
from comity.council.rule.floor import Floor
from comity.council.rule.rule import Rule
from comity.desk.council.power.sheet import (
    PPM,
    AbstainSheet,
    BlocSheet,
    MoveRow,
    OutsiderRow,
    PowerRow,
    PowerSheet,
    StakeRow,
    UnitRow,
)
from comity.files.rule import RuleFile

INDEPENDENT = (
    "The indices assume that everybody votes independently: they measure the rule, not the "
    "politics. Look at a replay on real votes too (comity council replay)."
)
EVEN = (
    "A bloc is taken as saying yes half of the time, whatever its rule within: so a member's "
    "effective power is exact with one bloc, and how often the rule adopts is not."
)
HURTS = (
    "Under this rule a further yes can undo an adoption; the indices are swings up less "
    "swings down, and were sampled."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A rule on a body, compiled.

    Args:
        rule: As it is analysed, with the weights asked for.
        is_rounded: Whether any weights were rounded.
    """

    file: RuleFile
    rule: Rule
    body: Body
    floor: Floor
    game: Game
    is_rounded: bool


def lay_out(case: Case, measured: Measured, abstention: AbstainSheet, seed: int) -> PowerSheet:
    """Lay out what was measured, without blocs."""
    body = case.body
    caution = [
        *(() if abstention.is_no else (abstention.said,)),
        *cautions_of(body, _used(case)),
        *case.file.cautions,
        *_cautions(case, measured),
        INDEPENDENT,
    ]
    return PowerSheet(
        body=body.slug,
        title=body.title,
        source=body.source,
        basis=body.basis.value,
        rule=case.file.title,
        sentence=explain(case.rule),
        clauses=tuple(_clauses(case.game)),
        method=measured.method.value,
        is_exact=measured.is_exact,
        samples=measured.samples,
        seed=seed,
        units=tuple(_unit_rows(case)),
        decisiveness=measured.decisiveness,
        before=None,
        rows=tuple(_rows(case, measured)),
        blocs=(),
        outsiders=(),
        moves=(),
        abstention=abstention,
        cautions=tuple(dict.fromkeys(caution)),
        names=body.names,
    )


def _used(case: Case) -> Iterator[str]:
    """Yield the weights and the families of groups that the rule looks at."""
    for measure in case.game.measures:
        if measure.by is not None:
            yield measure.by
        if measure.within is not None:
            yield measure.within.partition(":")[0]


def _cautions(case: Case, measured: Measured) -> Iterator[str]:
    if case.is_rounded:
        yield "Weights were rounded before counting; the unit stands with the figures."
    if not case.game.is_monotone:
        yield HURTS
    elif measured.method is Method.SAMPLE:
        yield f"Sampled from {measured.samples:,} votes; intervals hold 95 times in 100."
    elif measured.method is Method.PREVIEW:
        yield "A first look in floating point; ask for exact figures before relying on them."
    if measured.decisiveness.value < Fraction(1, 1000):
        yield (
            "Under independent votes this rule adopts less than once in 1,000 times: look at "
            "the power to prevent, and at a replay."
        )


def _clauses(game: Game) -> Iterator[str]:
    for clause in clauses(game.adopts) or ():
        yield " and ".join(_bar(game, bar) for bar in clause) or "whatever is said"


def _bar(game: Game, bar: Bar) -> str:
    measure = game.measures[bar.measure]
    where = f" in {measure.within}" if measure.within else ""
    if measure.by is None:
        return f"at least {bar.least:,} member{'s' * (bar.least > 1)}{where}"
    unit = game.units.get(measure.by, 1)
    return f"at least {bar.least * unit:,} of {measure.by}{where}"


def _unit_rows(case: Case) -> Iterator[UnitRow]:
    for name in weights_in(case.rule):
        weights, amount = case.floor.weights[name], case.game.units.get(name, 1)
        rounded = ((own + amount // 2) // amount for own in weights.values.values())
        yield UnitRow(
            weights=name,
            unit=weights.unit,
            source=weights.source,
            amount=amount,
            total=sum(rounded),
        )


def _rows(case: Case, measured: Measured) -> Iterator[PowerRow]:
    named = weights_in(case.rule)
    members = set(case.body.members)
    most_shapley = max(voice.shapley.value for voice in measured.voices.values())
    most_share = max(voice.share.value for voice in measured.voices.values())
    for player, voice in measured.voices.items():
        values = {name: case.floor.weights[name].values for name in named}
        yield PowerRow(
            player=player,
            is_bloc=player not in members,
            weights={name: own[player] for name, own in values.items() if player in own},
            **_figures(voice),
            shapley_ppm=_bar_ppm(voice.shapley.value, most_shapley),
            share_ppm=_bar_ppm(voice.share.value, most_share),
        )


def _figures(voice: Voice) -> dict[str, Figure]:
    return {
        "banzhaf": voice.banzhaf,
        "share": voice.share,
        "shapley": voice.shapley,
        "prevent": voice.prevent,
        "initiate": voice.initiate,
    }


def _bar_ppm(value: Fraction, most: Fraction) -> int:
    return max(0, round(value / most * PPM)) if most > 0 else 0


def bloc_sheet(one: United, left_out: tuple[str, ...]) -> BlocSheet:
    """Lay out one bloc."""
    stakes = (
        StakeRow(
            member=stake.member,
            before=stake.before,
            within=stake.within,
            effective=stake.effective,
            times=float(stake.effective / stake.before) if stake.before else None,
        )
        for stake in one.stakes
    )
    return BlocSheet(
        name=one.bloc.name,
        rule=explain(one.bloc.rule),
        members=one.bloc.members,
        left_out=left_out,
        agrees=one.agrees,
        apart=one.apart,
        shapley=one.voice.shapley,
        banzhaf=one.voice.banzhaf,
        blocks=one.voice.prevent,
        blocks_apart=one.blocks_apart,
        stakes=tuple(stakes),
    )


def outsider_rows(union: Union) -> Iterator[OutsiderRow]:
    """Yield what the blocs make of each outsider's voice."""
    for member in union.outside:
        before = union.before.voices[member].shapley
        after = union.after.voices[member].shapley
        change = float(after.value / before.value - 1) if before.value else None
        yield OutsiderRow(member=member, before=before, after=after, change=change)


def move_row(move: Move) -> MoveRow:
    """Lay out one move."""
    return MoveRow(
        bloc=move.bloc,
        member=move.member,
        joins=move.joins,
        inside=move.inside,
        outside=move.outside,
        gains=move.gains,
    )
