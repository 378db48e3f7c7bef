# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""From the template to a memo, as a ministry does it: by commands alone."""

from pathlib import Path

import pytest
from tests.fakes.town import comity

from comity.files.pack import SHIPPED

OPTIONS = SHIPPED / "exposure" / "examples" / "options.toml"
FOUND = ("--name", "N", "--role", "regulator", "--jurisdiction", "KHM", "--origin", "n.ex/log")
NEED = """\
example = true

[[need]]
id = "hosting"
by = "KHM"
title = "A place to run"
what = "compute"
sector = "any"
"""
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


def test_a_layer_of_another_word_is_pointed_out(sheet: Path) -> None:
    """It may be meant; more often it is a slip, after which chips look like nobody's."""
    path = sheet.parent / "slip.csv"
    path.write_text(sheet.read_text("utf-8").replace(",chips,acc", ",chip,acc"), "utf-8")
    read = comity("exposure", "bill", path)
    found = comity("exposure", "memo", "KHM", "--inventory", path, *ON)

    assert "Layer 'chip' is none of the nine" in read.out
    assert "did you mean 'chips'?" in read.out
    assert "Layer chip is none of the nine" in found.out


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


def test_a_node_s_memo_counts_what_its_logs_say(sheet: Path, tmp_path: Path) -> None:
    """The inventory that was stated, and the need that was logged, without naming a file."""
    node, needs = tmp_path / "kh", tmp_path / "needs.toml"
    needs.write_text(NEED, "utf-8")
    for words in (
        ("node", "init", node, *FOUND, "--example"),
        ("exposure", "state", sheet, "--node", node, "--no-publish"),
        ("cooperate", "need", needs, "--node", node, "--no-publish"),
    ):
        ran = comity(*words)
        assert ran.code == 0, ran.err
    ran = comity("exposure", "memo", "KHM", "--node", node, *ON)

    assert (
        "Counted throughout (inventory, made up, not cosigned enough): inventory of KHM"
        in ran.out
    )
    assert "Not met in full: A place to run." in ran.out
