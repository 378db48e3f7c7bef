# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What readers are told of erasures: that something is gone, since when, on what basis."""

from collections.abc import Mapping

from comity.desk.register.erasuresheet import ErasureSheet
from comity.desk.register.register import Register
from comity.errors import InvalidDocument
from comity.ledger.erasure import ERASURE_TYPE, Erasure, erasure_from
from comity.ledger.redaction import is_erased
from comity.ledger.statement import Statement
from comity.node.care.audit import VerifiedLog
from comity.node.secrets.erasing import Judged, erasures
from comity.node.views.view import Entry


def erasures_of(register: Register, entry: Entry) -> tuple[ErasureSheet, ...]:
    """Return what was said to erase an entry or its blob, or what the entry erases itself."""
    found = erasures(register.view.ledger)
    return tuple(_sheet(one) for one in found if _concerns(one, entry))


def gaps_of(log: VerifiedLog) -> Mapping[int, str]:
    """Say of each entry that was taken out of a log what its author said of it, by index."""
    said: dict[int, str] = {}
    for one in log.entries:
        erasure = _read(one.reading.statement)
        of = None if erasure is None or erasure.blob is not None else erasure.of
        if erasure is not None and of is not None and of.log == log.origin:
            told = "countersigned by another member" if erasure.countersigned else ""
            when = erasure.issued.strftime("%Y-%m-%d")
            parts = (f"erased by its author on {when}", erasure.kind, told)
            said[of.index] = "; ".join(filter(None, (*parts, f"basis: {erasure.basis}")))
    return {
        one.index: said.get(one.index, "erased, and no statement of its author says why")
        for one in log.entries
        if is_erased(one.encoded)
    }


def _read(statement: Statement | None) -> Erasure | None:
    if statement is None or statement.predicate_type != ERASURE_TYPE:
        return None
    try:
        return erasure_from(statement.predicate)
    except InvalidDocument:
        return None


def _concerns(one: Judged, entry: Entry) -> bool:
    of, here = one.erasure.of, entry.reference
    is_named = of is not None and (of.log, of.index) == (here.log, here.index)
    return is_named or one.entry.reference == here


def _sheet(one: Judged) -> ErasureSheet:
    of, place = one.erasure.of, one.entry.reference
    return ErasureSheet(
        place=f"{place.log}#{place.index}",
        of="" if of is None else f"{of.log}#{of.index}",
        blob="" if one.erasure.blob is None else one.erasure.blob.hex(),
        issued=one.erasure.issued,
        kind=one.erasure.kind,
        basis=one.erasure.basis,
        is_in_force=one.is_in_force,
        reason=one.standing.reason,
    )
