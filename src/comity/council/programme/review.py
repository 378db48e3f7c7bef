# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Hold assignments against programmes: whose line it is, what is done twice, what by nobody."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import combinations

from comity.council.programme.assignment import Assignment
from comity.council.programme.programme import Programme, digest_of, works
from comity.kernel.digest import Digest

MAX_ON_ONE = 200
"""Institutions on one piece of work that are held against each other; the first ones count."""


class Trouble(Enum):
    """What may be wrong with who does what.

    The last four are faults of an assignment itself, which then counts for nothing.
    """

    UNASSIGNED = "unassigned"
    UNDIVIDED = "undivided"
    SAME_PART = "same_part"
    TWO_LEADS = "two_leads"
    REPEATED = "repeated"
    UNKNOWN_PROGRAMME = "unknown_programme"
    UNKNOWN_TASK = "unknown_task"
    OTHER_TEXT = "other_text"
    FOREIGN = "foreign"


SENTENCES: Mapping[Trouble, str] = {
    Trouble.UNASSIGNED: "no institution has this task",
    Trouble.UNDIVIDED: "several institutions do this work, and nobody says which part is whose",
    Trouble.SAME_PART: "two institutions say that the same part is theirs",
    Trouble.TWO_LEADS: "several institutions say that they lead",
    Trouble.REPEATED: "one institution is given the task twice for the same days",
    Trouble.UNKNOWN_PROGRAMME: "nobody knows this programme here",
    Trouble.UNKNOWN_TASK: "the programme has no such task",
    Trouble.OTHER_TEXT: "it was said of another text of the programme",
    Trouble.FOREIGN: "a member assigns its own institutions, not another's",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """Something to settle.

    Args:
        tasks: Each as "programme/task"; several where plans ask for the same work.
        who: Institutions it is about.
    """

    trouble: Trouble
    member: str
    tasks: tuple[str, ...]
    who: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """Say it."""
        return SENTENCES[self.trouble]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One task of one member.

    Args:
        now: Who has it on the day.
        later: Who will have it.
    """

    member: str
    programme: str
    task: str
    now: tuple[Assignment, ...]
    later: tuple[Assignment, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """Every task of every member on a day, and what is to be settled."""

    on: dt.date
    lines: tuple[Line, ...]
    flags: tuple[Flag, ...]


def review(
    programmes: Mapping[str, Programme],
    assignments: Sequence[Assignment],
    on: dt.date,
    members: Iterable[str] = (),
) -> Review:
    """Say who does what on a day, and flag what is done twice or by nobody.

    Two institutions may share a task if each says which part is its own and no two say the
    same. Tasks of several programmes that are the same work are looked at together: done in
    one they are done in all, and two institutions on them are two on one.

    Args:
        members: Looked at even if they assigned nothing; those who did are anyway.
    """
    digests = {slug: digest_of(programme) for slug, programme in programmes.items()}
    sound: list[Assignment] = []
    refused: list[Flag] = []
    for each in assignments:
        faults = list(_faults(each, programmes, digests))
        refused.extend(faults)
        if not faults:
            sound.append(each)
    who = sorted({*members, *(each.member for each in sound)})
    lines: list[Line] = []
    flags: list[Flag] = []
    for member in who:
        own = [each for each in sound if each.member == member]
        lines.extend(_lines(member, own, programmes, on))
        flags.extend(_unassigned(member, own, programmes, on))
        flags.extend(_shared(member, own, programmes, on))
    return Review(on=on, lines=tuple(lines), flags=(*flags, *dict.fromkeys(refused)))


def _faults(
    assignment: Assignment,
    programmes: Mapping[str, Programme],
    digests: Mapping[str, Digest],
) -> Iterator[Flag]:
    programme = programmes.get(assignment.programme)
    troubles = []
    if programme is None:
        troubles.append(Trouble.UNKNOWN_PROGRAMME)
    elif programme.find(assignment.task) is None:
        troubles.append(Trouble.UNKNOWN_TASK)
    elif assignment.digest not in {None, digests[programme.slug]}:
        troubles.append(Trouble.OTHER_TEXT)
    if assignment.institution.of != assignment.member:
        troubles.append(Trouble.FOREIGN)
    for trouble in troubles:
        yield Flag(
            trouble=trouble,
            member=assignment.member,
            tasks=(f"{assignment.programme}/{assignment.task}",),
            who=(assignment.institution.slug,),
        )


def _lines(
    member: str,
    own: Sequence[Assignment],
    programmes: Mapping[str, Programme],
    on: dt.date,
) -> Iterator[Line]:
    for slug, programme in programmes.items():
        for task in programme.tasks:
            given = [each for each in own if (each.programme, each.task) == (slug, task.id)]
            yield Line(
                member=member,
                programme=slug,
                task=task.id,
                now=tuple(each for each in given if each.holds_on(on)),
                later=tuple(each for each in given if each.since > on),
            )


def _unassigned(
    member: str,
    own: Sequence[Assignment],
    programmes: Mapping[str, Programme],
    on: dt.date,
) -> Iterator[Flag]:
    names = works(programmes)
    held = {names[each.programme, each.task] for each in own if each.holds_on(on)}
    for slug, programme in programmes.items():
        for task in programme.tasks:
            if names[slug, task.id] not in held:
                name = f"{slug}/{task.id}"
                yield Flag(trouble=Trouble.UNASSIGNED, member=member, tasks=(name,))


def _shared(
    member: str,
    own: Sequence[Assignment],
    programmes: Mapping[str, Programme],
    on: dt.date,
) -> Iterator[Flag]:
    """Flag what several institutions do, now or on a day to come."""
    names = works(programmes)
    by_work: dict[frozenset[str], list[Assignment]] = defaultdict(list)
    for each in own:
        if each.until is None or each.until > on:
            by_work[names[each.programme, each.task]].append(each)
    for work, given in by_work.items():
        found: dict[Trouble, set[str]] = defaultdict(set)
        for one, other in combinations(given[:MAX_ON_ONE], 2):
            if one.overlaps(other):
                for trouble in _between(one, other):
                    found[trouble] |= {one.institution.slug, other.institution.slug}
        for trouble, who in found.items():
            yield Flag(
                trouble=trouble, member=member, tasks=tuple(sorted(work)),
                who=tuple(sorted(who)),
            )  # fmt: skip


def _between(one: Assignment, other: Assignment) -> Iterator[Trouble]:
    """Yield what is wrong between two assignments of one piece of work."""
    if one.institution.slug == other.institution.slug:
        same_task = (one.programme, one.task) == (other.programme, other.task)
        if same_task and _words(one.part) == _words(other.part):
            yield Trouble.REPEATED
        return
    if not one.part.strip() or not other.part.strip():
        yield Trouble.UNDIVIDED
    elif _words(one.part) == _words(other.part):
        yield Trouble.SAME_PART
    if one.is_lead and other.is_lead:
        yield Trouble.TWO_LEADS


def _words(part: str) -> str:
    return " ".join(part.casefold().split())
