# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Voting power of a rule on a body: read both, count, and lay out every figure."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeAlias

import numpy as np

from comity.council.body.body import Body, floor_of, weights_of
from comity.council.power.bloc import INTERNAL, Bloc
from comity.council.power.game import compile_game
from comity.council.power.measured import Meter
from comity.council.power.method import Method
from comity.council.power.need import split
from comity.council.power.reweigh import adopting, reweigh, weights_in
from comity.council.power.union import Table
from comity.council.rule.check import refuse_flawed
from comity.council.rule.codec import from_whole_json
from comity.council.rule.floor import Floor
from comity.council.rule.rule import Rule
from comity.desk.council.power.abstention import weigh_abstention
from comity.desk.council.power.layout import (
    EVEN,
    Case,
    bloc_sheet,
    lay_out,
    move_row,
    outsider_rows,
)
from comity.desk.council.power.sheet import PowerSheet
from comity.errors import Fault, InvalidDocument, NotFound
from comity.files.body import get_body
from comity.files.rule import RuleFile, get_rule
from comity.law.cursor import near_miss

MAX_UNITS = 100_000
"""Rounded weights add up to at most so much, unless units are asked for."""

HALVES = 40
"""Up to so many players weights are not rounded."""

Told: TypeAlias = Callable[[str, int, int], None]
"""Is told what is being counted, how many steps are done, and of how many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerRequest:
    """What is asked.

    Args:
        rule: Slug of a shipped rule, a .toml or .json file, or JSON text.
        body: Slug of a shipped body or a .toml file; "" for the one the rule is for.
        weights: Counted wherever the rule counts weights; "" for those it names.
        units: How many of the weights' unit count as one; None for 1 up to 40 members, and
            beyond for the smallest power of ten that leaves at most 100,000 units.
        blocs: Each as "name" or "name:rule".
        joining: Members in no bloc, of whom it is asked what joining each bloc would do.
        leaving: Whether it is asked what each member of a bloc would be worth out of it.
    """

    rule: str
    body: str = ""
    weights: str = ""
    units: int | None = None
    blocs: tuple[str, ...] = ()
    joining: tuple[str, ...] = ()
    leaving: bool = False
    method: Method | None = None
    samples: int = 100_000
    seed: int = 1


def measure_power(request: PowerRequest, told: Told) -> PowerSheet:
    """Measure what a rule makes of each member's voice.

    Raises:
        NotFound: No such rule, body or weights.
        InvalidDocument: The rule does not fit the body, can never pass in it or always does,
            or blocs do not fit; all faults listed.
    """
    case = _open(request)
    blocs = tuple(_bloc(word, case.body) for word in request.blocs)
    _check(request, case.body, [bloc for bloc, _ in blocs])
    table = Table(
        game=case.game,
        floor=case.floor,
        blocs=tuple(bloc for bloc, _ in blocs),
        meter=_meter(request),
        told=partial(told, "counting coalitions"),
    )
    abstention = weigh_abstention(case, has_blocs=bool(blocs))
    if not blocs:
        measured = table.meter.measure(case.game, table.told)
        return lay_out(case, measured, abstention, request.seed)
    union = table.unite()
    moves = [
        *(table.leaving(union) if request.leaving else ()),
        *table.joining(union, request.joining),
    ]
    sheet = lay_out(case, union.after, abstention, request.seed)
    left_out = {bloc.name: missing for bloc, missing in blocs}
    return replace(
        sheet,
        before=union.before.decisiveness,
        blocs=tuple(bloc_sheet(one, left_out[one.bloc.name]) for one in union.united),
        outsiders=tuple(outsider_rows(union)),
        moves=tuple(move_row(move) for move in moves),
        cautions=(*sheet.cautions, EVEN),
    )


def _open(request: PowerRequest) -> Case:
    file = _read_rule(request.rule)
    if not (request.body or file.body):
        raise NotFound(
            f"the rule {file.title!r} names no body",
            code="council.no_body",
            hint="say which with --body, such as --body un",
        )
    body = get_body(request.body or file.body)
    rule = adopting(file.procedure)
    if request.weights:
        weights = weights_of(body, request.weights)
        rule = reweigh(rule, request.weights)
        body = replace(body, weights={**body.weights, request.weights: weights})
    floor = floor_of(body)
    units = _units(request, rule, floor)
    game = compile_game(rule, floor, body.members, units)
    if not request.weights:
        refuse_flawed(file.procedure, floor, source=file.slug)
    if request.units is None and game.is_monotone and split(game) is None:
        units = dict.fromkeys(units, 1)  # it will be sampled, and that needs no rounding
        game = compile_game(rule, floor, body.members, units)
    return Case(
        file=file,
        rule=rule,
        body=body,
        floor=floor,
        game=game,
        is_rounded=any(unit > 1 for unit in units.values()),
    )


def _read_rule(word: str) -> RuleFile:
    if not word.lstrip().startswith("{"):
        return get_rule(word)
    try:
        value = json.loads(word)
    except (ValueError, RecursionError):
        raise InvalidDocument("the rule is not JSON", code="files.rule") from None
    is_bare = isinstance(value, dict) and "rule" not in value
    procedure = from_whole_json({"rule": value} if is_bare else value)
    return RuleFile(slug="inline", title="A rule of one's own", procedure=procedure)


def _units(request: PowerRequest, rule: Rule, floor: Floor) -> dict[str, int]:
    named = [name for name in weights_in(rule) if name in floor.weights]
    if request.units is not None:
        if request.units < 1:
            raise InvalidDocument(f"{request.units} is no unit", code="council.units")
        for name in named:
            if sum(floor.weights[name].values.values()) < request.units:
                raise InvalidDocument(
                    f"all of {name} together is less than one unit of {request.units:,}",
                    code="council.units",
                )
        return dict.fromkeys(named, request.units)
    if len(floor.seats) <= HALVES or request.method is Method.SAMPLE:
        return dict.fromkeys(named, 1)
    return {name: _unit(sum(floor.weights[name].values.values())) for name in named}


def _unit(total: int) -> int:
    unit = 1
    while total > unit * MAX_UNITS:
        unit *= 10
    return unit


def _meter(request: PowerRequest) -> Meter:
    def new_generator() -> np.random.Generator:
        return np.random.Generator(np.random.PCG64(request.seed))

    return Meter(wanted=request.method, samples=request.samples, new_generator=new_generator)


def _bloc(word: str, body: Body) -> tuple[Bloc, tuple[str, ...]]:
    name, colon, said = word.rpartition(":")
    if not colon or (said not in INTERNAL and word in body.groups):
        name, said = word, "majority"
    elif said not in INTERNAL and any(own.startswith(f"{name}:") for own in body.groups):
        near = near_miss(word, body.groups)
        raise NotFound(
            f"{body.title} has no group {word!r}",
            code="council.no_group",
            hint=f"did you mean {near!r}?" if near else f"it has {', '.join(body.groups)}",
        )
    members = _bloc_members(name, body)
    rule = INTERNAL[said] if said in INTERNAL else adopting(_read_rule(said).procedure)
    seated = tuple(member for member in members if member in body.members)
    if len(seated) < 2:
        raise InvalidDocument(
            f"{name} has {len(seated)} seats in {body.title}",
            code="council.bloc",
            hint="a bloc is two members or more",
        )
    left_out = tuple(member for member in members if member not in body.members)
    return Bloc(name=name, members=seated, rule=rule), left_out


def _bloc_members(name: str, body: Body) -> Sequence[str]:
    if name in body.groups:
        return [member for member in body.members if member in body.groups[name]]
    if "+" in name:
        members = tuple(dict.fromkeys(name.split("+")))
        faults = [
            Fault(
                message=f"{one!r} is no member of {body.title}",
                near=near_miss(one, body.members),
            )
            for one in members
            if one not in body.members
        ]
        if faults:
            raise InvalidDocument(f"no bloc {name}", code="council.bloc", faults=faults)
        return members
    return get_body(name).members


def _check(request: PowerRequest, body: Body, blocs: Sequence[Bloc]) -> None:
    joined = {member for bloc in blocs for member in bloc.members}
    faults = [
        Fault(message=f"{member} is no member of {body.title}")
        for member in request.joining
        if member not in body.members
    ]
    faults += [
        Fault(message=f"{member} is in a bloc already")
        for member in request.joining
        if member in joined
    ]
    names = [bloc.name for bloc in blocs]
    faults += [
        Fault(message=f"the bloc {name} stands twice, or is called like a member")
        for at, name in enumerate(names)
        if name in names[:at] or name in body.members
    ]
    if (request.joining or request.leaving) and not blocs:
        faults.append(Fault(message="there is no bloc to join or leave; name one"))
    if not 1 <= request.samples <= 10_000_000:
        faults.append(Fault(message="samples are 1 to 10,000,000"))
    if request.seed < 0:
        faults.append(Fault(message="a seed is 0 or more"))
    if faults:
        raise InvalidDocument("cannot measure", code="council.power", faults=faults)
