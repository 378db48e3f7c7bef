# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""One rule over a whole history, and two side by side."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from comity.council.replay.agreement import Agreement, agreement
from comity.council.replay.board import Board, Turned
from comity.council.replay.history import Chamber, History
from comity.council.replay.needs import faults_of
from comity.council.replay.ruling import STATES, adopted, rule_on, states
from comity.council.rule.floor import Answer
from comity.council.rule.outcome import Outcome, State
from comity.council.rule.procedure import Procedure
from comity.errors import InvalidDocument


@dataclass(frozen=True, slots=True, kw_only=True)
class Leverage:
    """What one actor alone could have changed, all else as it was.

    Args:
        seats: Its seats that are in the history, by name.
        could_block: Adopted items that fail once all its seats say no.
        could_carry: Failed items that are adopted once all its seats say yes.
    """

    name: str
    seats: tuple[str, ...]
    could_block: int
    could_carry: int
    agreement: Agreement


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """A history under one procedure.

    Args:
        states: One an item, in the history's order.
        actors: In the order asked for.
    """

    procedure: Procedure
    states: tuple[State, ...]
    actors: tuple[Leverage, ...]

    @property
    def passed(self) -> int:
        """Count the items that would have been adopted."""
        return sum(state.is_adopted for state in self.states)


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """An item that two procedures decide differently, with why each does.

    Args:
        position: Its place in the history, from 0.
    """

    position: int
    one: Outcome
    other: Outcome


def replay(
    procedure: Procedure,
    history: History,
    chamber: Chamber,
    actors: Mapping[str, Collection[str]],
) -> Replay:
    """Decide every item of a history, and ask what each actor alone could have changed.

    Args:
        actors: Name to seats; a single seat is an actor too.

    Raises:
        InvalidDocument: The procedure names groups or weights the chamber does not have, or
            seats without a weight; all of them.
    """
    board = board_of(history, chamber, procedure)
    found = states(procedure, board)
    passed = adopted(procedure, board)
    return Replay(
        procedure=procedure,
        states=tuple(STATES[code] for code in found),
        actors=tuple(
            _leverage(name, seats, procedure, board, passed) for name, seats in actors.items()
        ),
    )


def board_of(history: History, chamber: Chamber, *procedures: Procedure) -> Board:
    """Lay out a history for these procedures.

    Raises:
        InvalidDocument: As `replay`.
    """
    faults = [fault for each in procedures for fault in faults_of(each, chamber, history)]
    if faults:
        raise InvalidDocument(
            "the rule cannot be replayed on this history",
            code="council.replay",
            hint=(
                "give the body whose groups and weights it names (--body); a former member's "
                "seat needs a table that weighs every seat (--weights population-2024, or a "
                "file of your own), or leave it out with all who are in no body (--only-body)"
            ),
            faults=dict.fromkeys(faults),
        )
    return Board(history, chamber)


def differences(
    one: Replay, other: Replay, history: History, chamber: Chamber
) -> Iterator[Difference]:
    """Yield the items that one procedure adopts and the other does not, each with why."""
    for position, (first, second) in enumerate(zip(one.states, other.states, strict=True)):
        if first.is_adopted != second.is_adopted:
            floor = history.floor(position, chamber)
            yield Difference(
                position=position,
                one=rule_on(one.procedure, floor),
                other=rule_on(other.procedure, floor),
            )


def _leverage(
    name: str,
    seats: Collection[str],
    procedure: Procedure,
    board: Board,
    passed: np.ndarray[tuple[int, ...], np.dtype[np.bool_]],
) -> Leverage:
    against = adopted(procedure, Turned(board, seats, Answer.NO))
    in_favour = adopted(procedure, Turned(board, seats, Answer.YES))
    known = [board.history.seats[column] for column in board.columns_of(seats)]
    return Leverage(
        name=name,
        seats=tuple(known),
        could_block=int(np.count_nonzero(passed & ~against)),
        could_carry=int(np.count_nonzero(~passed & in_favour)),
        agreement=agreement(board, seats),
    )
