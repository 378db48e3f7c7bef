# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The register's lists: systems, members, one member's statements, one statement."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from comity.desk.log.schema import find_schema
from comity.desk.register import fork
from comity.desk.register.entrysheet import statement_sheet_of
from comity.desk.register.identitysheet import doubt_rows, identity_sheet
from comity.desk.register.membersheet import MemberRow, MemberSheet, MembersSheet
from comity.desk.register.register import (
    Held,
    Register,
    entries_of,
    issued_of,
    public_size,
    quorum_of,
)
from comity.desk.register.sheet import (
    Quorum,
    StatementRow,
    StatementSheet,
    SystemRow,
    SystemsSheet,
)
from comity.desk.register.standing import tally_of
from comity.errors import NotFound
from comity.kernel.digest import sha256
from comity.kernel.reference import Reference
from comity.law.statement import Registration
from comity.node.views.view import Entry, MemberLog

PAGE_ROWS = 40

T = TypeVar("T")


def systems_sheet(
    register: Register, *, query: str = "", market: str = "", page: int = 1
) -> SystemsSheet:
    """List the registered systems whose name, purpose or provider holds every word asked.

    Args:
        query: Words, any case, in any language a provider wrote; "" for all.
        market: ISO 3166 alpha-3 code or "EU"; "" for all.
        page: From 1; a page that is not there is the nearest one.
    """
    rows = [row_of(register, key) for key in register.systems]
    words = query.casefold().split()
    found = [
        row
        for row in rows
        if (not market or market in row.markets)
        and all(word in _haystack(row) for word in words)
    ]
    found.sort(key=lambda row: (row.name["en"].casefold(), row.version, row.id))
    kept, page, pages = _slice(found, page)
    return SystemsSheet(
        node=register.node(),
        query=query,
        market=market,
        markets=tuple(sorted({code for row in rows for code in row.markets})),
        total=len(found),
        page=page,
        pages=pages,
        systems=tuple(kept),
        members=tuple(map(register.actor, register.logs)),
    )


def row_of(register: Register, system: str) -> SystemRow:
    """Return one registered version as a row.

    Raises:
        NotFound: No followed log registers it.
    """
    held = registration_of(register, system)
    said = held.said.profile
    return SystemRow(
        id=system,
        system=said.system,
        name=dict(said.name.by_tag),
        version=said.version,
        purpose=dict(said.purpose.by_tag),
        provider=register.actor(held.entry.member),
        markets=said.markets or (),
        example=said.example,
        tally=tally_of(register, system),
    )


def registration_of(register: Register, system: str) -> Held[Registration]:
    """Return the first member's newest registration of one version.

    Raises:
        NotFound: No followed log registers it.
    """
    found = register.systems.get(system)
    if not found:
        raise NotFound(
            "no log this node follows registers a system of this digest",
            code="desk.no_system",
            hint="the list of systems links to every version",
        )
    return found[0]


def members_sheet(register: Register) -> MembersSheet:
    """List every member whose log this node follows."""
    rows = tuple(_member_row(register, log) for log in register.logs.values())
    return MembersSheet(node=register.node(), members=rows)


def member_sheet(register: Register, member: str, *, page: int = 1) -> MemberSheet:
    """Show one member and a page of its statements, newest first.

    Raises:
        NotFound: This node follows no log of that member.
    """
    log = register.logs.get(member)
    if log is not None:
        return _member_sheet(register, log, page)
    raise NotFound(
        "this node follows no log of that member",
        code="desk.no_member",
        hint="the list of members links to each",
    )


def statement_sheet(register: Register, origin: str, index: int) -> StatementSheet:
    """Show one entry of a followed log, whatever it is.

    Raises:
        NotFound: No such log is followed, or it has no such entry under its checkpoint.
    """
    for log in register.logs.values():
        if log.keyset.origin == origin:
            for raw, entry in _entries(register, log, index, index + 1):
                return statement_sheet_of(register, entry, raw, statement_row(entry))
    raise NotFound(
        "no followed log of that name has that entry",
        code="desk.no_statement",
        hint="the page of a member lists its statements",
    )


def _member_row(register: Register, log: MemberLog) -> MemberRow:
    return MemberRow(
        actor=register.actor(log.member),
        origin=log.keyset.origin,
        size=public_size(log),
        counted_size=fork.counted(log),
        cosigners=tuple(map(register.actor, log.newest.cosigners)),
        quorum=quorum_of(log.newest) if log.forked is None else Quorum.FORKED,
        seen_at=log.newest.checked_at,
        fork=fork.fork_sheet(log),
    )


def _member_sheet(register: Register, log: MemberLog, page: int) -> MemberSheet:
    positions, page, pages = _slice(range(public_size(log))[::-1], page)
    start, stop = (positions[-1], positions[0] + 1) if positions else (0, 0)
    entries = list(_entries(register, log, start, stop))
    return MemberSheet(
        node=register.node(),
        row=_member_row(register, log),
        keys=tuple(key.hex() for key in log.keyset.statement_keys.values()),
        log_key=log.keyset.log_key.vkey,
        witness_key=log.keyset.witness_key.vkey,
        identity=identity_sheet(register.view.ledger, log.member, register.view.as_of),
        statements=tuple(statement_row(entry) for _, entry in reversed(entries)),
        page=page,
        pages=pages,
        suspicions=fork.suspicions_of(register, log),
    )


def statement_row(entry: Entry) -> StatementRow:
    """Return an entry as a row of a list."""
    kind = "" if entry.statement is None else entry.statement.kind
    return StatementRow(
        origin=entry.reference.log,
        index=entry.reference.index,
        sha256=entry.reference.sha256.hex(),
        kind=kind,
        known=find_schema(kind) is not None,
        issued=issued_of(entry),
        doubts=doubt_rows(entry),
    )


def _entries(
    register: Register, log: MemberLog, start: int, stop: int
) -> Iterable[tuple[bytes, Entry]]:
    for index, raw in enumerate(entries_of(log, start, stop), start):
        reference = Reference(log=log.keyset.origin, index=index, sha256=sha256(raw))
        entry = register.view.ledger.find(reference)
        if entry is not None:
            yield raw, entry


def _haystack(row: SystemRow) -> str:
    texts: Iterable[str] = (
        row.system, row.version, row.provider.name, *row.name.values(), *row.purpose.values()
    )  # fmt: skip
    return "\n".join(texts).casefold()


def _slice(rows: Sequence[T], page: int) -> tuple[Sequence[T], int, int]:
    pages = max(1, -(-len(rows) // PAGE_ROWS))
    page = min(max(1, page), pages)
    return rows[(page - 1) * PAGE_ROWS : page * PAGE_ROWS], page, pages
