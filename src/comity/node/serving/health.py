# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Whether a node is well: can it write, is what it said public, whom has it not read lately."""

import os
import shutil
from collections.abc import Iterator, Sequence
from datetime import timedelta

from comity.errors import ComityError
from comity.kernel.canonical import Json
from comity.kernel.ids import MemberId
from comity.kernel.instant import Instant, to_rfc3339
from comity.kernel.noun import counted
from comity.node.logs.log import JOURNAL
from comity.node.node import Node
from comity.node.views.memberlog import MemberLog

STALE_AFTER = timedelta(hours=24)
_NEEDED_BYTES = 64 * 1024 * 1024


def health_of(
    node: Node, now: Instant, *, stale_after: timedelta = STALE_AFTER
) -> tuple[bool, dict[str, Json]]:
    """Return whether the node can do its work, and what was looked at."""
    try:
        is_writable = may_write(node)
        logs = node.view().members()
    except ComityError as error:
        return False, {"status": "failing", "reason": error.message}
    own = next(log for log in logs if log.is_own)
    stale = [log for log in logs if not log.is_own and _is_stale(log, now, stale_after)]
    followed = {log.member for log in logs}
    never = [peer.member for peer in node.config.peers if peer.member not in followed]
    why = [*_why_own(node, own), *_why_peers(stale, never)]
    if not is_writable:
        why.insert(0, "the log's file may not be written, or its disk is full")
    status = "failing" if not is_writable else "degraded" if why else "ok"
    said: list[Json] = [*why]
    return is_writable, {
        "status": status,
        "why": said,
        "log": {
            "writable": is_writable,
            "entries": own.size,
            "public": own.newest.log_size,
            "counted": own.counted_size,
            "published": _text(own.newest.checked_at),
        },
        "peers": {
            "followed": len(logs) - 1,
            "stale": [
                {"member": log.member, "checked": _text(log.newest.checked_at)} for log in stale
            ],
            "never_read": [*never],
        },
    }


def _why_own(node: Node, own: MemberLog) -> Iterator[str]:
    """Yield what is not as it should be of the node's own log."""
    if not node.witness.cosigns_as(own.keyset.witness_keys):
        yield "the keys were rotated since this server started: restart it"
    if own.newest.log_size < own.size:
        hidden = own.size - own.newest.log_size
        verb = "is" if hidden == 1 else "are"
        yield f"{counted(hidden, 'entry', 'entries')} {verb} not public: comity publish"
    if not own.newest.quorum_met:
        yield "the public checkpoint lacks cosignatures"


def _why_peers(stale: Sequence[MemberLog], never: Sequence[MemberId]) -> Iterator[str]:
    if stale:
        yield f"not read lately: {', '.join(log.name for log in stale)}"
    if never:
        yield f"never read: {', '.join(one[:16] for one in never)}"


def may_write(node: Node) -> bool:
    """Tell whether the log's file may be written and its disk has room."""
    journal = node.folder / JOURNAL
    free = shutil.disk_usage(node.folder).free
    return os.access(journal, os.W_OK) and free >= _NEEDED_BYTES


def _is_stale(log: MemberLog, now: Instant, stale_after: timedelta) -> bool:
    at = log.newest.checked_at
    return at is None or now - at > stale_after


def _text(at: Instant | None) -> str | None:
    return None if at is None else to_rfc3339(at)
