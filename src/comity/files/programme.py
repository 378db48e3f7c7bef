# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Programmes on disk: `packs/programmes/*.toml`, or one's own; tasks, and who does them."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from comity.council.programme.assignment import Assignment, Institution
from comity.council.programme.programme import BASES, Programme, Task
from comity.errors import NotFound
from comity.files.materials.country import near_code
from comity.files.pack import SHIPPED
from comity.files.shipped import find_path, named_instead, shipped_paths
from comity.files.table import Table, open_table, settle
from comity.kernel.localtext import LocalText
from comity.law.cursor import near_miss
from comity.law.market import STATES

PROGRAMMES = SHIPPED / "programmes"
"""The programmes that come with Comity, and an example of who does what."""

_NO_DAY = dt.date.min
_CODE = re.compile("[A-Z]{3}")
MAX_TASKS = 500
MAX_ASSIGNMENTS = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class InstitutionSource:
    """Where it is known that an institution does such work; both "" where nobody says."""

    source: str
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Workplan:
    """Who does which task, for one member or several.

    Args:
        programmes: By slug, as the file names them.
        grounds: By member and institution.
        is_example: Whether it is made up.
    """

    title: str
    source: str
    programmes: Mapping[str, Programme]
    assignments: tuple[Assignment, ...]
    grounds: Mapping[tuple[str, str], InstitutionSource]
    is_example: bool


def shipped_programmes() -> tuple[Programme, ...]:
    """Return the programmes that come with Comity, by slug."""
    paths = [path for path in shipped_paths(PROGRAMMES) if _is_programme(path)]
    return tuple(read_programme(path) for path in paths)


def shipped_workplans() -> Mapping[str, Workplan]:
    """Return the examples of who does what that come with Comity, by slug."""
    paths = [path for path in shipped_paths(PROGRAMMES) if not _is_programme(path)]
    return {path.stem: read_workplan(path) for path in paths}


def get_programme(name: str) -> Programme:
    """Return a shipped programme by its slug, or one's own by its file.

    Raises:
        NotFound: None is called so and no file is there (code `files.no_programme`).
        InvalidDocument: The file has faults; all are listed.
    """
    return read_programme(_find(name))


def get_workplan(name: str) -> Workplan:
    """Return a shipped workplan by its slug, or one's own by its file.

    Raises:
        NotFound: As `get_programme`.
        InvalidDocument: The file has faults; all are listed.
    """
    return read_workplan(_find(name))


def read_either(name: str) -> Programme | Workplan:
    """Read a file of tasks, or one of who does them, whichever it is.

    Raises:
        NotFound: As `get_programme`.
        InvalidDocument: The file has faults; all are listed.
    """
    path = _find(name)
    return read_programme(path) if _is_programme(path) else read_workplan(path)


def read_programme(path: Path) -> Programme:
    """Read a programme.

    Raises:
        NotFound: No such file (code `files.no_programme`).
        InvalidDocument: Any fault in it; all are listed with their places
            (`files.programme`).
    """
    table = open_table(path, "programme")
    programme = Programme(
        slug=path.stem,
        title=_title(table),
        adopted=table.date("adopted"),
        by=table.text("by"),
        source=table.text("source"),
        tasks=tuple(_tasks(table)),
        is_example=table.flag("example"),
    )
    if not 1 <= len(programme.tasks) <= MAX_TASKS:
        table.fault("task", f"a programme has 1 to {MAX_TASKS} tasks, each as [[task]]")
    table.finish()
    settle(table, "programme")
    return programme


def read_workplan(path: Path) -> Workplan:
    """Read who does which task.

    Raises:
        NotFound: No such file (code `files.no_programme`).
        InvalidDocument: Any fault in it, those of its own programmes first; all are listed
            with their places (`files.programme`).
    """
    table = open_table(path, "programme")
    programmes = dict(_programmes(table, path.parent))
    known: dict[tuple[str, str], Institution] = {}
    grounds = dict(_institutions(table, known))
    plan = Workplan(
        title=table.text("title"),
        source=table.text("source", default=""),
        programmes=programmes,
        assignments=tuple(_assignments(table, programmes, known)),
        grounds=grounds,
        is_example=table.flag("example"),
    )
    if not 1 <= len(plan.assignments) <= MAX_ASSIGNMENTS:
        message = f"a workplan has 1 to {MAX_ASSIGNMENTS:,} assignments, each as [[assignment]]"
        table.fault("assignment", message)
    table.finish()
    settle(table, "programme")
    return plan


def _find(name: str) -> Path:
    path = find_path(name, PROGRAMMES)
    if path is None:
        message, hint = f"no programme is called {name[:60]!r}", named_instead(name, PROGRAMMES)
        raise NotFound(message, code="files.no_programme", hint=hint)
    return path


def _is_programme(path: Path) -> bool:
    row = open_table(path, "programme").row
    return "task" in row or "assignment" not in row


def _title(table: Table) -> LocalText:
    by_tag = {"en": table.text("title")}
    for name in table.row:
        if name.startswith("title_"):
            by_tag[name.removeprefix("title_")] = table.text(name)
    return LocalText(by_tag=by_tag)


def _tasks(table: Table) -> Iterator[Task]:
    seen: set[str] = set()
    for row in table.tables("task"):
        task = Task(
            id=row.text("id"),
            title=_title(row),
            says=row.text("says"),
            cites=row.text("cites"),
            basis=row.word("basis", BASES),
            norms=row.texts("norms"),
            same_work=row.texts("same_work"),
        )
        for name in task.same_work:
            if not all(name.partition("/")[::2]):
                row.fault("same_work", f"{name!r} is not written programme/task")
        if task.id in seen:
            row.fault("id", f"task {task.id!r} stands twice")
        seen.add(task.id)
        row.finish()
        yield task


def _programmes(table: Table, folder: Path) -> Iterator[tuple[str, Programme]]:
    names = table.texts("programmes")
    if not names:
        table.fault("programmes", 'no programme is named, such as programmes = ["action-plan"]')
    for name in names:
        own = folder / name
        try:
            programme = read_programme(own) if own.suffix == ".toml" else get_programme(name)
        except NotFound as error:
            table.fault("programmes", error.message, near_miss(name, _slugs()))
        else:
            yield programme.slug, programme


def _slugs() -> list[str]:
    return [path.stem for path in PROGRAMMES.glob("*.toml")]


def _institutions(
    table: Table, known: dict[tuple[str, str], Institution]
) -> Iterator[tuple[tuple[str, str], InstitutionSource]]:
    for row in table.tables("institution"):
        found = Institution(slug=row.text("id"), title=row.text("title"), of=row.text("of"))
        if _CODE.fullmatch(found.of) and found.of not in STATES:
            message = f"{found.of!r} is no ISO 3166-1 alpha-3 code"
            row.fault("of", message, near_miss(found.of, STATES) or near_code(found.of, STATES))
        if any(slug == found.slug for slug, _ in known):
            row.fault("id", f"institution {found.slug!r} stands twice")
        known[found.slug, found.of] = found
        yield (
            (found.of, found.slug),
            InstitutionSource(
                source=row.text("source", default=""),
                basis=row.word("basis", BASES, default=""),
            ),
        )
        row.finish()


def _assignments(
    table: Table,
    programmes: Mapping[str, Programme],
    known: Mapping[tuple[str, str], Institution],
) -> Iterator[Assignment]:
    institutions = {slug: institution for (slug, _), institution in known.items()}
    nobody = Institution(slug="", title="", of="")
    for row in table.tables("assignment"):
        slug = row.word("institution", institutions)
        institution = institutions.get(slug, nobody)
        since, until = row.date("since"), row.date("until")
        if since is None:
            row.fault("since", "since is missing: the first day on which it has the task")
        elif until is not None and until <= since:
            row.fault("until", "until is not after since")
        name = row.word("programme", programmes)
        one = Assignment(
            member=row.text("member", default=institution.of),
            programme=name,
            task="",
            institution=institution,
            since=since or _NO_DAY,
            until=until,
            part=row.text("part", default=""),
            is_lead=row.flag("lead"),
        )
        tasks = row.texts("tasks")
        _unknown_tasks(row, tasks, programmes.get(name))
        row.finish()
        yield from (replace(one, task=task) for task in tasks)


def _unknown_tasks(row: Table, tasks: tuple[str, ...], programme: Programme | None) -> None:
    if not tasks:
        row.fault("tasks", 'no task is named, such as tasks = ["12"]')
    if programme is not None:
        ids = [task.id for task in programme.tasks]
        for task in tasks:
            if task not in ids:
                message = f"{programme.slug} has no task {task!r}"
                row.fault("tasks", message, near_miss(task, ids))
