# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""One entry of a followed log, whole: what it says, whether it may, and what is odd."""

import re
from collections.abc import Iterable, Iterator

from comity.desk.log.monitoring import (
    Standing,
    anomalies_of,
    sightings_of,
    to_standing,
)
from comity.desk.log.schema import faults_of, unknown_fields
from comity.desk.register import sheet
from comity.desk.register.gaps import erasures_of
from comity.desk.register.identitysheet import doubt_rows
from comity.desk.register.register import Register, entries_of, fault_of
from comity.desk.register.sheet import StatementRow, StatementSheet
from comity.kernel.digest import from_hex, sha256
from comity.kernel.reference import Reference
from comity.ledger.anomaly import Logged, Place, Sighting, logged_between
from comity.ledger.reading import read_logged
from comity.ledger.redaction import is_erased
from comity.node.views.view import Entry, MemberLog

_HEX = re.compile("[0-9a-f]{64}")


def statement_sheet_of(
    register: Register, entry: Entry, raw: bytes, row: StatementRow
) -> StatementSheet:
    """Show one entry; *row* is how it stands in a list."""
    statement = entry.statement
    log = register.logs[entry.member]
    logged = _logged(register, log, entry.reference.index)
    standing = _standing(entry, raw)
    anomalies = anomalies_of(standing, RegisterShelves(register), logged, register.view.as_of)
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
        anomalies=tuple(
            sheet.Anomaly(
                code=one.kind.value,
                message=one.message,
                places=tuple(f"{origin}#{index}" for origin, index in one.places),
            )
            for one in anomalies
        ),
        raw="" if is_erased(raw) else raw.decode("utf-8", errors="replace"),
        erasures=erasures_of(register, entry),
        doubts=doubt_rows(entry),
    )


class RegisterShelves:
    """What a monitor looks things up in, over a register."""

    def __init__(self, register: Register) -> None:
        self._ledger = register.view.ledger
        self._logs = {log.keyset.origin: log for log in register.logs.values()}

    def twins(self, entry: Standing) -> Iterable[Standing]:
        """Yield readable entries of the same kind about the same thing."""
        statement = entry.statement
        subjects = () if statement is None else statement.subjects
        named = next((one.digest.get("sha256", "") for one in subjects), "")
        about = from_hex(named) if _HEX.fullmatch(named) else None
        kind = "" if statement is None else statement.kind
        return map(_standing, self._ledger.entries(kind, subject=about))

    def vouching(self, kind: str) -> Iterable[Standing]:
        """Yield the entries of a kind."""
        return map(_standing, self._ledger.entries(kind))

    def at(self, place: Place) -> Standing | None:
        """Return the entry at a place, whatever its digest, or None where it is not held."""
        origin, index = place
        log = self._logs.get(origin)
        raws = () if log is None else entries_of(log, index, index + 1)
        if log is None or not raws or is_erased(raws[0]):
            return None
        reference = Reference(log=origin, index=index, sha256=sha256(raws[0]))
        entry = self._ledger.find(reference)
        return None if entry is None else _standing(entry, raws[0])


def _standing(entry: Entry, raw: bytes = b"") -> Standing:
    if entry.statement is None:
        return to_standing(raw, entry.reference, entry.member, is_read=False)
    return Standing(
        reference=entry.reference,
        member=entry.member,
        statement=entry.statement,
        is_read=True,
    )


def _logged(register: Register, log: MemberLog, index: int) -> Logged:
    """Return when an entry was logged: by cosignatures, and by what other members saw."""
    return logged_between(index, _sightings(register, log))


def _sightings(register: Register, log: MemberLog) -> Iterator[Sighting]:
    for known in (log.counted, log.newest):
        if known.cosigned_at is not None:
            yield Sighting(size=known.log_size, at=known.cosigned_at)
    seen = RegisterShelves(register).vouching("seen")
    yield from sightings_of(log.keyset.origin, log.member, seen)


def _code(log: MemberLog, entry: Entry, raw: bytes) -> str:
    """Return the stable code of why an entry cannot be read, or ""."""
    if entry.statement is not None:
        return ""
    return read_logged(raw, entry.reference.index, log.identity).code
