# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Programmes for people: show them, assign tasks in one's own log, review who does what."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from comity.council.programme.assignment import (
    Assignment,
    from_assignment_json,
    to_assignment_json,
)
from comity.council.programme.programme import Programme, Task, digest_of
from comity.council.programme.review import Flag, Line, review
from comity.desk.council.programme.sheet import (
    FlagRow,
    LineRow,
    ProgrammeSheet,
    ReviewSheet,
    TaskRow,
    WorkRow,
)
from comity.desk.log.record import record
from comity.desk.log.shelf import Logs, Shelf, ViewShelf, place_of
from comity.desk.log.withdrawal import find_withdrawal
from comity.errors import InvalidDocument, NotPermitted
from comity.files.programme import InstitutionSource, Workplan
from comity.kernel.instant import Instant
from comity.kernel.reference import Reference
from comity.node.node import Node

KIND = "assignment"
NO_GROUNDS = InstitutionSource(source="", basis="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Assigned:
    """An assignment as it stands in a log, and where."""

    assignment: Assignment
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged:
    """What was said now, and how many assignments stood there already."""

    references: tuple[Reference, ...]
    standing: int


def programme_sheet(programme: Programme) -> ProgrammeSheet:
    """Show one programme."""
    return ProgrammeSheet(
        slug=programme.slug,
        title=programme.title.by_tag,
        adopted=programme.adopted,
        by=programme.by,
        source=programme.source,
        digest=digest_of(programme).hex(),
        example=programme.is_example,
        tasks=tuple(_task_row(task) for task in programme.tasks),
    )


def assign(node: Node, plan: Workplan, *, now: Instant) -> Logged:
    """Say in this node's log what a workplan says of its member; what stands is not repeated.

    The file names the member by its country code, and the log by the member's id.

    Raises:
        NotPermitted: The file assigns for another member, or another's institutions.
    """
    own = node.keyset.jurisdiction
    _refuse_others(plan.assignments, own)
    standing = {each.assignment for each in assigned(ViewShelf(node.view()))}
    said: list[Reference] = []
    held = 0
    for one in plan.assignments:
        programme = plan.programmes[one.programme]
        text = digest_of(programme)
        mine = replace(
            one,
            member=node.member,
            institution=replace(one.institution, of=node.member),
            digest=text,
        )
        if mine in standing:
            held += 1
            continue
        predicate = to_assignment_json(mine, text)
        if plan.is_example:
            predicate["example"] = True
        said.append(record(node, KIND, predicate, subject=text, now=now))
    return Logged(references=tuple(said), standing=held)


def assigned(shelf: Shelf) -> tuple[Assigned, ...]:
    """Return the assignments that stand: the newest of each, those taken back left out.

    Of one member, programme, task and institution the later statement of its log counts.
    """
    newest: dict[tuple[str, str, str, str], Assigned | None] = {}
    for said in shelf.of_kind(KIND):
        try:
            found = from_assignment_json(said.member, said.statement.predicate)
        except InvalidDocument:
            continue
        key = (found.member, found.programme, found.task, found.institution.slug)
        gone = find_withdrawal(shelf, said) is not None
        newest[key] = (
            None if gone else Assigned(assignment=found, place=place_of(said.reference))
        )
    return tuple(each for each in newest.values() if each is not None)


def review_plan(plan: Workplan, on: dt.date) -> ReviewSheet:
    """Say who does what by a file."""
    members = {each.member: each.member for each in plan.assignments}
    sheet = _sheet(plan.programmes, plan.assignments, on, members, grounds=plan.grounds)
    return replace(sheet, title=plan.title, source=plan.source, example=plan.is_example)


def review_node(node: Node, programmes: Mapping[str, Programme], on: dt.date) -> ReviewSheet:
    """Say who does what by the logs a node holds."""
    return review_logs(node.view(), programmes, on)


def review_logs(logs: Logs, programmes: Mapping[str, Programme], on: dt.date) -> ReviewSheet:
    """Say who does what by some logs."""
    every = assigned(ViewShelf(logs))
    names = {str(log.member): log.name for log in logs.members()}
    asked = [each for each in every if each.assignment.programme in programmes]
    members = {
        each.assignment.member: names.get(each.assignment.member, each.assignment.member)
        for each in asked
    }
    places = {each.assignment: each.place for each in asked}
    return _sheet(programmes, [each.assignment for each in asked], on, members, places=places)


def _refuse_others(assignments: Iterable[Assignment], own: str) -> None:
    faults = {
        f"{each.member} gives task {each.programme}/{each.task} to {each.institution.slug} "
        f"of {each.institution.of}"
        for each in assignments
        if {each.member, each.institution.of} != {own}
    }
    if faults:
        raise NotPermitted(
            f"this node speaks for {own} alone: {'; '.join(sorted(faults)[:5])}",
            code="desk.other_member",
            hint="each member assigns its own institutions, in its own log",
        )


def _sheet(
    programmes: Mapping[str, Programme],
    assignments: Iterable[Assignment],
    on: dt.date,
    members: Mapping[str, str],
    *,
    grounds: Mapping[tuple[str, str], InstitutionSource] | None = None,
    places: Mapping[Assignment, str] | None = None,
) -> ReviewSheet:
    found = review(programmes, tuple(assignments), on, members)

    def row(one: Assignment) -> WorkRow:
        who = one.institution
        known = (grounds or {}).get((who.of, who.slug), NO_GROUNDS)
        return _work_row(one, known, (places or {}).get(one, ""))

    return ReviewSheet(
        on=on,
        title="",
        source="",
        example=False,
        programmes=tuple(programme_sheet(each) for each in programmes.values()),
        members=dict(members),
        lines=tuple(
            LineRow(
                member=line.member,
                programme=line.programme,
                task=line.task,
                title=_title(programmes, line),
                now=tuple(map(row, line.now)),
                later=tuple(map(row, line.later)),
                flags=tuple(_flags_of(line, found.flags)),
            )
            for line in found.lines
        ),
        flags=tuple(_flag_row(flag) for flag in found.flags),
    )


def _work_row(one: Assignment, known: InstitutionSource, place: str) -> WorkRow:
    return WorkRow(
        institution=one.institution.slug,
        title=one.institution.title,
        part=one.part,
        lead=one.is_lead,
        since=one.since,
        until=one.until,
        source=known.source,
        basis=known.basis,
        place=place,
    )


def _title(programmes: Mapping[str, Programme], line: Line) -> Mapping[str, str]:
    task = programmes[line.programme].find(line.task)
    return {} if task is None else task.title.by_tag


def _flags_of(line: Line, flags: Iterable[Flag]) -> Iterator[str]:
    name = f"{line.programme}/{line.task}"
    for flag in flags:
        if flag.member == line.member and name in flag.tasks:
            yield flag.trouble.value


def _flag_row(flag: Flag) -> FlagRow:
    return FlagRow(
        code=flag.trouble.value,
        sentence=flag.sentence,
        member=flag.member,
        tasks=flag.tasks,
        institutions=flag.who,
    )


def _task_row(task: Task) -> TaskRow:
    return TaskRow(
        id=task.id,
        title=task.title.by_tag,
        says=task.says,
        cites=task.cites,
        basis=task.basis,
        norms=task.norms,
        same_work=task.same_work,
    )
