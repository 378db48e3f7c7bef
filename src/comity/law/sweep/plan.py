# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What a sweep asks: the norms of the markets on a day, made ready for any number of rows."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import polars as pl

from comity.kernel.ids import MarketCode, NormId
from comity.law.close import close
from comity.law.condition import Condition, Has, conjunction
from comity.law.fact import ASKED_ON, MARKETS, Answer, Fact
from comity.law.market import BODIES
from comity.law.norm import Norm
from comity.law.pack import Axiom, Library, Pack
from comity.law.situation import contradiction_in_words, known_markets
from comity.law.sweep.cell import KNOWN_OUT, read_row
from comity.law.sweep.closing import Closer, closer_of
from comity.law.sweep.compile import Program, compile_all
from comity.law.sweep.encode import MOST_FAULTS, CellFault, Column, Encoded, encode
from comity.law.sweep.fold import Folder
from comity.law.sweep.layout import ROLE, Layout, layout_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A norm as a sweep asks it.

    Args:
        whole: When it binds a row: one of its roles, in its market, its conditions.
        in_force: Whether it applies to anybody on the day.
    """

    norm: Norm
    pack: Pack
    whole: Condition
    in_force: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Sifted:
    """The rows of a part of a register, ready to be ruled on.

    Args:
        kept: True for every row of the part that is sound.
    """

    encoded: Encoded
    kept: Column
    faults: tuple[CellFault, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The norms of some markets on a day, by name, and how rows become codes.

    Args:
        asked: By the name of their column.
        meanings: Definitions as they stand on the day, each after those it names.
    """

    library: Library
    markets: tuple[MarketCode, ...]
    on: dt.date
    asked: Mapping[str, Asked]
    meanings: Mapping[str, Condition]
    layout: Layout
    closer: Closer
    _programs: dict[frozenset[str], Program] = field(default_factory=dict)

    def sift(self, raw: pl.DataFrame, nameless: Column | None = None) -> Sifted:
        """Encode and close a part of a register; set faulty rows aside.

        Args:
            nameless: True for every row that has no id: a fault as well.
        """
        encoding = encode(raw, self.layout, nameless)
        closed, broken = self.closer.close(encoding.encoded)
        kept = ~encoding.faulty
        if not broken.any():
            return Sifted(encoded=closed, kept=kept, faults=encoding.faults)
        sound = replace(closed, frame=closed.frame.filter(pl.Series(~broken)))
        rows = np.nonzero(kept)[0][broken]
        kept[rows] = False
        told = (fault for row in rows[:MOST_FAULTS] for fault in self._broken(raw, int(row)))
        return Sifted(encoded=sound, kept=kept, faults=(*encoding.faults, *told))

    def rule(self, encoded: Encoded) -> pl.DataFrame:
        """Return the truth of every norm, row by row; null where it cannot be told."""
        program = self._programs.get(encoded.open_sets)
        if program is None:
            wholes = {name: asked.whole for name, asked in self.asked.items()}
            program = compile_all(wholes, self.meanings, self.layout, encoded.open_sets)
            self._programs[encoded.open_sets] = program
        return program.run(encoded.frame)

    def _broken(self, raw: pl.DataFrame, row: int) -> Iterator[CellFault]:
        """Say which answers of a row contradict which rule."""
        known = {*self.layout.facts, *(f"{name}{KNOWN_OUT}" for name in self.layout.facts)}
        plain = raw.select(name for name in raw.columns if name in known).row(row, named=True)
        answers: dict[str, Answer] = {ASKED_ON: self.on}
        answers.update((name, answer) for name, answer, _ in read_row(plain, self.layout))
        del answers[ROLE]
        closure = close(answers, self.library.vocabulary, self.library.meanings)
        if not closure.contradictions:  # never silently left out
            yield CellFault(row=row, column="", message="its answers contradict each other")
        for contradiction in closure.contradictions:
            said = contradiction_in_words(contradiction, answers)
            last = next(
                (name for name in reversed(raw.columns) if name in contradiction.facts), ""
            )
            yield CellFault(row=row, column=last, message=said)


def plan_sweep(library: Library, markets: Sequence[str], on: dt.date) -> Plan:
    """Make the norms of the markets ready for a register.

    Raises:
        InvalidDocument: An unknown market (`law.market`).
    """
    codes = known_markets(markets, library)
    return plan_norms(
        {norm.name: (pack, norm) for code in codes for pack, norm in library.norms_of(code)},
        library, codes, on,
    )  # fmt: skip


def plan_rules(library: Library) -> Plan:
    """Make the axioms and guards ready, and no norm."""
    return plan_norms({}, library, (), dt.date.min)


def plan_norms(
    norms: Mapping[str, tuple[Pack, Norm]],
    library: Library,
    markets: tuple[MarketCode, ...],
    on: dt.date,
    meanings: Mapping[str, Condition] | None = None,
) -> Plan:
    """Make some norms ready, each under a name of its own.

    Args:
        meanings: Of the definitions the norms name, where they are not the library's.
    """
    folder = Folder(on=on, meanings=meanings or library.meanings)
    asked = {
        name: Asked(
            norm=norm, pack=pack, whole=_whole(norm, pack.market, folder),
            in_force=_in_force(norm, on),
        )
        for name, (pack, norm) in norms.items()
    }  # fmt: skip
    facts = dict(_with_folded_guards(library.vocabulary.facts.values(), folder))
    axioms = [
        Axiom(name=each.name, when=folder.fold(each.when), implies=folder.fold(each.implies))
        for each in library.vocabulary.axioms
    ]
    spoken = [
        *folder.folded.values(),
        *(each.whole for each in asked.values()),
        *(fact.guard for fact in facts.values() if fact.guard is not None),
        *(part for axiom in axioms for part in (axiom.when, axiom.implies)),
    ]
    layout = layout_of(facts, spoken, markets)
    return Plan(
        library=library, markets=markets, on=on, asked=asked, meanings=folder.folded,
        layout=layout, closer=closer_of(axioms, folder.folded, layout),
    )  # fmt: skip


def _with_folded_guards(facts: Iterable[Fact], folder: Folder) -> Iterator[tuple[str, Fact]]:
    for fact in facts:
        if fact.name == ASKED_ON:
            continue
        guard = None if fact.guard is None else folder.fold(fact.guard)
        yield fact.name, replace(fact, guard=guard)


def _whole(norm: Norm, market: MarketCode, folder: Folder) -> Condition:
    """Say when a norm binds a row: a body's text speaks to every system asked about."""
    parts: list[Condition] = [Has(ROLE, tuple(sorted(role.value for role in norm.who)))]
    if market not in BODIES:
        parts.append(Has(MARKETS, (market,)))
    return conjunction((*parts, folder.fold(norm.applies_when, market)))


def _in_force(norm: Norm, on: dt.date) -> bool:
    begun = norm.valid_from is None or on >= norm.valid_from
    return begun and (norm.valid_until is None or on < norm.valid_until)


def changed_norms(old: Library, new: Library) -> Iterator[NormId]:
    """Yield the norms that bind otherwise in one library than in the other."""
    for name in dict.fromkeys((*old.norms, *new.norms)):
        before, after = old.norms.get(name), new.norms.get(name)
        if before is None or after is None or _reach(before) != _reach(after):
            yield name


def _reach(norm: Norm) -> tuple[object, ...]:
    return norm.meaning, norm.who, norm.valid_from, norm.valid_until
