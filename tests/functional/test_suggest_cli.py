# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity assess suggest`, as people use and misuse it."""

import json
from pathlib import Path
from typing import Any

import pytest

import comity.demo
from comity.cli.app import run

ASSISTANT = Path(comity.demo.__path__[0]) / "examples" / "public-assistant.toml"


@pytest.fixture(autouse=True)
def _wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")


def _suggest(*words: str) -> int:
    return run(["assess", "suggest", str(ASSISTANT), "--on", "2026-11-22", *words])


def test_tests_are_told_with_their_duties_and_figures(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A reader sees which norm set the figure, and what nobody here can test."""
    assert _suggest("--in", "EU,CHN") == 0
    said = capsys.readouterr().out
    assert ". must-decline" in said
    assert "threshold 95 %: as chn.gbt45654.refuse asks" in said
    assert "if it never fails" in said
    assert "chn-first-class: left for an authority to write" in said
    assert "No bank here" in said
    assert "manipulation shows over time" in said
    assert "Cannot be told; these answers would settle it" in said
    assert "A test speaks to a duty, it does not discharge it." in said


def test_the_same_is_told_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    """A register links tests to duties by their ids."""
    assert _suggest("--in", "CHN", "--json") == 0
    plain: dict[str, Any] = json.loads(capsys.readouterr().out)
    by_bank = {one["bank"]: one for one in plain["proposals"]}
    served = {duty["norm"] for duty in by_bank["must-answer"]["serves"]}
    assert {"chn.gbt45654.answer", "chn.tc260.9.answer"} <= served
    assert by_bank["must-answer"]["numbers"]["threshold"] == "19/20"
    assert [one["bank"] for one in plain["slots"]] == ["chn-first-class"]
    assert plain["no_bank_here"]
    assert plain["undetermined"][0]["unsettled"]


def test_ready_files_are_written_and_their_commands_told(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """The next step is a command away."""
    folder = tmp_path / "tests"
    assert _suggest("--in", "CHN", "--write", str(folder)) == 0
    said = capsys.readouterr().out
    assert "comity bank build" in said
    assert "comity assess plan APPLICATION --claim" in said
    core, out = folder / "must-answer.toml", tmp_path / "bank.jsonl"
    words = ["--seed", "1", "--out", str(out)]
    assert run(["bank", "build", str(core), *words]) == 0
    claim = str(folder / "must-answer.claim.toml")
    assert run(["bank", "check", str(out), "--claim", claim]) == 0
    capsys.readouterr()
    assert _suggest("--in", "CHN", "--write", str(folder)) == 2
    assert "is there already" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "messages"),
    [
        (["--in", "CHX"], ["CHX", "CHN"]),
        (["--in", "CHN", "--role", "provide"], ["provide", "provider"]),
        (["--in", "CHN", "--bank-dir", "nowhere"], ["nowhere"]),
    ],
)
def test_bad_questions_are_refused_with_what_was_meant(
    capsys: pytest.CaptureFixture[str], words: list[str], messages: list[str]
) -> None:
    """Exit code 2 says that the question, not the answer, is at fault."""
    assert _suggest(*words) == 2
    told = capsys.readouterr().err
    assert all(message in told for message in messages)


def test_a_profile_that_is_not_there_or_bad_is_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """All its faults at once."""
    assert run(["assess", "suggest", str(tmp_path / "none.toml"), "--in", "CHN"]) == 2
    assert "none.toml" in capsys.readouterr().err
    bad = tmp_path / "bad.toml"
    bad.write_text('system = "x"\n[facts]\nis_ai_sistem = true\ngenerates = ["txt"]\n', "utf-8")
    assert run(["assess", "suggest", str(bad), "--in", "CHN"]) == 2
    told = capsys.readouterr().err
    assert "is_ai_system" in told
    assert "txt" in told


def test_building_the_slot_of_an_authority_is_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """The message says who writes it, and how."""
    core = Path(comity.demo.__path__[0]).parent / "packs" / "banks" / "chn-first-class.toml"
    words = ["--seed", "1", "--out", str(tmp_path / "bank.jsonl")]
    assert run(["bank", "build", str(core), *words]) == 2
    told = capsys.readouterr().err
    assert "left to others" in told
    assert "an empty slot for whoever answers for it to fill" in told
    assert not (tmp_path / "bank.jsonl").exists()
