# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity exposure diversify` and `leverage` as a ministry uses them."""

from pathlib import Path

import pytest
from tests.fakes.town import comity

from comity.files.pack import SHIPPED

OPTIONS = SHIPPED / "exposure" / "examples" / "options.toml"
CSV = (
    "state,as_of,layer,name,supplier,jurisdiction,share,territory,owner\n"
    "KHM,2026-11-21,cloud,own,Example Hosting,KHM,20%,KHM,KHM\n"
    "KHM,2026-11-21,cloud,far,Far Hosting,USA,80%,SGP,USA\n"
)


@pytest.fixture(scope="module")
def over(tmp_path_factory: pytest.TempPathFactory) -> tuple[object, ...]:
    """Return what every verb here looks at: one inventory, and nothing else."""
    path = tmp_path_factory.mktemp("desk") / "khm.csv"
    path.write_text(CSV, "utf-8")
    return "--inventory", path, "--no-records"


def said(text: str) -> str:
    """Return what was printed on one line."""
    return " ".join(text.split())


def test_a_plan_says_what_stays_and_what_would_help(over: tuple[object, ...]) -> None:
    """And that its options are made up, and that it was checked."""
    words = ("--options", OPTIONS, "--state", "KHM", "--ceiling", "40%", "--pareto")
    ran = comity("exposure", "diversify", *words, *over)

    assert ran.code == 0, ran.err
    for part in (
        "Made up: an example.",
        "cloud: no purchase goes below 44.4 %; 4.44 % stays above the ceiling (proved).",
        "What clashes: the ceiling on CHN, the ceiling on USA.",
        "trusting CHN leaves 0 %",
        "own capacity for 10 % of the layer keeps the ceiling",
        "Checked in exact fractions",
        "ceiling cost stays above suppliers",
    ):
        assert part in said(ran.out)


def test_a_bloc_says_what_it_saves(over: tuple[object, ...]) -> None:
    """Each alone, and together; a budget that is not met is said, too."""
    words = ("--options", OPTIONS, "--bloc", "asean", "--ceiling", "60%")
    found = comity("exposure", "diversify", *words, *over, "--alone", "--json").json
    ran = comity("exposure", "diversify", *words, *over)

    assert found["bloc"] == "asean"
    assert len(found["states"]) == 11
    assert float(found["cost"]) < float(found["alone"])
    assert found["checked"] is True
    assert "What each would pay alone was left out: --alone plans that, too." in said(ran.out)


def test_a_budget_that_a_ceiling_breaks_is_said(
    over: tuple[object, ...], tmp_path: Path
) -> None:
    """The two clash; the curve shows what the budget buys."""
    path = tmp_path / "options.toml"
    text = OPTIONS.read_text("utf-8").replace("example           = true", "budget = 5")
    path.write_text(text, "utf-8")
    words = ("--options", path, "--state", "KHM", "--ceiling", "60%")
    ran = comity("exposure", "diversify", *words, *over)

    assert ran.code == 0
    assert "Budget and ceiling clash" in ran.out


def test_leverage_says_unknown_where_nobody_stated(over: tuple[object, ...]) -> None:
    """What a partner rests on is in no file here."""
    ran = comity("exposure", "leverage", "KHM", *over, "--substitute", "0%", "--bloc", "asean")

    assert ran.code == 0, ran.err
    for part in ("USA 80 cloud unknown unknown", "Example Hosting", "No game is solved"):
        assert part in said(ran.out)
    found = comity("exposure", "leverage", "KHM", *over, "--json").json
    assert {one["partner"] for one in found["partners"]} == {"USA", "SGP"}
    assert all(one["partner_loses"] is None for one in found["partners"])
