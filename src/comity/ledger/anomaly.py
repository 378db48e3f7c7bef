# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What a monitor notes of a statement that is well formed and signed, and yet odd.

An anomaly refuses nothing and blocks nothing: the entry stays, and is shown as what it is. When
something was issued is a claim of its author; when it was logged is an interval between
checkpoints that others saw.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

from comity.errors import InvalidDocument
from comity.kernel.canonical import MAX_DEPTH, Json
from comity.kernel.ids import Origin
from comity.kernel.instant import Instant, to_posix, to_rfc3339
from comity.kernel.reference import Reference, from_reference_json

AHEAD_S = 300
"""Seconds by which clocks may disagree before a time counts as in the future."""

BEHIND_S = 86_400
"""Seconds a statement may wait for its log to be published before it counts as back-dated."""

MAX_STEPS = 1_000
"""Statements visited in looking for a ring; a longer one is not looked for."""

Place = tuple[Origin, int]
"""A log and an index in it: where a reference points, whatever digest it names."""


class AnomalyKind(Enum):
    """What is odd about an entry, by stable code."""

    FUTURE_DATED = "ledger.future_dated"
    BACK_DATED = "ledger.back_dated"
    REPLAYED = "ledger.replayed"
    COPIED = "ledger.copied"
    CIRCULAR = "ledger.circular"
    FORWARD = "ledger.forward_reference"
    OTHER_ENTRY = "ledger.other_entry"


@dataclass(frozen=True, slots=True, kw_only=True)
class Anomaly:
    """One anomaly of one entry.

    Args:
        message: What is odd, in a sentence.
        places: The other entries it is about.
    """

    kind: AnomalyKind
    message: str
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """Somebody other than its owner saw a log at a size."""

    size: int
    at: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged:
    """When an entry was logged, as others saw.

    Args:
        after: The last time anybody saw the log without it; None where nobody did.
        before: The first time anybody saw the log with it; None where nobody did.
    """

    after: Instant | None
    before: Instant | None


def logged_between(index: int, sightings: Iterable[Sighting]) -> Logged:
    """Return the interval in which an entry was logged.

    A log only grows: who saw fewer entries later than others saw more was shown an old
    checkpoint, and tells nothing.
    """
    seen = list(sightings)
    before = min((one.at for one in seen if one.size > index), default=None)
    earlier = (one.at for one in seen if one.size <= index)
    after = max((at for at in earlier if before is None or at <= before), default=None)
    return Logged(after=after, before=before)


def dating(issued: Instant, logged: Logged, now: Instant) -> Iterator[Anomaly]:
    """Compare when a statement says it was issued with when it was logged.

    Args:
        now: By the reader's own clock.
    """
    said = to_posix(issued)
    bound = min(to_posix(at) for at in (logged.before, now) if at is not None)
    if said > bound + AHEAD_S:
        seen = logged.before if logged.before is not None and logged.before <= now else now
        message = (
            f"says it was issued at {to_rfc3339(issued)}, yet was there at {to_rfc3339(seen)}"
        )
        yield Anomaly(kind=AnomalyKind.FUTURE_DATED, message=message)
    if logged.after is not None and said + BEHIND_S < to_posix(logged.after):
        after = to_rfc3339(logged.after)
        message = f"says it was issued at {to_rfc3339(issued)}, yet was not there at {after}"
        yield Anomaly(kind=AnomalyKind.BACK_DATED, message=message)


def references_in(value: Json) -> tuple[Reference, ...]:
    """Return every reference inside a predicate, each once, in their order."""
    found: dict[Reference, None] = {}
    level: list[Json] = [value]
    for _ in range(MAX_DEPTH + 2):
        following: list[Json] = []
        for one in level:
            reference = _find_reference(one)
            if reference is not None:
                found[reference] = None
            elif isinstance(one, Mapping):
                following.extend(one.values())
            elif isinstance(one, list | tuple):
                following.extend(one)
        level = following
    return tuple(found)


def forward(own: Place, references: Iterable[Reference]) -> Iterator[Anomaly]:
    """Note references to later entries of the same log, or to the entry itself."""
    log, index = own
    later = [one for one in references if one.log == log and one.index >= index]
    if later:
        places = tuple((one.log, one.index) for one in later)
        message = (
            f"refers to entry {', '.join(str(at) for _, at in places)}, which is no earlier"
        )
        yield Anomaly(kind=AnomalyKind.FORWARD, message=message, places=places)


def find_ring(
    start: Place, following: Callable[[Place], Iterable[Place]], *, limit: int = MAX_STEPS
) -> tuple[Place, ...] | None:
    """Return a way that leads from a place back to it, or None; always ends.

    References carry digests, so that no ring of them can be true: one in it names an entry
    that is not there. What a ring claims is found all the same.

    Args:
        following: Where the entry at a place refers to, by place alone.
    """
    ways: dict[Place, tuple[Place, ...]] = {start: (start,)}
    waiting = [start]
    steps = 0
    while waiting and steps < limit:
        place = waiting.pop(0)
        for one in following(place):
            steps += 1
            if one == start:
                return ways[place]
            if one not in ways and steps < limit:
                ways[one] = (*ways[place], one)
                waiting.append(one)
    return None


def ring_anomaly(ring: tuple[Place, ...]) -> Anomaly:
    """Say that statements refer to each other in a ring."""
    names = " → ".join(f"{log}#{index}" for log, index in (*ring, ring[0]))
    return Anomaly(
        kind=AnomalyKind.CIRCULAR, message=f"leads back to itself: {names}", places=ring
    )


def _find_reference(value: Json) -> Reference | None:
    if not isinstance(value, Mapping) or set(value) != {"log", "index", "sha256"}:
        return None
    try:
        return from_reference_json(value)
    except InvalidDocument:
        return None
