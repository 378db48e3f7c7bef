# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Whoever names a wrong folder is told of the right one."""

from pathlib import Path

import pytest

from comity.node.member.absent import no_node


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a working folder with two nodes, and one folder that is none."""
    for name in ("kh", "br", "papers"):
        (tmp_path / name / "public").mkdir(parents=True)
    for name in ("kh", "br"):
        for file in ("node.toml", "keys.sealed"):
            (tmp_path / name / file).touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("khh", "kh"), ("kh/public", "kh"), (".", "br, kh")],
)
@pytest.mark.usefixtures("place")
def test_the_node_that_was_meant_is_named(typed: str, meant: str) -> None:
    """A typo, a folder within a node, the folder around all nodes."""
    assert f"did you mean {meant}?" in no_node(Path(typed)).hint


@pytest.mark.parametrize("typed", ["papers", "elsewhere/entirely", "\0"])
@pytest.mark.usefixtures("place")
def test_where_none_is_near_none_is_guessed(typed: str) -> None:
    """A wrong guess costs more than none."""
    assert no_node(Path(typed)).hint == "found one with `comity node init`"
