# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Look at logged entries as a monitor does: when logged, replayed, copied, in a ring."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Protocol

from comity.errors import InvalidDocument
from comity.kernel.fields import Fields
from comity.kernel.ids import MemberId, Origin
from comity.kernel.instant import Instant, from_rfc3339
from comity.kernel.reference import Reference
from comity.ledger.anomaly import (
    Anomaly,
    AnomalyKind,
    Logged,
    Place,
    Sighting,
    dating,
    find_ring,
    forward,
    references_in,
    ring_anomaly,
)
from comity.ledger.reading import read_entry
from comity.ledger.statement import Statement

MAX_LIKE = 10_000
"""Statements of one kind about one thing looked through for the same bytes, or for a ring."""

MAX_READ = 200
"""Entries read from logs in looking for a ring through one of them."""

VOUCHING = ("endorsement", "accreditation")
"""Kinds by which members vouch for members."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One entry as it stands in a log, whether or not it can be read.

    Args:
        statement: What it says, or would say if its signature were a member's of this log.
        is_read: Whether it is signed as it must be.
    """

    reference: Reference
    member: MemberId
    statement: Statement | None
    is_read: bool

    @property
    def place(self) -> Place:
        """Return its log and index."""
        return (self.reference.log, self.reference.index)


class Shelves(Protocol):
    """What a monitor looks things up in."""

    def twins(self, entry: Standing) -> Iterable[Standing]:
        """Yield the entries that may be the same bytes, log by log, in their order."""
        ...

    def vouching(self, kind: str) -> Iterable[Standing]:
        """Yield the entries by which members vouch for members."""
        ...

    def at(self, place: Place) -> Standing | None:
        """Return the entry at a place, whatever its digest, or None where it is not held."""
        ...


def sightings_of(
    origin: Origin, owner: MemberId, seen: Iterable[Standing]
) -> Iterator[Sighting]:
    """Yield when other members say in their logs that they saw a log, and at which size."""
    for one in seen:
        if one.statement is None or one.member == owner or not one.is_read:
            continue
        at = issued_of(one.statement)
        for size in _sizes(one.statement, origin):
            if at is not None:
                yield Sighting(size=size, at=at)


def anomalies_of(
    entry: Standing, shelves: Shelves, logged: Logged, now: Instant, *, with_ring: bool = True
) -> tuple[Anomaly, ...]:
    """Return what is odd about an entry; it always ends.

    Args:
        with_ring: Whether to follow its references in search of a ring.
    """
    found = list(_anomalies(entry, shelves, logged, now))
    if with_ring and entry.is_read:
        ring = find_ring(entry.place, lambda at: following(shelves, at), limit=MAX_READ)
        found += [] if ring is None else [ring_anomaly(ring)]
    return tuple(found)


def elsewhere(entry: Standing, shelves: Shelves) -> Iterator[Anomaly]:
    """Note references whose digest is not of the entry that stands there."""
    if entry.statement is None or not entry.is_read:
        return
    wrong: list[Place] = []
    for one in references_in(entry.statement.predicate):
        held = shelves.at((one.log, one.index))
        if held is not None and held.reference.sha256 != one.sha256:
            wrong.append(held.place)
    if wrong:
        names = ", ".join(f"{log}#{index}" for log, index in wrong)
        message = f"names a digest that is not of the entry at {names}"
        yield Anomaly(kind=AnomalyKind.OTHER_ENTRY, message=message, places=tuple(wrong))


def issued_of(statement: Statement) -> Instant | None:
    """Return when its author says it was issued, or None where it does not say."""
    said = statement.predicate.get("issued")
    try:
        return from_rfc3339(said) if isinstance(said, str) else None
    except InvalidDocument:
        return None


def _anomalies(
    entry: Standing, shelves: Shelves, logged: Logged, now: Instant
) -> Iterator[Anomaly]:
    if entry.statement is None:
        return
    yield from _twins(entry, shelves)
    if not entry.is_read:
        return
    issued = issued_of(entry.statement)
    if issued is not None:
        yield from dating(issued, logged, now)
    yield from forward(entry.place, references_in(entry.statement.predicate))
    yield from elsewhere(entry, shelves)
    if entry.statement.kind in VOUCHING:
        yield from _vouching_ring(entry, shelves)


def _twins(entry: Standing, shelves: Shelves) -> Iterator[Anomaly]:
    """Note the same bytes earlier in this log, or in the log they were signed for."""
    for other in islice(shelves.twins(entry), MAX_LIKE):
        if other.reference.sha256 != entry.reference.sha256 or not other.is_read:
            continue
        log, index = other.place
        if entry.is_read and log == entry.reference.log and index < entry.reference.index:
            message = f"is entry {index} once more; it counts there, and once"
            yield Anomaly(kind=AnomalyKind.REPLAYED, message=message, places=(other.place,))
            return
        if not entry.is_read and log != entry.reference.log:
            message = f"is entry {index} of {log}, copied; it says nothing of this member"
            yield Anomaly(kind=AnomalyKind.COPIED, message=message, places=(other.place,))
            return


def following(shelves: Shelves, place: Place) -> Iterable[Place]:
    """Yield where the entry at a place refers to, whatever digests it names."""
    held = shelves.at(place)
    if held is None or held.statement is None or not held.is_read:
        return ()
    return [(one.log, one.index) for one in references_in(held.statement.predicate)]


def _vouching_ring(entry: Standing, shelves: Shelves) -> Iterator[Anomaly]:
    """Note members who vouch for each other round in a circle."""
    vouched: dict[str, list[str]] = {}
    kind = "" if entry.statement is None else entry.statement.kind
    for one in islice(shelves.vouching(kind), MAX_LIKE):
        whom = None if one.statement is None else one.statement.predicate.get("member")
        if isinstance(whom, str) and one.is_read:
            vouched.setdefault(one.member, []).append(whom)
    whom = None if entry.statement is None else entry.statement.predicate.get("member")
    if not isinstance(whom, str):
        return
    way = find_ring((Origin(entry.member), 0), lambda at: _vouched(vouched, at, entry, whom))
    if way is not None:
        names = " → ".join(f"{member[:16]}…" for member, _ in (*way, way[0]))
        message = f"members vouch for each other in a ring: {names}"
        yield Anomaly(kind=AnomalyKind.CIRCULAR, message=message)


def _vouched(
    vouched: Mapping[str, list[str]], at: Place, entry: Standing, whom: str
) -> Iterable[Place]:
    """Return whom a member vouches for; of the entry's own author, whom the entry names."""
    named = [whom] if str(at[0]) == entry.member else vouched.get(at[0], [])
    return [(Origin(one), 0) for one in named]


def _sizes(statement: Statement, origin: Origin) -> Iterator[int]:
    fields = Fields(statement.predicate, faults=[])
    for row in fields.rows("checkpoints"):
        if row.text("origin") == origin:
            yield row.integer("size")


def to_standing(
    raw: bytes, reference: Reference, member: MemberId, *, is_read: bool
) -> Standing:
    """Return an entry from its bytes, its signature judged elsewhere."""
    statement = read_entry(raw, None).statement
    return Standing(reference=reference, member=member, statement=statement, is_read=is_read)
