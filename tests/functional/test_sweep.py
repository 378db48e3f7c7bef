# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity sweep` and `comity register`, as people use and misuse them."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from comity.cli.app import run
from comity.files.pack import SHIPPED

DAY = "2026-11-21"
SWEEP = ("--in", "KHM,WAICO", "--on", DAY)


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a register made up by the command."""
    path = tmp_path_factory.mktemp("register") / "register.parquet"
    assert run(["register", "make", str(path), "--rows", "300", "--seed", "5"]) == 0
    return path


@pytest.fixture(autouse=True)
def _wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")


def _json(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    capsys.readouterr()
    assert run([*words, "--json"]) == 0
    plain: dict[str, Any] = json.loads(capsys.readouterr().out)
    return plain


def test_a_sweep_tells_counts_and_the_facts_that_settle_most(
    register: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """And that the register is made up."""
    assert run(["sweep", str(register), *SWEEP]) == 0
    out = capsys.readouterr().out
    for said in ("300 systems", "KHM, WAICO", "made up", "does not", "cannot tell",
                 "Facts whose answers would settle most", "matters in"):  # fmt: skip
        assert said in out


def test_the_json_of_a_sweep_adds_up(
    register: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every norm's four counts are all systems."""
    plain = _json(capsys, "sweep", str(register), *SWEEP)
    assert plain["rows"] == 300
    assert plain["synthetic"].startswith("comity register make")
    words = ("applies", "does_not_apply", "cannot_tell", "not_in_force")
    assert {sum(norm[word] for word in words) for norm in plain["norms"]} == {300}
    assert plain["open_facts"]["counted_in_rows"] == 300
    assert "roles" in {each["fact"] for each in plain["open_facts"]["facts"]}


def test_the_duty_matrix_has_a_row_a_system_and_a_column_a_norm(
    register: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In words anybody reads."""
    out = tmp_path / "duties.parquet"
    plain = _json(capsys, "sweep", str(register), *SWEEP, "--out", str(out))
    matrix = pl.read_parquet(out)
    assert matrix.columns == ["id", *(norm["norm"] for norm in plain["norms"])]
    assert matrix["id"][0] == "S00000001"
    first = plain["norms"][0]
    words = matrix[first["norm"]].cast(pl.String).to_list()
    assert words.count("applies") == first["applies"]


def test_the_same_seed_makes_the_same_register(register: Path, tmp_path: Path) -> None:
    """To the byte."""
    again = tmp_path / "again.parquet"
    assert run(["register", "make", str(again), "--rows", "300", "--seed", "5"]) == 0
    assert again.read_bytes() == register.read_bytes()


def test_a_draft_says_whom_it_concerns(
    register: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """And which conflicts it would bring: none here."""
    text = (SHIPPED / "eu" / "transparency.md").read_text("utf-8")
    draft = tmp_path / "draft.md"
    draft.write_text(text.replace("  unless    assistive_editing_only\n", "", 1), "utf-8")
    words = ["sweep", str(register), "--draft", str(draft), "--on", "2026-12-21", "--all"]
    assert run(words) == 0
    out = capsys.readouterr().out
    for said in ("in place of eu.aia.transparency", "newly bound", "all together",
                 "eu.aia.50.2", "No conflict arises"):  # fmt: skip
        assert said in out


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--in", "XXX"), "law.market"),
        ((), "law.market"),
        (("--in", "EU", "--on", "tomorrow"), "kernel.instant"),
        (("--draft", "nowhere.md"), "files.no_pack"),
        (("--in", "EU", "--draft", "d.md", "--out", "o.parquet"), "cli.sweep"),
    ],
)
def test_a_misuse_is_told_with_exit_code_2(
    register: Path, words: tuple[str, ...], code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is swept."""
    assert run(["sweep", str(register), *words, "--json"]) == 2
    assert json.loads(capsys.readouterr().err)["error"]["code"] == code


def test_a_register_with_faults_names_rows_and_columns(
    register: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Stop is the default; skip counts them."""
    wrong = tmp_path / "wrong.parquet"
    frame = pl.read_parquet(register)
    cells = [float("nan") if row == 6 else None for row in range(frame.height)]
    words = ["human_decids" if row == 8 else None for row in range(frame.height)]
    frame.with_columns(
        registered_users=pl.Series(cells, dtype=pl.Float64), autonomy=pl.Series(words)
    ).write_parquet(wrong)
    out = tmp_path / "duties.parquet"
    assert run(["sweep", str(wrong), *SWEEP, "--out", str(out)]) == 2
    err = capsys.readouterr().err
    assert "row 7 (id S00000007), column 'registered_users': nan is no exact number" in err
    assert "row 9 (id S00000009), column 'autonomy'" in err
    assert "did you mean 'human_decides'?" in err
    assert not out.exists()
    plain = _json(capsys, "sweep", str(wrong), *SWEEP, "--on-fault", "skip")
    assert (plain["rows"], plain["skipped"]) == (298, 2)
    assert [fault["row"] for fault in plain["faults"]] == [7, 9]


def test_an_unknown_column_is_told_with_its_near_miss(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before a row is read."""
    path = tmp_path / "register.parquet"
    pl.DataFrame({"id": ["S1"], "is_ai_sistem": [True]}).write_parquet(path)
    assert run(["sweep", str(path), *SWEEP]) == 2
    assert "did you mean 'is_ai_system'?" in capsys.readouterr().err


def test_the_cluster_engine_gives_the_same_counts(
    register: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Ray on this machine alone, on loopback, with nothing reported to anybody."""
    here = _json(capsys, "sweep", str(register), *SWEEP)
    out = tmp_path / "duties.parquet"
    done = subprocess.run(
        [sys.executable, "-m", "comity.cli", "sweep", str(register), *SWEEP,
         "--engine", "ray", "--json", "--out", str(out)],
        capture_output=True, text=True, check=False, timeout=180,
        env=os.environ | {"RAY_USAGE_STATS_ENABLED": "0"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    there = json.loads(done.stdout)
    assert there["norms"] == here["norms"]
    assert there["open_facts"] == here["open_facts"]
    assert pl.read_parquet(out).height == 300
