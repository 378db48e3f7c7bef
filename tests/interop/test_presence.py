# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The other programs are there where they must be, and in form."""

import subprocess
from pathlib import Path

import pytest
from tests.interop.auditor import SOURCES, find_go
from tests.interop.presence import missing

HEADER = (
    "// SPDX-FileCopyrightText: The Comity authors\n// SPDX-License-Identifier: Apache-2.0\n"
)


def test_what_is_missing_is_skipped_and_said() -> None:
    """Who only has Python still runs the rest."""
    with pytest.raises(pytest.skip.Exception, match="Go is not here"):
        missing("Go", {})


def test_what_is_missing_on_cis_machine_fails() -> None:
    """A skipped interoperation test would look like a passed one."""
    with pytest.raises(pytest.fail.Exception, match="must be"):
        missing("Go", {"CI": "true"})


def test_the_go_sources_are_in_form() -> None:
    """As `gofmt` writes them."""
    go = find_go()
    gofmt = None if go is None else go.with_name("gofmt")
    if gofmt is None or not gofmt.is_file():
        pytest.skip("gofmt is not here")
    ran = subprocess.run([gofmt, "-l", SOURCES], capture_output=True, check=True, text=True)

    assert ran.stdout == ""


def test_what_is_not_python_says_its_licence_too() -> None:
    """A file that travels alone still says who may use it."""
    here = Path(__file__).parent
    files = [*SOURCES.iterdir(), *here.glob("*.mjs")]

    assert len(files) > 5
    assert [file.name for file in files if not file.read_text("utf-8").startswith(HEADER)] == []
