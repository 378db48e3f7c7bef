# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Many hypothetical answers at once: one truth per row, kept as the bits of two integers.

A plane holds the rows in which a condition holds and those in which it fails; a row in
neither is undetermined. "And" and "or" of a thousand rows are then single operations on
integers. The interpreter is the specification; the two are compared in tests.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias, assert_never

from comity.kernel.truth import Truth
from comity.law.condition import And, Atom, Cmp, Condition, Gap, Has, In, Is, Not, Or, Ref
from comity.law.evaluate import Answers, evaluate
from comity.law.fact import Answer, Silence
from comity.law.reason import names_in

Plane: TypeAlias = tuple[int, int, int]
"""Rows where it holds, rows where it fails, and the facts that matter in row 0.

The third is empty (0) where row 0 is decided; else its bits are numbers of facts.
"""

Node: TypeAlias = Callable[["Table"], Plane]


class Table:
    """Rows of answers: row 0 as they are, every other row with some answers in their place."""

    def __init__(self, shared: Answers, departures: Sequence[Mapping[str, Answer]]) -> None:
        self.shared = shared
        self.every = (2 << len(departures)) - 1
        self.known: dict[object, Plane] = {}
        self._rows: dict[str, list[int]] = {}
        self._departures = departures
        for row, departure in enumerate(departures):
            for fact in departure:
                self._rows.setdefault(fact, []).append(row)

    def work_out(self, atom: Atom, facts: int) -> Plane:
        """Return the plane of an atom."""
        names = names_in(atom)
        silence = Silence.NOT_ASKED
        answers = {name: self.shared.get(name, silence) for name in names}
        truth = evaluate(atom, answers, {})
        holds = self.every if truth is Truth.TRUE else 0
        fails = self.every if truth is Truth.FALSE else 0
        for row in {row for name in names for row in self._rows.get(name, ())}:
            departure, bit = self._departures[row], 2 << row
            there = evaluate(atom, {**answers, **_of(names, departure)}, {})
            holds = holds | bit if there is Truth.TRUE else holds & ~bit
            fails = fails | bit if there is Truth.FALSE else fails & ~bit
        return holds, fails, facts if truth is Truth.UNDETERMINED else 0


@dataclass(slots=True, kw_only=True)
class Program:
    """Conditions made ready to be worked out over any table.

    Args:
        facts: The names behind the numbers of facts.
    """

    meanings: Mapping[str, Condition]
    facts: list[str] = field(default_factory=list)
    _numbers: dict[str, int] = field(default_factory=dict)
    _nodes: dict[object, Node] = field(default_factory=dict)

    def node(self, condition: Condition) -> Node:
        """Make a condition ready; equal atoms and definitions are worked out once a table."""
        match condition:
            case And(parts):
                return _both([self.node(part) for part in parts])
            case Or(parts):
                return _either([self.node(part) for part in parts])
            case Not(part):
                return _contrary(self.node(part))
            case Ref(name):
                if condition not in self._nodes:
                    self._nodes[condition] = _once(condition, self.node(self.meanings[name]))
                return self._nodes[condition]
            case Is() | In() | Has() | Cmp() | Gap():
                if condition not in self._nodes:
                    self._nodes[condition] = _atom(condition, self._bits(condition))
                return self._nodes[condition]
            case _:
                assert_never(condition)

    def named(self, bits: int) -> Iterator[str]:
        """Yield the facts behind the third part of a plane."""
        while bits:
            low = bits & -bits
            yield self.facts[low.bit_length() - 1]
            bits ^= low

    def _bits(self, atom: Atom) -> int:
        bits = 0
        for name in names_in(atom):
            if name not in self._numbers:
                self._numbers[name] = len(self.facts)
                self.facts.append(name)
            bits |= 1 << self._numbers[name]
        return bits


class Tally:
    """Counts, row by row, in how many planes a bit is set: an adder of integers."""

    def __init__(self) -> None:
        self._digits: list[int] = []

    def add(self, bits: int) -> None:
        """Count one plane."""
        for position, digit in enumerate(self._digits):
            self._digits[position], bits = digit ^ bits, digit & bits
            if not bits:
                return
        if bits:
            self._digits.append(bits)

    def of(self, row: int) -> int:
        """Return the count of one row."""
        return sum((digit >> row & 1) << power for power, digit in enumerate(self._digits))


def _of(names: tuple[str, ...], departure: Mapping[str, Answer]) -> dict[str, Answer]:
    return {name: departure[name] for name in names if name in departure}


def _atom(atom: Atom, facts: int) -> Node:
    number = object()

    def node(table: Table) -> Plane:
        found = table.known.get(number)
        if found is None:
            found = table.known[number] = table.work_out(atom, facts)
        return found

    return node


def _once(reference: Ref, meaning: Node) -> Node:
    name = reference.name

    def node(table: Table) -> Plane:
        found = table.known.get(name)
        if found is None:
            found = table.known[name] = meaning(table)
        return found

    return node


def _contrary(part: Node) -> Node:
    def node(table: Table) -> Plane:
        holds, fails, facts = part(table)
        return fails, holds, facts

    return node


def _both(parts: Sequence[Node]) -> Node:
    def node(table: Table) -> Plane:
        holds, fails, facts = table.every, 0, 0
        for part in parts:
            held, failed, mattering = part(table)
            holds &= held
            fails |= failed
            facts |= mattering
        return holds, fails, 0 if (holds | fails) & 1 else facts

    return node


def _either(parts: Sequence[Node]) -> Node:
    def node(table: Table) -> Plane:
        holds, fails, facts = 0, table.every, 0
        for part in parts:
            held, failed, mattering = part(table)
            holds |= held
            fails &= failed
            facts |= mattering
        return holds, fails, 0 if (holds | fails) & 1 else facts

    return node
