# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity programme` as an official meets it."""

import json

import pytest

from comity.cli.app import run


def test_the_list_leads_to_the_example_of_who_does_what(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A ministry looks for what others did; an example nobody lists is found by nobody."""
    code = run(["programme", "list"])

    said = capsys.readouterr().out
    assert code == 0
    assert "action-plan" in said
    assert "Cambodia, as an example: two ministries, two programmes (an example)" in said
    assert "comity programme review example-khm" in said


def test_a_program_finds_the_example_in_the_list_too(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """What a person is led to, a program can follow."""
    assert run(["programme", "list", "--json"]) == 0

    rows = json.loads(capsys.readouterr().out)
    plans = [row for row in rows if "plan" in row]
    assert [(row["plan"], row["example"]) for row in plans] == [("example-khm", True)]
    assert set(plans[0]["programmes"]) <= {row.get("programme") for row in rows}
