# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Every page as a function of the register and what was asked; no clock, no socket."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias
from urllib.parse import quote, urlencode

from comity.desk.finding.dossier import finding_sheet, system_duties_sheet, system_sheet
from comity.desk.finding.sheet import CategoryResult, FindingSheet
from comity.desk.finding.writing import LIMITS
from comity.desk.register.dutysheet import ROLES, DetermineSheet, duties_sheet, known_markets
from comity.desk.register.feed import About
from comity.desk.register.listing import (
    member_sheet,
    members_sheet,
    statement_sheet,
    systems_sheet,
)
from comity.desk.register.register import Register
from comity.desk.register.sheet import StatementSheet
from comity.kernel.instant import from_iso_date
from comity.web.form import read_form
from comity.web.plot import plot_of, table_of
from comity.web.render import Page
from comity.web.site import Asked

Make: TypeAlias = Callable[[Register, Asked], Page]

LATER = "later"
"""The limit of one file; a page shows what was said since."""

_STEPS = 40
"""Acceptance and rejection numbers listed for each design; the JSON has all."""


def systems(register: Register, asked: Asked) -> Page:
    """List the systems."""
    query, market = asked.one("q")[:100], asked.one("market")[:8]
    sheet = systems_sheet(register, query=query, market=market, page=asked.page())
    kept = {key: value for key, value in (("q", query), ("market", market)) if value}
    more = {"page_url": _pager(kept), "feed_path": _feed(About.MARKET, market)}
    return Page(template="systems.html", section="systems", sheet=sheet, more=more)


def system(register: Register, asked: Asked) -> Page:
    """Show one system."""
    sheet = system_sheet(register, asked.parts["system"], on=_day(asked))
    more = {"feed_path": _feed(About.SYSTEM, sheet.row.id)}
    return Page(template="system.html", section="systems", sheet=sheet, more=more)


def system_duties(register: Register, asked: Asked) -> Page:
    """Show the duties of one system, clause by clause."""
    identity, show = asked.parts["system"], asked.one("market")[:8]
    sheet = system_duties_sheet(register, identity, on=_day(asked), show=show)
    return Page(template="systemduties.html", section="systems", sheet=sheet)


def finding(register: Register, asked: Asked) -> Page:
    """Show one finding, one category of it at large if one is asked for."""
    sheet = finding_sheet(register, asked.parts["finding"])
    wanted = asked.one("category")
    chosen = next((one for one in sheet.results if one.category == wanted and one.path), None)
    return Page(
        template="finding.html",
        section="systems",
        sheet=sheet,
        more=_finding_more(sheet, chosen, asked),
    )


def members(register: Register, _asked: Asked) -> Page:
    """List the members."""
    return Page(template="members.html", section="members", sheet=members_sheet(register))


def member(register: Register, asked: Asked) -> Page:
    """Show one member."""
    sheet = member_sheet(register, asked.parts["member"], page=asked.page())
    more = {"page_url": _pager({}), "feed_path": _feed(About.MEMBER, sheet.row.actor.id)}
    return Page(template="member.html", section="members", sheet=sheet, more=more)


def statement(register: Register, asked: Asked) -> Page:
    """Show one entry of a log."""
    sheet = statement_sheet(register, asked.parts["origin"], int(asked.parts["index"]))
    return Page(
        template="statement.html",
        section="members",
        sheet=sheet,
        more={"page_of": _page_of(register, sheet, asked.tag)},
    )


def determine(register: Register, asked: Asked) -> Page:
    """Ask which duties apply, answer, and offer the questions that would tell more."""
    today = register.view.as_of.date()
    sent = read_form(asked.query if asked.form is None else asked.form, today=today)
    duties = None if sent.query is None else duties_sheet(sent.query)
    faults = (*sent.faults, *(() if duties is None else duties.faults))
    sheet = DetermineSheet(
        node=register.node(),
        known_markets=known_markets(),
        known_roles=ROLES,
        asked=sent.asked,
        duties=None if faults else duties,
    )
    more = {"typed": sent.typed, "faults": faults, "today": today}
    status = 422 if faults else 200
    return Page(
        template="determine.html", section="determine", sheet=sheet, more=more, status=status
    )


def _feed(about: About, name: str) -> str:
    return f"feeds/{about.value}/{quote(name, safe='')}.atom" if name else ""


def _day(asked: Asked) -> dt.date | None:
    text = asked.one("on")
    return from_iso_date(text) if text else None


def _finding_more(
    sheet: FindingSheet, chosen: CategoryResult | None, asked: Asked
) -> Mapping[str, Any]:
    drawn = [chosen] if chosen else [one for one in sheet.results if one.path]
    failed = [one for one in ([chosen] if chosen else sheet.results) if one.failures]
    where = sheet.row.provenance
    return {
        "chosen": chosen,
        "plots": [plot_of(one, small=chosen is None) for one in drawn],
        "points": table_of(chosen.path) if chosen else (),
        "failed_results": failed,
        "shown_items": 100 if chosen else 3,
        "designs": _designs(sheet),
        "limits": tuple(name for name in LIMITS if name != LATER),
        "step_limit": _STEPS,
        "category_url": lambda name: "?" + urlencode({"category": name}),
        "base": asked.base,
        "entry_url": f"/{asked.tag}/statements/{quote(where.origin)}/{where.index}",
    }


def _designs(sheet: FindingSheet) -> list[dict[str, Any]]:
    """Group categories that share one design, in their order."""
    groups: dict[Any, list[CategoryResult]] = {}
    for one in sheet.results:
        if one.design is not None:
            groups.setdefault(one.design, []).append(one)
    return [{"design": design, "categories": rows} for design, rows in groups.items()]


def _page_of(register: Register, sheet: StatementSheet, tag: str) -> str:
    """Return the address of the page about what a statement is about, or ""."""
    digest = sheet.row.sha256
    if digest in register.findings:
        return f"/{tag}/findings/{digest}"
    if sheet.row.kind == "proposal" and not sheet.fault:
        return f"/{tag}/council/proposals/{digest}"
    for subject in sheet.subject:
        if subject in register.systems:
            return f"/{tag}/systems/{subject}"
    return ""


def _pager(kept: Mapping[str, str]) -> Callable[[int], str]:
    return lambda page: "?" + urlencode({**kept, "page": page})
