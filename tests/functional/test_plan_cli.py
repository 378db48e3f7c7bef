# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity assess plan` without an application: what people design, and what is refused."""

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from comity import packs
from comity.cli.app import run

RISKS = Path(packs.__path__[0]) / "sizes" / "thirty-one-risks.toml"
SMALL = ("--size", "300", "--over", "90%", "--goal", "97%")


@pytest.fixture(autouse=True)
def _wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")


def plan(*words: str) -> int:
    """Run the verb."""
    return run(["assess", "plan", *words])


def facts(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    """Return what the verb prints as JSON."""
    assert plan(*words, "--json") == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_the_numbers_come_with_exact_rates_and_expectations(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """All a court needs, and no node."""
    assert plan(*SMALL, "--at", "88%", "90%", "97%", "100%") == 0
    said = capsys.readouterr().out
    assert "more than 90 % of 300 items, risk 5 %" in said
    assert 'exact chance of a wrong "shown" 4.' in said
    assert "a fixed test of the same strength asks 82" in said
    assert said.count("88 %") == 1


def test_json_has_the_design_and_what_it_does(capsys: pytest.CaptureFixture[str]) -> None:
    """A form or a sheet can be filled from it."""
    design = facts(capsys, *SMALL, "--at", "97%")["designs"][0]
    assert design["exact_risk"] <= 0.05
    assert design["exact_power"] >= 0.9
    assert design["acceptance"][0][1] == 0
    assert design["rates"][0]["expected_questions"] < design["fixed"]["questions"] == 82


def test_an_optimal_plan_expects_no_more_at_its_worst(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """It keeps the same promises."""
    wanted = ("--size", "2000", "--over", "98%", "--goal", "99%")
    usual, best = (facts(capsys, *wanted, *more)["designs"][0] for more in ((), ("--optimal",)))
    assert best["exact_risk"] <= 0.05
    assert best["exact_power"] >= 0.9
    assert best["rates"][-1]["expected_questions"] < usual["rates"][-1]["expected_questions"]


def test_a_claim_on_a_population_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    """A bank's claim and a population's are never taken for one another."""
    found = facts(capsys, "--population", "--over", "90%", "--goal", "97%")["designs"][0]
    assert found["about"] == "population"
    assert "of the population that the 20000 items at hand were drawn from" in found["claim"]


def test_the_31_risks_take_a_perfect_system_no_more_than_775_questions(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The measure of DESIGN section 10, on the sizes that are shipped."""
    for more in ((), ("--joint-power",)):
        found = facts(capsys, "--sizes", str(RISKS), "--over", "90%", "--goal", "97%", *more)
        names = [name for design in found["designs"] for name in design["categories"]]
        assert (
            len(names),
            sum(d["size"] * len(d["categories"]) for d in found["designs"]),
        ) == (
            31,
            2000,
        )
        assert found["all"][-1]["expected_questions"] <= 775


def test_a_joint_power_is_that_of_all_together(capsys: pytest.CaptureFixture[str]) -> None:
    """Thirty-one tests of 90 % each would miss nearly always."""
    wanted = ("--size", "2000", "--categories", "31", "--over", "90%", "--goal", "97%")
    alone, joint = (facts(capsys, *wanted, *more)["all"] for more in ((), ("--joint-power",)))
    at_goal = -2
    assert alone[at_goal]["shown"] < 0.1
    assert joint[at_goal]["shown"] >= 0.9


def test_a_list_gives_each_category_its_part_of_the_risk(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """So that the list as a whole is wrong no more often."""
    wanted = ("--size", "900", "--categories", "3", "--over", "90%", "--goal", "97%")
    found = facts(capsys, *wanted, "--listed")["designs"][0]
    assert found["risk"] == {"num": 1, "den": 60}
    assert plan(*wanted, "--listed") == 0
    assert "the list of the categories shown" in capsys.readouterr().out


def test_scores_have_no_numbers_but_a_bound(capsys: pytest.CaptureFixture[str]) -> None:
    """Their risk is Ville's, their power depends on how they are spread."""
    assert plan("--size", "500", "--scores", "--over", "80%", "--goal", "90%") == 0
    said = capsys.readouterr().out
    assert "a mean score above 80 % of 500 items" in said
    assert "at most 5.0000 %" in said
    assert "shown at most" not in said


def test_a_picture_is_drawn_for_whoever_reads_no_tables(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Plain SVG, well formed, with a title."""
    target = tmp_path / "plan.svg"
    assert plan(*SMALL, "--svg", str(target)) == 0
    assert f"drawn: {target}" in capsys.readouterr().out.replace("\n", "")
    root = ET.fromstring(target.read_text("utf-8"))  # noqa: S314 - our own file
    words = "".join(root.itertext())
    assert 'chance of "shown"' in words
    assert "expected questions" in words
    assert "failures" in words


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--goal", "90%"), ["neither --over nor --claim says it", "none of --size"]),
        (
            ("--size", "9", "--over", "x", "--goal", "2"),
            ["--over or --threshold 'x'", "--goal '2'"],
        ),
        (
            ("--size", "0", "--over", "x", "--goal", "50%", "--risk", "0", "--at", "7", "8"),
            ["--over or", "--at '7'", "--at '8'", "a category has 1 to", "the risk 0 %"],
        ),
        ((*SMALL, "--timeout-s", "9", "--power", "1"), ["--timeout-s says", "power 100 %"]),
        (
            ("kh.ex/log#1", "--goal", "9", "--risk", "1", "--size", "3", "--attempts", "z"),
            [
                "--node is missing",
                "neither --over nor",
                "--goal '9'",
                "the risk 100 %",
                "--size is for designing",
                "--attempts 'z'",
            ],
        ),
        (
            ("--size", "300", "--over", "97%", "--goal", "95%", "--risk", "0"),
            ["the goal 95 % is not above the threshold", "the risk 0 % is not between"],
        ),
        (
            ("--size", "300", "--population", "--over", "95%", "--goal", "97%"),
            ["cannot reach a power", "a bank of at least 832 items", "a goal of", "a power of"],
        ),
        ((*SMALL, "--at-most", "40"), ["40 questions cannot reach", "at most 82 questions"]),
        ((*SMALL, "--categories", "301"), ["--categories 301 is not from 1 to 300"]),
        ((*SMALL, "--scores", "--optimal"), ["there is no optimal plan of them"]),
        ((*SMALL, "--node", "kh"), ["--node says nothing without an application"]),
        (("kh.ex/log#1", "--over", "9/10", "--goal", "1"), ["--node is missing"]),
        (
            ("kh.ex/log#1", *SMALL, "--node", "kh"),
            ["--size is for designing without an application"],
        ),
        ((*SMALL, "--category", "x"), ["the bank has no category 'x'"]),
        ((*SMALL, "--at", "95%", "lots"), ["--at 'lots' is no share"]),
    ],
    ids=str,
)
def test_what_cannot_be_is_refused_with_every_reason(
    words: tuple[str, ...], told: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """All faults at once, exit 2, and what would work."""
    assert plan(*words) == 2
    said = " ".join(capsys.readouterr().err.split())
    assert [one for one in told if one not in said] == []


def test_sizes_with_faults_are_refused_at_their_lines(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """A file has a place for each."""
    wrong = tmp_path / "sizes.toml"
    wrong.write_text('tilte = "x"\n[categories]\na = 0\n"B b" = 3\n')
    assert plan("--sizes", str(wrong), "--over", "90%", "--goal", "97%") == 2
    said = capsys.readouterr().err
    assert "line 1" in said
    assert "line 3" in said
    assert "line 4" in said
