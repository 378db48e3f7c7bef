# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

from pathlib import Path

import pytest

from comity.errors import InvalidDocument, NotFound, PeerFailed
from comity.node.fetch.source import FolderSource, open_source


def test_a_folder_is_a_source(tmp_path: Path) -> None:
    """A memory stick, a mirror, another node's public files."""
    (tmp_path / "public").mkdir()
    (tmp_path / "public" / "checkpoint").write_bytes(b"note")
    for location in (tmp_path, tmp_path / "public"):
        source = open_source(str(location))
        assert source.read("checkpoint", limit=4) == b"note"
        with pytest.raises(PeerFailed, match="larger"):
            source.read("checkpoint", limit=3)
        with pytest.raises(NotFound):
            source.read("tile", limit=3)


@pytest.mark.parametrize(
    ("location", "error"),
    [
        ("ftp://x.example", InvalidDocument),
        ("file:///etc", InvalidDocument),
        ("http://", InvalidDocument),
        ("no such folder", NotFound),
    ],
)
def test_no_other_address_is_a_source(
    location: str, error: type[Exception], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only what an operator may mean."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(error):
        open_source(location)


def test_a_source_has_a_name_for_messages(tmp_path: Path) -> None:
    """Every refusal says where it was read."""
    assert FolderSource(tmp_path).name == str(tmp_path)
