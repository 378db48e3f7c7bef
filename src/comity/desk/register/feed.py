# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What is new: the entries about a member, a system or a market, in the order they came here.

Pages are cut from the oldest entry on, so that an entry never moves to another page: a reader
who has walked to the first page has seen each entry once.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias, assert_never

from comity.desk.register.listing import registration_of, statement_row
from comity.desk.register.register import (
    Register,
    entries_of,
    issued_of,
    public_size,
    quorum_of,
)
from comity.desk.register.sheet import Actor, NodeSheet, Quorum, StatementRow, Texts
from comity.errors import NotFound
from comity.kernel.digest import from_hex, sha256
from comity.kernel.instant import Instant, from_posix
from comity.kernel.reference import Reference
from comity.node.views.view import Entry, MemberLog

PAGE_ENTRIES = 40
_NOWHEN = from_posix(0)

Row: TypeAlias = tuple[MemberLog, Entry]
Cut: TypeAlias = Callable[[int, int], Sequence[Row]]
"""Return the entries from one place of the feed to another; only those need be read."""


class About(Enum):
    """What a feed is about."""

    MEMBER = "members"
    SYSTEM = "systems"
    MARKET = "markets"


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemName:
    """A system an entry is about.

    Args:
        id: Digest of the version, hex.
    """

    id: str
    name: Texts
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntry:
    """One entry of a log as news.

    Args:
        by: Whose log it stands in.
        system: What it is about, where that is a registered system.
        first_held: When this node first held it under a checkpoint; else what its author says.
        is_claimed: Whether *first_held* is only what the author says.
        fault: Why it cannot be read, or "".
    """

    row: StatementRow
    by: Actor
    system: SystemName | None
    first_held: dt.datetime
    is_claimed: bool
    quorum: Quorum
    fault: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedSheet:
    """A page of a feed.

    Args:
        id: The member's id, the system's digest, or the market's code.
        name: What it is called, by language; "" where nobody says.
        page: From 1, the oldest; `pages` is the newest.
        entries: Newest first.
    """

    node: NodeSheet
    about: About
    id: str
    name: Texts
    updated: dt.datetime
    page: int
    pages: int
    entries: tuple[FeedEntry, ...]


def feed_sheet(
    register: Register, about: About, name: str, *, page: int | None = None
) -> FeedSheet:
    """Return a page of a feed, the newest where none is asked for.

    Raises:
        NotFound: This node knows nothing of that member, system or market.
    """
    called, total, cut = _opened(register, about, name)
    pages = max(1, -(-total // PAGE_ENTRIES))
    page = pages if page is None else min(max(1, page), pages)
    entries = cut((page - 1) * PAGE_ENTRIES, page * PAGE_ENTRIES)
    rows = tuple(_row(register, log, entry) for log, entry in entries)[::-1]
    return FeedSheet(
        node=register.node(),
        about=about,
        id=name,
        name=dict(called),
        updated=max((row.first_held for row in rows), default=register.view.as_of),
        page=page,
        pages=pages,
        entries=rows,
    )


def entries_between(
    register: Register, log: MemberLog, start: int, stop: int
) -> Iterator[Entry]:
    """Yield the public entries of a log, start <= index < stop."""
    for index, raw in enumerate(entries_of(log, start, stop), start):
        reference = Reference(log=log.identity.origin, index=index, sha256=sha256(raw))
        entry = register.view.ledger.find(reference)
        if entry is not None:
            yield entry


def systems_in(register: Register, market: str) -> Sequence[str]:
    """Return the digests of the versions registered for a market."""
    return [
        system
        for system, held in register.systems.items()
        if any(market in (one.said.profile.markets or ()) for one in held)
    ]


def about_systems(register: Register, systems: Iterable[str]) -> Iterator[Row]:
    """Yield each public entry about one of these systems once."""
    seen: set[Reference] = set()
    for system in systems:
        for entry in register.view.ledger.entries(subject=from_hex(system)):
            log = register.logs[entry.member]
            if entry.reference not in seen and entry.reference.index < public_size(log):
                seen.add(entry.reference)
                yield log, entry


def _opened(register: Register, about: About, name: str) -> tuple[Texts, int, Cut]:
    """Return what a feed is called, how many entries it has, and how to cut it."""
    match about:
        case About.MEMBER:
            return _of_member(register, name)
        case About.SYSTEM:
            called = registration_of(register, name).said.profile.name.by_tag
            return called, *_in_order(about_systems(register, [name]))
        case About.MARKET:
            systems = systems_in(register, name)
            if systems:
                return {"en": name}, *_in_order(about_systems(register, systems))
            raise NotFound(
                "no system this node knows of is registered for that market",
                code="desk.no_market",
                hint="the list of systems names the markets there are",
            )
        case _:
            assert_never(about)


def _of_member(register: Register, member: str) -> tuple[Texts, int, Cut]:
    log = register.logs.get(member)
    if log is None:
        raise NotFound(
            "this node follows no log of that member",
            code="desk.no_member",
            hint="the list of members links to each",
        )

    def cut(start: int, stop: int) -> Sequence[Row]:
        return [(log, entry) for entry in entries_between(register, log, start, stop)]

    return {"en": log.keyset.name}, public_size(log), cut


def _in_order(rows: Iterable[Row]) -> tuple[int, Cut]:
    found = sorted(
        rows,
        key=lambda row: (first_held(*row)[0], row[1].reference.log, row[1].reference.index),
    )
    return len(found), lambda start, stop: found[start:stop]


def first_held(log: MemberLog, entry: Entry) -> tuple[Instant, bool]:
    """Return when an entry came here, and whether only its author says so."""
    at = log.logged_at(entry.reference.index)
    if at is not None:
        return at, False
    return issued_of(entry) or log.newest.checked_at or _NOWHEN, True


def _row(register: Register, log: MemberLog, entry: Entry) -> FeedEntry:
    at, is_claimed = first_held(log, entry)
    return FeedEntry(
        row=statement_row(entry),
        by=register.actor(entry.member),
        system=_system_of(register, entry),
        first_held=at,
        is_claimed=is_claimed,
        quorum=quorum_of(entry.provenance),
        fault=entry.fault,
    )


def _system_of(register: Register, entry: Entry) -> SystemName | None:
    subjects = () if entry.statement is None else entry.statement.subjects
    for subject in subjects:
        held = register.systems.get(subject.digest.get("sha256", ""))
        if held:
            said = held[0].said.profile
            return SystemName(
                id=held[0].subject, name=dict(said.name.by_tag), version=said.version
            )
    return None
