# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Where an edge gets the register of this moment: indexed anew only when a log has grown."""

import threading
from collections.abc import Callable
from dataclasses import replace

from comity.desk.register.register import Register, View, open_register, state_of
from comity.kernel.digest import Digest
from comity.kernel.instant import Instant, from_posix, to_posix
from comity.ledger.commitment import may_read
from comity.node.node import Node

GRAIN_S = 600
"""Pages say their time to ten minutes, so that an unchanged register keeps its entity tag."""


class Lookout:
    """Takes pictures of a node and keeps the register of the newest state."""

    def __init__(self, look: Callable[[], View]) -> None:
        self._look = look
        self._kept: Register | None = None
        self._lock = threading.Lock()

    def register(self) -> Register:
        """Return the register of this moment."""
        with self._lock:
            view = self._look()
            if self._kept is None or self._kept.state != state_of(view):
                self._kept = open_register(view)
            return replace(self._kept, view=view)


def lookout_of(node: Node, clock: Callable[[], Instant]) -> Lookout:
    """Look at what a node knows."""

    def find_public(name: Digest) -> bytes | None:
        held = node.blobs.kept.find(name)
        return held.content if held is not None and may_read(held.access, None) else None

    def look() -> View:
        moment = to_posix(clock())
        return View(
            ledger=node.view(),
            as_of=from_posix(moment - moment % GRAIN_S),
            find_blob=node.blobs.find,
            find_public=find_public,
        )

    return Lookout(look)
