# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Sweeping a register: part by part, in bounded memory, resumable, never half a result."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import lru_cache, reduce
from pathlib import Path

import polars as pl

from comity.desk.law.cluster import on_ray
from comity.errors import Conflict, Fault, InvalidDocument
from comity.files.library import shipped_library
from comity.files.register import (
    ID,
    ROW_GROUP,
    SYNTHETIC,
    Register,
    open_register,
    read_part,
    rows_in,
    write_whole,
)
from comity.files.workfolder import WorkFolder, digest_of, open_work_folder
from comity.law.sweep.encode import CellFault
from comity.law.sweep.plan import Plan, Sifted, plan_sweep
from comity.law.sweep.question import open_facts
from comity.law.sweep.result import RowFault, Swept, swept_from
from comity.law.sweep.tally import Tally, matrix_of, tally_of

PART_ROWS = 3 * ROW_GROUP
"""Rows worked on at once; what bounds the memory of a sweep."""

MOST_SAMPLED = 100_000
"""Rows in which open facts are counted; a larger register is sampled evenly."""

MOST_FAULTS = 100
"""Faults told one by one; the rows of the others are counted."""

_FORMAT = 1


class OnFault(Enum):
    """What a malformed row does to a sweep."""

    STOP = "stop"
    SKIP = "skip"


class EngineName(Enum):
    """Where parts are worked on."""

    LOCAL = "local"
    RAY = "ray"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is asked of a register.

    Args:
        out: Where the duty matrix goes; None for counts alone.
        part_rows: Rows worked on at once.
        library: Digest of the packs to rule by, in hex; "" for those that are here.
    """

    register: Path
    markets: tuple[str, ...]
    on: dt.date
    out: Path | None = None
    on_fault: OnFault = OnFault.STOP
    engine: EngineName = EngineName.LOCAL
    part_rows: int = PART_ROWS
    library: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Some rows of a register that are worked on together.

    Args:
        start: Position of the first row, from 0.
        stride: Every so manieth row is looked at for open facts.
        into: Where the part's matrix goes; None where nobody wants it.
    """

    number: int
    start: int
    length: int
    stride: int
    into: Path | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a sweep found.

    Args:
        resumed: Parts that an earlier, interrupted run had finished.
    """

    order: Order
    register: Register
    plan: Plan
    swept: Swept
    resumed: int


Progress = Callable[[int], None]
"""Is told how many rows more are done."""


def sweep_register(order: Order, *, progress: Progress = lambda _: None) -> Report:
    """Rule on every row of a register.

    Raises:
        NotFound: No such register.
        InvalidDocument: An unknown market; columns that cannot be read; a malformed row,
            unless those are skipped. Nothing is written then.
        NotPermitted: The cluster engine is asked for and not installed.
        StorageFailed: The disk refused; what was there before is unharmed.
    """
    plan = plan_for(order.markets, order.on)
    register = open_register(order.register, plan.library.vocabulary.facts)
    store = None if order.out is None else _Store.open(order, register, plan, order.out)
    parts = list(parts_of(order, register, store))
    found = {} if store is None else store.kept(parts)
    resumed = len(found)
    progress(sum(part.length for part in parts if part.number in found))
    waiting = [part for part in parts if part.number not in found]
    done = _results(replace(order, library=plan.library.digest.hex()), register, waiting)
    for place, (part, swept) in enumerate(zip(waiting, done, strict=True), start=1):
        if swept.faults and order.on_fault is OnFault.STOP:
            if store is not None:  # of no use to a corrected register: its digest is another
                store.folder.remove()
            raise malformed(order, plan, register, swept.faults, waiting[place:])
        if store is not None:
            store.folder.keep(part.number, swept.to_json())
        found[part.number] = swept
        progress(part.length)
    if store is not None:
        store.finish(parts)
    whole = reduce(Swept.plus, (found[part.number] for part in parts))
    return Report(order=order, register=register, plan=plan, swept=whole, resumed=resumed)


@lru_cache(maxsize=4)
def plan_for(markets: tuple[str, ...], on: dt.date) -> Plan:
    """Make the norms of the markets ready, once a process.

    Raises:
        InvalidDocument: An unknown market (`law.market`).
    """
    return plan_sweep(shipped_library(), markets, on)


def rows_of(path: Path) -> int | None:
    """Return how many rows a register has; None where it cannot be read."""
    return rows_in(path)


def sweep_part(order: Order, register: Register, part: Part) -> Swept:
    """Rule on some rows and write their matrix; with faults that stop, tell only those."""
    plan = plan_for(order.markets, order.on)
    same_packs(order, plan.library.digest.hex())
    ids, sifted, faults = sift_part(plan, register, part)
    if faults and order.on_fault is OnFault.STOP:
        return Swept(tally=Tally(rows=0, skipped=0, counts={}), faults=faults)
    truths = plan.rule(sifted.encoded)
    if part.into is not None:
        matrix = matrix_of(truths, plan.asked).insert_column(0, ids)
        into = part.into
        write_whole(into, lambda path: matrix.write_parquet(path, compression="lz4"))
    some = replace(sifted.encoded, frame=sifted.encoded.frame.gather_every(part.stride))
    return Swept(
        tally=tally_of(truths, plan.asked, skipped=part.length - truths.height),
        sampled=some.frame.height,
        open_facts=open_facts(plan, some),
        faults=faults,
    )


def same_packs(order: Order, held: str) -> None:
    """Refuse to rule by other packs than those the sweep was begun with.

    Raises:
        Conflict: Another machine of the cluster holds other packs.
    """
    if order.library not in {"", held}:
        raise Conflict(
            "a machine of the cluster holds other packs than this one",
            code="desk.cluster_packs",
            hint="install the same version of Comity on every machine",
        )


def sift_part(
    plan: Plan, register: Register, part: Part
) -> tuple[pl.Series, Sifted, tuple[RowFault, ...]]:
    """Read some rows; return the ids of the sound ones, these encoded, and the faults."""
    raw = read_part(register, part.start, part.length)
    nameless = raw[ID].is_null().to_numpy()
    sifted = plan.sift(raw.drop(ID), nameless)
    faults = [_row_fault(raw, part, each, register) for each in sifted.faults]
    ids = raw[ID].filter(pl.Series(sifted.kept))
    return ids, sifted, tuple(sorted(faults, key=lambda each: each.row)[:MOST_FAULTS])


def _row_fault(raw: pl.DataFrame, part: Part, fault: CellFault, register: Register) -> RowFault:
    return RowFault(
        row=part.start + fault.row + 1, system=raw[ID][fault.row] or "",
        column=register.columns.get(fault.column, fault.column),
        message=fault.message, near=fault.near,
    )  # fmt: skip


def parts_of(order: Order, register: Register, store: "_Store | None" = None) -> Iterator[Part]:
    """Cut a register into parts."""
    stride = max(1, -(-register.rows // MOST_SAMPLED))
    for number, start in enumerate(range(0, max(1, register.rows), order.part_rows)):
        yield Part(
            number=number, start=start, stride=stride,
            length=min(order.part_rows, register.rows - start),
            into=None if store is None else store.folder.file(number),
        )  # fmt: skip


def _results(order: Order, register: Register, parts: Sequence[Part]) -> Iterator[Swept]:
    if order.engine is EngineName.RAY:
        return on_ray(sweep_part, (order, register), parts)
    return (sweep_part(order, register, part) for part in parts)


def malformed(
    order: Order,
    plan: Plan,
    register: Register,
    found: Sequence[RowFault],
    rest: Sequence[Part],
) -> InvalidDocument:
    """Gather what else is wrong, so that all is told at once."""
    faults = list(found)
    for part in rest:
        if len(faults) >= MOST_FAULTS:
            break
        faults += sift_part(plan, register, part)[2]
    more = " (the first hundred are listed)" if len(faults) >= MOST_FAULTS else ""
    return InvalidDocument(
        f"the register has malformed rows{more}; nothing was written",
        code="files.register_row",
        hint="correct them, or leave them out with --on-fault skip",
        source=str(order.register),
        faults=[Fault(message=str(each), near=each.near) for each in faults[:MOST_FAULTS]],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Store:
    """The duty matrix in the making: parts in a folder beside it, until all are there."""

    out: Path
    folder: WorkFolder
    about: Mapping[str, str]

    @staticmethod
    def open(order: Order, register: Register, plan: Plan, out: Path) -> "_Store":
        """Open the folder in which this very sweep keeps its parts."""
        about = {
            "comity.register": digest_of(register.path),
            "comity.library": plan.library.digest.hex(),
            "comity.markets": ",".join(plan.markets),
            "comity.on": order.on.isoformat(),
        }
        task = {
            **about, "format": _FORMAT, "on_fault": order.on_fault.value,
            "part_rows": order.part_rows,
        }  # fmt: skip
        if register.synthetic:
            about[SYNTHETIC] = register.synthetic
        folder = open_work_folder(out.with_name(f"{out.name}.work"), task)
        return _Store(out=out, folder=folder, about=about)

    def kept(self, parts: Iterable[Part]) -> dict[int, Swept]:
        """Return what an earlier run has finished."""
        known = ((part.number, self.folder.kept(part.number)) for part in parts)
        return {number: swept_from(plain) for number, plain in known if plain is not None}

    def finish(self, parts: Iterable[Part]) -> None:
        """Put the parts together, and take the folder away."""
        files = [self.folder.file(part.number) for part in parts]
        write_whole(
            self.out,
            lambda path: pl.scan_parquet(files).sink_parquet(
                path, metadata=dict(self.about), row_group_size=ROW_GROUP, engine="streaming"
            ),
        )
        self.folder.remove()
