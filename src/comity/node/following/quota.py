# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""How much one peer may send within a day: past that, following pauses and drops nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from comity.errors import InvalidDocument, NotFound
from comity.kernel.canonical import Json, from_canonical, to_canonical
from comity.kernel.fields import Fields
from comity.kernel.instant import Instant, from_rfc3339, to_posix, to_rfc3339
from comity.node.disk.storage import Storage
from comity.node.logs.following import Following

DAY_HOURS = 24
MAX_PAUSES = 100
_HOUR_S = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """One time following stopped at a quota."""

    at: Instant
    reason: str


@dataclass(slots=True, kw_only=True)
class Meter:
    """What one peer has sent in the last 24 hours, by the hour, and what it may still send.

    Args:
        is_beyond: The operator lifts the quota this once; it is still counted.
    """

    storage: Storage
    folder: str
    following: Following
    now: Instant
    is_beyond: bool = False
    _hours: dict[int, list[int]] = field(default_factory=dict)
    _hour: int = field(init=False)

    def __post_init__(self) -> None:
        """Read what was counted; a torn or foreign record counts as none."""
        self._hour = to_posix(self.now) // _HOUR_S
        first = self._hour - DAY_HOURS
        for hour, counted in _read(self.storage, f"{self.folder}quota").items():
            match counted:
                case [int(statements), int(size)] if hour.isdigit() and int(hour) > first:
                    self._hours[int(hour)] = [statements, size]

    @property
    def statements(self) -> int:
        """Count the entries taken in within 24 hours."""
        return sum(counted[0] for counted in self._hours.values())

    @property
    def fetched_bytes(self) -> int:
        """Count the bytes fetched within 24 hours."""
        return sum(counted[1] for counted in self._hours.values())

    @property
    def has_bytes_left(self) -> bool:
        """Tell whether anything more may be fetched."""
        return self.is_beyond or self.fetched_bytes < self.following.bytes_a_day

    @property
    def has_statements_left(self) -> bool:
        """Tell whether more entries may be taken in."""
        limit = self.following.statements_a_day
        return self.is_beyond or limit is None or self.statements < limit

    @property
    def reason(self) -> str:
        """Say which limit is reached; empty where none is."""
        if not self.has_statements_left:
            counted, limit = self.statements, self.following.statements_a_day
            return f"{counted} statements within a day reach the quota of {limit}"
        if not self.has_bytes_left:
            limit = self.following.bytes_a_day
            return f"{self.fetched_bytes} bytes within a day reach the quota of {limit}"
        return ""

    def count(self, *, statements: int = 0, size: int = 0) -> None:
        """Add what came in; bytes are counted when they arrive, used or not."""
        counted = self._hours.setdefault(self._hour, [0, 0])
        counted[0] += statements
        counted[1] += size

    def save(self) -> None:
        """Keep the count for the next run."""
        hours: dict[str, Json] = {str(hour): list(two) for hour, two in self._hours.items()}
        self.storage.replace(f"{self.folder}quota", to_canonical(hours), durable=False)


def record_pause(storage: Storage, folder: str, pause: Pause) -> None:
    """Write down that following stopped at a quota."""
    kept = [*find_pauses(storage, folder), pause][-MAX_PAUSES:]
    rows: list[Json] = [{"at": to_rfc3339(one.at), "reason": one.reason} for one in kept]
    storage.replace(f"{folder}pauses", to_canonical({"pauses": rows}))


def find_pauses(storage: Storage, folder: str) -> tuple[Pause, ...]:
    """Return when following a peer stopped at its quota, the newest last."""
    rows = _read(storage, f"{folder}pauses").get("pauses")
    found: list[Pause] = []
    for row in rows if isinstance(rows, list) else ():
        fields = Fields(row, faults=[])
        found.append(Pause(at=from_rfc3339(fields.text("at")), reason=fields.text("reason")))
    return tuple(found)


def _read(storage: Storage, name: str) -> Mapping[str, Json]:
    try:
        value = from_canonical(storage.read(name))
    except (NotFound, InvalidDocument):
        return {}
    return value if isinstance(value, dict) else {}
