# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Measures for a system on disk: what meets every duty, what cannot be met, ways out."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from comity.desk.law.duties import Inquiry, duties_of, library_for, load_profile
from comity.files.costs import SHIPPED_COSTS, read_costs
from comity.kernel.canonical import Json
from comity.law.determine import Determination
from comity.law.measure.ask import Ask, Owed, owed_by
from comity.law.measure.cost import CostTable
from comity.law.measure.course import Conflict, Course
from comity.law.measure.planner import Planner
from comity.law.measure.prospect import Prospect, prospects
from comity.law.measure.scene import Scene, world_of
from comity.law.measure.way import Guide, Way

Progress = Callable[[str, int, int], None]
"""Told what is looked at, how many are done, and how many there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the measures are to meet.

    Args:
        coming: Duties not yet in force as well.
        soft: Recommendations too, where no duty stands against them.
        costs: A table of the user's own; None for the one that comes along.
    """

    coming: bool = False
    soft: bool = False
    costs: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What a system has to do.

    Args:
        ways: The ways out of each conflict, in the order of the conflicts.
        out_of_all: The ways out of every conflict at once, the least costly first.
        possible_conflicts: What would collide if facts of the world held that nobody told.
        if_bound: What duties would need of which it cannot be told whether they bind.
        to_come: What duties will need that are not yet in force.
    """

    determination: Determination
    costs: CostTable
    owed: Owed
    course: Course
    ways: tuple[tuple[Way, ...], ...]
    out_of_all: tuple[Way, ...]
    possible_conflicts: tuple[Conflict, ...]
    if_bound: tuple[Prospect, ...]
    to_come: tuple[Prospect, ...]

    def to_json(self) -> Json:
        """Write the outlook as plain JSON values."""
        determination = self.determination
        return {
            "system": determination.profile.system,
            "on": determination.on.isoformat(),
            "markets": list(determination.markets),
            "library": determination.library.digest.hex(),
            "costs": {"about": self.costs.about, "unit": "person-day"},
            "duties": len(self.owed.duties),
            "course": self.course.to_json(),
            "ways_out": [[way.to_json() for way in ways] for ways in self.ways],
            "out_of_all": [way.to_json() for way in self.out_of_all],
            "possible_conflicts": [each.to_json() for each in self.possible_conflicts],
            "would_be_needed_if": [each.to_json() for each in self.if_bound],
            "to_come": [each.to_json() for each in self.to_come],
            "permitted": [ask.to_json() for ask in self.owed.permitted],
        }


def outlook_for(
    profile: Path, inquiry: Inquiry, wanted: Wanted, progress: Progress | None = None
) -> Outlook:
    """Course the measures that meet every binding duty of a system at least assumed cost.

    Raises:
        NotFound: No such profile, table or folder.
        InvalidDocument: A fault in any of them, an unknown market, or answers that
            contradict an axiom.
    """
    library = library_for(inquiry)
    costs = read_costs(wanted.costs or SHIPPED_COSTS, library)
    determination = duties_of(load_profile(profile, library), inquiry)
    tell = progress or (lambda _what, _done, _of: None)
    return _Desk(determination, costs, wanted, tell).outlook()


class _Desk:
    def __init__(
        self, determination: Determination, costs: CostTable, wanted: Wanted, tell: Progress
    ) -> None:
        self.determination, self.costs, self.wanted = determination, costs, wanted
        self.tell = tell
        self.owed = owed_by(determination, coming=wanted.coming, soft=wanted.soft)
        self.world = world_of(determination.situation)
        scene = Scene(conducts=determination.library.vocabulary.conducts)
        self.planner = Planner(scene=scene, costs=costs).within(self.world)

    def outlook(self) -> Outlook:
        """Course, look for ways out, and look ahead."""
        self.tell("planning", 0, 1)
        course = self.planner.course([*self.owed.duties, *self.owed.advice])
        guide = Guide(
            determination=self.determination, planner=self.planner,
            duties=self.owed.duties, coming=self.wanted.coming,
        )  # fmt: skip
        ways = self._ways(guide, course)
        return Outlook(
            determination=self.determination,
            costs=self.costs,
            owed=self.owed,
            course=course,
            ways=ways,
            out_of_all=guide.out_of_all(course.conflicts, ways),
            possible_conflicts=self._possible(course),
            if_bound=self._ahead("open duties", self.owed.doubtful),
            to_come=self._ahead("duties to come", self.owed.later),
        )

    def _ways(self, guide: Guide, course: Course) -> tuple[tuple[Way, ...], ...]:
        found = []
        for place, conflict in enumerate(course.conflicts):
            self.tell("ways out", place, len(course.conflicts))
            found.append(guide.ways(conflict))
        return tuple(found)

    def _possible(self, course: Course) -> tuple[Conflict, ...]:
        """Return what collides only where every doubted exclusion holds."""
        known = {frozenset(ask.key for ask in each.asks) for each in course.conflicts}
        worst = self.planner.within(self.world.at_worst).course(self.owed.duties)
        doubted = {each.name for each, _ in self.world.doubted}
        return tuple(
            Conflict(
                asks=each.asks,
                exclusions=tuple(e for e in each.exclusions if e.name not in doubted),
                provided=tuple(e for e in each.exclusions if e.name in doubted),
            )
            for each in worst.conflicts
            if frozenset(ask.key for ask in each.asks) not in known
        )

    def _ahead(self, what: str, more: tuple[Ask, ...]) -> tuple[Prospect, ...]:
        self.tell(what, 0, 1)
        duties = [*self.owed.duties, *self.owed.advice]
        return prospects(self.planner, duties, more)
