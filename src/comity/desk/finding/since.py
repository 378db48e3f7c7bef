# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What came after a finding: countersignatures, appeals, replies, and later checks."""

from collections.abc import Iterator, Mapping

from comity.desk.case.afterwards import voices
from comity.desk.finding.sheet import CheckSince, WordSince
from comity.desk.log.shelf import Said, ViewShelf, read_or_none
from comity.desk.register.register import Held, Register
from comity.evidence.drift import Drift, Recheck, drift_from_predicate, recheck_from_predicate
from comity.evidence.finding import Finding
from comity.kernel.reference import Reference

WITHDRAWAL = "withdrawal"
"""Shown by what fell with it, not among what was said."""


def words_since(register: Register, finding: Held[Finding]) -> tuple[WordSince, ...]:
    """Return what was said of a finding, of appeals against it, and in reply."""
    found = voices(ViewShelf(register.view.ledger), finding.entry.reference)
    rows = ((one, one.content.to_predicate()) for one in found)
    return tuple(
        WordSince(
            kind=one.said.statement.kind,
            by=register.actor(one.said.member),
            origin=one.said.reference.log,
            index=one.said.reference.index,
            issued=one.content.issued,
            text=str(said.get("grounds") or said.get("text") or said.get("note") or ""),
            outcome=str(said.get("outcome") or ""),
            disputed=getattr(one.content, "disputed", ()),
            is_withdrawn=one.is_withdrawn,
        )
        for one, said in rows
        if one.said.statement.kind != WITHDRAWAL
    )


def checks_since(register: Register, finding: Held[Finding]) -> tuple[CheckSince, ...]:
    """Return the checks of a finding by its own tester; anybody else's are no checks of it."""
    shelf = ViewShelf(register.view.ledger)
    found = _found(shelf, finding)
    rows = (
        _row(said, recheck, found.get(said.reference))
        for said, recheck in _announced(shelf, finding)
    )
    return tuple(sorted(rows, key=lambda row: row.number))


def _announced(shelf: ViewShelf, finding: Held[Finding]) -> Iterator[tuple[Said, Recheck]]:
    for said in shelf.of_kind("recheck"):
        recheck = read_or_none(recheck_from_predicate, said)
        is_testers = said.member == finding.entry.member
        if recheck is not None and is_testers and recheck.finding == finding.entry.reference:
            yield said, recheck


def _found(shelf: ViewShelf, finding: Held[Finding]) -> Mapping[Reference, Drift]:
    found: dict[Reference, Drift] = {}
    for said in shelf.of_kind("drift"):
        drift = read_or_none(drift_from_predicate, said)
        if drift is not None and said.member == finding.entry.member:
            found.setdefault(drift.recheck, drift)
    return found


def _row(said: Said, recheck: Recheck, drift: Drift | None) -> CheckSince:
    results = () if drift is None else drift.results
    return CheckSince(
        number=recheck.number,
        origin=said.reference.log,
        index=said.reference.index,
        issued=recheck.issued if drift is None else drift.issued,
        is_alarm=None if drift is None else drift.alarm,
        asked=sum(one.asked for one in results),
        failed=sum(one.failed for one in results),
        evidence="" if drift is None else drift.evidence,
        fallen=() if drift is None else drift.fallen,
        changed=() if drift is None else drift.changed,
    )
