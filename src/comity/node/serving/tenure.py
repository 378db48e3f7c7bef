# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Whether a running node still has the keys in use, or they were rotated beside it."""

from comity.errors import ComityError
from comity.node.disk.storage import Disk
from comity.node.member.founding import KEYS
from comity.node.node import Node


class Tenure:
    """The keys a node was opened with."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._storage = Disk(node.folder)
        self._keysets = len(node.identity.tenures)
        self._sealed = self._storage.read(KEYS)

    def is_over(self) -> bool:
        """Tell whether the node's log names other keys since; a rotation only drafted does not.

        Where the log cannot be read by these keys, another key file in their place says so.
        """
        try:
            self._node.log.refresh()
            return len(self._node.identity.tenures) > self._keysets
        except ComityError:
            return self._find_sealed() not in {None, self._sealed}

    def _find_sealed(self) -> bytes | None:
        try:
            return self._storage.read(KEYS)
        except ComityError:
            return None
