# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Survey every entry of logs read together: what follows no schema, and what is odd."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from comity.desk.log.monitoring import (
    Standing,
    anomalies_of,
    elsewhere,
    following,
    sightings_of,
    to_standing,
)
from comity.desk.log.schema import faults_of
from comity.errors import Fault, VerificationFailed
from comity.kernel.digest import Digest
from comity.kernel.instant import Instant
from comity.kernel.reference import Reference
from comity.ledger.anomaly import (
    Anomaly,
    Place,
    Sighting,
    find_ring,
    logged_between,
    ring_anomaly,
)
from comity.ledger.cosignature import find_cosignature
from comity.ledger.keyset import Keyset
from comity.ledger.redaction import is_erased
from comity.node.care.audit import VerifiedEntry, VerifiedLog


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What was found in one log; none of it blocks anything.

    Args:
        faults: By index, what does not follow the schema of its kind.
        anomalies: By index, what is odd.
    """

    faults: Mapping[int, tuple[Fault, ...]]
    anomalies: Mapping[int, tuple[Anomaly, ...]]


def survey(logs: Sequence[VerifiedLog], now: Instant) -> tuple[Survey, ...]:
    """Look at every entry of every log; the surveys stand in the order of the logs.

    Args:
        now: By the reader's own clock.
    """
    shelves = CollectedShelves(logs)
    rings = _rings(shelves)
    return tuple(_survey(log, shelves, rings, now) for log in logs)


class CollectedShelves:
    """What a monitor looks things up in, over logs read whole."""

    def __init__(self, logs: Sequence[VerifiedLog]) -> None:
        self.logs = logs
        self._entries = {log.origin: log for log in logs}

    def twins(self, entry: Standing) -> Iterable[Standing]:
        """Yield the readable entries that are the same bytes."""
        places = self._by_digest.get(entry.reference.sha256, ())
        return (held for place in places if (held := self.at(place)) and held.is_read)

    def vouching(self, kind: str) -> Iterable[Standing]:
        """Yield the readable entries of a kind."""
        return (held for place in self._by_kind.get(kind, ()) if (held := self.at(place)))

    def at(self, place: Place) -> Standing | None:
        """Return the entry at a place, or None where it was erased or never read."""
        origin, index = place
        log = self._entries.get(origin)
        if log is None or not 0 <= index < len(log.entries):
            return None
        found = log.entries[index]
        return None if is_erased(found.encoded) else _standing(log, found)

    @cached_property
    def _by_digest(self) -> Mapping[Digest, Sequence[Place]]:
        found: dict[Digest, list[Place]] = {}
        for log in self.logs:
            for entry in log.entries:
                found.setdefault(entry.sha256, []).append((log.origin, entry.index))
        return found

    @cached_property
    def _by_kind(self) -> Mapping[str, Sequence[Place]]:
        found: dict[str, list[Place]] = {}
        for log in self.logs:
            for entry in log.entries:
                if entry.reading.statement is not None:
                    kind = entry.reading.statement.kind
                    found.setdefault(kind, []).append((log.origin, entry.index))
        return found


def _survey(
    log: VerifiedLog,
    shelves: CollectedShelves,
    rings: Mapping[Place, Anomaly],
    now: Instant,
) -> Survey:
    sightings = list(_sightings(log, shelves))
    faults: dict[int, tuple[Fault, ...]] = {}
    anomalies: dict[int, tuple[Anomaly, ...]] = {}
    for entry in log.entries:
        statement = entry.reading.statement
        wrong = () if statement is None else faults_of(statement)
        if wrong:
            faults[entry.index] = wrong
        logged = logged_between(entry.index, sightings)
        odd = anomalies_of(_standing(log, entry), shelves, logged, now, with_ring=False)
        ring = rings.get((log.origin, entry.index))
        odd = odd if ring is None else (*odd, ring)
        if odd:
            anomalies[entry.index] = odd
    return Survey(faults=faults, anomalies=anomalies)


def _rings(shelves: CollectedShelves) -> Mapping[Place, Anomaly]:
    """Find the rings: each has a reference with a digest that is not of the entry there."""
    found: dict[Place, Anomaly] = {}
    for log in shelves.logs:
        for entry in log.entries:
            place = (log.origin, entry.index)
            if place in found or not any(elsewhere(_standing(log, entry), shelves)):
                continue
            ring = find_ring(place, lambda at: following(shelves, at))
            for one in ring or ():
                found[one] = ring_anomaly(ring or ())
    return found


def _sightings(log: VerifiedLog, shelves: CollectedShelves) -> Iterator[Sighting]:
    for keyset in (one.keyset for one in shelves.logs if one.member != log.member):
        yield from _cosigned(log, keyset)
    yield from sightings_of(log.origin, log.member, shelves.vouching("seen"))


def _cosigned(log: VerifiedLog, witness: Keyset) -> Iterator[Sighting]:
    try:
        found = find_cosignature(log.note, witness.witness_key)
    except VerificationFailed:
        return
    if found is not None:
        yield Sighting(size=log.size, at=found.at)


def _standing(log: VerifiedLog, entry: VerifiedEntry) -> Standing:
    reference = Reference(log=log.origin, index=entry.index, sha256=entry.sha256)
    statement = entry.reading.statement
    if statement is None:
        return to_standing(entry.encoded, reference, log.member, is_read=False)
    return Standing(reference=reference, member=log.member, statement=statement, is_read=True)
