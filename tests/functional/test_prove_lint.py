# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity prove lint`, as an author of a pack meets it."""

import json
from pathlib import Path

import pytest

from comity.cli.app import run

PACK = """\
```comity
pack ata.ice
  title   "Ice"
  market  ATA
  status  binding
  version 2026-11-21

norm ata.ice.1
  title  "X"
  who    provider
  must   human_oversight
  when   tasks has remote_biometric_identification and not processes_biometric_data
  cite   "s. 1"
  basis  text
  source "S"
```
"""


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """Return a file with a pack whose one norm is dead."""
    path = tmp_path / "ice.md"
    path.write_text(PACK, "utf-8")
    return path


def test_an_error_is_told_with_its_line_and_cause(
    pack: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 1, so that a pipeline stops."""
    assert run(["prove", "lint", str(pack)]) == 1

    out = capsys.readouterr().out
    assert f"{pack}:12:3: error [dead] ata.ice.1: " in out
    assert "    `when`: tasks has remote_biometric_identification" in out
    assert "    axiom biometric_tasks_use_biometric_data: " in out
    assert "1 norm, 0 definitions: 1 error, 0 warnings, 0 notes" in out


def test_a_program_reads_the_same(pack: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One finding is one object with its place."""
    assert run(["prove", "lint", str(pack), "--json"]) == 1

    plain = json.loads(capsys.readouterr().out)
    assert plain["counts"] == {"error": 1, "warning": 0, "note": 0}
    assert [(each["rule"], each["line"]) for each in plain["findings"]] == [("dead", 12)]


def test_a_sound_pack_passes(pack: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 0, and one line."""
    pack.write_text(PACK.replace("and not", "and"), "utf-8")

    assert run(["prove", "lint", str(pack)]) == 0
    assert "0 errors" in capsys.readouterr().out


def test_an_undefined_term_is_shown_with_its_near_miss(
    pack: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The reader refuses it; nothing is proven of half a pack."""
    pack.write_text(PACK.replace("when   tasks", "when   taskks"), "utf-8")

    assert run(["prove", "lint", str(pack)]) == 2
    out = capsys.readouterr().out
    assert "line 12, column 10" in out
    assert "did you mean 'tasks'?" in out


def test_a_file_without_a_block_is_no_success(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Most often the fence was forgotten."""
    path = tmp_path / "plain.md"
    path.write_text("hello", "utf-8")

    assert run(["prove", "lint", str(path)]) == 2
    assert "no ```comity block" in capsys.readouterr().out
