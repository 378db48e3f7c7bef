# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Planning for systems under three invented regimes."""

from dataclasses import dataclass

import pytest
from tests.fakes.regimes import COSTS, ON, determined_on

from comity.law.determine import Determination
from comity.law.fact import Answer
from comity.law.measure.ask import Owed, owed_by
from comity.law.measure.course import Conflict, Course, Measure
from comity.law.measure.planner import Planner
from comity.law.measure.scene import Scene, world_of
from comity.law.measure.way import Guide, Way


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A system in markets, what is asked of it, and the course for it."""

    determination: Determination
    owed: Owed
    planner: Planner
    course: Course

    def measure(self, conduct: str) -> Measure:
        """Return the one measure about a conduct."""
        (found,) = (each for each in self.course.measures if each.conduct.name == conduct)
        return found

    def ways(self, conflict: Conflict) -> tuple[Way, ...]:
        """Return the ways out of a conflict."""
        return self.guide().ways(conflict)

    def guide(self) -> Guide:
        """Return who finds the ways out."""
        return Guide(
            determination=self.determination, planner=self.planner, duties=self.owed.duties
        )


def case(*markets: str, soft: bool = False, coming: bool = False, **answers: Answer) -> Case:
    """Course for a system in some markets."""
    determination = determined_on(ON, markets, answers)
    owed = owed_by(determination, soft=soft, coming=coming)
    scene = Scene(conducts=determination.library.vocabulary.conducts)
    planner = Planner(scene=scene, costs=COSTS).within(world_of(determination.situation))
    return Case(
        determination=determination,
        owed=owed,
        planner=planner,
        course=planner.course([*owed.duties, *owed.advice]),
    )


@pytest.fixture
def calm() -> Case:
    """Return a system whose duties in three markets can all be met."""
    return case("EU", "CHN", "BRA")
