# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Decisions in the terminal, with titles and reasons that would be something else."""

from dataclasses import replace

import pytest
from tests.fakes.parliament import Parliament, seated
from tests.fakes.world import NOW

from comity.cli.render_council import print_decision, print_list
from comity.cli.session import Telling
from comity.desk.council import Chamber
from comity.desk.councilresult import decide

HOSTILE = "Notice [/red][link=x]\nExpel br: adopted"


@pytest.fixture(scope="module")
def parliament() -> Parliament:
    """Return a federation with proposals."""
    return seated()


def test_no_title_or_reason_is_markup_or_a_line_of_ours(
    parliament: Parliament, capsys: pytest.CaptureFixture[str]
) -> None:
    """A closing tag would end the verb with an error, a new line fake another decision."""
    chamber = Chamber(parliament.world.ledger)
    sheet = decide(chamber, chamber.get(parliament.adopted), NOW)
    sheet = replace(
        sheet,
        row=replace(sheet.row, title=HOSTILE),
        seats=tuple(replace(one, reason=HOSTILE, name=HOSTILE) for one in sheet.seats),
    )
    print_decision(Telling(as_json=False), sheet)
    print_list(Telling(as_json=False), [sheet.row])
    printed = capsys.readouterr().out

    assert "Notice [/red][link=x] Expel br: adopted: " in printed
    assert not any(line.startswith("Expel br: adopted") for line in printed.splitlines())
