# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Several threads that ask for the same costly step at once share one."""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from comity.errors import Conflict

T = TypeVar("T")
R = TypeVar("R")


class _Asked(Generic[T, R]):
    """What one caller asked for, and what came of it."""

    __slots__ = ("error", "item", "result")

    def __init__(self, item: T) -> None:
        self.item = item
        self.result: list[R] = []
        self.error: Exception | None = None

    @property
    def is_done(self) -> bool:
        return bool(self.result) or self.error is not None


class GroupCommit(Generic[T, R]):
    """A queue whose first waiter commits for all who wait.

    While one commit is on its way to the disk, others queue; whoever gets the turn next takes
    all of them along. Nobody waits for a timer, and a lone caller pays nothing.

    Args:
        commit: Does the step for several at once and answers each, in order; what it raises
            is raised to all of them.
        weigh: How much of *limit* an item takes; one item is always taken.
    """

    def __init__(
        self,
        commit: Callable[[Sequence[T]], Sequence[R]],
        *,
        weigh: Callable[[T], int],
        limit: int,
    ) -> None:
        self._commit = commit
        self._weigh = weigh
        self._limit = limit
        self._waiting: deque[_Asked[T, R]] = deque()
        self._turn = threading.Lock()

    def __len__(self) -> int:
        """Count those who wait for the next commit."""
        return len(self._waiting)

    def submit(self, item: T) -> R:
        """Have an item committed, alone or with others, and return its answer."""
        asked: _Asked[T, R] = _Asked(item)
        self._waiting.append(asked)
        with self._turn:
            while not asked.is_done:
                self._commit_some()
        if asked.error is not None:
            raise asked.error
        return asked.result[0]

    def _commit_some(self) -> None:
        group = [self._waiting.popleft()]
        weight = self._weigh(group[0].item)
        while self._waiting:
            weight += self._weigh(self._waiting[0].item)
            if weight > self._limit:
                break
            group.append(self._waiting.popleft())
        try:
            results = self._commit([asked.item for asked in group])
        except Exception as error:  # noqa: BLE001 - each caller gets what the commit raised
            for asked in group:
                asked.error = error
            return
        except BaseException:
            for asked in group:
                asked.error = Conflict(
                    "another caller's commit was interrupted, and this one with it",
                    code="node.interrupted",
                    hint="look whether it is there before you try again",
                )
            raise
        for asked, result in zip(group, results, strict=True):
            asked.result.append(result)
