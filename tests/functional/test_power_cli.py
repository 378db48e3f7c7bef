# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import csv
import json
from pathlib import Path

import pytest
from tests.fakes.town import comity


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty folder in which the command runs."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_power_prints_figures_and_cautions() -> None:
    """An official reads who has what say, and what the figure assumes."""
    ran = comity("council", "power", "un-security-council")
    assert ran.code == 0
    assert "0.1963" in ran.out
    assert "votes independently" in ran.out


def test_power_writes_json_and_csv(here: Path) -> None:
    """A program reads the same figures."""
    ran = comity(
        "council", "power", "eu-council", "--json", "--fractions", "--csv", "p.csv",
            )  # fmt: skip
    assert ran.code == 0
    sheet = json.loads(ran.out)
    rows = list(csv.DictReader((here / "p.csv").read_text("utf-8").splitlines()))
    assert [row["player"] for row in rows] == [each["player"] for each in sheet["players"]]
    assert float(rows[0]["shapley"]) == sheet["players"][0]["shapley"]["value"]
    assert "/" in sheet["players"][0]["shapley"]["fraction"]


def test_a_sampled_table_has_its_intervals(here: Path) -> None:
    """Figures without their spread would look exact."""
    ran = comity(
        "council", "power", "eu-council", "--method", "sample", "--samples", "200", "--csv",
        "p.csv",
    )  # fmt: skip
    assert ran.code == 0
    assert " to " in ran.out
    header = (here / "p.csv").read_text("utf-8").splitlines()[0]
    assert "shapley_low" in header


def test_abstention_as_a_third_choice_has_a_table(here: Path) -> None:
    """Alike members stand on one line, and the CSV has every one."""
    ran = comity("council", "power", "un-security-council", "--csv", "p.csv")
    assert ran.code == 0
    assert "adopts 1.023 % of all votes" in ran.out
    assert "CHN FRA RUS GBR USA" in ran.out
    rows = list(csv.DictReader((here / "p.csv").read_text("utf-8").splitlines()))
    assert {row["ternary_by_no"] for row in rows[5:]} == {"0"}
    everybody = comity("council", "power", "consensus", "--body", "celac")
    assert "each member" in everybody.out
    assert "works as a no" in comity("council", "power", "eu-council").out


def test_bodies_are_listed_and_shown() -> None:
    """The list names them; one of them shows who is in it."""
    listed = comity("council", "bodies")
    shown = comity("council", "bodies", "waico-37")
    assert listed.code == shown.code == 0
    assert "asean" in listed.out
    assert "one tracker" in shown.out
    assert "ESH Sahrawi Republic" in comity("council", "bodies", "au").out
    assert len(json.loads(comity("council", "bodies", "--json").out)) == 13


def test_bad_words_are_refused_in_a_sentence(here: Path) -> None:
    """Exit code 2, the sentence, the near miss, and nothing written."""
    for words, said in (
        (("power", "eu-counsil"), "did you mean 'eu-council'"),
        (("power", "without-hegemon", "--body", "asaen"), "did you mean 'asean'"),
        (("power", "without-hegemon", "--body", "asean"), "family 'region'"),
        (("power", "eu-council", "--blocs", "DEU+XYZ"), "'XYZ' is no member"),
        (("bodies", "nowhere"), "no body is called"),
    ):
        ran = comity("council", *words)
        assert ran.code == 2, words
        assert said in ran.err + ran.out
        assert "Traceback" not in ran.err
    assert not list(here.iterdir())
