# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The ledger for programs: logs, entries by what they say, evidence of forks."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from comity.desk.register.feed import about_systems, entries_between, first_held, systems_in
from comity.desk.register.listing import PAGE_ROWS, statement_row
from comity.desk.register.register import Register, public_size, quorum_of
from comity.desk.register.sheet import Actor, NodeSheet, Quorum, StatementRow
from comity.errors import Fault, InvalidDocument
from comity.kernel.digest import from_hex
from comity.kernel.instant import Instant
from comity.ledger.statement import Statement
from comity.node.views.view import Entry, MemberLog


@dataclass(frozen=True, slots=True, kw_only=True)
class LogRow:
    """One log as this node holds it.

    Args:
        size: Entries under the newest verified checkpoint.
        counted_size: Entries under the newest checkpoint that met the quorum.
        quorum: Whether the newest one met it.
        checked_at: When the log was last read, or the node's own published.
        forked: Whether this node holds evidence that the log told two stories.
    """

    origin: str
    by: Actor
    log_key: str
    size: int
    counted_size: int
    cosigners: tuple[Actor, ...]
    quorum: Quorum
    checked_at: dt.datetime | None
    forked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LogsSheet:
    """What this node's view rests on: every log, how far, attested by whom, how old."""

    node: NodeSheet
    logs: tuple[LogRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedStatement:
    """One entry in an answer to a question.

    Args:
        subject: Digests it is about.
        first_held: When this node first held it; what its author says where it was not noted.
        quorum: Whether the checkpoint it stands under has the cosignatures asked for.
    """

    row: StatementRow
    by: Actor
    subject: tuple[str, ...]
    first_held: dt.datetime
    quorum: Quorum


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementsSheet:
    """A page of entries, newest first."""

    node: NodeSheet
    total: int
    page: int
    pages: int
    statements: tuple[ListedStatement, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which entries are asked for; at least one of the first four says so.

    Args:
        kind: A short name such as "finding", or a predicate's whole type.
        subject: Digest of what they are about, hex.
        market: ISO 3166 alpha-3 code or "EU": about systems registered there.
        member: In whose log they stand.
        since: First held here at or after.
        until: First held here before.
    """

    kind: str = ""
    subject: str = ""
    market: str = ""
    member: str = ""
    since: Instant | None = None
    until: Instant | None = None


def logs_sheet(register: Register) -> LogsSheet:
    """List every log of the view."""
    rows = tuple(_log_row(register, log) for log in register.logs.values())
    return LogsSheet(node=register.node(), logs=rows)


def statements_sheet(register: Register, wanted: Wanted, *, page: int = 1) -> StatementsSheet:
    """List the entries asked for, newest first.

    Raises:
        InvalidDocument: Nothing says which, or the subject is no digest.
    """
    found = [(*first_held(log, entry), entry) for log, entry in _found(register, wanted)]
    rows = sorted(
        (
            (at, entry)
            for at, _, entry in found
            if (wanted.since is None or at >= wanted.since)
            and (wanted.until is None or at < wanted.until)
        ),
        key=lambda row: (row[0], row[1].reference.log, row[1].reference.index),
        reverse=True,
    )
    pages = max(1, -(-len(rows) // PAGE_ROWS))
    page = min(max(1, page), pages)
    return StatementsSheet(
        node=register.node(),
        total=len(rows),
        page=page,
        pages=pages,
        statements=tuple(
            _listed(register, at, entry)
            for at, entry in rows[(page - 1) * PAGE_ROWS : page * PAGE_ROWS]
        ),
    )


def _found(register: Register, wanted: Wanted) -> Iterator[tuple[MemberLog, Entry]]:
    for entry in _candidates(register, wanted):
        log = register.logs.get(entry.member)
        if log is None or entry.reference.index >= public_size(log):
            continue
        kind = "" if entry.statement is None else entry.statement.kind
        if wanted.kind and wanted.kind not in {kind, _type_of(entry)}:
            continue
        if wanted.member and entry.member != wanted.member:
            continue
        if wanted.market and not _is_in(register, entry, wanted.market):
            continue
        yield log, entry


def _candidates(register: Register, wanted: Wanted) -> Iterable[Entry]:
    """Return entries by the narrowest thing asked for."""
    ledger, kind = register.view.ledger, _short(wanted.kind)
    if wanted.subject:
        return ledger.entries(kind or None, subject=from_hex(wanted.subject))
    if kind:
        return ledger.entries(kind)
    if wanted.market:
        found = about_systems(register, systems_in(register, wanted.market))
        return (entry for _, entry in found)
    log = register.logs.get(wanted.member)
    if log is not None:
        return entries_between(register, log, 0, public_size(log))
    if wanted.member:
        return ()
    message = "kind, subject, market or member: one of them must say which entries"
    raise InvalidDocument(
        message,
        code="desk.statements",
        hint="all entries of one log are at /statements?member=…",
        faults=[Fault(message=message)],
    )


def _is_in(register: Register, entry: Entry, market: str) -> bool:
    systems = (register.systems.get(subject, ()) for subject in _subjects(entry))
    return any(market in (one.said.profile.markets or ()) for held in systems for one in held)


def _listed(register: Register, at: Instant, entry: Entry) -> ListedStatement:
    return ListedStatement(
        row=statement_row(entry),
        by=register.actor(entry.member),
        subject=_subjects(entry),
        first_held=at,
        quorum=quorum_of(entry.provenance),
    )


def _short(kind: str) -> str:
    """Return the short name of one of our kinds, however it was asked for."""
    return Statement(predicate_type=kind, predicate={}).kind if "://" in kind else kind


def _subjects(entry: Entry) -> tuple[str, ...]:
    subjects = () if entry.statement is None else entry.statement.subjects
    return tuple(one.digest["sha256"] for one in subjects if "sha256" in one.digest)


def _type_of(entry: Entry) -> str:
    return "" if entry.statement is None else entry.statement.predicate_type


def _log_row(register: Register, log: MemberLog) -> LogRow:
    return LogRow(
        origin=log.identity.origin,
        by=register.actor(log.member),
        log_key=log.keyset.log_key.vkey,
        size=public_size(log),
        counted_size=log.counted_size,
        cosigners=tuple(map(register.actor, log.newest.cosigners)),
        quorum=quorum_of(log.newest),
        checked_at=log.newest.checked_at,
        forked=log.forked is not None,
    )
