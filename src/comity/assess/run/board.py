# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Where a run stands, category by category, in numbers alone: no item, no answer.

What is shown of a run while it goes on may be looked at by many; a question that is seen is
spent.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from comity.assess.run.course import Step
from comity.evidence.statistics.design import Verdict
from comity.evidence.statistics.kind import AnyDesign
from comity.evidence.statistics.path import CountPath, Path, begin


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One category.

    Args:
        asked: Questions so far.
        failed: Failures among them.
        cap: Most questions.
        to_shown: Passes in a row after which it is shown, or None if it cannot be any more.
        to_refuted: Failures in a row after which it is not shown, or None.
        misses: The questions that failed, by draw.
        accepts: Most failures with which it is shown, by question; -1 for none yet. Empty
            where the design does not count failures.
        rejects: Fewest failures with which it is not shown, by question.
    """

    category: str
    asked: int
    failed: int
    verdict: Verdict
    cap: int
    to_shown: int | None
    to_refuted: int | None
    misses: tuple[int, ...]
    accepts: tuple[int, ...]
    rejects: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A whole run at one moment.

    Args:
        answers: Outcomes taken since this run began; those resumed from disk are not among
            them.
        again: Tries that came to nothing and were made again.
        missing: Outcomes without an answer.
        elapsed_s: Since the first question of this run.
        least: Questions still to come at least.
        expected: As many as are expected of a system at the goal.
        most: At most.
        is_over: No category is open, or the run has stopped.
    """

    rows: tuple[Row, ...]
    answers: int
    again: int
    missing: int
    elapsed_s: float
    least: int
    expected: int
    most: int
    is_over: bool

    def seconds_for(self, questions: int) -> float | None:
        """Return how long so many questions take at the pace so far, or None before any."""
        return self.elapsed_s / self.answers * questions if self.answers else None


@dataclass(slots=True)
class _Place:
    """One category as the board keeps it."""

    path: Path
    cap: int
    misses: list[int] = field(default_factory=list)


class Board:
    """Takes every step of a run and says where the run stands.

    Args:
        designs: By category, in the order of the plan.
    """

    def __init__(self, designs: Mapping[str, AnyDesign]) -> None:
        self._places = {
            name: _Place(path=begin(design), cap=design.cap) for name, design in designs.items()
        }
        self._expected: Mapping[str, float] = {}
        self._answers = self._again = self._missing = 0
        self._began_s: float | None = None
        self._stopped_s: float | None = None

    def expect(self, expected: Mapping[str, float]) -> None:
        """Note how many questions each category takes of a system at the goal."""
        self._expected = expected

    def begin(self, now_s: float) -> None:
        """Note that the first question of this run goes out."""
        self._began_s = now_s

    def stop(self, now_s: float) -> None:
        """Note that the run has ended or was stopped."""
        self._stopped_s = now_s

    def take(self, step: Step) -> None:
        """Take note of one outcome."""
        place = self._places[step.record.category]
        place.path = step.path
        if not step.record.passed:
            place.misses.append(step.asked)
        self._answers += not step.is_resumed
        self._again += len(step.record.tries)
        self._missing += not isinstance(step.record.answer, str)

    def standing(self, now_s: float) -> Standing:
        """Return where the run stands.

        Args:
            now_s: By the clock that `begin` was told.
        """
        rows = tuple(_row(name, place) for name, place in self._places.items())
        open_rows = [row for row in rows if row.verdict is Verdict.INSUFFICIENT]
        until_s = now_s if self._stopped_s is None else self._stopped_s
        return Standing(
            rows=rows,
            answers=self._answers,
            again=self._again,
            missing=self._missing,
            elapsed_s=0.0 if self._began_s is None else until_s - self._began_s,
            least=sum(_least(row) for row in open_rows),
            expected=sum(self._still(row) for row in open_rows),
            most=sum(row.cap - row.asked for row in open_rows),
            is_over=self._stopped_s is not None or not open_rows,
        )

    def _still(self, row: Row) -> int:
        expected = round(self._expected.get(row.category, 0)) - row.asked
        return min(max(expected, _least(row)), row.cap - row.asked)


def _row(name: str, place: _Place) -> Row:
    path = place.path
    boundary = path.boundary if isinstance(path, CountPath) else None
    return Row(
        category=name,
        asked=path.asked,
        failed=path.failed,
        verdict=path.verdict,
        cap=place.cap,
        to_shown=_until(path, Verdict.SHOWN, place.cap),
        to_refuted=_until(path, Verdict.NOT_SHOWN, place.cap),
        misses=tuple(place.misses),
        accepts=() if boundary is None else boundary.accept,
        rejects=() if boundary is None else boundary.reject,
    )


def _until(path: Path, wanted: Verdict, cap: int) -> int | None:
    """Return how many like outcomes in a row bring a verdict."""
    for more in range(cap - path.asked + 1):
        if path.verdict is not Verdict.INSUFFICIENT:
            return more if path.verdict is wanted else None
        path = path.after(wanted is Verdict.SHOWN)
    return None


def _least(row: Row) -> int:
    ways: Iterable[int | None] = (row.to_shown, row.to_refuted)
    return min((way for way in ways if way is not None), default=row.cap - row.asked)
