# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The final clauses of an instrument in TOML: entry, reservations, leaving, amending."""

import datetime as dt
from typing import TypeVar

from comity.council.instrument.act import Basis, Ground
from comity.council.instrument.delay import (
    A_YEAR,
    FIRST_DAY,
    LAST_DAY,
    MAX_DAYS,
    MAX_MONTHS,
    Delay,
)
from comity.council.instrument.instrument import (
    ByOrgan,
    Entry,
    Exit,
    Express,
    NotProvided,
    Pairwise,
    Permitted,
    Prohibited,
    Reservations,
    Tacit,
    Unknown,
)
from comity.council.rule.rule import All
from comity.files.ruleclause import read_clause
from comity.files.table import Table

T = TypeVar("T")
BASES = tuple(basis.value for basis in Basis if basis is not Basis.STATEMENT)
"""What a record may rest on; a state's own statement stands in its log, not in a file."""


def read_ground(table: Table, default: Ground | None = None) -> Ground:
    """Read basis, source, note and what contradicts it."""
    stands = default or Ground(basis=Basis.WEAK)
    basis = table.word("basis", BASES, default=None if default is None else stands.basis.value)
    return Ground(
        basis=Basis(basis) if basis in BASES else stands.basis,
        source=table.text("source", default=stands.source),
        note=table.text("note", default=""),
        contradicted=table.text("contradicted", default=""),
    )


def read_day(table: Table, name: str, *, is_needed: bool = False) -> dt.date | None:
    """Read a day between 1800 and 2200."""
    day = table.date(name)
    if day is None:
        if is_needed and name not in table.row:
            table.fault(name, f"{name} is missing: a day such as 2026-07-16")
        return None
    if not FIRST_DAY <= day <= LAST_DAY:
        table.fault(name, f"{name} is outside of {FIRST_DAY.year} to {LAST_DAY.year}")
        return None
    return day


def read_delay(table: Table, name: str, default: Delay | None = None) -> Delay:
    """Read `{ months = 3, days = 30, first_of_month = true }`."""
    inner = table.inner(name)
    if inner is None:
        if default is None and name not in table.row:
            table.fault(name, f"{name} is missing, such as {{ days = 30 }}")
        return default or Delay()
    months, days = inner.whole("months") or 0, inner.whole("days") or 0
    for unit, count, most in (("months", months, MAX_MONTHS), ("days", days, MAX_DAYS)):
        if count > most:
            inner.fault(unit, f"{unit} is more than {most:,}")
    delay = Delay(
        months=min(months, MAX_MONTHS), days=min(days, MAX_DAYS),
        to_first_of_month=inner.flag("first_of_month"),
    )  # fmt: skip
    inner.finish()
    return delay


def find_unknown(table: Table, name: str) -> Unknown | None:
    """Read `{ unknown = "why" }` in a field, or return None where it says something else."""
    value = table.row.get(name)
    if not isinstance(value, dict) or "unknown" not in value:
        return None
    inner = table.inner(name)
    if inner is None:
        return None
    found = Unknown(reason=inner.text("unknown"))
    inner.finish()
    return found


def read_entry(table: Table, default: Ground) -> Entry | Unknown:
    """Read `[entry]`."""
    unknown = find_unknown(table, "entry")
    if unknown is not None:
        return unknown
    inner = table.inner("entry")
    if inner is None:
        if "entry" not in table.row:
            table.fault("entry", '[entry] is missing; write entry = { unknown = "why" } if so')
        return Unknown(reason="")
    rule = inner.inner("rule")
    if rule is None and "rule" not in inner.row:
        inner.fault("rule", "rule is missing, such as { number = 3 }")
    later = find_unknown(inner, "later")
    entry = Entry(
        rule=All(parts=()) if rule is None else read_clause(rule),
        delay=read_delay(inner, "delay", Delay()),
        not_before=read_day(inner, "not_before"),
        later=later or read_delay(inner, "later", Delay()),
        ground=read_ground(inner, default),
    )
    inner.finish()
    return entry


def read_reservations(table: Table) -> Reservations:
    """Read `[reservations]`."""
    unknown = find_unknown(table, "reservations")
    inner = None if unknown else table.inner("reservations")
    if inner is None:
        return unknown or Pairwise()
    rule = inner.word("rule", ("prohibited", "permitted", "pairwise", "organ"))
    provisions = frozenset(inner.texts("provisions"))
    found: Reservations
    match rule:
        case "prohibited":
            found = Prohibited()
        case "permitted":
            found = Permitted(provisions=provisions)
        case "organ":
            found = ByOrgan(organ=inner.text("organ"), assumed=inner.flag("assumed"))
        case _:
            found = Pairwise(excluded=provisions, period=read_delay(inner, "period", A_YEAR))
    if provisions and rule in {"prohibited", "organ"}:
        inner.fault("provisions", f"provisions says nothing where the rule is {rule!r}")
    inner.finish()
    return found


def read_exit(table: Table) -> Exit | NotProvided | Unknown:
    """Read `[exit]`."""
    unknown = find_unknown(table, "exit")
    inner = None if unknown else table.inner("exit")
    if inner is None:
        return unknown or NotProvided()
    wait = read_delay(inner, "not_before") if "not_before" in inner.row else None
    if "for_each_party" in inner.row and wait is None:
        inner.fault("for_each_party", "for_each_party says how not_before runs; give that")
    found = Exit(
        notice=read_delay(inner, "notice"),
        not_before=wait,
        for_each_party=inner.flag("for_each_party"),
    )
    inner.finish()
    return found


def read_amending(table: Table) -> Tacit | Express | Unknown:
    """Read `[amending.tacit]` or `[amending.express]`."""
    unknown = find_unknown(table, "amending")
    inner = None if unknown else table.inner("amending")
    if inner is None:
        return unknown or Unknown(reason="the record does not say how it is amended")
    tacit, express = inner.inner("tacit"), inner.inner("express")
    found: Tacit | Express | Unknown = Unknown(reason="")
    if tacit is not None:
        found = _tacit(tacit)
    elif express is not None:
        rule = express.inner("rule")
        if rule is None:
            express.fault("rule", 'rule is missing, such as { share = "2/3", of = "members" }')
        found = Express(
            rule=All(parts=()) if rule is None else read_clause(rule),
            delay=read_delay(express, "delay", Delay()), binds_all=express.flag("binds_all"),
        )  # fmt: skip
        express.finish()
    else:
        table.fault("amending", 'amending is tacit, express, or { unknown = "why" }')
    if tacit is not None and express is not None:
        inner.fault("express", "stands beside tacit; one of them")
    inner.finish()
    return found


def _tacit(table: Table) -> Tacit:
    stopped = table.inner("stopped_by")
    found = Tacit(
        window=read_delay(table, "window"), force=read_delay(table, "force"),
        from_notice=table.flag("from_notice"),
        stopped_by=None if stopped is None else read_clause(stopped),
    )  # fmt: skip
    table.finish()
    return found
