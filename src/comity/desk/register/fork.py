# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What the register shows of a log that told two stories, and of who suspects one."""

from comity.desk.register.membersheet import ForkSheet, SuspicionSheet
from comity.desk.register.register import Register
from comity.node.views.view import MemberLog

_MOST = 20


def fork_sheet(log: MemberLog) -> ForkSheet | None:
    """Say what convicts a log, or None where nothing does."""
    if log.forked is None:
        return None
    return ForkSheet(
        shared=log.forked.shared,
        evidence=tuple(one.hex() for one in log.forked.evidence),
        both=tuple(dict.fromkeys(key.name for key in log.forked.both)),
    )


def counted(log: MemberLog) -> int:
    """Count the entries that count: under a quorum, and shared by every story told."""
    if log.forked is None:
        return log.counted_size
    return min(log.counted_size, log.forked.shared)


def suspicions_of(register: Register, log: MemberLog) -> tuple[SuspicionSheet, ...]:
    """List who says that it saw another tree of a log, the newest 20."""
    found = [
        SuspicionSheet(
            by=register.actor(one.by),
            origin=one.said_at.log,
            index=one.said_at.index,
            size=one.sight.size,
            said=one.sight.root.hex(),
            held=one.held.hex(),
        )
        for one in register.suspicions
        if one.sight.origin == log.keyset.origin
    ]
    return tuple(found[-_MOST:])
