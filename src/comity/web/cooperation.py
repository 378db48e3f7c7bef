# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The board of cooperation: offers, needs, projects, and who fits whom."""

from comity.desk.cooperation.page import cooperation_of, cooperation_sheet
from comity.desk.register.register import Register
from comity.web.exposure import percent
from comity.web.render import Page
from comity.web.site import Asked

ROWS = 25
"""Rows of each list; the JSON has all of them."""


def cooperation(register: Register, _asked: Asked) -> Page:
    """Show the board."""
    found = cooperation_of(register)
    return Page(
        template="cooperation.html",
        section="cooperation",
        sheet=cooperation_sheet(register),
        more={
            "board": found.board,
            "matched": found.matched,
            "most": ROWS,
            "percent": percent,
        },
    )
