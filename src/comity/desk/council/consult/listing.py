# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Consultations as a register shows them: what was asked, and what came of it."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from comity.council.consult.outcome import State
from comity.council.consult.statement import from_conclusion_json
from comity.desk.council.consult.conclusion import read_conclusion
from comity.desk.council.consult.consulting import Standing, standing_of
from comity.desk.council.consult.sheet import ConsultationSheet, sheet_of
from comity.desk.log.shelf import Said, Shelf, place_of
from comity.desk.log.withdrawal import find_withdrawal
from comity.desk.register.published import public_shelf
from comity.desk.register.register import Register
from comity.desk.register.sheet import Actor, NodeSheet
from comity.errors import ComityError, InvalidDocument, NotFound
from comity.kernel.canonical import Json
from comity.kernel.instant import to_rfc3339
from comity.ledger.commitment import from_json as commitment_from_json

MOST_LISTED = 200
"""Consultations in a list; the newest of each log come last and stay."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsultationRow:
    """One consultation in a list.

    Args:
        id: Digest of its entry, hex: its name in an address.
        groups_are: What the groups are, such as "regions".
        counts: How many opinions stand so, by state; nothing where nobody concluded.
    """

    id: str
    question: str
    groups_are: str
    groups: int
    opinions: int
    opens: dt.datetime
    closes: dt.datetime
    by: Actor
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsultationsSheet:
    """Every consultation of the logs this node follows, the last to close first."""

    node: NodeSheet
    consultations: tuple[ConsultationRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A consultation with its result, or with why there is none to show.

    Args:
        result: Where the result stands, as comity consult takes it; "" where nobody concluded.
        why: In one sentence; "" where the sheet is there.
    """

    standing: Standing
    by: Actor
    result: str
    sheet: ConsultationSheet | None
    why: str

    @property
    def id(self) -> str:
        """Return the digest of the consultation's entry, hex."""
        return self.standing.reference.sha256.hex()


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsultationAnswer:
    """One consultation.

    Args:
        asked: Question, groups, thresholds, days and opinions.
        report: As `comity consult report --json` writes it; None where there is none.
        why: Why there is none, in one sentence.
    """

    node: NodeSheet
    id: str
    place: str
    by: Actor
    asked: Mapping[str, Any]
    report: Mapping[str, Any] | None
    why: str


def consultations_sheet(register: Register) -> ConsultationsSheet:
    """List the consultations that stand."""
    shelf = public_shelf(register)
    rows = [
        _row(register, shelf, standing) for standing in list(_standings(shelf))[-MOST_LISTED:]
    ]
    rows.sort(key=lambda row: (row.closes, row.id), reverse=True)
    return ConsultationsSheet(node=register.node(), consultations=tuple(rows))


def find_report(register: Register, identity: str) -> Report:
    """Return a consultation by the digest of its entry, with its convener's newest result.

    Raises:
        NotFound: No followed log holds it, or it was withdrawn.
    """
    shelf = public_shelf(register)
    for standing in _standings(shelf, identity):
        by = register.actor(standing.said.member)
        said = _find_result(shelf, standing.said)
        if said is None:
            why = "nobody has concluded it yet"
            return Report(standing=standing, by=by, result="", sheet=None, why=why)
        place = f"{said.reference.log}#{said.reference.index}"
        sheet, why = _sheet(register, shelf, said)
        return Report(standing=standing, by=by, result=place, sheet=sheet, why=why)
    raise NotFound(
        f"no followed log holds the consultation {identity[:64]}",
        code="desk.no_consultation",
        hint="/consultations lists them",
    )


def answer_of(register: Register, report: Report) -> ConsultationAnswer:
    """Return a consultation as programs take it."""
    return ConsultationAnswer(
        node=register.node(),
        id=report.id,
        place=place_of(report.standing.reference),
        by=report.by,
        asked=_asked_json(report.standing),
        report=None if report.sheet is None else report.sheet.to_json(),
        why=report.why,
    )


def _standings(shelf: Shelf, identity: str = "") -> Iterator[Standing]:
    for said in shelf.of_kind("consultation"):
        if identity and said.reference.sha256.hex() != identity:
            continue
        if said.doubt or find_withdrawal(shelf, said) is not None:
            continue
        try:
            yield standing_of(shelf, said)
        except InvalidDocument:
            continue


def _find_result(shelf: Shelf, asked: Said) -> Said | None:
    found = [
        said
        for said in shelf.of_kind("consultation-result")
        if said.find_subject() == asked.reference.sha256
        and not said.doubt
        and find_withdrawal(shelf, said) is None
    ]
    own = [said for said in found if said.member == asked.member]
    return (own or found)[-1] if found else None


def _sheet(
    register: Register, shelf: Shelf, said: Said
) -> tuple[ConsultationSheet | None, str]:
    try:
        conclusion = from_conclusion_json(said.statement.predicate)
        name = commitment_from_json(dict(conclusion.counts)).sha256
        content = register.view.find_public(name)
        if content is None:
            return None, "the document with its counts is not on this node"
        names = {log.member: log.name for log in register.logs.values()}
        return sheet_of(read_conclusion(shelf, said, content), names), ""
    except ComityError as error:
        return None, f"its result does not hold: {error.message}"


def _row(register: Register, shelf: Shelf, standing: Standing) -> ConsultationRow:
    asked = standing.asked
    return ConsultationRow(
        id=standing.reference.sha256.hex(),
        question=asked.question,
        groups_are=asked.kind,
        groups=len(asked.strata),
        opinions=len(standing.opinions),
        opens=asked.opens,
        closes=asked.closes,
        by=register.actor(standing.said.member),
        counts=_counts(shelf, standing.said),
    )


def _counts(shelf: Shelf, asked: Said) -> dict[str, int]:
    said = _find_result(shelf, asked)
    try:
        found = None if said is None else from_conclusion_json(said.statement.predicate)
    except InvalidDocument:
        return {}
    return {} if found is None else {one.value: len(found.states[one]) for one in State}


def _asked_json(standing: Standing) -> dict[str, Json]:
    asked = standing.asked
    return {
        "question": asked.question,
        "groups_are": asked.kind,
        "groups": [{"name": one.name, "signer": one.signer} for one in asked.strata],
        "opens": to_rfc3339(asked.opens),
        "closes": to_rfc3339(asked.closes),
        "adding": asked.adding or None,
        "opinions": [
            {"name": one.name, "text": one.text, "language": one.language}
            for one in standing.opinions.values()
        ],
        "left_out": [
            {"name": one.name, "reason": one.reason} for one in standing.left_out.values()
        ],
    }
