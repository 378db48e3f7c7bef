# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Conditions as expressions over columns of codes: true, false, or null where undetermined.

Polars keeps a column of truths as two rows of bits, so that "and", "or" and "not" of 64
systems at once are single operations in Kleene's logic. The interpreter is the
specification; the two are compared in tests.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import assert_never

import polars as pl

from comity.law.condition import And, Cmp, Condition, Gap, Has, In, Is, Not, Or, Ref, refs_in
from comity.law.fact import Kind
from comity.law.sweep.layout import (
    MONTH,
    NO_DAY,
    NO_RANK,
    UNIX_DAY,
    Layout,
    earlier_key,
    inside,
    later_key,
    outside,
    word,
)

_MOST_DAYS, _MOST_MONTHS = 4_000_000, 120_000
"""Beyond any two days of the calendar."""

_ONLY_SHARING = pl.QueryOptFlags.none(comm_subexpr_elim=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiler:
    """Writes conditions as expressions.

    Args:
        open_sets: Sets that lie in two columns.
        column: Gives the present codes of a column.
        definition: Gives the truth of a definition.
    """

    layout: Layout
    open_sets: frozenset[str]
    definition: Callable[[str], pl.Expr]
    column: Callable[[str], pl.Expr] = pl.col

    def expression(self, condition: Condition) -> pl.Expr:  # noqa: PLR0911 - one return a kind
        """Return the truth of a condition, row by row."""
        match condition:
            case And(parts) | Or(parts):
                return self._joined(parts, every=isinstance(condition, And))
            case Not(part):
                return ~self.expression(part)
            case Ref(name):
                return self.definition(name)
            case Is(fact):
                return self.column(fact)
            case In(fact, values):
                return self._members(fact, values, every=False)
            case Has(fact, values, every):
                return self._members(fact, values, every=every)
            case Cmp():
                return self._compared(condition)
            case Gap():
                return self._apart(condition)
            case _:
                assert_never(condition)

    def _joined(self, parts: tuple[Condition, ...], *, every: bool) -> pl.Expr:
        if not parts:
            return pl.lit(every)
        truths = [self.expression(part) for part in parts]
        return pl.all_horizontal(truths) if every else pl.any_horizontal(truths)

    def _members(self, fact: str, values: tuple[str, ...], *, every: bool) -> pl.Expr:
        if fact not in self.open_sets:
            return _hit(self._masked(fact, values, word), every=every)
        holds = _hit(self._masked(fact, values, inside), every=every)
        fails = _hit(self._masked(fact, values, outside), every=not every)
        return pl.when(holds | fails).then(holds)

    def _masked(
        self, fact: str, values: Iterable[str], name: Callable[[str, int], str]
    ) -> list[tuple[pl.Expr, pl.Expr]]:
        """Return, for each word with any of the values, their bits set in it, and all."""
        kind = self.layout.word_type(fact)
        pairs = []
        for number, mask in enumerate(self.layout.masks(fact, values)):
            if mask:
                all_ = pl.lit(mask, dtype=kind)
                pairs.append((self.column(name(fact, number)) & all_, all_))
        return pairs

    def _compared(self, cmp: Cmp) -> pl.Expr:
        column = self.column(cmp.fact)
        if self.layout.facts[cmp.fact].kind is Kind.DATE:
            return self._dated(cmp, column)
        kind = self.layout.rank_type(cmp.fact)
        rank = self.layout.rank_at(cmp.fact, cmp.bound)  # type: ignore[arg-type] # a number's
        if cmp.at_least:
            return column >= pl.lit(rank, dtype=kind)
        return (column < pl.lit(rank, dtype=kind)) & (column > pl.lit(NO_RANK, dtype=kind))

    def _dated(self, cmp: Cmp, column: pl.Expr) -> pl.Expr:
        day = cmp.bound.toordinal() - UNIX_DAY  # type: ignore[union-attr] # a date's bound
        if cmp.at_least:
            return column >= pl.lit(day, dtype=pl.Int32)
        return (column < pl.lit(day, dtype=pl.Int32)) & (column != pl.lit(NO_DAY, pl.Int32))

    def _apart(self, gap: Gap) -> pl.Expr:
        later, earlier = self.column(gap.later), self.column(gap.earlier)
        there = (later != pl.lit(NO_DAY, pl.Int32)) & (earlier != pl.lit(NO_DAY, pl.Int32))
        if gap.span == "day":
            least = min(gap.amount, _MOST_DAYS)
        else:
            later, earlier = (
                self.column(later_key(gap.later)),
                self.column(earlier_key(gap.earlier)),
            )
            least = MONTH * min(gap.amount * (12 if gap.span == "year" else 1), _MOST_MONTHS)
        wide = later.cast(pl.Int64) - earlier.cast(pl.Int64)
        return (wide >= pl.lit(least, dtype=pl.Int64)) & there


def _hit(pairs: list[tuple[pl.Expr, pl.Expr]], *, every: bool) -> pl.Expr:
    if every:
        return reduce(and_, (found == all_ for found, all_ in pairs))
    return reduce(or_, (found != 0 for found, _ in pairs))


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """Conditions compiled together; what they share is worked out once.

    Args:
        layers: Definitions; each layer names none but those of earlier layers.
        results: One expression a condition, under its name.
    """

    layers: tuple[tuple[pl.Expr, ...], ...]
    results: tuple[pl.Expr, ...]
    names: tuple[str, ...]

    def run(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Return the truth of every condition, row by row."""
        plan = frame.lazy()
        for layer in self.layers:
            plan = plan.with_columns(layer)
        whole = plan.with_columns(self.results).select(self.names)
        return whole.collect(optimizations=_ONLY_SHARING)


def compile_all(
    conditions: Mapping[str, Condition],
    meanings: Mapping[str, Condition],
    layout: Layout,
    open_sets: frozenset[str],
) -> Program:
    """Compile conditions and the definitions they rest on.

    Args:
        conditions: By a name that is no fact's.
        meanings: The condition of each definition, each after those it names.
    """
    compiler = Compiler(
        layout=layout, open_sets=open_sets, definition=lambda name: pl.col(_named(name))
    )
    needed = _needed(conditions.values(), meanings)
    layers: list[list[pl.Expr]] = []
    depth: dict[str, int] = {}
    for name in (name for name in meanings if name in needed):
        depth[name] = 1 + max((depth[each] for each in refs_in(meanings[name])), default=-1)
        if depth[name] == len(layers):
            layers.append([])
        expression = compiler.expression(meanings[name])
        layers[depth[name]].append(expression.alias(_named(name)))
    return Program(
        layers=tuple(map(tuple, layers)),
        results=tuple(
            compiler.expression(whole).alias(name) for name, whole in conditions.items()
        ),
        names=tuple(conditions),
    )


def _needed(
    conditions: Iterable[Condition], meanings: Mapping[str, Condition]
) -> frozenset[str]:
    found: set[str] = set()
    todo = [name for whole in conditions for name in refs_in(whole)]
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            todo.extend(refs_in(meanings[name]))
    return frozenset(found)


def _named(definition: str) -> str:
    return f"={definition}"
