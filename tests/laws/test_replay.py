# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Laws of replay: the interpreter specifies it; a turned seat is as if it had said so."""

from contextlib import suppress
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from comity.council.replay.board import Board, Turned, passes
from comity.council.replay.history import CODES, UNSEATED, Chamber, History, Item
from comity.council.replay.ruling import STATES, rule_on, states
from comity.council.rule.decide import decide
from comity.council.rule.floor import Answer, Base, Weights
from comity.council.rule.procedure import OnBreak, Procedure, Silence
from comity.council.rule.rule import Across, All, AtLeast, Leaf, Not, Number, Rule, Share
from comity.errors import InvalidDocument
from comity.files.rollcall import read_rollcall

SEATS = ("a", "b", "c", "d", "e")
GROUPS = ("region:north", "region:south", "region:empty", "few")
HUGE = 2**70
"""Weights past what 64 bits hold: a count must not run over."""

SHARES = some.builds(
    Share,
    of=some.sampled_from(Base),
    least=some.sampled_from([Fraction(1, n) for n in (1, 2, 3, 4)])
    | some.fractions(Fraction(1, 50), 1, max_denominator=50),
    strict=some.booleans(),
)
NEEDS = SHARES | some.builds(Number, least=some.integers(1, 6))
ANSWER_SETS = some.frozensets(some.sampled_from(Answer), min_size=1)
PLAIN = some.builds(
    Leaf, need=NEEDS, count=ANSWER_SETS, by=some.sampled_from([None, "people", "huge"])
)
LEAVES = some.builds(
    lambda leaf, within: Leaf(need=leaf.need, count=leaf.count, by=leaf.by, within=within),
    PLAIN,
    some.sampled_from([None, *GROUPS]),
)
ACROSS = some.builds(
    Across, family=some.just("region"), missing=some.integers(0, 3), leaf=PLAIN
)
RULES: some.SearchStrategy[Rule] = some.recursive(
    LEAVES | ACROSS,
    lambda inner: some.one_of(
        some.builds(All, parts=some.lists(inner, min_size=1, max_size=3).map(tuple)),
        some.builds(
            AtLeast,
            count=some.integers(1, 3),
            parts=some.lists(inner, min_size=1, max_size=3).map(tuple),
        ),
        some.builds(Not, part=inner),
    ),
    max_leaves=4,
)
CELLS = some.sampled_from([*CODES.values(), UNSEATED])
MATRICES = some.lists(
    some.lists(CELLS, min_size=len(SEATS), max_size=len(SEATS)), min_size=1, max_size=4
)
WEIGHTS = some.lists(some.integers(0, 9), min_size=len(SEATS), max_size=len(SEATS))


def history(rows: list[list[int]]) -> History:
    """Return a history of these rows."""
    return History(
        items=tuple(Item(id=str(row)) for row in range(len(rows))),
        seats=SEATS,
        said=np.array(rows, dtype=np.uint8),
    )


def chamber(values: list[int]) -> Chamber:
    """Return two regions, a family group without a seat, a group, and two weights."""
    people = dict(zip(SEATS, values, strict=True))
    huge = {seat: value * HUGE for seat, value in people.items()}
    return Chamber(
        groups={
            "region:north": frozenset("ab"),
            "region:south": frozenset("cd"),
            "region:empty": frozenset("z"),
            "few": frozenset("ae"),
        },
        weights={
            "people": Weights(name="people", unit="heads", source="", values=people),
            "huge": Weights(name="huge", unit="heads", source="", values=huge),
        },
    )


@given(RULES, MATRICES, WEIGHTS)
@settings(max_examples=150)
def test_a_whole_history_is_decided_as_the_interpreter_decides_each_item(
    rule: Rule, rows: list[list[int]], values: list[int]
) -> None:
    """Fast and slow are one rule, or replay says nothing of the rule people adopt."""
    past, house = history(rows), chamber(values)

    found = passes(rule, Board(past, house))

    assert list(found) == [decide(rule, past.floor(i, house)).passed for i in range(len(rows))]


@given(RULES, MATRICES, WEIGHTS, some.frozensets(some.sampled_from(SEATS)), ANSWER_SETS)
@settings(max_examples=100)
def test_turning_seats_is_as_if_they_had_said_so(
    rule: Rule,
    rows: list[list[int]],
    values: list[int],
    turned: frozenset[str],
    answers: frozenset[Answer],
) -> None:
    """Who could have blocked is counted from differences; it must be what a recount finds."""
    answer = min(answers, key=list(Answer).index)
    house = chamber(values)
    said = [
        [
            CODES[answer] if seat in turned and code != UNSEATED else code
            for seat, code in zip(SEATS, row, strict=True)
        ]
        for row in rows
    ]

    found = passes(rule, Turned(Board(history(rows), house), turned, answer))

    assert list(found) == list(passes(rule, Board(history(said), house)))


@given(
    RULES,
    some.none() | RULES,
    some.none() | some.tuples(RULES, some.sampled_from(OnBreak)),
    MATRICES,
    WEIGHTS,
)
@settings(max_examples=80)
def test_a_procedure_is_replayed_as_it_is_ruled_on(
    adopts: Rule,
    quorum: Rule | None,
    silence: tuple[Rule, OnBreak] | None,
    rows: list[list[int]],
    values: list[int],
) -> None:
    """Quorum and silence come in one order, item by item and all at once."""
    breaks = silence and Silence(period_h=72, broken_by=silence[0], on_break=silence[1])
    procedure = Procedure(adopts=adopts, quorum=quorum, silence=breaks or None)
    past, house = history(rows), chamber(values)

    found = [STATES[code] for code in states(procedure, Board(past, house))]

    assert found == [rule_on(procedure, past.floor(i, house)).state for i in range(len(rows))]


PIECES = some.lists(
    some.sampled_from(
        [
            "item,member,choice",
            ",date",
            ",title\n",
            "\n",
            ",",
            '"',
            "one",
            "KHM",
            "yes",
            "no",
            "2022-03-02",
            "\r",
            "\0",
            "é",
            " ",
            "x" * 99,
        ]
    )
    | some.text(max_size=3),
    max_size=30,
)


@given(PIECES)
@settings(max_examples=60)
def test_a_roll_call_is_read_or_refused_whatever_stands_in_it(
    tmp_path_factory: pytest.TempPathFactory, pieces: list[str]
) -> None:
    """A parser of strangers' files raises nothing but a list of faults."""
    path = tmp_path_factory.getbasetemp() / "votes.csv"
    path.write_bytes("".join(pieces).encode("utf-8", "surrogatepass"))

    with suppress(InvalidDocument):
        call = read_rollcall(path)
        assert call.history.said.shape == (len(call.history.items), len(call.history.seats))
