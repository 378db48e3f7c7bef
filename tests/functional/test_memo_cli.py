# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""From the template to a memo, as a ministry does it: by commands alone."""

from pathlib import Path

import pytest
from tests.fakes.town import comity

from comity.files.pack import SHIPPED

OPTIONS = SHIPPED / "exposure" / "examples" / "options.toml"
ON = ("--on", "2026-11-22", "--no-records")


@pytest.fixture(scope="module")
def sheet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the template, as the command writes it."""
    path = tmp_path_factory.mktemp("ministry") / "inventory.csv"
    path.write_text(comity("exposure", "template").out, "utf-8")
    return path


def test_the_template_is_an_inventory(sheet: Path) -> None:
    """What one command writes the others read; JSON holds the same."""
    assert comity("exposure", "bill", sheet).code == 0
    assert comity("exposure", "template", "--json").json["csv"] == sheet.read_text("utf-8")


def test_a_memo_is_written_once_and_on_demand_again(sheet: Path) -> None:
    """A page somebody has edited is not written over by accident."""
    out = sheet.parent / "memo.md"
    words = ("exposure", "memo", "KHM", "--inventory", sheet, *ON)
    first = comity(*words, "--options", OPTIONS, "--out", out)
    again = comity(*words, "--out", out)

    assert (first.code, again.code) == (0, 2)
    assert "is there already" in again.err
    text = out.read_text("utf-8")
    assert text.startswith("# What Cambodia (KHM) depends on")
    assert "### Without USA" in text
    assert "options.toml, SHA-256" in text
    assert comity(*words, "--out", out, "--replace").code == 0
    assert "No options were given" in out.read_text("utf-8")


def test_a_memo_runs_the_scenarios_that_are_named(sheet: Path) -> None:
    """Each stands with its source; one that hits nothing says so."""
    words = ("exposure", "memo", "KHM", "--inventory", sheet, *ON)
    ran = comity(*words, "--shock", "euv-supplier-lost", "--shock", "usa-chip-controls")
    found = comity(*words, "--json").json

    assert ran.out.count("### ") == 2
    assert "removes nothing that anybody stated" in ran.out
    assert found["shocks"][0]["scenario"]["jurisdictions"] == ["USA"]
    assert found["example"] is True
    assert found["diversify"] is None


def test_a_shock_on_everything_says_so_in_words(sheet: Path) -> None:
    """The command beside the memo warns as well."""
    layers = (
        "energy",
        "chips",
        "data_centre",
        "cloud",
        "model",
        "data",
        "talent",
        "application",
    )
    cut = [word for layer in layers for word in ("--layer", layer)]
    ran = comity(
        "exposure", "shock", *cut, "--state", "KHM", "--inventory", sheet, "--no-records"
    )

    assert "It removes everything that is stated here" in " ".join(ran.out.split())
