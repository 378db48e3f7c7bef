# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity council` says of each of its verbs what it is for."""

import re

import pytest

from comity.cli.app import run


@pytest.mark.parametrize("words", [["council"], ["council", "--help"]])
def test_every_verb_of_the_council_has_a_summary(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """A list of bare words teaches nobody which one to call."""
    assert run(words) == 0

    verbs = re.findall(r"^│ ([a-z]+) +(\S.*?) +│$", capsys.readouterr().out, re.MULTILINE)
    assert len(verbs) == 17
    assert all(summary for _, summary in verbs)


def test_every_verb_of_exposure_has_a_summary(capsys: pytest.CaptureFixture[str]) -> None:
    """Some of its verbs are loaded late as well."""
    assert run(["exposure", "--help"]) == 0

    verbs = re.findall(r"^│ ([a-z]+) +(\S.*?) +│$", capsys.readouterr().out, re.MULTILINE)
    assert "shock" in dict(verbs)
    assert all(summary for _, summary in verbs)
