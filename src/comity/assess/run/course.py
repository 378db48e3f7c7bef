# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What a run is told and what it says: courses in, steps on the way, a result at the end."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from comity.assess.run.brake import Brake
from comity.assess.scorers.judge import ModelJudge
from comity.assess.subjects.subject import Limits
from comity.evidence.asking import Rate, Retry
from comity.evidence.bank import Opening
from comity.evidence.statistics.design import Verdict
from comity.evidence.statistics.kind import AnyDesign
from comity.evidence.statistics.outcome import Outcome as Mark
from comity.evidence.statistics.path import Path as Route
from comity.evidence.transcript import Record
from comity.kernel.digest import Digest

LEAST_WINDOW = 8
"""Fewer at a time would leave the line idle; more than needed would burn items."""

Scorer = Callable[[str, str, str, str], Mark]
"""From scorer id, prompt, reference and answer to pass, fail or a score."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What one category's test asks, and when it stops.

    Args:
        category: Its name.
        openings: Items in draw order; the first stands behind those in `prior`.
        design: Acceptance and rejection numbers, counted from the first draw.
        prior: Outcomes of earlier draws, when a second tester continues the first's test.
    """

    category: str
    openings: Sequence[Opening]
    design: AnyDesign
    prior: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """A whole test of one subject under one plan.

    Args:
        plan_digest: What the transcript chains from.
        courses: Categories, in the order they are tested.
        transcript: Where the transcript stands or will stand.
        limits: What one answer may cost.
        width: Most questions on their way at a time.
        least: As many go out although a verdict may need fewer; at 1 none is ever on its way
            when the verdict falls.
        abreast: Categories asked at a time, in turn; the others wait.
        retry: When an item is asked again; None for never.
        rates: How many questions may go out in how long; the slowest counts.
        judge: Asked of every answer that only a judge can score; None where none is.
    """

    plan_digest: Digest
    courses: tuple[Course, ...]
    transcript: Path
    limits: Limits
    width: int = 16
    least: int = LEAST_WINDOW
    abreast: int = 1
    retry: Retry | None = None
    rates: tuple[Rate, ...] = ()
    judge: ModelJudge | None = None

    @property
    def sent(self) -> Path:
        """Return where the questions sent are written down, beside the transcript."""
        return self.transcript.with_suffix(".sent")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One outcome as it falls.

    Args:
        record: What was asked and answered.
        asked: Questions of the category so far, earlier testers' included.
        failed: Failures among them.
        verdict: What the design says now.
        path: Where the category's test stands.
        is_resumed: The record was read from disk, not asked now.
    """

    record: Record
    asked: int
    failed: int
    verdict: Verdict
    path: Route
    is_resumed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one category came to.

    Args:
        category: Its name.
        outcomes: What each draw came to, in order, earlier testers' included, and those on
            their way when the verdict fell.
        asked: Questions up to the verdict.
        failed: Failures among them.
        verdict: Insufficient where the items ran out, or the run was stopped before.
    """

    category: str
    outcomes: tuple[Mark, ...]
    asked: int
    failed: int
    verdict: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a run came to: outcomes by category, records in order, and the chain's head.

    Args:
        outcomes: One for each course, in the order of the courses.
        records: The whole transcript.
        head: The chain's head after the last record.
        sent: Questions sent by this run, further tries and those behind the verdict included.
        is_finished: Nothing is left to ask; else the brake was pulled.
    """

    outcomes: tuple[Outcome, ...]
    records: tuple[Record, ...]
    head: Digest
    sent: int
    is_finished: bool


Progress = Callable[[Step], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How one run goes about its plan; none of it changes what the outcomes mean.

    Args:
        width: Most questions on their way at a time.
        least: As many go out although a verdict may need fewer.
        abreast: Categories asked at a time.
        rate: A rate below the plan's, or None.
        ready: Told, before anything of the bank is asked, how many seconds the subject took
            to greet.
        brake: Pulled to stop the run once what is on its way has come back.
    """

    width: int = 16
    least: int = LEAST_WINDOW
    abreast: int = 1
    rate: Rate | None = None
    ready: Callable[[float], None] | None = None
    brake: Brake | None = None


PLAIN = Manner()
