# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Holding rules against rules: what collides, what differs, what lies within what."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from operator import and_, or_
from pathlib import Path

import polars as pl

from comity.desk.law.sweeping import OnFault, Order, parts_of, sift_part
from comity.files.library import shipped_library
from comity.files.oscal_mapping import to_oscal_mapping
from comity.files.register import Register, open_register
from comity.kernel.canonical import Json
from comity.kernel.ids import NormId
from comity.kernel.instant import Instant
from comity.law.condition import ALWAYS
from comity.law.norm import Norm, Role
from comity.law.pack import Library, Pack
from comity.law.prove.bound import sides_of
from comity.law.prove.conflict import Conflict, Findings, Progress, Search
from comity.law.prove.difference import Difference, differences
from comity.law.prove.relation import Relating, Relation
from comity.law.sweep.plan import Plan, plan_norms


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked of two sides or more.

    Args:
        sides: Markets or packs; one alone is held against itself.
        on: The day asked about; None for any day.
        timeout_s: How long one question to the solver may take.
    """

    sides: tuple[str, ...]
    on: dt.date | None = None
    timeout_s: int = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Inquest:
    """What was found between sides.

    Args:
        rows: Rows of the register that hits were counted in; None where none was given.
        hits_of: Rows that some conflict of a kind (`Conflict.clash`) binds.
        skipped: Malformed rows of it, left out.
    """

    library: Library
    question: Question
    findings: Findings
    differences: tuple[Difference, ...]
    rows: int | None = None
    hits_of: Mapping[frozenset[object], int] = field(default_factory=dict)
    skipped: int = 0

    def to_json(self) -> Json:
        """Write what was found as plain JSON values."""
        findings = self.findings
        return {
            "sides": list(self.question.sides),
            "on": None if self.question.on is None else self.question.on.isoformat(),
            "library": self.library.digest.hex(),
            "conflicts": [conflict.to_json() for conflict in findings.conflicts],
            "stopped": findings.stopped,
            "undecided": findings.undecided,
            "differences": [each.to_json() for each in self.differences],
            "rows": self.rows,
            "skipped": self.skipped,
        }


def conflicts_between(
    question: Question,
    *,
    register: Path | None = None,
    today: dt.date,
    progress: Progress = lambda _done, _all: None,
) -> Inquest:
    """Find what collides and what differs between sides, and how many systems it hits.

    Args:
        register: A register to count hits in, by the law of the day asked about.
        today: The day of the law for the register, where none is asked about.

    Raises:
        InvalidDocument: A side that is no market and no pack; a register that cannot be read.
        NotFound: No such register.
    """
    library = shipped_library()
    sides = sides_of(library, tuple(dict.fromkeys(question.sides)))
    opened = None if register is None else open_register(register, library.vocabulary.facts)
    timeout_ms = question.timeout_s * 1000
    search = Search(
        library=library, on=question.on, within=len(sides) == 1, timeout_ms=timeout_ms
    )
    inquest = Inquest(
        library=library,
        question=question,
        findings=search.conflicts(sides, progress=progress),
        differences=_differences(library, question, timeout_ms),
    )
    if opened is None:
        return inquest
    return _counted(inquest, opened, question.on or today)


def relations_between(
    question: Question, *, library: Library | None = None
) -> tuple[Relation, ...]:
    """Return how the norms of the first side lie to those of the others on one conduct.

    Raises:
        InvalidDocument: A side that is no market and no pack.
    """
    held = library or shipped_library()
    sides = sides_of(held, question.sides)
    relating = Relating(library=held, timeout_ms=question.timeout_s * 1000)
    return tuple(relating.relations(sides))


def oscal_mapping_of(
    question: Question, relations: Sequence[Relation], *, now: Instant
) -> Json:
    """Write relations as an OSCAL control mapping."""
    library = shipped_library()
    return to_oscal_mapping(sides_of(library, question.sides), relations, library, now=now)


def _differences(
    library: Library, question: Question, timeout_ms: int
) -> tuple[Difference, ...]:
    sides = sides_of(library, tuple(dict.fromkeys(question.sides)))
    relating = Relating(library=library, timeout_ms=timeout_ms, on=question.on)
    found = [
        relation
        for place, _ in enumerate(sides[:-1] or sides)
        for relation in relating.relations(sides[place:])
    ]
    return differences(found, relating.deeds)


def _counted(inquest: Inquest, register: Register, on: dt.date) -> Inquest:
    """Count the rows of a register that all norms of each conflict certainly bind."""
    library, conflicts = inquest.library, inquest.findings.conflicts
    asked = _asked(conflicts)
    markets = tuple(dict.fromkeys(pack.market for pack, _ in asked.values()))
    plan = plan_norms(asked, library, markets, on)
    order = Order(register=register.path, markets=markets, on=on, on_fault=OnFault.SKIP)
    counts: Counter[int] = Counter()
    kinds: Counter[frozenset[object]] = Counter()
    rows = 0
    for part in parts_of(order, register):
        _, sifted, _ = sift_part(plan, register, part)
        truths = plan.rule(sifted.encoded)
        rows += truths.height
        bound = {place: _bound(plan, truths, each) for place, each in enumerate(conflicts)}
        counts.update({place: int(hit.sum()) for place, hit in bound.items()})
        for kind in {each.clash for each in conflicts}:
            hits = [bound[p] for p, each in enumerate(conflicts) if each.clash == kind]
            kinds[kind] += int(reduce(or_, hits).sum())
    hit = tuple(replace(each, hits=counts[place]) for place, each in enumerate(conflicts))
    return replace(
        inquest, findings=replace(inquest.findings, conflicts=hit), rows=register.rows,
        hits_of=kinds, skipped=register.rows - rows,
    )  # fmt: skip


def _bound(plan: Plan, truths: pl.DataFrame, conflict: Conflict) -> pl.Series:
    """Return of every row whether all norms of a conflict certainly bind it."""
    names = _columns(conflict)
    if not all(plan.asked[name].in_force for name in names):
        return pl.repeat(value=False, n=truths.height, eager=True)
    return reduce(and_, (truths[name].fill_null(value=False) for name in names))


def _asked(conflicts: Sequence[Conflict]) -> Mapping[str, tuple[Pack, Norm]]:
    """Return the norms to ask of every row; an exclusion is asked as one more norm."""
    found: dict[str, tuple[Pack, Norm]] = {}
    for conflict in conflicts:
        for party in conflict.parties:
            found[party.norm.name] = party.pack, party.norm
        first = conflict.parties[0]
        for each in conflict.exclusions:
            if each.when != ALWAYS:
                name = NormId(f"exclusion {each.name} {first.pack.market}")
                found[name] = first.pack, replace(
                    first.norm, name=name, who=tuple(Role), when=each.when, unless=(),
                    valid_from=None, valid_until=None,
                )  # fmt: skip
    return found


def _columns(conflict: Conflict) -> list[str]:
    market = conflict.parties[0].pack.market
    names: dict[str, None] = dict.fromkeys(party.norm.name for party in conflict.parties)
    names.update(
        (f"exclusion {each.name} {market}", None)
        for each in conflict.exclusions if each.when != ALWAYS
    )  # fmt: skip
    return list(names)
