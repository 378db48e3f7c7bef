# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What the register shows of members and their logs, and of a log that told two stories."""

import datetime as dt
from dataclasses import dataclass

from comity.desk.register.identitysheet import IdentitySheet
from comity.desk.register.sheet import Actor, NodeSheet, Quorum, StatementRow


@dataclass(frozen=True, slots=True, kw_only=True)
class ForkSheet:
    """What convicts a log of two stories.

    Args:
        shared: How many entries both stories are shown to share.
        evidence: Digests of the files, hex; each is also a blob of who reports it.
        both: Keys of the witnesses that cosigned both stories, by name.
    """

    shared: int
    evidence: tuple[str, ...]
    both: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspicionSheet:
    """A member says it saw another tree of this log than this node verified; no proof."""

    by: Actor
    origin: str
    index: int
    size: int
    said: str
    held: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberRow:
    """One member and its log, as far as we follow it.

    Args:
        counted_size: Entries under the newest checkpoint that met the quorum.
    """

    actor: Actor
    origin: str
    size: int
    counted_size: int
    cosigners: tuple[Actor, ...]
    quorum: Quorum
    seen_at: dt.datetime | None
    fork: ForkSheet | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MembersSheet:
    """Every member whose log this node follows, itself included."""

    node: NodeSheet
    members: tuple[MemberRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberSheet:
    """One member, its keys and its statements, newest first."""

    node: NodeSheet
    row: MemberRow
    keys: tuple[str, ...]
    log_key: str
    witness_key: str
    identity: IdentitySheet
    statements: tuple[StatementRow, ...]
    page: int
    pages: int
    suspicions: tuple[SuspicionSheet, ...] = ()
