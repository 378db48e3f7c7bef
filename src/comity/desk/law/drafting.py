# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A draft held against a register: whom it would newly bind, release, or leave open."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache, reduce
from pathlib import Path

from comity.desk.law.cluster import on_ray
from comity.desk.law.sweeping import (
    MOST_FAULTS,
    EngineName,
    OnFault,
    Order,
    Part,
    Progress,
    malformed,
    parts_of,
    same_packs,
    sift_part,
)
from comity.errors import Fault, InvalidDocument
from comity.files.library import shipped_library
from comity.files.pack import SHIPPED, documents_below, read_document
from comity.files.register import Register, open_register
from comity.law.block import Document, entries_of
from comity.law.cursor import near_miss
from comity.law.pack import Library, Pack
from comity.law.prove.bound import Side
from comity.law.prove.conflict import Conflict, Search
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
    """What a draft would do to a register, and to the other rules.

    Args:
        conflicts: Those of the changed norms that are not there today, hardest first.
    """

    amendment: Amendment
    register: Register
    impact: Impact
    faults: tuple[RowFault, ...]
    conflicts: tuple[Conflict, ...]


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
    here = replace(order, library=amendment.new.digest.hex())
    done = _effects(here, draft, register, parts)
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
        conflicts=new_conflicts(amendment),
    )


def new_conflicts(amendment: Amendment) -> tuple[Conflict, ...]:
    """Return the conflicts of the changed norms, among them and with others, that are new.

    Proven of the encoding, on the day asked about; see `comity prove conflicts`.
    """
    changed = frozenset(changed_in(amendment.plan))
    on = amendment.plan.on
    before = {_likeness(each) for each in _conflicts_of(changed, amendment.old, on)}
    after = _conflicts_of(changed, amendment.new, on)
    return tuple(each for each in after if _likeness(each) not in before)


def _conflicts_of(changed: frozenset[str], library: Library, on: dt.date) -> Iterator[Conflict]:
    ours = Side(name="draft", packs=tuple(_packs_with(library, changed, kept=True)))
    others = Side(name="other rules", packs=tuple(_packs_with(library, changed, kept=False)))
    yield from Search(library=library, on=on).conflicts((ours, others)).conflicts
    yield from Search(library=library, on=on, within=True).conflicts((ours,)).conflicts


def _packs_with(library: Library, names: frozenset[str], *, kept: bool) -> Iterator[Pack]:
    """Yield the packs with the named norms alone, or without them."""
    for pack in library.packs:
        norms = tuple(norm for norm in pack.norms if (norm.name in names) is kept)
        if norms:
            yield replace(pack, norms=norms)


def _likeness(conflict: Conflict) -> frozenset[object]:
    """Return what makes two conflicts the same: whose demands, kept apart by what."""
    demands = ((party.norm.name, party.demand) for party in conflict.parties)
    return frozenset((*demands, *(each.name for each in conflict.exclusions)))


def _effects(
    order: Order, draft: Path, register: Register, parts: Sequence[Part]
) -> Iterator[_Effect]:
    if order.engine is EngineName.RAY:
        return on_ray(sweep_draft_part, (order, draft, register), parts)
    return (sweep_draft_part(order, draft, register, part) for part in parts)


def sweep_draft_part(order: Order, draft: Path, register: Register, part: Part) -> _Effect:
    """Say what a draft would do to some rows."""
    plan = amendment_of(draft, order.markets, order.on).plan
    same_packs(order, plan.library.digest.hex())
    ids, sifted, faults = sift_part(plan, register, part)
    truths = plan.rule(sifted.encoded)
    impact = impact_of(plan, truths, ids, skipped=part.length - truths.height)
    return _Effect(impact=impact, faults=faults)


def amendment_of(draft: Path, markets: tuple[str, ...], on: dt.date) -> Amendment:
    """Read a draft beside the packs that come with Comity.

    Args:
        markets: Those to look at; empty for all that the draft speaks of.

    Raises:
        NotFound: No such draft.
        InvalidDocument: The draft has faults, or changes nothing there.
    """
    return _amendment(read_document(draft), markets, on)


@lru_cache(maxsize=2)
def _amendment(document: Document, markets: tuple[str, ...], on: dt.date) -> Amendment:
    """Read a draft once a process, whatever number of parts are held against it."""
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
        Fault(
            message=f"it holds the pack {name}",
            near=None if name in known else near_miss(name, known),
        )
        for name in sorted(_packs_in(document))
    ]
    return InvalidDocument(
        f"the draft changes no norm{there}",
        code="desk.draft_changes_nothing",
        hint="a norm is matched by its id; one with another condition, role or date is changed",
        source=document.name,
        faults=faults,
    )
