# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Pages of programmes: all of them, and one with who does what and what is to be settled."""

from urllib.parse import urlencode

from comity.desk.council.programme.listing import answer_of, find_review, programmes_sheet
from comity.desk.council.programme.sheet import ReviewSheet, WorkRow
from comity.desk.register.register import Register
from comity.kernel.instant import from_iso_date
from comity.web.render import Page
from comity.web.site import Asked

MEMBERS = 5
"""Members of one page; the JSON has all of them."""
FLAGS = 60
"""Flags that are listed; each line of a member shows its own as well."""


def programmes(register: Register, _asked: Asked) -> Page:
    """List the programmes."""
    sheet = programmes_sheet(register)
    return Page(template="programmes.html", section="programmes", sheet=sheet)


def programme(register: Register, asked: Asked) -> Page:
    """Show who does what of one programme on a day."""
    text = asked.one("on")
    on = from_iso_date(text) if text else None
    found = find_review(register, asked.parts["programme"], on=on)
    every = sorted(found.members)
    pages = max(1, -(-len(every) // MEMBERS))
    page = min(asked.page(), pages) or 1
    shown = every[(page - 1) * MEMBERS : page * MEMBERS]
    kept = {"on": found.on.isoformat()}
    more = {
        "found": found,
        "flags": found.flags[:FLAGS],
        "lines": [
            (member, [line for line in found.lines if line.member == member])
            for member in shown
        ],
        "titles": sorted(_titles(found, shown).items()),
        "actors": {
            member: register.actor(member) if member in register.logs else None
            for member in every
        },
        "page": page,
        "pages": pages,
        "page_url": lambda number: "?" + urlencode({**kept, "page": number}),
    }
    answer = answer_of(register, found)
    return Page(template="programme.html", section="programmes", sheet=answer, more=more)


def _titles(found: ReviewSheet, members: list[str]) -> dict[str, WorkRow]:
    return {
        row.institution: row
        for line in found.lines
        if line.member in members
        for row in (*line.now, *line.later)
        if row.title
    }
