# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What a replay shows: items, blocs, seats and where two rules differ, as plain values."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from comity.council.rule.outcome import Outcome, State
from comity.kernel.canonical import Json

DECIMALS = 6
"""Digits of an agreement index, which is a mean over items and no exact figure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastSheet:
    """The history that was replayed.

    Args:
        unrecorded: Seats and items without a row.
        flags: Rows that were not taken as they stand.
        bases: How well its votes were seen, each word once.
    """

    name: str
    items: int
    seats: int
    first: dt.date | None
    last: dt.date | None
    unrecorded: int
    flags: tuple[str, ...]
    bases: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightRow:
    """Figures a rule may count by."""

    name: str
    unit: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRow:
    """One rule over the whole history.

    Args:
        words: The whole procedure in one sentence.
        recorded: Items of which the record says what became of them.
        as_recorded: Of those, how many the rule decides in the same way.
    """

    name: str
    words: str
    adopted: int
    items: int
    recorded: int
    as_recorded: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRow:
    """One item under one rule, or two.

    Args:
        seats: Seats there were at the time.
        recorded: What the record says; None where it does not.
        against: What the other rule makes of it; None without one.
    """

    id: str
    title: str
    date: dt.date | None
    yes: int
    no: int
    abstain: int
    silent: int
    void: int
    seats: int
    recorded: bool | None
    state: State
    against: State | None
    source: str
    basis: str

    def to_json(self) -> dict[str, Json]:
        """Return the row as plain values."""
        return {
            "item": self.id,
            "title": self.title,
            "date": _day(self.date),
            "yes": self.yes,
            "no": self.no,
            "abstain": self.abstain,
            "silent": self.silent,
            "void": self.void,
            "seats": self.seats,
            "recorded": self.recorded,
            "state": self.state.value,
            "adopted": self.state.is_adopted,
            "against": None if self.against is None else self.against.value,
            "source": self.source,
            "basis": self.basis,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorRow:
    """A bloc or a seat alone.

    Args:
        could_block: Adopted items that fail had it said no, all else as it was.
        could_carry: Failed items that are adopted had it said yes.
        against_block: The same under the other rule; None without one.
        voted: Items on which at least two of its seats voted.
        agreement: Mean agreement index over those, from 0 to 1.
    """

    name: str
    seats: tuple[str, ...]
    could_block: int
    could_carry: int
    against_block: int | None
    against_carry: int | None
    voted: int
    unanimous: int
    agreement: float | None

    def to_json(self) -> dict[str, object]:
        """Return the row as plain values."""
        index = None if self.agreement is None else round(self.agreement, DECIMALS)
        return {
            "name": self.name,
            "seats": list(self.seats),
            "could_block": self.could_block,
            "could_carry": self.could_carry,
            "against_could_block": self.against_block,
            "against_could_carry": self.against_carry,
            "voted_together_on": self.voted,
            "unanimous_on": self.unanimous,
            "agreement": index,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceRow:
    """An item that two rules decide differently, with why each does."""

    item: str
    one: Outcome
    other: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplaySheet:
    """A rule on a history.

    Args:
        blocs: Those asked for, in their order.
        seats: Those that alone could have changed anything, the strongest first.
        notes: What a reader must know before relying on any figure.
    """

    past: PastSheet
    body: str
    weights: tuple[WeightRow, ...]
    rule: RuleRow
    against: RuleRow | None
    items: tuple[ItemRow, ...]
    blocs: tuple[ActorRow, ...]
    seats: tuple[ActorRow, ...]
    differences: tuple[DifferenceRow, ...]
    notes: tuple[str, ...]

    def to_json(self) -> dict[str, object]:
        """Return the sheet as plain values."""
        past = self.past
        return {
            "history": {
                "name": past.name,
                "items": past.items,
                "seats": past.seats,
                "first": _day(past.first),
                "last": _day(past.last),
                "unrecorded": past.unrecorded,
                "flags": list(past.flags),
                "bases": list(past.bases),
            },
            "body": self.body,
            "weights": [
                {"name": each.name, "unit": each.unit, "source": each.source}
                for each in self.weights
            ],
            "rule": _rule_json(self.rule),
            "against": None if self.against is None else _rule_json(self.against),
            "items": [row.to_json() for row in self.items],
            "blocs": [row.to_json() for row in self.blocs],
            "seats": [row.to_json() for row in self.seats],
            "differences": [
                {"item": row.item, "rule": row.one.to_json(), "against": row.other.to_json()}
                for row in self.differences
            ],
            "notes": list(self.notes),
        }

    def to_rows(self) -> Iterator[list[str]]:
        """Yield the items as the rows of a table, its header first."""
        yield list(self.items[0].to_json()) if self.items else ["item"]
        for row in self.items:
            yield ["" if cell is None else str(cell) for cell in row.to_json().values()]


def _rule_json(rule: RuleRow) -> dict[str, Json]:
    return {
        "name": rule.name,
        "words": rule.words,
        "adopted": rule.adopted,
        "items": rule.items,
        "recorded": rule.recorded,
        "as_recorded": rule.as_recorded,
    }


def _day(date: dt.date | None) -> str | None:
    return None if date is None else date.isoformat()
