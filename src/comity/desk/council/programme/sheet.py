# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What a programme shows: its tasks, one line a ministry's task, and what is to be settled."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from comity.kernel.canonical import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRow:
    """One task of a programme, as `council.programme.Task`; titles by language tag."""

    id: str
    title: Mapping[str, str]
    says: str
    cites: str
    basis: str
    norms: tuple[str, ...]
    same_work: tuple[str, ...]

    def to_json(self) -> dict[str, Json]:
        """Return the row as plain values."""
        return {
            "id": self.id,
            "title": dict(self.title),
            "says": self.says,
            "cites": self.cites,
            "basis": self.basis,
            "norms": list(self.norms),
            "same_work": list(self.same_work),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeSheet:
    """One programme.

    Args:
        digest: What assignments name, in hex.
    """

    slug: str
    title: Mapping[str, str]
    adopted: dt.date | None
    by: str
    source: str
    digest: str
    example: bool
    tasks: tuple[TaskRow, ...]

    def to_json(self) -> dict[str, Json]:
        """Return the sheet as plain values."""
        return {
            "programme": self.slug,
            "title": dict(self.title),
            "adopted": _day(self.adopted),
            "by": self.by,
            "source": self.source,
            "sha256": self.digest,
            "example": self.example,
            "tasks": [task.to_json() for task in self.tasks],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkRow:
    """An institution that has a task, or will.

    Args:
        part: "" for the whole.
        source: Where it is known that it does such work; "" where nobody says.
        place: Where the statement stands, such as "kh.example/log entry 7"; "" from a file.
    """

    institution: str
    title: str
    part: str
    lead: bool
    since: dt.date
    until: dt.date | None
    source: str = ""
    basis: str = ""
    place: str = ""

    def to_json(self) -> dict[str, Json]:
        """Return the row as plain values."""
        return {
            "institution": self.institution,
            "title": self.title,
            "part": self.part,
            "lead": self.lead,
            "since": self.since.isoformat(),
            "until": _day(self.until),
            "source": self.source,
            "basis": self.basis,
            "place": self.place,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRow:
    """One task of one member.

    Args:
        flags: Words of `Trouble` that are about this task of this member.
    """

    member: str
    programme: str
    task: str
    title: Mapping[str, str]
    now: tuple[WorkRow, ...]
    later: tuple[WorkRow, ...]
    flags: tuple[str, ...]

    def to_json(self) -> dict[str, Json]:
        """Return the row as plain values."""
        return {
            "member": self.member,
            "programme": self.programme,
            "task": self.task,
            "title": dict(self.title),
            "now": [row.to_json() for row in self.now],
            "later": [row.to_json() for row in self.later],
            "flags": list(self.flags),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagRow:
    """Something to settle, with its sentence."""

    code: str
    sentence: str
    member: str
    tasks: tuple[str, ...]
    institutions: tuple[str, ...]

    def to_json(self) -> dict[str, Json]:
        """Return the row as plain values."""
        return {
            "code": self.code,
            "sentence": self.sentence,
            "member": self.member,
            "tasks": list(self.tasks),
            "institutions": list(self.institutions),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewSheet:
    """Who does what on a day.

    Args:
        title: Of the workplan; "" where statements were read.
        members: Each member with the name it is shown by.
        example: Whether it is made up.
    """

    on: dt.date
    title: str
    source: str
    example: bool
    programmes: tuple[ProgrammeSheet, ...]
    members: Mapping[str, str]
    lines: tuple[LineRow, ...]
    flags: tuple[FlagRow, ...]

    def to_json(self) -> dict[str, object]:
        """Return the sheet as plain values."""
        return {
            "on": self.on.isoformat(),
            "title": self.title,
            "source": self.source,
            "example": self.example,
            "programmes": [each.to_json() for each in self.programmes],
            "members": dict(self.members),
            "lines": [row.to_json() for row in self.lines],
            "flags": [row.to_json() for row in self.flags],
        }


def _day(date: dt.date | None) -> str | None:
    return None if date is None else date.isoformat()
