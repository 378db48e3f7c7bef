# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""An adopted plan as tasks in our own words, each with its place and how well it was seen."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from comity.kernel.canonical import Json, to_canonical
from comity.kernel.digest import Digest, sha256
from comity.kernel.localtext import LocalText

BASES = ("text", "secondary", "memory", "weak")
"""How well a source was seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One point of a programme.

    Args:
        id: Unique in its programme, such as "12".
        cites: Where it stands in the plan's own text.
        basis: One of `BASES`.
        norms: Ids of the norms a pack encodes it with; () where none does.
        same_work: Tasks of other programmes that are the same work, as "programme/task".
    """

    id: str
    title: LocalText
    says: str
    cites: str
    basis: str
    norms: tuple[str, ...] = ()
    same_work: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """A plan that members carry out, each by its own institutions.

    Args:
        slug: Names it in assignments, such as "action-plan".
        adopted: None where it was not, or nobody knows.
        by: Who adopted it.
        is_example: Whether it is made up.
    """

    slug: str
    title: LocalText
    adopted: dt.date | None
    by: str
    source: str
    tasks: tuple[Task, ...]
    is_example: bool = False

    def find(self, task: str) -> Task | None:
        """Return a task by its id, or None."""
        return next((each for each in self.tasks if each.id == task), None)


def digest_of(programme: Programme) -> Digest:
    """Return what an assignment names, so that it is of this text and no other.

    Titles in other languages, notes on sources and links to packs may grow without changing
    it; what is to be done may not.
    """
    return sha256(to_canonical(to_programme_json(programme)))


def to_programme_json(programme: Programme) -> dict[str, Json]:
    """Write what a programme asks: its name, its tasks and their words."""
    tasks: list[Json] = [
        {"id": task.id, "title": task.title.by_tag["en"], "says": task.says}
        for task in programme.tasks
    ]
    return {"programme": programme.slug, "title": programme.title.by_tag["en"], "tasks": tasks}


def works(programmes: Mapping[str, Programme]) -> dict[tuple[str, str], frozenset[str]]:
    """Return, by programme and task, the names of the work it is part of.

    A task that says it is the same work as another shares the other's name, so that two
    institutions on one piece of work are seen although two plans ask for it.
    """
    groups = {
        (slug, task.id): {f"{slug}/{task.id}"}
        for slug, programme in programmes.items()
        for task in programme.tasks
    }
    for slug, programme in programmes.items():
        for task in programme.tasks:
            for name in task.same_work:
                other = (name.partition("/")[0], name.partition("/")[2])
                if other in groups:
                    _join(groups, (slug, task.id), other)
    return {key: frozenset(names) for key, names in groups.items()}


def _join(
    groups: dict[tuple[str, str], set[str]], one: tuple[str, str], other: tuple[str, str]
) -> None:
    joined = groups[one] | groups[other]
    for key in list(groups):
        if groups[key] & joined:
            groups[key] = joined
