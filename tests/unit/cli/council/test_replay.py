# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Replay and programme from the command line: what is printed, written and given as JSON."""

import csv
import json
from pathlib import Path

import pytest

from comity.cli.app import run

VOTES = "resolution,state,vote\nR/1,KHM,1\nR/1,VNM,3\nR/2,KHM,1\nR/2,VNM,1\n"


def test_a_replay_prints_the_rule_the_items_and_who_could_have_blocked(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """What a delegate reads on a screen of eighty signs."""
    code = run(["council", "replay", "un-security-council", "un-security-council"])

    out = capsys.readouterr().out
    assert code == 0
    assert "un-security-council: 3 of 12 items adopted; as recorded in 12 of 12" in out
    assert "could block of 3" in out
    assert max(map(len, out.splitlines()[4:20])) <= 80


def test_two_rules_are_printed_with_why_they_differ(capsys: pytest.CaptureFixture[str]) -> None:
    """The count that decided stands beside the words."""
    code = run(
        ["council", "replay", "without-hegemon", "un-general-assembly", "--body", "un",
         "--against", "eu-council", "--blocs", "asean,chn+ind"]
    )  # fmt: skip

    out = capsys.readouterr().out
    assert code == 0
    assert "A/RES/ES-11/1: the rules differ" in out
    assert "(100 of 193)" in out
    assert "agreement" in out


def test_a_file_with_codes_becomes_json_and_a_table(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One run serves a person, a program and a spreadsheet."""
    votes, table = tmp_path / "votes.csv", tmp_path / "items.csv"
    votes.write_text(VOTES, "utf-8")

    code = run(
        ["council", "replay", "consensus", str(votes), "--choices", "1=yes,3=no", "--columns",
         "item=resolution,member=state,choice=vote", "--csv", str(table), "--json"]
    )  # fmt: skip

    sheet = json.loads(capsys.readouterr().out)
    rows = list(csv.DictReader(table.read_text("utf-8").splitlines()))
    assert code == 0
    assert sheet["rule"]["adopted"] == 1
    assert [row["state"] for row in rows] == ["rejected", "adopted"]


def test_a_former_member_is_weighed_by_a_table_of_ones_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Today's list of a body is not that of the day of the vote."""
    votes, table = tmp_path / "votes.csv", tmp_path / "people.csv"
    votes.write_text("item,member,choice\none,DEU,yes\none,GBR,no\n", "utf-8")
    table.write_text("# name: population\niso3,people\nDEU,9\nGBR,1\n", "utf-8")
    words = ["council", "replay", "eu-council", str(votes)]
    assert run(words) == 2
    assert "GBR has a seat on one item, 'one'" in capsys.readouterr().err

    assert run([*words, "--weights", str(table), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["weights"][0]["source"] == "people.csv"


def test_faults_of_a_roll_call_are_json_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A program is told the same as a person."""
    votes = tmp_path / "votes.csv"
    votes.write_text("item,member,choice\none,KHN,yes\none,VNM,maybe\n", "utf-8")

    code = run(["council", "replay", "consensus", str(votes), "--json"])

    problem = json.loads(capsys.readouterr().err)["error"]
    assert code == 2
    assert [fault["near"] for fault in problem["faults"]] == [None, "KHM"]


def test_a_review_prints_one_line_a_task_and_the_flags(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """And says that the example is one."""
    code = run(["programme", "review", "example-khm", "--on", "2027-01-15"])

    out = capsys.readouterr().out
    assert code == 0
    assert "an example: what it says is made up" in out
    assert "KHM: no institution has this task: action-plan/7\n" in out
    assert "misti: Ministry of Industry, Science, Technology and Innovation" in out
    assert "nobody says which part is whose (misti, mptc)" in out


@pytest.mark.parametrize(
    "words",
    [("list",), ("show", "organization"), ("check", "example-khm"), ("check", "action-plan")],
)
def test_programmes_are_json_where_asked_for(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    """Every verb serves programs."""
    code = run(["programme", *words, "--json"])

    assert code == 0
    assert json.loads(capsys.readouterr().out)


def test_a_day_before_anything_begins_shows_who_will_have_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """What is to come is shown, and until then nobody has it."""
    run(["programme", "review", "example-khm", "--on", "2026-01-01", "--json"])

    sheet = json.loads(capsys.readouterr().out)
    assert all(not line["now"] for line in sheet["lines"])
    assert sum(len(line["later"]) for line in sheet["lines"]) == 17
