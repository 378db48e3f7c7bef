# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A draft held against a register: whom it would newly bind, release, or leave open."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, reduce
from pathlib import Path

from comity.desk.cluster import on_ray
from comity.desk.sweeping import (
    MOST_FAULTS,
    EngineName,
    OnFault,
    Order,
    Part,
    Progress,
    malformed,
    parts_of,
    sift_part,
)
from comity.errors import Fault, InvalidDocument
from comity.files.library import shipped_library
from comity.files.pack import SHIPPED, documents_below, read_document
from comity.files.register import Register, open_register
from comity.law.block import Document, entries_of
from comity.law.cursor import near_miss
from comity.law.pack import Library
from comity.law.read import read_library
from comity.law.sweep.impact import Impact, changed_in, impact_of, plan_impact
from comity.law.sweep.plan import Plan
from comity.law.sweep.result import RowFault


@dataclass(frozen=True, slots=True, kw_only=True)
class Amendment:
    """The rules as they are, and as a draft would make them.

    Args:
        replaced: Packs of which the draft is another version.
    """

    old: Library
    new: Library
    replaced: tuple[str, ...]
    plan: Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftReport:
    """What a draft would do to a register."""

    amendment: Amendment
    register: Register
    impact: Impact
    faults: tuple[RowFault, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Effect:
    """What a draft would do to one part."""

    impact: Impact
    faults: tuple[RowFault, ...] = field(default=())


def sweep_draft(
    order: Order, draft: Path, *, progress: Progress = lambda _: None
) -> DraftReport:
    """Say what a draft would do to every row of a register; only what it changes is asked.

    Raises:
        NotFound: No such register or draft.
        InvalidDocument: The draft has faults, or changes nothing; a malformed row.
    """
    amendment = amendment_of(draft, order.markets, order.on)
    register = open_register(order.register, amendment.new.vocabulary.facts)
    parts = list(parts_of(order, register))
    done = _effects(order, draft, register, parts)
    effects: list[_Effect] = []
    for place, (part, effect) in enumerate(zip(parts, done, strict=True), start=1):
        if effect.faults and order.on_fault is OnFault.STOP:
            raise malformed(order, amendment.plan, register, effect.faults, parts[place:])
        effects.append(effect)
        progress(part.length)
    return DraftReport(
        amendment=amendment,
        register=register,
        impact=reduce(Impact.plus, (effect.impact for effect in effects)),
        faults=tuple(fault for effect in effects for fault in effect.faults)[:MOST_FAULTS],
    )


def _effects(
    order: Order, draft: Path, register: Register, parts: Sequence[Part]
) -> Iterator[_Effect]:
    if order.engine is EngineName.RAY:
        return on_ray(sweep_draft_part, (order, draft, register), parts)
    return (sweep_draft_part(order, draft, register, part) for part in parts)


def sweep_draft_part(order: Order, draft: Path, register: Register, part: Part) -> _Effect:
    """Say what a draft would do to some rows."""
    plan = amendment_of(draft, order.markets, order.on).plan
    ids, sifted, faults = sift_part(plan, register, part)
    truths = plan.rule(sifted.encoded)
    impact = impact_of(plan, truths, ids, skipped=part.length - truths.height)
    return _Effect(impact=impact, faults=faults)


@lru_cache(maxsize=2)
def amendment_of(draft: Path, markets: tuple[str, ...], on: dt.date) -> Amendment:
    """Read a draft beside the packs that come with Comity, once a process.

    Args:
        markets: Those to look at; empty for all that the draft speaks of.

    Raises:
        NotFound: No such draft.
        InvalidDocument: The draft has faults, or changes nothing there.
    """
    document = read_document(draft)
    old = shipped_library()
    kept, replaced = _without_replaced(documents_below(SHIPPED), _packs_in(document))
    new = read_library([*kept, document])
    plan = plan_impact(old, new, on, markets)
    if not changed_in(plan):
        raise _no_change(document, markets)
    return Amendment(old=old, new=new, replaced=replaced, plan=plan)


def _packs_in(document: Document) -> frozenset[str]:
    entries, _ = entries_of(document)
    return frozenset(entry.head[0].text for entry in entries if entry.word == "pack")


def _without_replaced(
    shipped: Sequence[Document], packs: frozenset[str]
) -> tuple[list[Document], tuple[str, ...]]:
    """Leave out the documents whose packs a draft holds in another version."""
    kept, replaced = [], []
    for document in shipped:
        known = {name for name in packs if name in document.text} and _packs_in(document)
        if known & packs:
            replaced += sorted(known & packs)
        else:
            kept.append(document)
    return kept, tuple(replaced)


def _no_change(document: Document, markets: Sequence[str]) -> InvalidDocument:
    there = f" in {', '.join(markets)}" if markets else ""
    known = [pack.name for pack in shipped_library().packs]
    faults = [
        Fault(message=f"it holds the pack {name}", near=near_miss(name, known))
        for name in sorted(_packs_in(document))
    ]
    return InvalidDocument(
        f"the draft changes no norm{there}",
        code="desk.draft_changes_nothing",
        hint="a norm is matched by its id; one with another condition, role or date is changed",
        source=document.name,
        faults=faults,
    )
