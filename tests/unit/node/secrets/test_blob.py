# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

from pathlib import Path

import pytest

from comity.errors import InvalidDocument, NotFound, PeerFailed, VerificationFailed
from comity.kernel.digest import sha256
from comity.node.disk.storage import Disk
from comity.node.fetch.source import FolderSource
from comity.node.secrets.blob import Blobs


def blobs(folder: Path, limit: int = 100) -> Blobs:
    """Return the blobs of a folder."""
    return Blobs(Disk(folder), limit=limit)


def test_a_blob_is_named_by_its_digest(tmp_path: Path) -> None:
    """Putting it twice is putting it once."""
    held = blobs(tmp_path)
    assert held.put(b"x") == held.put(b"x") == sha256(b"x")
    assert held.get(sha256(b"x")) == b"x"


def test_a_blob_is_fetched_once_and_kept(tmp_path: Path) -> None:
    """The peer may be gone the next time."""
    digest = blobs(tmp_path / "a").put(b"evidence")
    source = FolderSource(tmp_path / "a" / "public")
    held = blobs(tmp_path / "b")
    assert held.fetch(source, digest) == b"evidence"
    (tmp_path / "a" / "public" / "blob" / digest.hex()).unlink()
    assert held.fetch(source, digest) == b"evidence"


def test_another_content_under_the_digest_is_refused(tmp_path: Path) -> None:
    """From a peer, and from the node's own disk."""
    digest = blobs(tmp_path / "a").put(b"evidence")
    (tmp_path / "a" / "public" / "blob" / digest.hex()).write_bytes(b"evidencE")
    with pytest.raises(VerificationFailed, match=digest.hex()):
        blobs(tmp_path / "b").fetch(FolderSource(tmp_path / "a" / "public"), digest)
    with pytest.raises(VerificationFailed):
        blobs(tmp_path / "a").get(digest)
    with pytest.raises(NotFound):
        blobs(tmp_path / "b").get(digest)


def test_more_than_a_blob_may_hold_is_refused(tmp_path: Path) -> None:
    """Written here or sent by a peer."""
    with pytest.raises(InvalidDocument, match="at most 3"):
        blobs(tmp_path, limit=3).put(b"four")
    digest = blobs(tmp_path / "a").put(b"four")
    with pytest.raises(PeerFailed):
        blobs(tmp_path / "b", limit=3).fetch(FolderSource(tmp_path / "a" / "public"), digest)
