# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Whoever holds one file writes its report, and the second program that checks it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.fakes.forgery import Lie, forge
from tests.fakes.town import comity


@pytest.fixture
def dossier(tmp_path: Path) -> Path:
    """Write a dossier."""
    file = tmp_path / "finding.json"
    file.write_bytes(forge())
    return file


def test_a_report_is_written_as_page_and_json(dossier: Path, tmp_path: Path) -> None:
    """After everything was re-derived, and in the language asked for."""
    page, report = tmp_path / "report.html", tmp_path / "report.json"

    ran = comity("verify", dossier, "--html", page, "--report", report, "--language", "ar")

    assert ran.code == 0
    assert 'dir="rtl"' in page.read_text("utf-8")
    assert json.loads(report.read_text("utf-8"))["report"] == "comity/finding-report/v1"
    assert f"{page}: the report as a page" in ran.out


def test_no_report_is_written_of_what_does_not_verify(tmp_path: Path) -> None:
    """A page that looks like evidence must not come of a file that is none."""
    file, page = tmp_path / "finding.json", tmp_path / "report.html"
    file.write_bytes(forge(Lie(said={"finding": lambda said: {**said, "seed": "ab" * 32}})))

    ran = comity("verify", file, "--html", page)

    assert ran.code == 1
    assert not page.exists()


def test_the_verifier_written_out_checks_the_same_file(dossier: Path, tmp_path: Path) -> None:
    """Two programs, one verdict; the second needs nothing of ours."""
    script = tmp_path / "comity_verify.py"

    ran = comity("verify", "--write-verifier", script)
    checked = subprocess.run(
        [sys.executable, "-I", "-S", str(script), str(dossier)],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )

    assert ran.code == 0
    assert (checked.returncode, checked.stdout.splitlines()[-1]) == (0, "VERIFIED")


@pytest.mark.parametrize("option", ["--html", "--report", "--write-verifier"])
def test_nothing_is_written_over_by_mistake(dossier: Path, tmp_path: Path, option: str) -> None:
    """Who means it says so."""
    there = tmp_path / "there"
    there.write_text("mine", "utf-8")

    refused = comity("verify", dossier, option, there)
    kept = there.read_text("utf-8")
    replaced = comity("verify", dossier, option, there, "--replace")

    assert (refused.code, kept, replaced.code) == (2, "mine", 0)
    assert there.read_text("utf-8") != "mine"


def test_a_folder_has_no_report(tmp_path: Path) -> None:
    """A report is of one finding; the hint says how to come by its file."""
    ran = comity("verify", tmp_path, "--html", tmp_path / "report.html")

    assert ran.code == 2
    assert "comity dossier writes a finding as one file" in ran.err


def test_nothing_to_check_is_said() -> None:
    """Not a traceback, not a silent success."""
    ran = comity("verify")

    assert ran.code == 2
    assert "nothing to check" in ran.err
