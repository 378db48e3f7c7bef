# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Failures against questions, between the lines that accept and reject: whole pixels.

This is the picture a court can check with a ruler: the path begins at the left, takes one step
to the right with each question and one up with each failure, and ends where it meets a line.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from comity.desk.finding.sheet import Step
from comity.desk.finding.writing import ReportedCategory

_LEFT, _TOP, _UNDER = 34, 8, 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A number beside an axis."""

    x: int
    y: int
    text: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Staircase:
    """One picture of one category.

    Args:
        path: The outcomes, as the data of an SVG path.
        accept: The line at or below which the claim is shown.
        reject: The line at or above which it is not shown.
        end: Where the path ends.
    """

    category: ReportedCategory
    width: int
    height: int
    path: str
    accept: str
    reject: str
    end: tuple[int, int]
    columns: tuple[Label, ...]
    rows: tuple[Label, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Paper:
    width: int
    height: int
    questions: int
    failures: int

    def x(self, asked: int) -> int:
        return _LEFT + (self.width - _LEFT - 8) * asked // self.questions

    def y(self, failed: int) -> int:
        room = self.height - _TOP - _UNDER
        return self.height - _UNDER - room * failed // self.failures


def staircase_of(
    category: ReportedCategory, *, width: int = 340, height: int = 150
) -> Staircase:
    """Draw one category."""
    questions = min(category.cap, max(category.asked + category.asked // 4, 10))
    shown = [
        step.failed for step in (*category.acceptance, *category.rejection)
        if step.asked <= questions
    ]  # fmt: skip
    paper = _Paper(
        width=width,
        height=height,
        questions=max(1, questions, category.asked),
        failures=max(1, category.failed + 1, *shown),
    )
    return Staircase(
        category=category,
        width=width,
        height=height,
        path=_path(category, paper),
        accept=_line(category.acceptance, paper),
        reject=_line(category.rejection, paper),
        end=(paper.x(category.asked), paper.y(category.failed)),
        columns=tuple(
            Label(x=paper.x(n), y=height - 5, text=n) for n in _marks(paper.questions)
        ),
        rows=tuple(
            Label(x=_LEFT - 5, y=paper.y(n) + 4, text=n) for n in _marks(paper.failures)
        ),
    )


def _path(category: ReportedCategory, paper: _Paper) -> str:
    parts = [f"M{paper.x(0)} {paper.y(0)}"]
    for failed, asked in enumerate(category.failed_at, start=1):
        parts.append(f"H{paper.x(asked)}V{paper.y(failed)}")
    return "".join([*parts, f"H{paper.x(category.asked)}"])


def _line(steps: Sequence[Step], paper: _Paper) -> str:
    """Draw numbers that hold from a question on, as far as the paper goes."""
    shown = [step for step in steps if step.asked <= paper.questions]
    if not shown:
        return ""
    parts = [f"M{paper.x(shown[0].asked)} {paper.y(shown[0].failed)}"]
    parts += [f"H{paper.x(step.asked)}V{paper.y(step.failed)}" for step in shown[1:]]
    return "".join([*parts, f"H{paper.x(paper.questions)}"])


def _marks(most: int) -> tuple[int, ...]:
    """Choose 0, the last, and one or two round numbers between."""
    if most < 4:
        return tuple(range(most + 1))
    return (0, most // 2, most)
