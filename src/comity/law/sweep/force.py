# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""One axiom or guard as an update of columns: a rule of `law.close`, for all rows at once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import assert_never

import polars as pl

from comity.law.condition import (
    And,
    Cmp,
    Condition,
    Gap,
    Has,
    In,
    Is,
    Not,
    Or,
    Ref,
    disjunction,
    facts_in,
    walk,
)  # fmt: skip
from comity.law.fact import Fact, Kind
from comity.law.pack import Axiom
from comity.law.sweep.compile import Compiler
from comity.law.sweep.layout import NO_DAY, NO_RANK, Layout, inside, outside, word

_NO = pl.lit(value=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """What a rule makes of one column.

    Args:
        is_plane: Whether the column holds bits of a set known in part; else it holds codes
            or null, and the rule only ever fills nulls.
    """

    fact: str
    column: str
    codes: pl.Expr
    is_plane: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """An axiom or a guard, compiled.

    Args:
        reads: Facts it depends on.
        speaks_of: Those of them that it says something about.
        broken: Where the answers contradict it.
    """

    name: str
    reads: frozenset[str]
    speaks_of: frozenset[str]
    updates: tuple[Update, ...]
    broken: pl.Expr


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Compiles rules.

    Args:
        sets: The sets that lie in two columns while rules are applied.
    """

    layout: Layout
    meanings: Mapping[str, Condition]
    sets: frozenset[str]

    def guard(self, fact: Fact, guard: Condition) -> Rule:
        """Compile what follows where a guard is false: the fact is not applicable."""
        step = self._step()
        false = (~step.truth(guard)).fill_null(value=False)
        broken = false & step.says_something(fact)
        step.silence(fact, false)
        return Rule(
            name=fact.name,
            reads=frozenset({fact.name, *self._read(guard)}),
            speaks_of=frozenset({fact.name}),
            updates=step.updated(),
            broken=broken,
        )

    def axiom(self, axiom: Axiom) -> Rule:
        """Compile one step of unit propagation that makes an axiom true."""
        whole = disjunction((Not(axiom.when), axiom.implies))
        step = self._step()
        broken = (~step.truth(whole)).fill_null(value=False)
        step.force(whole, pl.lit(value=True), wanted=True)
        return Rule(
            name=axiom.name,
            reads=frozenset(self._read(whole)),
            speaks_of=frozenset(self._read(axiom.implies)),
            updates=step.updated(),
            broken=broken,
        )

    def _step(self) -> "_Step":
        codes: dict[str, pl.Expr] = {}
        compiler = Compiler(
            layout=self.layout,
            open_sets=self.sets,
            definition=lambda name: compiler.expression(self.meanings[name]),
            column=lambda name: codes.get(name, pl.col(name)),
        )
        return _Step(layout=self.layout, meanings=self.meanings, compiler=compiler, codes=codes)

    def _read(self, condition: Condition) -> Iterator[str]:
        """Yield the facts that forcing a condition reads."""
        for node in nodes_in(condition, self.meanings):
            yield from facts_in(node)
            if isinstance(node, In):
                guard = self.layout.facts[node.fact].guard
                yield from () if guard is None else self._read(guard)


def nodes_in(condition: Condition, meanings: Mapping[str, Condition]) -> Iterator[Condition]:
    """Yield every node of a condition, definitions opened."""
    for node in walk(condition):
        yield node
        if isinstance(node, Ref):
            yield from nodes_in(meanings[node.name], meanings)


@dataclass(slots=True, kw_only=True)
class _Step:
    """One application of a rule; `codes` are what it has made of the columns so far."""

    layout: Layout
    meanings: Mapping[str, Condition]
    compiler: Compiler
    codes: dict[str, pl.Expr]
    touched: dict[str, tuple[str, bool]] = field(default_factory=dict)

    def truth(self, condition: Condition) -> pl.Expr:
        """Return the truth of a condition as the columns stand now."""
        return self.compiler.expression(condition)

    def updated(self) -> tuple[Update, ...]:
        """Return what the rule makes of the columns."""
        return tuple(
            Update(fact=fact, column=name, codes=self.codes[name], is_plane=is_plane)
            for name, (fact, is_plane) in self.touched.items()
        )

    def says_something(self, fact: Fact) -> pl.Expr:
        """Return where an answer claims something of what may not be there."""
        name = fact.name
        match fact.kind:
            case Kind.BOOL:
                found = self._now(name)
            case Kind.ENUM:
                found = reduce(or_, (self._now(each) != 0 for each in self._words(fact)))
            case Kind.SET:
                found = reduce(or_, (ins != 0 for ins, _ in self._planes(name)))
            case Kind.NUMBER:
                found = self._now(name) != NO_RANK
            case Kind.DATE:
                found = self._now(name) != NO_DAY
        return found.fill_null(value=False)

    def silence(self, fact: Fact, where: pl.Expr) -> None:
        """Make a fact not applicable, but where an answer claims something of it."""
        name = fact.name
        match fact.kind:
            case Kind.BOOL:
                self._fill(fact, name, where, _NO)
            case Kind.ENUM:
                for column in self._words(fact):
                    self._fill(fact, column, where, self._bits(name, 0))
            case Kind.NUMBER:
                none = pl.lit(NO_RANK, dtype=self.layout.rank_type(name))
                self._fill(fact, name, where, none)
            case Kind.DATE:
                self._fill(fact, name, where, pl.lit(NO_DAY, dtype=pl.Int32))
            case Kind.SET:
                empty = where & ~self.says_something(fact)
                for number, full in enumerate(self.layout.full(name)):
                    self._put(fact, outside(name, number), empty, self._bits(name, full))

    def force(self, condition: Condition, where: pl.Expr, *, wanted: bool) -> None:
        """Make a condition true or false where it is undetermined, as far as one step can."""
        where = where & self.truth(condition).is_null()
        match condition:
            case Not(part):
                self.force(part, where, wanted=not wanted)
            case Ref(name):
                self.force(self.meanings[name], where, wanted=wanted)
            case And(parts):
                self._force_parts(parts, where, wanted=wanted, neutral=True)
            case Or(parts):
                self._force_parts(parts, where, wanted=wanted, neutral=False)
            case Is(fact):
                self._fill(self.layout.facts[fact], fact, where, pl.lit(value=wanted))
            case In():
                self._force_enum(condition, where, wanted=wanted)
            case Has():
                self._force_set(condition, where, wanted=wanted)
            case Cmp() | Gap():
                return
            case _:
                assert_never(condition)

    def _force_parts(
        self, parts: tuple[Condition, ...], where: pl.Expr, *, wanted: bool, neutral: bool
    ) -> None:
        """Force every part where the whole equals its neutral truth, else the last one open."""
        parts = tuple(dict.fromkeys(parts))
        if wanted is not neutral:
            open_ = [self.truth(part).is_null().cast(pl.UInt32) for part in parts]
            where = where & (pl.sum_horizontal(open_) == 1)
        for part in parts:
            self.force(part, where, wanted=wanted)

    def _force_enum(self, atom: In, where: pl.Expr, *, wanted: bool) -> None:
        fact = self.layout.facts[atom.fact]
        left = set(atom.values)
        if not wanted:
            if fact.guard is not None:  # it may have none because it does not apply
                where = where & self.truth(fact.guard).fill_null(value=False)
            left = set(fact.values) - left
        if len(left) == 1:
            for column, mask in zip(
                self._words(fact), self.layout.masks(atom.fact, left), strict=True
            ):
                self._fill(fact, column, where, self._bits(atom.fact, mask))

    def _force_set(self, atom: Has, where: pl.Expr, *, wanted: bool) -> None:
        fact = self.layout.facts[atom.fact]
        masks, full = self.layout.masks(atom.fact, atom.values), self.layout.full(atom.fact)
        rests = [
            self._bits(atom.fact, mask) & ((ins | outs) ^ self._bits(atom.fact, every))
            for mask, every, (ins, outs) in zip(
                masks, full, self._planes(atom.fact), strict=True
            )
        ]
        if atom.every is not wanted:
            open_ = pl.sum_horizontal(rest.bitwise_count_ones() for rest in rests)
            where = where & (open_ == 1)
        side = inside if wanted else outside
        for number, rest in enumerate(rests):
            column = side(atom.fact, number)
            self._put(fact, column, where, self._now(column) | rest)

    def _now(self, column: str) -> pl.Expr:
        return self.compiler.column(column)

    def _bits(self, fact: str, mask: int) -> pl.Expr:
        return pl.lit(mask, dtype=self.layout.word_type(fact))

    def _words(self, fact: Fact) -> list[str]:
        return [word(fact.name, number) for number in range(self.layout.words(fact.name))]

    def _planes(self, fact: str) -> list[tuple[pl.Expr, pl.Expr]]:
        return [
            (self._now(inside(fact, number)), self._now(outside(fact, number)))
            for number in range(self.layout.words(fact))
        ]

    def _fill(self, fact: Fact, column: str, where: pl.Expr, codes: pl.Expr) -> None:
        self._put(fact, column, where & self._now(column).is_null(), codes)

    def _put(self, fact: Fact, column: str, where: pl.Expr, codes: pl.Expr) -> None:
        now = self._now(column)
        self.codes[column] = pl.when(where).then(codes).otherwise(now)
        self.touched[column] = (fact.name, fact.kind is Kind.SET)
