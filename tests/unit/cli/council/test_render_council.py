# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Decisions in the terminal, with titles and reasons that would be something else."""

from dataclasses import replace

import pytest
from tests.fakes.parliament import Parliament, seated
from tests.fakes.world import NOW

from comity.cli.council.render_council import print_decision, print_list, print_text
from comity.cli.session import Telling
from comity.desk.council.decision.docket import Chamber
from comity.desk.council.decision.result import decide
from comity.desk.council.decision.sheet import FlagRow

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


def test_no_name_text_or_group_is_a_line_of_ours(
    parliament: Parliament, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every other member chooses its own name, and a proposer the words of its text."""
    chamber = Chamber(parliament.world.ledger)
    sheet = decide(chamber, chamber.get(parliament.adopted), NOW)
    flag = FlagRow(member=sheet.seats[0].member, name=HOSTILE, code="late", words=HOSTILE)
    sheet = replace(
        sheet,
        row=replace(sheet.row, proposer=HOSTILE),
        text=HOSTILE,
        groups={HOSTILE: (HOSTILE,)},
        removed=((HOSTILE, HOSTILE),),
        account=(HOSTILE,),
        flags=(flag,),
        logs=tuple(replace(log, name=HOSTILE) for log in sheet.logs),
        seats=tuple(replace(one, name=HOSTILE) for one in sheet.seats),
    )
    print_text(Telling(as_json=False), sheet)
    print_decision(Telling(as_json=False), sheet)
    printed = capsys.readouterr().out

    assert "│ Expel br: adopted" in printed
    assert [line for line in printed.splitlines() if line.lstrip().startswith("Expel")] == []


def test_a_vote_with_a_close_says_how_many_liars_its_receipts_bear(
    parliament: Parliament, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever reads a result should know what it rests on."""
    chamber = Chamber(parliament.world.ledger)
    sheet = decide(chamber, chamber.get(parliament.adopted), NOW)
    print_text(Telling(as_json=False), sheet)
    said = "In time is what another member had received; one that lies is enough"
    printed = " ".join(capsys.readouterr().out.split())

    assert (said in printed) is (sheet.row.closes is not None)
