# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import json

from comity.desk.council.bodies import body_sheet, body_sheets


def test_every_body_is_laid_out_with_its_grounds() -> None:
    """A page shows on whose word a list rests."""
    sheets = body_sheets()
    assert len(sheets) == len({sheet.slug for sheet in sheets}) == 13
    assert all(sheet.basis and sheet.source for sheet in sheets)
    json.dumps([sheet.to_json() for sheet in sheets])


def test_a_group_keeps_its_own_basis() -> None:
    """Elected seats are from a second source, permanent ones from the Charter."""
    groups = {group.name: group for group in body_sheet("un-security-council").groups}
    assert groups["seat:permanent"].basis == "text"
    assert groups["seat:permanent"].members == ("CHN", "FRA", "RUS", "GBR", "USA")
    assert groups["seat:elected"].basis == "secondary"
