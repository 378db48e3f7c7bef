# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A roll-call history: what each seat said on each item, and who had a seat at the time."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from comity.council.rule.floor import Answer, Floor, Weights

ANSWERS = tuple(Answer)
"""An answer's code is its place here."""

CODES = {answer: code for code, answer in enumerate(ANSWERS)}

UNSEATED = len(ANSWERS)
"""Code of a seat that did not exist when the item was decided: it is in no base."""

Said = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing that was put to the vote.

    Args:
        adopted: What the record says became of it; None where it does not say.
        source: Where the votes come from, and `basis` how well that was seen; "" where the
            record does not say.
    """

    id: str
    title: str = ""
    date: dt.date | None = None
    adopted: bool | None = None
    source: str = ""
    basis: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chamber:
    """The groups and weights a rule may name; one set for every item, as given.

    Args:
        groups: As in `Floor`; seats that are in no history do nothing.
        weights: By name; of one vintage, which their source says.
    """

    groups: Mapping[str, frozenset[str]] = field(default_factory=dict)
    weights: Mapping[str, Weights] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class History:
    """Items by seats.

    Args:
        seats: In the order of the columns, each once.
        said: One row an item, one column a seat; codes of `ANSWERS`, or `UNSEATED`.
    """

    items: tuple[Item, ...]
    seats: tuple[str, ...]
    said: Said

    def floor(self, position: int, chamber: Chamber) -> Floor:
        """Return one item as the floor a rule is decided on."""
        answers = {
            seat: ANSWERS[code]
            for seat, code in zip(self.seats, self.said[position], strict=True)
            if code != UNSEATED
        }
        return Floor(
            seats=frozenset(answers), answers=answers, groups=chamber.groups,
            weights=chamber.weights,
        )  # fmt: skip

    def counts(self, answer: Answer) -> NDArray[np.int64]:
        """Count, item by item, the seats that said so."""
        return np.asarray(np.count_nonzero(self.said == CODES[answer], axis=1), dtype=np.int64)

    def seated(self) -> NDArray[np.int64]:
        """Count, item by item, the seats there were."""
        return np.asarray(np.count_nonzero(self.said != UNSEATED, axis=1), dtype=np.int64)


def history_of(
    items: Mapping[Item, Mapping[str, Answer]], *, missing: Answer | None
) -> History:
    """Build a history from what was said.

    Args:
        items: In the order of the history; by item, seat to answer.
        missing: What a seat said on an item where it has no answer; None where it had no
            seat then.
    """
    seats = tuple(sorted({seat for said in items.values() for seat in said}))
    empty = UNSEATED if missing is None else CODES[missing]
    said = np.full((len(items), len(seats)), empty, dtype=np.uint8)
    columns = {seat: column for column, seat in enumerate(seats)}
    for row, answers in enumerate(items.values()):
        for seat, answer in answers.items():
            said[row, columns[seat]] = CODES[answer]
    return History(items=tuple(items), seats=seats, said=said)


def merged(histories: Sequence[History]) -> History:
    """Join histories into one; a seat that one of them does not have had none then."""
    seats = tuple(sorted({seat for history in histories for seat in history.seats}))
    columns = {seat: column for column, seat in enumerate(seats)}
    items = tuple(item for history in histories for item in history.items)
    said = np.full((len(items), len(seats)), UNSEATED, dtype=np.uint8)
    row = 0
    for history in histories:
        places = [columns[seat] for seat in history.seats]
        said[row : row + len(history.items), places] = history.said
        row += len(history.items)
    return History(items=items, seats=seats, said=said)
