# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Answers that are dear to work out, kept while nothing they rest on has changed."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")

MOST_KEPT = 32
"""Answers kept of each kind."""


class Kept(Generic[T]):
    """The newest answers; one is worked out at a time, so that readers cannot take the node."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._held: OrderedDict[Hashable, T] = OrderedDict()
        self._lock = threading.Lock()
        self._most = most

    def find(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return the answer of a key, worked out where it is not held."""
        with self._lock:
            if key not in self._held:
                self._held[key] = make()
                if len(self._held) > self._most:
                    self._held.popitem(last=False)
            self._held.move_to_end(key)
            return self._held[key]
