# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The verbs that need no node, used wrongly: one clear sentence, nothing left behind."""

import resource
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from comity.cli.app import run
from comity.desk.law.making import make_register
from comity.files.synthesis import Recipe

COMITY = [sys.executable, "-m", "comity.cli"]


def _no_room() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, 2_000))


def test_a_full_disk_is_told_and_leaves_no_register(tmp_path: Path) -> None:
    """In a sentence of the system's, without a traceback and without half a file."""
    words = [*COMITY, "register", "make", str(tmp_path / "r.parquet"), "--rows", "50"]
    ran = subprocess.run(
        words, capture_output=True, text=True, check=False, preexec_fn=_no_room
    )
    assert ran.returncode == 2
    assert ran.stderr.startswith("error: cannot write")
    assert "Traceback" not in ran.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("place", ["missing/r.parquet", "."])
def test_a_place_that_takes_no_file_is_named(
    tmp_path: Path, place: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The place that was typed, not one of ours beside it."""
    out = tmp_path / place
    assert run(["register", "make", str(out), "--rows", "5"]) == 2
    said = capsys.readouterr().err
    assert f"error: cannot write {out}: " in said
    assert "Errno" not in said


def test_a_malformed_row_names_its_column_and_leaves_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As its author named the column; and "nothing was written" holds for work folders too."""
    register = tmp_path / "r.parquet"
    make_register(register, Recipe(rows=5, seed=1))
    odd = pl.lit(["king"]).alias("roles")
    pl.read_parquet(register).drop("roles").with_columns(odd).write_parquet(register)
    asked = ["sweep", str(register), "--in", "KHM", "--out", str(tmp_path / "d.parquet")]
    assert run(asked) == 2
    said = capsys.readouterr().err
    assert "column 'roles': 'king' is not one of" in said
    assert list(tmp_path.iterdir()) == [register]


def test_a_closed_output_is_no_fault(tmp_path: Path) -> None:
    """Whoever closes it (`>&-`) wants to read nothing."""
    profile = tmp_path / "x.toml"
    profile.write_text('system = "x"\nmarkets = ["KHM"]\n', "utf-8")
    words = f"{sys.executable} -m comity.cli determine {profile} >&-"
    ran = subprocess.run(["sh", "-c", words], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")


@pytest.mark.parametrize(("words", "code"), [("--version", 0), ("pack check nowhere.md", 2)])
def test_a_closed_error_output_changes_no_exit_code(words: str, code: int) -> None:
    """Whoever closes it (`2>&-`) still asks whether it worked."""
    asked = ["sh", "-c", f"{sys.executable} -m comity.cli {words} 2>&-"]
    assert subprocess.run(asked, check=False, stdout=subprocess.DEVNULL).returncode == code


def test_all_that_is_unclear_in_a_question_to_the_prover_is_told_at_once(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Sides and time are two matters."""
    assert run(["prove", "conflicts", "--timeout", "0"]) == 2
    said = capsys.readouterr().err
    assert "name two sides" in said
    assert "--timeout is a whole number of seconds, at least 1" in said


def test_a_large_number_is_shown_as_people_write_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody counts twenty-six digits."""
    profile = tmp_path / "x.toml"
    profile.write_text(
        'system = "x"\nroles = ["provider"]\n[facts]\ntraining_compute = "2e25 FLOP"\n',
        "utf-8",
    )
    asked = ["determine", str(profile), "--in", "EU", "--explain", "eu.aia.53.1.a"]
    assert run(asked) == 0
    said = capsys.readouterr().out
    assert "training_compute = 2×10^25" in said
    assert "0" * 12 not in said


def test_faults_of_several_options_are_told_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each under the option it was typed for, before anything is read."""
    asked = [
        "determine",
        str(tmp_path / "none.toml"),
        "--on",
        "2026-13-45",
        "--role",
        "provder",
    ]
    assert run(asked) == 2
    said = capsys.readouterr().err
    assert "--on: '2026-13-45' is not a date like 2026-11-21" in said
    assert "did you mean 'provider'?" in said


def test_the_id_of_an_article_leads_to_its_norms(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A reader knows articles, not our ids."""
    profile = tmp_path / "x.toml"
    profile.write_text('system = "x"\nroles = ["provider"]\nmarkets = ["EU"]\n', "utf-8")
    assert run(["determine", str(profile), "--explain", "eu.aia.50"]) == 2
    assert "norms below it: eu.aia.50." in capsys.readouterr().err
