# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Closing whole columns: what axioms and guards make of every row before any norm is asked.

The same steps in the same order as `law.close`, each for all rows at once: first what
guards make not applicable, then one step of unit propagation for each axiom, again until
nothing changes. A rule is left out of a round only if no fact it reads has changed since
it was last applied. Tests hold both against each other, answer by answer, row by row.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from comity.law.condition import Condition, Has
from comity.law.fact import Kind
from comity.law.pack import Axiom
from comity.law.sweep.encode import Column, Encoded
from comity.law.sweep.force import Rule, Rules, Update, nodes_in
from comity.law.sweep.layout import Layout, inside, outside, word


@dataclass(frozen=True, slots=True, kw_only=True)
class Closer:
    """The guards and axioms of a vocabulary, compiled for a layout.

    Args:
        sets: The sets they read or fill; while rules are applied these lie in two columns.
    """

    layout: Layout
    rules: tuple[Rule, ...]
    sets: frozenset[str]

    def close(self, encoded: Encoded) -> tuple[Encoded, Column]:
        """Return the rows with all that follows, and which of them contradict a rule."""
        whole = self.settle(encoded)
        broken = np.zeros(whole.frame.height, dtype=np.bool_)
        for _, rows in self.broken_by(whole):
            broken |= rows.to_numpy()
        return shut(whole, self.layout), broken

    def settle(self, encoded: Encoded) -> Encoded:
        """Return the rows with all that follows; every set a rule reads lies in two columns."""
        frame = opened(encoded, self.sets, self.layout).frame
        waiting = set(range(len(self.rules)))
        while waiting:
            for number, rule in enumerate(self.rules):
                if number in waiting:
                    waiting.discard(number)
                    frame, changed = _apply(rule, frame)
                    waiting |= self._reading(changed)
        return Encoded(frame=frame, open_sets=encoded.open_sets | self.sets)

    def broken_by(self, settled: Encoded) -> Iterator[tuple[Rule, pl.Series]]:
        """Yield the rules that some of the rows contradict, and those rows."""
        numbered = {f"{number}": rule for number, rule in enumerate(self.rules)}
        found = settled.frame.select(
            rule.broken.fill_null(value=False).alias(name) for name, rule in numbered.items()
        )
        for name, rule in numbered.items():
            if found[name].any():
                yield rule, found[name]

    @property
    def spoken(self) -> frozenset[str]:
        """Every fact that some rule reads."""
        return frozenset().union(*(rule.reads for rule in self.rules))

    def _reading(self, facts: frozenset[str]) -> set[int]:
        return {number for number, rule in enumerate(self.rules) if rule.reads & facts}


def _apply(rule: Rule, frame: pl.DataFrame) -> tuple[pl.DataFrame, frozenset[str]]:
    """Apply a rule once; return the facts whose codes it changed."""
    if not rule.updates:
        return frame, frozenset()
    after = frame.select(update.codes.alias(update.column) for update in rule.updates)
    changed = {
        update.fact
        for update in rule.updates
        if _differs(frame[update.column], after[update.column], update)
    }
    return (frame.with_columns(after) if changed else frame), frozenset(changed)


def _differs(before: pl.Series, after: pl.Series, update: Update) -> bool:
    """Tell whether a column says more than before; it never says less, or another thing."""
    if update.is_plane:
        return bool((before != after).any())
    return before.null_count() != after.null_count()


def opened(encoded: Encoded, sets: Iterable[str], layout: Layout) -> Encoded:
    """Lay sets out in two columns: what is certainly in them, what certainly is not."""
    columns = []
    sets = frozenset(sets)
    for name in sets - encoded.open_sets:
        kind = layout.word_type(name)
        for number, full in enumerate(layout.full(name)):
            bits = pl.col(word(name, number))
            rest = (bits ^ pl.lit(full, dtype=kind)).fill_null(0)
            columns += [
                bits.fill_null(0).alias(inside(name, number)),
                rest.alias(outside(name, number)),
            ]
    return Encoded(
        frame=encoded.frame.with_columns(columns), open_sets=encoded.open_sets | sets
    )


def shut(encoded: Encoded, layout: Layout) -> Encoded:
    """Lay sets that no row knows only in part out in one column again: it is quicker."""
    still: set[str] = set()
    columns: list[pl.Expr] = []
    for name in encoded.open_sets:
        whole, nothing = pl.lit(value=True), pl.lit(value=True)
        for number, full in enumerate(layout.full(name)):
            said = pl.col(inside(name, number)) | pl.col(outside(name, number))
            whole, nothing = whole & (said == full), nothing & (said == 0)
        if encoded.frame.select((whole | nothing).all()).item():
            columns += [
                pl.when(whole).then(pl.col(inside(name, number))).alias(word(name, number))
                for number in range(layout.words(name))
            ]
        else:
            still.add(name)
    return Encoded(frame=encoded.frame.with_columns(columns), open_sets=frozenset(still))


def closer_of(
    axioms: Iterable[Axiom], meanings: Mapping[str, Condition], layout: Layout
) -> Closer:
    """Compile the guards of the facts, and the axioms, in the order of `law.close`."""
    axioms = tuple(axioms)
    guards = [(fact, fact.guard) for fact in layout.facts.values() if fact.guard is not None]
    sets: set[str] = {fact.name for fact, _ in guards if fact.kind is Kind.SET}
    said = [part for axiom in axioms for part in (axiom.when, axiom.implies)]
    for whole in (*said, *(guard for _, guard in guards)):
        sets |= {node.fact for node in nodes_in(whole, meanings) if isinstance(node, Has)}
    rules = Rules(layout=layout, meanings=meanings, sets=frozenset(sets))
    compiled = (
        *(rules.guard(fact, guard) for fact, guard in guards), *map(rules.axiom, axioms)
    )  # fmt: skip
    return Closer(layout=layout, rules=compiled, sets=rules.sets)
