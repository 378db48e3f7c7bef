# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The logs as the public may see them: under a checkpoint that was published, no further."""

from collections.abc import Iterable, Sequence

from comity.desk.log.shelf import Logs, ViewShelf
from comity.desk.register.register import Register
from comity.kernel.digest import Digest
from comity.kernel.reference import Reference
from comity.node.views.view import Entry, MemberLog


class PublishedLogs:
    """The logs of a view; what a node has not published of its own log is left out."""

    def __init__(self, logs: Logs) -> None:
        self._logs = logs

    def members(self) -> Sequence[MemberLog]:
        """Return each member with its log."""
        return self._logs.members()

    def entries(
        self, predicate_type: str | None = None, *, subject: Digest | None = None
    ) -> Iterable[Entry]:
        """Yield the published entries of one kind, about one thing."""
        return filter(_is_published, self._logs.entries(predicate_type, subject=subject))

    def find(self, reference: Reference) -> Entry | None:
        """Return the published entry a reference names, or None."""
        entry = self._logs.find(reference)
        return entry if entry is not None and _is_published(entry) else None


def published(register: Register) -> PublishedLogs:
    """Return the logs that a register shows."""
    return PublishedLogs(register.view.ledger)


def public_shelf(register: Register) -> ViewShelf:
    """Return the statements that a register shows."""
    return ViewShelf(published(register))


def _is_published(entry: Entry) -> bool:
    return entry.reference.index < entry.provenance.log_size
