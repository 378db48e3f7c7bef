# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Where every answer of a run is scored, written down, and made to last."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from comity.assess.run.course import Progress, Scorer
from comity.assess.run.journal import Journal
from comity.assess.run.lane import Lane
from comity.assess.run.sent import SentFile
from comity.errors import StorageFailed
from comity.evidence.bank import Item, Opening
from comity.evidence.judge.judgement import FIELD, Judgement
from comity.evidence.judge.stated import is_judge
from comity.evidence.prompt import text_of
from comity.evidence.statistics.outcome import Outcome as Mark
from comity.evidence.statistics.outcome import Score, is_passed
from comity.evidence.transcript import Missing, Record

SYNC_S = 0.25
"""A power cut loses at most what fell within so many seconds; a kill loses nothing."""


@dataclass(slots=True, kw_only=True)
class Desk:
    """What every lane needs to settle an answer.

    Args:
        sent: Questions are written there before they go out.
        count: How many went out in this run.
    """

    journal: Journal
    sent: SentFile
    scorer: Scorer
    progress: Progress
    count: int = 0
    _timer: asyncio.TimerHandle | None = field(default=None, init=False)
    _failure: StorageFailed | None = field(default=None, init=False)

    def mark(self, item: Item, answer: str | Missing, judgement: Judgement | None) -> Mark:
        """Score one answer, or take the judge's word for it; what is missing fails."""
        if isinstance(answer, Missing):
            return False
        if is_judge(item.scorer):
            return judgement is not None and judgement.is_pass
        return self.scorer(item.scorer, text_of(item.prompt), text_of(item.reference), answer)

    def send(self, category: str, draw: int, tries: Sequence[Missing]) -> None:
        """Write down that a question goes out now.

        Raises:
            StorageFailed: The disk refused; then it must not go out.
        """
        self.sent.note(category, draw, tries)
        self.count += 1
        self._sync_soon()

    def settle(
        self,
        lane: Lane,
        opening: Opening,
        answer: str | Missing,
        tries: Sequence[Missing],
        *,
        judgement: Judgement | None = None,
    ) -> None:
        """Write down the outcome that is next in a lane, then judge it.

        Raises:
            StorageFailed: The disk refused; the outcome was not taken.
        """
        mark = self.mark(opening.item, answer, judgement)
        record = Record(
            draw=lane.draw,
            opening=opening,
            answer=answer,
            passed=is_passed(mark),
            score_ppm=mark.ppm if isinstance(mark, Score) else None,
            tries=tuple(tries),
            extra={} if judgement is None else {FIELD: judgement.to_json()},
        )
        self.journal.append(record)
        self._sync_soon()
        if lane.is_decided:
            lane.settle_late(record)
        else:
            self.progress(lane.settle(record, is_resumed=False))

    def stop(self) -> None:
        """Write down nothing more."""
        if self._timer is not None:
            self._timer.cancel()

    def _sync_soon(self) -> None:
        if self._failure is not None:
            raise self._failure
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(SYNC_S, self._sync)

    def _sync(self) -> None:
        self._timer = None
        try:
            self.sent.sync()
            self.journal.sync()
        except StorageFailed as error:  # said at the next line: nobody waits for a timer
            self._failure = error
