# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What a run shows while it goes on: a table that moves, failed items, and how to stop it."""

import signal
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from types import FrameType
from typing import Self

from rich.console import Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from comity.assess.run.board import Board, Row, Standing
from comity.assess.run.brake import Brake
from comity.assess.run.course import Step
from comity.cli.render import WORDS
from comity.cli.session import Telling
from comity.evidence.prompt import text_of
from comity.evidence.statistics.design import Verdict
from comity.evidence.statistics.kind import AnyDesign
from comity.evidence.transcript import Missing

MAX_ROWS = 12


class Watcher:
    """Takes every step, says what failed, and keeps a table of where the run stands."""

    def __init__(self, telling: Telling, designs: Mapping[str, AnyDesign]) -> None:
        self.board = Board(designs)
        self._telling = telling
        is_live = telling.console.is_terminal and not telling.as_json
        self._live = (
            Live(self, console=telling.console, refresh_per_second=4, transient=True)
            if is_live
            else None
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.board.stop(time.monotonic())
        if self._live is not None:
            self._live.stop()

    def __rich__(self) -> RenderableType:
        """Draw where the run stands now."""
        return _drawn(self.board.standing(time.monotonic()))

    def begin(self, expected: Mapping[str, float]) -> None:
        """Note that the first question goes out now.

        Args:
            expected: By category, the questions expected of a system at the goal.
        """
        self.board.expect(expected)
        self.board.begin(time.monotonic())
        if self._live is not None:
            self._live.start()

    def take(self, step: Step) -> None:
        """Take note of one outcome."""
        self.board.take(step)
        if not step.record.passed and not step.is_resumed:
            self._failed(step)
        if step.verdict is not Verdict.INSUFFICIENT:
            word, style = WORDS[step.verdict]
            said = f"{word} after {step.asked} questions, {step.failed} failed"
            self._telling.say(f"{step.record.category}: {said}", style=style)

    def heard(self) -> None:
        """Say that the run is being stopped."""
        self._telling.say(
            "stopping: what is on its way is still taken; Ctrl-C once more stops at once, and "
            "what is on its way then counts as failed unless the plan lets it be asked again",
            style="yellow",
        )

    def _failed(self, step: Step) -> None:
        record = step.record
        prompt = _one_line(text_of(record.opening.item.prompt))
        answer = record.answer
        said = (
            f"no answer ({answer.value})" if isinstance(answer, Missing) else _one_line(answer)
        )
        self._telling.say(f"{record.category}, question {record.draw}: {prompt}")
        self._telling.say(f"  failed: {said}", style="red")


@contextmanager
def stoppable(brake: Brake) -> Iterator[None]:
    """Let the first Ctrl-C or SIGTERM pull the brake, and the second stop at once."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def hear(number: int, frame: FrameType | None) -> None:
        del number, frame
        if brake.is_pulled:
            raise KeyboardInterrupt
        brake.pull()

    before = {number: signal.signal(number, hear) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def _drawn(standing: Standing) -> RenderableType:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in ("category", "", "asked", "failed", "shown after", "not shown after"):
        table.add_column(name)
    for row in _worth_showing(standing.rows):
        table.add_row(
            row.category,
            ProgressBar(total=row.cap, completed=row.asked, width=24),
            f"{row.asked} of {row.cap}",
            str(row.failed),
            _run_of(row.to_shown, "pass", "passes"),
            _run_of(row.to_refuted, "failure", "failures"),
        )
    decided = sum(row.verdict is not Verdict.INSUFFICIENT for row in standing.rows)
    return Group(
        table,
        Text(f"{decided} of {len(standing.rows)} categories decided; {_pace(standing)}", "dim"),
    )


def _worth_showing(rows: Iterable[Row]) -> list[Row]:
    """Leave out what is decided or not begun, but for the next to begin."""
    still = [row for row in rows if row.verdict is Verdict.INSUFFICIENT]
    begun = [row for row in still if row.asked]
    return (begun or still[:1])[:MAX_ROWS]


def _run_of(more: int | None, one: str, many: str) -> str:
    return "no longer" if more is None else f"{more} {one if more == 1 else many}"


def _pace(standing: Standing) -> str:
    said = [f"{standing.answers:,} answers"]
    if standing.missing:
        said.append(f"{standing.missing:,} of the outcomes without one")
    expected_s = standing.seconds_for(standing.expected)
    most_s = standing.seconds_for(standing.most)
    if expected_s is not None and most_s is not None:
        said.append(f"about {standing.expected:,} questions and {duration(expected_s)} to go")
        said.append(f"at most {duration(most_s)}")
    return ", ".join(said)


def duration(seconds: float) -> str:
    """Write a stretch of time as people say it."""
    if seconds < 90:
        return f"{seconds:.0f} s" if seconds >= 10 else f"{seconds:.1f} s"
    minutes = seconds / 60
    if minutes < 90:
        return f"{minutes:.0f} min"
    return f"{minutes / 60:.1f} h" if minutes < 48 * 60 else f"{minutes / 1440:.1f} days"


def _one_line(text: str) -> str:
    flat = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return flat if len(flat) <= 160 else f"{flat[:159]}…"
