# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity status`, as a compliance engineer keeps it."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from comity.cli.app import run
from comity.files.status import read_status, status_path

EXAMPLE = Path(__file__).parents[2] / "examples" / "disaster-translation.toml"
NORM = "vnm.ai.11.1"


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    """Return the profile of the relief translator."""
    path = tmp_path / "relief.toml"
    path.write_text(EXAMPLE.read_text("utf-8"), "utf-8")
    return path


def _status(profile: Path, *words: str) -> int:
    where = () if "--in" in words else ("--in", "VNM")
    return run(["status", str(profile), "--on", "2026-11-22", *where, *words])


def _json(profile: Path, capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    capsys.readouterr()
    assert _status(profile, "--json", *words) == 0
    plain: dict[str, Any] = json.loads(capsys.readouterr().out)
    return plain


def _duty(plain: dict[str, Any], norm: str) -> dict[str, Any]:
    return next(each for each in plain["duties"] if each["norm"] == norm)


def test_what_is_said_of_a_duty_is_kept_beside_the_profile(
    profile: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Owner, deadline, evidence and note survive the next run, and a state needs its reason."""
    assert _status(profile, "--norm", NORM, "--owner", "Trust office") == 0
    words = ("--norm", NORM, "--deadline", "2026-11-01", "--evidence", "marks.pdf")
    duty = _duty(_json(profile, capsys, *words), NORM)
    assert (duty["owner"], duty["evidence"], duty["late"]) == (
        "Trust office",
        ["marks.pdf"],
        True,
    )
    met = _duty(_json(profile, capsys, "--norm", NORM, "--state", "met"), NORM)
    assert (met["state"], met["late"]) == ("met", False)
    assert _duty(_json(profile, capsys), NORM) == met


def test_permissions_and_bills_are_no_duties_to_keep(
    profile: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Only what binds is asked of anybody."""
    plain = _json(profile, capsys, "--in", "BRA,WAICO")
    assert plain["duties"] == []


def test_a_duty_that_is_coming_has_the_day_it_begins_as_its_deadline(
    profile: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody has to look up when a law begins."""
    capsys.readouterr()
    before = ("--in", "VNM", "--on", "2026-01-15", "--json")
    assert run(["status", str(profile), *before]) == 0
    duties = json.loads(capsys.readouterr().out)["duties"]
    coming = [each for each in duties if each["status"] == "not yet in force"]
    assert coming
    assert all(each["deadline"] > "2026-01-15" for each in coming)


def test_a_duty_that_binds_no_longer_keeps_what_was_said(
    profile: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A system withdrawn from a market keeps its record."""
    assert _status(profile, "--norm", NORM, "--owner", "Trust office") == 0
    text = EXAMPLE.read_text("utf-8")
    other, count = re.subn(r"(is_ai_system\s*=) true", r"\1 false", text)
    assert count == 1
    profile.write_text(other, "utf-8")
    duty = _duty(_json(profile, capsys), NORM)
    assert (duty["status"], duty["owner"]) == ("gone", "Trust office")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--norm", NORM, "--state", "met"), "nothing is named that shows it"),
        (("--norm", NORM, "--state", "not_ours"), "nothing says why"),
        (("--norm", "vnm.ai.11.11"), "is no duty of this system here"),
        (("--owner", "Trust office"), "of which duty?"),
        (("--norm", NORM, "--deadline", "soon"), "soon"),
    ],
)
def test_what_cannot_be_kept_is_refused_and_nothing_is_written(
    profile: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], said: str
) -> None:
    """A duty is met when something shows it."""
    assert _status(profile, *words) == 2
    assert said in capsys.readouterr().err
    assert not status_path(profile).exists()


def test_every_fault_of_a_status_file_is_named(
    profile: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """People write in it; a slip is named at its place, and the file stays."""
    assert _status(profile) == 0
    path = status_path(profile)
    broken = path.read_text("utf-8") + (
        '\n[[duty]]\nnorm = "vnm.ai.11.1"\nmarket = "VNM"\nrole = "provider"\nstate = "mett"\n'
        "ownr = 3\n"
    )
    path.write_text(broken, "utf-8")
    assert _status(profile) == 2
    said = capsys.readouterr().err
    for part in ("stands twice", "did you mean 'met'?", "did you mean 'owner'?"):
        assert part in said
    assert path.read_text("utf-8") == broken


def test_a_status_file_reads_back_as_written(profile: Path) -> None:
    """Nothing is lost between two runs."""
    assert _status(profile) == 0
    text = status_path(profile).read_text("utf-8")
    assert len(read_status(status_path(profile))) > 5
    assert _status(profile) == 0
    assert status_path(profile).read_text("utf-8") == text


def test_what_may_never_bind_is_no_duty_to_keep(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A coming norm of which it cannot be told whether it applies is a question, no duty."""
    profile = tmp_path / "unknown.toml"
    profile.write_text('system = "unknown"\nroles = ["provider"]\n', "utf-8")
    assert _status(profile, "--in", "EU") == 0
    out = capsys.readouterr().out
    assert "2027-12-02" not in out
    assert "it cannot be told whether they apply, now or once in force" in " ".join(out.split())


def test_what_was_said_of_one_duty_is_shown_of_that_duty_alone(
    profile: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody reads a hundred rows to see that one was written."""
    assert _status(profile, "--norm", NORM, "--owner", "Trust office") == 0
    out = capsys.readouterr().out
    assert "Trust office" in out
    assert out.count("vnm.ai.") == 1
