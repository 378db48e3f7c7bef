# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""One category on its way: which draw is next, and where its path stands."""

from collections.abc import Iterable

from comity.assess.run.course import Course, Outcome, Step
from comity.evidence.bank import Opening
from comity.evidence.statistics.design import Verdict
from comity.evidence.statistics.path import follow
from comity.evidence.transcript import Record
from comity.kernel.canonical import Json


class Lane:
    """One course: outcomes so far, and whether another question is due."""

    def __init__(self, course: Course) -> None:
        self.course = course
        self.category = course.category
        self.outcomes = list(course.prior)
        self.path = follow(course.design, course.prior)
        self._before = len(course.prior)
        self._due = course.openings[: max(0, course.design.cap - self._before)]

    @property
    def is_decided(self) -> bool:
        """Tell whether a verdict has fallen."""
        return self.path.verdict is not Verdict.INSUFFICIENT

    @property
    def is_open(self) -> bool:
        """Tell whether another question is due."""
        return not self.is_decided and len(self.outcomes) - self._before < len(self._due)

    @property
    def draw(self) -> int:
        """Return the 1-based draw whose outcome is next."""
        return len(self.outcomes) + 1

    def find_opening(self, draw: int) -> Opening | None:
        """Return the item of a draw, or None where there is none left."""
        place = draw - self._before - 1
        return self._due[place] if 0 <= place < len(self._due) else None

    def prompts(self) -> Iterable[Json]:
        """Return what is left to ask at most; nothing once it is decided."""
        taken = len(self.outcomes) - self._before
        return () if self.is_decided else (one.item.prompt for one in self._due[taken:])

    def scorers(self) -> Iterable[str]:
        """Return the scorers of what is left to ask at most; nothing once it is decided."""
        taken = len(self.outcomes) - self._before
        return () if self.is_decided else (one.item.scorer for one in self._due[taken:])

    def settle(self, record: Record, *, is_resumed: bool) -> Step:
        """Take the outcome of the draw that was due."""
        self.outcomes.append(record.outcome)
        self.path = self.path.after(record.outcome)
        return Step(
            record=record,
            asked=self.path.asked,
            failed=self.path.failed,
            verdict=self.path.verdict,
            path=self.path,
            is_resumed=is_resumed,
        )

    def settle_late(self, record: Record) -> None:
        """Take an outcome behind the verdict: the subject saw it, and it decides nothing."""
        self.outcomes.append(record.outcome)

    def window(self, width: int, least: int) -> int:
        """Return how many questions may be on their way, at most *width*.

        As many as it takes until a verdict is possible, *least* at least: fewer would leave
        the line idle, more would show items that may not be needed.
        """
        most = min(width, self.course.design.cap - self.path.asked)
        end = self.path.find_end(range(min(least, width), most))
        return width if end is None else end

    def outcome(self) -> Outcome:
        """Return what the course came to."""
        return Outcome(
            category=self.category,
            outcomes=tuple(self.outcomes),
            asked=self.path.asked,
            failed=self.path.failed,
            verdict=self.path.verdict,
        )
