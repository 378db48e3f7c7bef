# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Who does a task for a member: an institution, from when to when, the whole or a part."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from comity.errors import Fault, InvalidDocument
from comity.kernel.canonical import Json
from comity.kernel.digest import Digest
from comity.kernel.fields import Fields
from comity.kernel.instant import from_iso_date


@dataclass(frozen=True, slots=True, kw_only=True)
class Institution:
    """A ministry, an agency, an office; never a person.

    Args:
        slug: Short name that stays when the title changes, such as "mptc".
        of: Whose institution it is: a member id on a log, a country code in a file.
    """

    slug: str
    title: str
    of: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """A member gives a task to one of its institutions.

    Args:
        member: Who says so.
        programme: Slug of the programme; `digest` is of its text, None where a file says none.
        since: First day; `until` is the first day on which it no longer holds, or None.
        part: Which part of the task it is; "" for the whole.
        is_lead: Whether it answers for the task where several work on it.
    """

    member: str
    programme: str
    task: str
    institution: Institution
    since: dt.date
    until: dt.date | None = None
    part: str = ""
    is_lead: bool = False
    digest: Digest | None = None

    def holds_on(self, day: dt.date) -> bool:
        """Tell whether the institution has the task on a day."""
        return self.since <= day and (self.until is None or day < self.until)

    def overlaps(self, other: "Assignment") -> bool:
        """Tell whether there is a day on which both hold."""
        ends = [each.until for each in (self, other) if each.until is not None]
        return not ends or max(self.since, other.since) < min(ends)


def to_assignment_json(assignment: Assignment, text: Digest) -> dict[str, Json]:
    """Write an assignment's predicate, without `issued`.

    Args:
        text: Digest of the programme it is of.
    """
    who = assignment.institution
    written: dict[str, Json] = {
        "programme": assignment.programme,
        "text": text.hex(),
        "task": assignment.task,
        "institution": {"name": who.slug, "title": who.title, "of": who.of},
        "since": assignment.since.isoformat(),
    }
    if assignment.until is not None:
        written["until"] = assignment.until.isoformat()
    if assignment.part:
        written["part"] = assignment.part
    if assignment.is_lead:
        written["lead"] = True
    return written


def from_assignment_json(member: str, predicate: Mapping[str, Json]) -> Assignment:
    """Read the assignment that *member* signed.

    Raises:
        InvalidDocument: With every fault of it.
    """
    faults: list[Fault] = []
    fields = Fields(predicate, faults=faults)
    fields.instant("issued")
    who = fields.inner("institution")
    since = _day(fields, "since")
    until = fields.optional("until", lambda name: _day(fields, name))
    if until is not None and until <= since:
        fields.fault("until", "is not after since")
    assignment = Assignment(
        member=member,
        programme=fields.text("programme"),
        task=fields.text("task"),
        institution=Institution(
            slug=who.text("name"), title=who.text("title"), of=who.text("of")
        ),
        since=since,
        until=until,
        part=fields.optional("part", fields.text) or "",
        is_lead=fields.optional("lead", fields.flag) or False,
        digest=fields.digest("text"),
    )
    fields.finish("not an assignment", code="council.assignment")
    return assignment


def _day(fields: Fields, name: str) -> dt.date:
    text = fields.text(name)
    try:
        return from_iso_date(text)
    except InvalidDocument as error:
        if text:
            fields.fault(name, f"is wrong: {error.message}")
        return dt.date.min
