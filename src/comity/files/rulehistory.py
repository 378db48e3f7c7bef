# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Decisions on which a shipped rule is replayed: `packs/rules/history/*.toml`."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from comity.council.body.body import Basis
from comity.council.rule.flip import UNNAMED
from comity.council.rule.floor import Answer, Floor, Weights
from comity.council.rule.outcome import Stage, State
from comity.errors import NotFound
from comity.files.body import get_body
from comity.files.rule import RULES
from comity.files.table import Table, open_table, settle
from comity.law.cursor import near_miss

_BASES = tuple(basis.value for basis in Basis)
_STATES = tuple(state.value for state in State)
_ANSWERS = tuple(answer.value for answer in Answer)
_STAGES = tuple(stage.value for stage in Stage)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One decision: what was said and what became of it.

    Args:
        floor: Seats without a name on record are called "unnamed 1.1" and so on.
        result: What became of it; of votes taken under another rule, what this rule makes of
            them.
        taken_under: The body and rule under which the votes were really taken and what came of
            it there, where that was not this rule; "" for the body's own decision.
        is_example: Made up, where no such decision is on record.
    """

    name: str
    on: dt.date | None
    floor: Floor
    stage: Stage
    result: State
    source: str
    basis: Basis
    note: str = ""
    taken_under: str = ""
    is_example: bool = False

    @property
    def is_precedent(self) -> bool:
        """Tell whether it was really decided by this rule."""
        return not self.is_example and not self.taken_under


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleHistory:
    """The decisions of one rule.

    Args:
        gaps: What was looked for and not found.
    """

    rule: str
    decisions: tuple[Decision, ...]
    gaps: tuple[str, ...]


def get_history(rule: str) -> RuleHistory:
    """Return the decisions on which a shipped rule is replayed; none for one's own rule.

    Raises:
        InvalidDocument: The file has faults; all are listed (code `files.rule_history`).
    """
    try:
        table = open_table(RULES / "history" / f"{rule}.toml", "rule_history")
    except NotFound:
        return RuleHistory(rule=rule, decisions=(), gaps=())
    history = RuleHistory(
        rule=table.text("rule"),
        gaps=table.texts("gaps"),
        decisions=tuple(_decision(row) for row in table.tables("decision")),
    )
    table.finish()
    settle(table, "rule_history")
    return history


def _decision(row: Table) -> Decision:
    basis, result = row.word("basis", _BASES), row.word("result", _STATES)
    stage = row.word("stage", _STAGES, default=Stage.SILENCE.value)
    decision = Decision(
        name=row.text("name"),
        on=row.date("on"),
        floor=_floor(row),
        stage=Stage(stage) if stage in _STAGES else Stage.SILENCE,
        result=State(result) if result in _STATES else State.REJECTED,
        source=row.text("source"),
        basis=Basis(basis) if basis in _BASES else Basis.WEAK,
        note=row.text("note", default=""),
        taken_under=row.text("taken_under", default=""),
        is_example=row.flag("example"),
    )
    if decision.is_example and decision.taken_under:
        row.fault("taken_under", "an example was taken under no rule")
    row.finish()
    return decision


@dataclass(slots=True, kw_only=True)
class _Hall:
    """The seats of one decision while they are read."""

    answers: dict[str, Answer] = field(default_factory=dict)
    groups: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    weights: dict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))


def _floor(row: Table) -> Floor:
    hall = _Hall()
    for answer in Answer:
        for seat in row.texts(answer.value):
            if seat in hall.answers:
                row.fault(answer.value, f"{seat!r} stands twice")
            hall.answers[seat] = answer
    groups = row.inner("groups")
    for name in () if groups is None else groups.row:
        hall.groups[name].update(() if groups is None else groups.texts(name))
    weights = row.inner("weights")
    for name in () if weights is None else weights.row:
        hall.weights[name].update({} if weights is None else weights.wholes(name))
    for place, crowd in enumerate(row.tables("unnamed"), start=1):
        _seat_crowd(crowd, place, hall)
    if "body" in row.row:
        _seat_body(row, hall)
    return Floor(
        seats=frozenset(hall.answers),
        answers=hall.answers,
        groups={name: frozenset(seats) for name, seats in hall.groups.items()},
        weights={name: _weights(name, values) for name, values in hall.weights.items()},
    )


def _seat_crowd(crowd: Table, place: int, hall: _Hall) -> None:
    """Seat so many whose names are not on record, who all said one thing."""
    word = crowd.word("answer", _ANSWERS)
    count = crowd.whole("count", least=1) or 1
    groups, weights = crowd.texts("groups"), crowd.wholes("weights")
    for number in range(1, count + 1):
        seat = f"{UNNAMED}{place}.{number}"
        hall.answers[seat] = Answer(word) if word in _ANSWERS else Answer.SILENT
        for group in groups:
            hall.groups[group].add(seat)
        for name, value in weights.items():
            hall.weights[name][seat] = value
    crowd.finish()


def _seat_body(row: Table, hall: _Hall) -> None:
    """Take groups and weights of those that decided from a shipped body."""
    body = get_body(row.text("body"))
    for seat in sorted(hall.answers.keys() - set(body.members)):
        row.fault(
            "body", f"{seat!r} is no member of {body.slug}", near_miss(seat, body.members)
        )
    for name, members in body.groups.items():
        hall.groups[name].update(members & hall.answers.keys())
    for name, weights in body.weights.items():
        known = weights.values.items()
        hall.weights[name].update({seat: own for seat, own in known if seat in hall.answers})


def _weights(name: str, values: Mapping[str, int]) -> Weights:
    return Weights(name=name, unit="as the history says", source="history", values=values)
