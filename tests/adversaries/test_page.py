# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The table of adversaries names tests that are there, and leaves no adversary out."""

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
PAGE = (TESTS.parent / "docs" / "spec" / "adversaries.md").read_text("utf-8")
NAMED = sorted(set(re.findall(r"`([a-z/_]+\.py)::(test_[a-z_]+)`", PAGE)))


def test_every_adversary_is_in_the_table() -> None:
    """Those a tester of services has to reckon with."""
    rows = " ".join(re.findall(r"^\| ([^|]+) \|", PAGE, re.MULTILINE))
    expected = (
        "stalling", "errors", "time-outs", "replayed", "substitution", "bank swapped",
        "grinding", "abort", "collusion", "two versions", "flooding", "injection", "endless",
    )  # fmt: skip

    assert [word for word in expected if word not in rows] == []
    assert len(NAMED) > len(expected)


@pytest.mark.parametrize(("file", "name"), NAMED)
def test_every_test_of_the_table_is_there(file: str, name: str) -> None:
    """A defence is no more than the test that shows it."""
    assert f"def {name}(" in (TESTS / file).read_text("utf-8")
