# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""One entry of a followed log, whole: what it says, whether it may, and what is odd."""

from collections.abc import Iterable, Iterator

from comity.desk import sheet
from comity.desk.monitoring import (
    Standing,
    remarks_on,
    sightings_of,
    to_standing,
)
from comity.desk.register import Register, entries_of, fault_of
from comity.desk.schema import faults_of, unknown_fields
from comity.desk.sheet import StatementRow, StatementSheet
from comity.kernel.digest import from_hex, sha256
from comity.kernel.reference import Reference
from comity.ledger.anomaly import Logged, Place, Sighting, logged_between
from comity.ledger.reading import read_entry, read_logged
from comity.node.seen import SEEN_TYPE
from comity.node.view import Entry, MemberLog


def statement_sheet_of(
    register: Register, entry: Entry, raw: bytes, row: StatementRow
) -> StatementSheet:
    """Show one entry; *row* is how it stands in a list."""
    statement = entry.statement
    log = register.logs[entry.member]
    logged = _logged(register, log, entry.reference.index)
    standing = to_standing(raw, entry.reference, entry.member, is_read=statement is not None)
    remarks = remarks_on(standing, RegisterShelves(register), logged, register.view.as_of)
    return StatementSheet(
        node=register.node(),
        row=row,
        provenance=register.provenance(entry),
        subject=()
        if statement is None
        else tuple(one.digest.get("sha256", "") for one in statement.subjects),
        predicate=None if statement is None else dict(statement.predicate),
        fault=fault_of(entry),
        code=_code(log, entry, raw),
        faults=() if statement is None else tuple(map(str, faults_of(statement))),
        unknown_fields=() if statement is None else unknown_fields(statement),
        logged_after=logged.after,
        logged_before=logged.before,
        remarks=tuple(
            sheet.Remark(
                code=one.anomaly.value,
                message=one.message,
                places=tuple(f"{origin}#{index}" for origin, index in one.places),
            )
            for one in remarks
        ),
        raw=raw.decode("utf-8", errors="replace"),
    )


class RegisterShelves:
    """What a monitor looks things up in, over a register."""

    def __init__(self, register: Register) -> None:
        self._ledger = register.view.ledger
        self._logs = {log.keyset.origin: log for log in register.logs.values()}

    def alike(self, kind: str, subject: str) -> Iterable[Standing]:
        """Yield readable entries of a kind; about *subject* (hex) unless it is empty."""
        about = from_hex(subject) if len(subject) == 64 and subject == subject.lower() else None
        for entry in self._ledger.entries(kind, subject=about):
            yield Standing(
                reference=entry.reference,
                member=entry.member,
                statement=entry.statement,
                is_read=entry.statement is not None,
            )

    def at(self, place: Place) -> Standing | None:
        """Return the entry at a place, whatever its digest, or None where it is not held."""
        origin, index = place
        log = self._logs.get(origin)
        for raw in () if log is None else entries_of(log, index, index + 1):
            reference = Reference(log=origin, index=index, sha256=sha256(raw))
            entry = self._ledger.find(reference)
            is_read = entry is not None and entry.statement is not None
            return to_standing(raw, reference, log.member, is_read=is_read) if log else None
        return None


def _logged(register: Register, log: MemberLog, index: int) -> Logged:
    """Return when an entry was logged: by cosignatures, and by what other members saw."""
    return logged_between(index, _sightings(register, log))


def _sightings(register: Register, log: MemberLog) -> Iterator[Sighting]:
    for known in (log.counted, log.newest):
        if known.cosigned_at is not None:
            yield Sighting(size=known.log_size, at=known.cosigned_at)
    seen = RegisterShelves(register).alike(SEEN_TYPE, "")
    yield from sightings_of(log.keyset.origin, log.member, seen)


def _code(log: MemberLog, entry: Entry, raw: bytes) -> str:
    """Return the stable code of why an entry cannot be read, or ""."""
    if entry.statement is not None:
        return ""
    index = entry.reference.index
    return read_entry(raw, None).code or read_logged(raw, index, log.identity).code
