# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Pages of consultations: all of them, and one with what is agreed and what divides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from comity.council.consult.outcome import State
from comity.desk.council.consult.listing import (
    Report,
    answer_of,
    consultations_sheet,
    find_report,
)
from comity.desk.council.consult.sheet import ConsultationSheet, Row
from comity.desk.register.register import Register
from comity.web.consultplot import Bars, bars_of, plane_of
from comity.web.render import Page
from comity.web.site import Asked

SHOWN = 3
"""Opinions of each state on the first page; a page of one state has `ROWS`."""
ROWS = 10
ASKED = 60
"""Opinions, groups and remarks that are listed; the JSON has all of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The opinions of one state that a page shows.

    Args:
        total: How many there are.
        rows: Each with the picture of its bars.
    """

    state: str
    total: int
    rows: tuple[tuple[Row, Bars], ...]


def consultations(register: Register, _asked: Asked) -> Page:
    """List the consultations."""
    sheet = consultations_sheet(register)
    return Page(template="consultations.html", section="consultations", sheet=sheet)


def consultation(register: Register, asked: Asked) -> Page:
    """Show one consultation; the opinions of one state if one is asked for."""
    report = find_report(register, asked.parts["consultation"])
    more: dict[str, Any] = {"report": report, "listed": ASKED}
    if report.sheet is not None:
        more |= _more(report.sheet, asked)
    return Page(
        template="consultation.html",
        section="consultations",
        sheet=answer_of(register, report),
        more=more
        | {
            "place": _place(report),
            "signers": {
                one.signer: register.actor(one.signer) for one in report.standing.asked.strata
            },
        },
    )


def _more(sheet: ConsultationSheet, asked: Asked) -> Mapping[str, Any]:
    wanted = asked.one("state")
    states = [one for one in State if sheet.of(one)]
    chosen = next((one for one in states if one.value == wanted), None)
    pages = 1 if chosen is None else -(-len(sheet.of(chosen)) // ROWS)
    page = min(asked.page(), pages) or 1
    shown = states if chosen is None else [chosen]
    return {
        "found": sheet,
        "chosen": "" if chosen is None else chosen.value,
        "parted": [_part(sheet, one, _cut(sheet.of(one), chosen, page)) for one in shown],
        "counts": [(one.value, len(sheet.of(one))) for one in states],
        "plane": plane_of(sheet.dots, sheet.found),
        "page": page,
        "pages": pages,
        "page_url": lambda number: "?" + urlencode({"state": wanted, "page": number}),
    }


def _cut(rows: Sequence[Row], chosen: State | None, page: int) -> Sequence[Row]:
    return rows[:SHOWN] if chosen is None else rows[(page - 1) * ROWS : page * ROWS]


def _part(sheet: ConsultationSheet, state: State, rows: Sequence[Row]) -> Part:
    limits = sheet.asked.thresholds
    return Part(
        state=state.value,
        total=len(sheet.of(state)),
        rows=tuple((row, bars_of(row.strata, float(limits.agree))) for row in rows),
    )


def _place(report: Report) -> str:
    """Return what `comity consult verify` takes."""
    reference = report.standing.reference
    return report.result or f"{reference.log}#{reference.index}"
