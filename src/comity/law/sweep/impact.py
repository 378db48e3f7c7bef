# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What a draft would do: whom it would newly bind, release, or leave undetermined."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

import polars as pl

from comity.kernel.canonical import Json
from comity.kernel.ids import MarketCode, NormId
from comity.law.condition import And, Condition, Not, Or, Ref
from comity.law.norm import Norm
from comity.law.pack import Library, Pack
from comity.law.situation import known_markets
from comity.law.sweep.plan import Plan, changed_norms, plan_norms
from comity.law.sweep.tally import (
    APPLIES,
    CANNOT_TELL,
    DOES_NOT_APPLY,
    NOT_IN_FORCE,
    RULINGS,
    ruling,
)

BEFORE, AFTER = "before ", "after "
FIRST_IDS = 5

NEWLY_BOUND, RELEASED, UNDETERMINED = "newly_bound", "released", "undetermined"
KINDS = (NEWLY_BOUND, RELEASED, UNDETERMINED)
"""Whom a change concerns: bound and not before; bound before and no longer; now open."""

ANY = "*"
"""Stands for all changed norms together: systems that at least one of them concerns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Affected:
    """Systems a change concerns in one way: how many, and the first of them."""

    count: int = 0
    first: tuple[str, ...] = ()

    def plus(self, other: Self) -> "Affected":
        """Add those of a later part of the register."""
        first = (*self.first, *other.first)[:FIRST_IDS]
        return Affected(count=self.count + other.count, first=first)


@dataclass(frozen=True, slots=True, kw_only=True)
class Impact:
    """What a draft would do to a register.

    Args:
        rows: Sound rows looked at.
        affected: By norm (or `ANY`) and kind.
    """

    rows: int
    skipped: int
    affected: Mapping[tuple[str, str], Affected]

    def plus(self, other: Self) -> "Impact":
        """Add what it would do to a later part of the register."""
        return Impact(
            rows=self.rows + other.rows,
            skipped=self.skipped + other.skipped,
            affected={
                key: mine.plus(other.affected[key]) for key, mine in self.affected.items()
            },
        )

    def to_json(self) -> dict[str, Json]:
        """Write the impact as plain JSON values."""
        norms = dict.fromkeys(norm for norm, _ in self.affected)
        return {
            "rows": self.rows,
            "skipped": self.skipped,
            "norms": {
                norm: {
                    kind: {
                        "count": self.affected[norm, kind].count,
                        "first": list(self.affected[norm, kind].first),
                    }
                    for kind in KINDS
                }
                for norm in norms
            },
        }


def plan_impact(old: Library, new: Library, on: dt.date, markets: Sequence[str] = ()) -> Plan:
    """Make every norm that a draft changes ready, as it is and as it would be.

    Args:
        markets: Those whose norms are looked at; empty for all.

    Raises:
        InvalidDocument: An unknown market (`law.market`).
    """
    asked = known_markets(markets, new) if markets else ()
    names = [name for name in changed_norms(old, new) if _is_asked(name, (old, new), asked)]
    norms: dict[str, tuple[Pack, Norm]] = {}
    for name in names:
        if name in old.norms:
            norms[BEFORE + name] = (old.pack_of[name], _of_before(old.norms[name]))
        if name in new.norms:
            norms[AFTER + name] = (new.pack_of[name], new.norms[name])
    meanings = {
        **new.meanings,
        **{BEFORE + name: _renamed(whole) for name, whole in old.meanings.items()},
    }
    spoken = tuple(dict.fromkeys(pack.market for pack, _ in norms.values()))
    return plan_norms(norms, new, spoken, on, meanings)


def _is_asked(
    name: NormId, libraries: Iterable[Library], markets: Sequence[MarketCode]
) -> bool:
    packs = (library.pack_of[name] for library in libraries if name in library.pack_of)
    return not markets or any(pack.market in markets for pack in packs)


def changed_in(plan: Plan) -> tuple[str, ...]:
    """Return the norms a plan compares, each once."""
    bare = (name.removeprefix(BEFORE).removeprefix(AFTER) for name in plan.asked)
    return tuple(dict.fromkeys(bare))


def impact_of(plan: Plan, truths: pl.DataFrame, ids: pl.Series, *, skipped: int) -> Impact:
    """Count whom each changed norm, and all together, would concern."""
    names = changed_in(plan)
    kinds = [
        each.alias(f"{kind} {name}")
        for name in names
        for kind, each in zip(KINDS, _kinds(plan, name), strict=True)
    ]
    found = truths.select(kinds)
    together = found.select(
        pl.any_horizontal(f"{kind} {name}" for name in names).alias(f"{kind} {ANY}")
        for kind in KINDS
    ) if names else pl.DataFrame()  # fmt: skip
    whole = pl.concat([found, together], how="horizontal")
    return Impact(
        rows=truths.height,
        skipped=skipped,
        affected={
            (name, kind): _affected(whole[f"{kind} {name}"], ids)
            for name in ((*names, ANY) if names else ())
            for kind in KINDS
        },
    )


def _kinds(plan: Plan, name: str) -> Iterator[pl.Expr]:
    before, after = (_ruling(plan, side + name) for side in (BEFORE, AFTER))
    yield (after == APPLIES) & (before != APPLIES)
    yield (before == APPLIES) & after.is_in([DOES_NOT_APPLY, NOT_IN_FORCE])
    yield (after == CANNOT_TELL) & (before != CANNOT_TELL)


def _ruling(plan: Plan, column: str) -> pl.Expr:
    asked = plan.asked.get(column)
    if asked is None:  # a norm that is not there binds nobody
        return pl.lit(DOES_NOT_APPLY, dtype=RULINGS)
    return ruling(column, in_force=asked.in_force)


def _affected(rows: pl.Series, ids: pl.Series) -> Affected:
    first = ids.filter(rows).head(FIRST_IDS)
    return Affected(count=int(rows.sum()), first=tuple(map(str, first)))


def _of_before(norm: Norm) -> Norm:
    unless = tuple(map(_renamed, norm.unless))
    return replace(norm, when=_renamed(norm.when), unless=unless)


def _renamed(condition: Condition) -> Condition:
    """Let a condition name the definitions as they were before the draft."""
    match condition:
        case And(parts):
            return And(tuple(map(_renamed, parts)))
        case Or(parts):
            return Or(tuple(map(_renamed, parts)))
        case Not(part):
            return Not(_renamed(part))
        case Ref(name):
            return Ref(BEFORE + name)
        case _:
            return condition
