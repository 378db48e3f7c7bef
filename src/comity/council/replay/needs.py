# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What a procedure names: groups, families and weights, held against what there is."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import assert_never

from comity.council.replay.history import UNSEATED, Chamber, History
from comity.council.rule.procedure import Procedure
from comity.council.rule.rule import Across, All, AtLeast, Leaf, Not, Rule
from comity.errors import Fault

MAX_LISTED = 20
"""Seats named in one fault; the rest are counted."""


@dataclass(slots=True)
class Needs:
    """The names a rule uses, in the order it uses them; a dict is an ordered set."""

    groups: dict[str, None] = field(default_factory=dict)
    families: dict[str, None] = field(default_factory=dict)
    weights: dict[str, None] = field(default_factory=dict)


def needs_of(procedure: Procedure) -> Needs:
    """Gather every name a procedure uses."""
    needs = Needs()
    rules: list[Rule | None] = [procedure.adopts, procedure.quorum]
    if procedure.silence is not None:
        rules.append(procedure.silence.broken_by)
    for rule in rules:
        if rule is not None:
            _gather(rule, needs)
    return needs


def faults_of(procedure: Procedure, chamber: Chamber, history: History) -> Iterator[Fault]:
    """Yield what a procedure names and a chamber does not have, and seats with no weight."""
    needs = needs_of(procedure)
    for group in needs.groups:
        if group not in chamber.groups:
            message = f"the rule counts within {group!r}, a group that is not given"
            yield Fault(message=message, near=_near(group, chamber.groups))
    families = {name.partition(":")[0] for name in chamber.groups if ":" in name}
    for family in needs.families:
        if family not in families:
            message = f"the rule ranges over every {family!r}, and no such groups are given"
            yield Fault(message=message, near=_near(family, families))
    for name in needs.weights:
        if name not in chamber.weights:
            message = f"the rule counts by {name!r}, a weight that is not given"
            yield Fault(message=message, near=_near(name, chamber.weights))
        else:
            yield from _unweighed(name, chamber, history)


def _unweighed(name: str, chamber: Chamber, history: History) -> Iterator[Fault]:
    values = chamber.weights[name].values
    without = [seat for seat in sorted(history.seats) if seat not in values]
    if without:
        more = len(without) - MAX_LISTED
        listed = ", ".join(without[:MAX_LISTED]) + (f" and {more} more" if more > 0 else "")
        where = _seated_at(without[0], history)
        yield Fault(message=f"no weight {name!r} is given for {listed}{where}")


def _seated_at(seat: str, history: History) -> str:
    """Name the first item on which a seat counts."""
    column = history.seats.index(seat)
    rows = [
        item.id
        for item, code in zip(history.items, history.said[:, column], strict=True)
        if code != UNSEATED
    ]
    if not rows:
        return ""
    items = f"{len(rows)} items, the first" if len(rows) > 1 else "one item,"
    return f"; {seat} has a seat on {items} {rows[0]!r}"


def _gather(rule: Rule, needs: Needs) -> None:
    match rule:
        case Leaf(by=by, within=within):
            if by is not None:
                needs.weights[by] = None
            if within is not None:
                needs.groups[within] = None
        case All(parts=parts) | AtLeast(parts=parts):
            for part in parts:
                _gather(part, needs)
        case Not(part=part):
            _gather(part, needs)
        case Across(family=family, leaf=leaf):
            needs.families[family] = None
            _gather(leaf, needs)
        case _:
            assert_never(rule)


def _near(word: str, known: Collection[str]) -> str | None:
    found = get_close_matches(word, sorted(known), 1, 0.6)
    return found[0] if found else None
