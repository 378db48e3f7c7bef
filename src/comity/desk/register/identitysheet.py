# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Who a member is, as pages and the API show it: plain values, nothing implied by them."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from comity.desk.log.membership import Membership, Standing, Vouching, membership_of
from comity.desk.log.shelf import Logs
from comity.kernel.ids import MemberId
from comity.kernel.instant import Instant
from comity.ledger.doubt import Doubt
from comity.ledger.identity import Tenure
from comity.node.views.view import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class KeysetRow:
    """One keyset of a member.

    Args:
        entry: Where it stands; its keys sign what comes after.
        until: The entry that ended its time; None for the one in force.
        root_threshold: How many of the root's keys must sign the next keyset.
        root_keys: Their ids; empty where the statement keys are their own root.
        officers: How many statement keys must sign, by kind.
    """

    sequence: int
    entry: int
    until: int | None
    issued: dt.datetime
    log_key: str
    statement_keys: tuple[str, ...]
    witness_key: str
    root_threshold: int
    root_keys: tuple[str, ...]
    officers: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeRow:
    """A stretch of a log in which some keys' signatures are disputed by their own member."""

    entry: int
    first: int
    last: int
    keys: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VouchingRow:
    """One member's word for another's name.

    Args:
        standing: "stands", or why it does not speak for the member as it is now.
    """

    by: str
    by_name: str
    name: str
    jurisdiction: str
    checked: str
    issued: dt.datetime
    until: dt.datetime | None
    standing: Standing
    origin: str
    index: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DoubtRow:
    """What a log says against one of its entries.

    Args:
        kind: "disputed", "back-dated" or "changes nothing".
        entry: The entry that says so.
    """

    kind: str
    entry: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentitySheet:
    """A member's history of keys, and who vouches for its name.

    Args:
        fingerprint: The first 160 bits of its id, in groups.
        refused: Keysets and compromises in its log that change nothing.
    """

    fingerprint: str
    keysets: tuple[KeysetRow, ...]
    disputes: tuple[DisputeRow, ...]
    refused: tuple[DoubtRow, ...]
    vouched: tuple[VouchingRow, ...]

    @property
    def standing(self) -> tuple[VouchingRow, ...]:
        """Return the words that speak for the member as it is now."""
        return tuple(one for one in self.vouched if one.standing == "stands")


def identity_sheet(view: Logs, member: str, as_of: Instant) -> IdentitySheet:
    """Show who a member of a view is.

    Raises:
        NotFound: The view has no log of that member.
    """
    found = membership_of(view, MemberId(member), as_of)
    return IdentitySheet(
        fingerprint=found.fingerprint,
        keysets=tuple(_keyset(found, one) for one in reversed(found.identity.tenures)),
        disputes=tuple(
            DisputeRow(
                entry=said.entry,
                first=first,
                last=last,
                keys=tuple(sorted(said.keys)),
                reason=said.reason,
            )
            for said, first, last in found.disputed
        ),
        refused=tuple(
            DoubtRow(kind="changes nothing", entry=one.entry, reason=one.reason)
            for one in found.identity.refused
        ),
        vouched=tuple(map(_vouching, found.vouched)),
    )


def doubt_rows(entry: Entry) -> tuple[DoubtRow, ...]:
    """Return what an entry's own log says against it."""
    return tuple(map(_doubt, entry.doubts))


def _doubt(doubt: Doubt) -> DoubtRow:
    return DoubtRow(kind=doubt.kind, entry=doubt.entry, reason=doubt.reason)


def _keyset(found: Membership, tenure: Tenure) -> KeysetRow:
    keyset, root = tenure.keyset, tenure.keyset.stated_root
    return KeysetRow(
        sequence=keyset.sequence,
        entry=tenure.entry,
        until=found.until(tenure),
        issued=keyset.issued,
        log_key=keyset.log_key.vkey,
        statement_keys=tuple(keyset.statement_keys),
        witness_key=keyset.witness_key.vkey,
        root_threshold=keyset.root.threshold,
        root_keys=() if root is None else tuple(root.keys),
        officers=dict(keyset.officers),
    )


def _vouching(one: Vouching) -> VouchingRow:
    said = one.said
    return VouchingRow(
        by=one.by,
        by_name=one.by_name,
        name=said.name,
        jurisdiction=said.jurisdiction,
        checked=said.checked,
        issued=said.issued,
        until=said.until,
        standing=one.standing,
        origin=one.reference.log,
        index=one.reference.index,
    )
