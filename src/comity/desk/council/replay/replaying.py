# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Replay a rule on a history for people: what would have passed, who could have stopped it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from comity.council.body.body import Body
from comity.council.replay.history import CODES, UNSEATED, Chamber, History
from comity.council.replay.needs import needs_of
from comity.council.replay.replay import Replay, differences, replay
from comity.council.rule.explain import explain_procedure
from comity.council.rule.floor import Answer, Weights
from comity.council.rule.outcome import State
from comity.council.rule.procedure import Procedure
from comity.desk.council.replay.sheet import (
    ActorRow,
    DifferenceRow,
    ItemRow,
    PastSheet,
    ReplaySheet,
    RuleRow,
    WeightRow,
)
from comity.errors import Fault, InvalidDocument
from comity.files.body import BODIES, get_body
from comity.files.rollcall import RollCall
from comity.law.cursor import near_miss


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A procedure with the name it was asked for by."""

    name: str
    procedure: Procedure


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """A history with where it comes from.

    Args:
        names: How a seat is shown; a seat that is absent is shown as it is.
        chamber: Groups and weights that come with it; a body's take their place.
    """

    name: str
    call: RollCall
    names: Mapping[str, str] = field(default_factory=dict)
    chamber: Chamber = field(default_factory=Chamber)


def replayed(
    past: Past,
    rule: Named,
    *,
    against: Named | None = None,
    body: Body | None = None,
    blocs: Sequence[str] = (),
    only_body: bool = False,
    weights: Weights | None = None,
) -> ReplaySheet:
    """Replay one rule, or two side by side.

    Args:
        body: Gives the groups and weights the rules name.
        blocs: Names of groups of the body, of bodies or of seats; several joined by "+".
        only_body: Leave out the seats of the history that are not in the body.
        weights: For every seat, in place of the body's: two vintages are never mixed.

    Raises:
        InvalidDocument: A bloc nobody knows, or what is not given, or weights for no rule.
    """
    seats = None if body is None or not only_body else frozenset(body.members)
    history = past.call.history if seats is None else restricted(past.call.history, seats)
    chamber = _chamber(past, body, weights, rule, against)
    asked = blocs_of(blocs, history, chamber, past.names)
    actors = {**asked, **{f"seat {seat}": [seat] for seat in history.seats}}
    one = replay(rule.procedure, history, chamber, actors)
    other = None if against is None else replay(against.procedure, history, chamber, actors)
    return ReplaySheet(
        past=_past(past, history),
        body="" if body is None else body.title,
        weights=tuple(_weights(chamber)),
        rule=_rule(rule, one, history),
        against=None if against is None or other is None else _rule(against, other, history),
        items=tuple(_items(history, one, other)),
        blocs=tuple(_actors(asked, past, one, other)),
        seats=tuple(_seats(past, one, other)),
        differences=tuple(_differences(one, other, history, chamber)),
        notes=tuple(_notes(past, history, body, chamber, rule, against)),
    )


def _chamber(
    past: Past, body: Body | None, weights: Weights | None, *rules: Named | None
) -> Chamber:
    chamber = past.chamber
    if body is not None:
        chamber = Chamber(groups=body.groups, weights=body.weights)
    if weights is None:
        return chamber
    _counted_by(weights, [rule for rule in rules if rule is not None])
    return replace(chamber, weights={**chamber.weights, weights.name: weights})


def _counted_by(weights: Weights, rules: Sequence[Named]) -> None:
    """Refuse weights that would change nothing."""
    named = {name for rule in rules for name in needs_of(rule.procedure).weights}
    if weights.name in named:
        return
    counted = f"; it counts by {', '.join(sorted(named))}" if named else ""
    fault = Fault(
        message=f"the rule counts by no weight {weights.name!r}{counted}",
        near=near_miss(weights.name, named),
    )
    raise InvalidDocument(
        "these weights would change nothing", code="desk.replay_weights", faults=[fault],
        hint="say in the table's first line what it gives, as in '# name: population'",
    )  # fmt: skip


def restricted(history: History, seats: Collection[str]) -> History:
    """Leave out every seat that is not among *seats*."""
    kept = [column for column, seat in enumerate(history.seats) if seat in seats]
    return History(
        items=history.items,
        seats=tuple(history.seats[column] for column in kept),
        said=history.said[:, kept],
    )


def blocs_of(
    blocs: Sequence[str], history: History, chamber: Chamber, names: Mapping[str, str]
) -> dict[str, frozenset[str]]:
    """Find the seats of each bloc: a group, a body, a seat, or several joined by "+".

    Args:
        names: What seats are called besides.

    Raises:
        InvalidDocument: Every name that is none of them, with a near one.
    """
    known: dict[str, frozenset[str]] = {
        seat.lower(): frozenset({seat}) for seat in history.seats
    }
    bodies = {path.stem for path in BODIES.glob("*.toml")}
    known |= {name.lower(): frozenset({seat}) for seat, name in names.items()}
    for name, members in chamber.groups.items():
        known[name.lower()] = known[name.partition(":")[2].lower()] = members
    faults: list[Fault] = []
    found: dict[str, frozenset[str]] = {}
    for bloc in blocs:
        seats: frozenset[str] = frozenset()
        for part in bloc.lower().split("+"):
            name = part.strip()
            if name in bodies:
                seats |= frozenset(get_body(name).members)
            elif name in known:
                seats |= known[name]
            else:
                near = near_miss(name, {*known, *bodies})
                message = f"{part!r} is no group, no body and no seat"
                faults.append(Fault(message=message, near=near))
        found[bloc] = seats
    if faults:
        raise InvalidDocument(
            "not all of these are blocs", code="desk.replay_blocs", faults=faults,
            hint="comity council bodies lists bodies; --body gives groups",
        )  # fmt: skip
    return found


def _differences(
    one: Replay, other: Replay | None, history: History, chamber: Chamber
) -> Iterator[DifferenceRow]:
    if other is not None:
        for each in differences(one, other, history, chamber):
            item = history.items[each.position].id
            yield DifferenceRow(item=item, one=each.one, other=each.other)


def _past(past: Past, history: History) -> PastSheet:
    dates = [item.date for item in history.items if item.date is not None]
    return PastSheet(
        name=past.name,
        items=len(history.items),
        seats=len(history.seats),
        first=min(dates, default=None),
        last=max(dates, default=None),
        unrecorded=past.call.unrecorded,
        flags=past.call.flags,
        bases=tuple(sorted({item.basis for item in history.items if item.basis})),
    )


def _weights(chamber: Chamber) -> Iterator[WeightRow]:
    for name, weights in chamber.weights.items():
        yield WeightRow(name=name, unit=weights.unit, source=weights.source)


def _rule(rule: Named, found: Replay, history: History) -> RuleRow:
    recorded = [
        (item.adopted, state.is_adopted)
        for item, state in zip(history.items, found.states, strict=True)
        if item.adopted is not None
    ]
    return RuleRow(
        name=rule.name,
        words=explain_procedure(rule.procedure),
        adopted=found.passed,
        items=len(found.states),
        recorded=len(recorded),
        as_recorded=sum(record is would for record, would in recorded),
    )


def _items(history: History, one: Replay, other: Replay | None) -> Iterator[ItemRow]:
    columns = {answer: history.counts(answer) for answer in Answer}
    seated = history.seated()
    others: Sequence[State | None] = [None] * len(one.states) if other is None else other.states
    for row, (item, state, second) in enumerate(
        zip(history.items, one.states, others, strict=True)
    ):
        count = {answer: int(found[row]) for answer, found in columns.items()}
        yield ItemRow(
            id=item.id,
            title=item.title,
            date=item.date,
            yes=count[Answer.YES],
            no=count[Answer.NO] + count[Answer.OBJECT],
            abstain=count[Answer.ABSTAIN],
            silent=count[Answer.SILENT],
            void=count[Answer.VOID],
            seats=int(seated[row]),
            recorded=item.adopted,
            state=state,
            against=second,
            source=item.source,
            basis=item.basis,
        )


def _actors(
    names: Collection[str], past: Past, one: Replay, other: Replay | None
) -> Iterator[ActorRow]:
    seconds = {} if other is None else {actor.name: actor for actor in other.actors}
    for actor in one.actors:
        second = seconds.get(actor.name)
        if actor.name in names:
            yield ActorRow(
                name=actor.name,
                seats=tuple(past.names.get(seat, seat) for seat in actor.seats),
                could_block=actor.could_block,
                could_carry=actor.could_carry,
                against_block=None if second is None else second.could_block,
                against_carry=None if second is None else second.could_carry,
                voted=actor.agreement.items,
                unanimous=actor.agreement.unanimous,
                agreement=actor.agreement.index,
            )


def _seats(past: Past, one: Replay, other: Replay | None) -> Iterator[ActorRow]:
    """Yield the seats that alone could have changed anything, the strongest first."""
    alone = {actor.name for actor in one.actors if actor.name.startswith("seat ")}
    rows = [
        replace(row, name=row.seats[0])
        for row in _actors(alone, past, one, other)
        if row.could_block or row.could_carry or row.against_block or row.against_carry
    ]
    yield from sorted(rows, key=lambda row: (-row.could_block, -row.could_carry, row.name))


def _notes(
    past: Past, history: History, body: Body | None, chamber: Chamber, *rules: Named | None
) -> Iterator[str]:
    """Yield what a reader must know before relying on any figure."""
    silent = int((history.said == CODES[Answer.SILENT]).sum())
    unseated = int((history.said == UNSEATED).sum())
    if past.call.unrecorded:
        yield (
            f"seats without a row on an item: {past.call.unrecorded}; they count as the option "
            "--missing says"
        )
    if silent:
        yield f"absent or silent: {silent} times, in the base of all members alone"
    if unseated:
        yield f"without a seat, or taking no part: {unseated} times, in no base"
    yield from _weighing(past, history, body, chamber)
    for rule in rules:
        if rule is not None and rule.procedure.negative_needs_reason:
            yield f"{rule.name}: a history holds no reasons, so a no without one counts as a no"
        if rule is not None and rule.procedure.silence is not None:
            yield f"{rule.name}: a history knows no hours, so what was said in the end counts"
    yield "everybody else is taken to have voted as they did; under another rule they might not"


def _weighing(
    past: Past, history: History, body: Body | None, chamber: Chamber
) -> Iterator[str]:
    """Yield who is counted without being listed, and of which year the weights are."""
    if body is not None:
        strangers = [seat for seat in history.seats if seat not in body.members]
        if strangers:
            listed = ", ".join(strangers[:10]) + (" and others" if len(strangers) > 10 else "")
            yield f"in no group of {body.title}, but counted: {listed}"
    for name, weights in chamber.weights.items():
        if past.chamber.weights.get(name) is not weights:
            yield f"{name}: one set of figures for every year, {weights.source}"
