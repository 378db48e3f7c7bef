# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What the register shows: plain values, one kind per page, the same for HTML and JSON.

Every text that came from a statement is somebody's word: `Texts` by language tag, to be
escaped by whoever shows it. Instants are UTC; ages are left to the reader's clock.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeAlias

from comity.desk.register.erasuresheet import ErasureSheet
from comity.desk.register.identitysheet import DoubtRow

Texts: TypeAlias = Mapping[str, str]
Plain: TypeAlias = Any
"""Any JSON value, as a statement carries it; pydantic has no finite schema for it."""


class Quorum(Enum):
    """Whether the checkpoint an entry stands under has the cosignatures we ask for."""

    MET = "met"
    UNMET = "unmet"
    UNWITNESSED = "unwitnessed"
    FORKED = "forked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A member as it names itself; nothing here vouches for the name.

    Args:
        known: False where we hold no keyset of it, only its id.
        forked: Whether this node holds evidence that its log told two stories.
    """

    id: str
    name: str
    jurisdiction: str
    role: str
    example: bool
    known: bool
    forked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where a fact comes from and how well it is attested.

    Args:
        sha256: Digest of the entry as logged.
        issued: What the issuer claims; the order in a log is the index.
        checkpoint_size: Entries under the checkpoint we hold.
        seen_at: When this node last read the log with success; None for its own log.
    """

    origin: str
    index: int
    sha256: str
    by: Actor
    issued: dt.datetime | None
    checkpoint_size: int
    cosigners: tuple[Actor, ...]
    quorum: Quorum
    seen_at: dt.datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeSheet:
    """Who runs this node, and the state of the ledger it shows.

    Args:
        state: Digest over every checkpoint followed; equal states show equal pages.
    """

    runner: Actor
    state: str
    logs: int
    as_of: dt.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many categories were found what, and how many recognitions name the system."""

    findings: int
    shown: int
    not_shown: int
    insufficient: int
    recognised: int
    declined: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemRow:
    """One registered system version in a list.

    Args:
        id: Digest of the version, hex.
        system: The provider's own short name for it.
    """

    id: str
    system: str
    name: Texts
    version: str
    purpose: Texts
    provider: Actor
    markets: tuple[str, ...]
    example: bool
    tally: Tally


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemsSheet:
    """The register's first page."""

    node: NodeSheet
    query: str
    market: str
    markets: tuple[str, ...]
    total: int
    page: int
    pages: int
    systems: tuple[SystemRow, ...]
    members: tuple[Actor, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """One thing a system depends on, as its provider states; "" or None where it does not."""

    layer: str
    name: str
    supplier: str
    jurisdiction: str
    share_ppm: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedFact:
    """One answer of the provider about the system.

    Args:
        is_read: False where our vocabulary has no such fact, or not in this form.
        market: The market it is about; "" for all.
    """

    name: str
    label: Texts
    answer: Plain
    is_read: bool
    market: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketCount:
    """One market: its norms by status; of those that apply, the binding ones apart.

    Args:
        held: False where no pack of this market is held: not "no law".
        applies: Duties and bans that bind: binding norms whose conditions are met.
        permits: Binding norms that only allow something.
        unbinding: Soft law, bills and drafts whose conditions are met.
    """

    market: str
    held: bool
    applies: int
    permits: int
    cannot_tell: int
    not_yet: int
    does_not_apply: int
    unbinding: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyCounts:
    """What binds a system on the facts its provider states, market by market.

    Args:
        role: In whose place the question is asked.
        faults: Why nothing could be determined.
    """

    on: dt.date
    role: str
    markets: tuple[MarketCount, ...]
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenBack:
    """A statement that its own issuer withdrew, on which something else rests.

    Args:
        kind: Of the statement withdrawn, such as "bank".
    """

    kind: str
    origin: str
    index: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingRow:
    """One finding in a list, its categories by verdict.

    Args:
        fallen: What was withdrawn of it and of what it rests on; it stands where this is empty.
    """

    id: str
    system: str
    tester: Actor
    bank: str
    claim: Texts
    shown: tuple[str, ...]
    not_shown: tuple[str, ...]
    insufficient: tuple[str, ...]
    provenance: Provenance
    fallen: tuple[TakenBack, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryDecision:
    """What a regulator decided on one category, and why."""

    name: str
    decision: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecognitionRow:
    """One regulator's answer to a finding.

    Args:
        continuation: Digest of the finding by which it continued the draw, or None.
        fallen: What was withdrawn of it and of what it rests on; it stands where this is empty.
    """

    id: str
    regulator: Actor
    finding: str
    decision: str
    categories: tuple[CategoryDecision, ...]
    reasons: tuple[str, ...]
    continuation: str | None
    provenance: Provenance
    fallen: tuple[TakenBack, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemSheet:
    """One system version.

    Args:
        identity: What the version digest is of, in words and by method.
        others: Further statements that register the same digest.
    """

    node: NodeSheet
    row: SystemRow
    identity: str
    identity_method: str
    duties: DutyCounts
    facts: tuple[StatedFact, ...]
    materials: tuple[Material, ...]
    findings: tuple[FindingRow, ...]
    recognitions: tuple[RecognitionRow, ...]
    provenance: Provenance
    others: tuple[Provenance, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementRow:
    """One entry of a log in a list.

    Args:
        kind: Name of the predicate such as "finding"; its whole type if we do not know it;
            "" where the entry is not a statement at all.
    """

    origin: str
    index: int
    sha256: str
    kind: str
    known: bool
    issued: dt.datetime | None
    doubts: tuple[DoubtRow, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Anomaly:
    """Something odd about an entry, which changes nothing of it.

    Args:
        code: Stable, such as "ledger.back_dated".
        places: Other entries it is about, as "log#index".
    """

    code: str
    message: str
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementSheet:
    """One entry, readable and raw.

    Args:
        predicate: The predicate's JSON, or None where the entry is not a statement.
        subject: Digests the statement is about.
        fault: Why it counts for nothing, or "".
        code: Stable code of why it cannot be read at all, or "".
        logged_after: The last time others saw the log without it, or None.
        logged_before: The first time others saw the log with it, or None.
        faults: What does not follow the schema of its kind; nothing else rests on that.
        unknown_fields: Fields that the schema of its kind does not know; they are kept.
        raw: The entry as logged, undecodable bytes replaced; "" where it was erased.
        erasures: What was said to erase it or a blob it speaks of, or what it erases itself.
    """

    node: NodeSheet
    row: StatementRow
    provenance: Provenance
    subject: tuple[str, ...]
    predicate: Plain
    fault: str
    code: str
    faults: tuple[str, ...]
    unknown_fields: tuple[str, ...]
    logged_after: dt.datetime | None
    logged_before: dt.datetime | None
    anomalies: tuple[Anomaly, ...]
    raw: str
    erasures: tuple[ErasureSheet, ...] = ()
    doubts: tuple[DoubtRow, ...] = ()
