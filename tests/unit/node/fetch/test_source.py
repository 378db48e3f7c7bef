# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

from pathlib import Path

import pytest

from comity.errors import InvalidDocument, NotFound, PeerFailed
from comity.node.fetch.http import HttpSource
from comity.node.fetch.source import FolderSource, LogSource, open_source, opened_once


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


class Connected(HttpSource):
    """A source over HTTP that tells whether it was closed."""

    is_closed = False

    def close(self) -> None:
        """Close the connections and say so."""
        self.is_closed = True
        super().close()


def test_of_two_sources_opened_at_once_one_is_kept_and_the_other_closed() -> None:
    """Nobody else knows of the second, so its connections would stay open for ever."""
    kept, lost = Connected("https://br.example"), Connected("https://br.example")
    sources: dict[str, LogSource] = {}

    def overtaken(key: str) -> LogSource:
        assert opened_once(sources, key, lambda _: kept) is kept  # another thread is quicker
        return lost

    assert opened_once(sources, "br", overtaken) is kept
    assert (kept.is_closed, lost.is_closed) == (False, True)
    assert opened_once(sources, "br", overtaken) is kept
