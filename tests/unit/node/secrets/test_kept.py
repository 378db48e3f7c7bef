# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import errno
import io
import os
from pathlib import Path

import pytest
from nacl.public import PrivateKey

from comity.errors import (
    InvalidDocument,
    NotFound,
    PeerFailed,
    StorageFailed,
    VerificationFailed,
)
from comity.kernel.digest import Digest, from_hex, sha256
from comity.kernel.ids import MemberId
from comity.ledger.commitment import Access, AccessClass, Commitment
from comity.node.disk.storage import Disk
from comity.node.secrets.blob import Blobs
from comity.node.secrets.kept import KeptBlobs, from_piece
from comity.node.secrets.sealed import seal_stream

KH, BR = MemberId("aa" * 32), MemberId("bb" * 32)
NAMED = Access(kind=AccessClass.NAMED, readers=frozenset([BR]))
SALT = bytes(range(16))


class Desk:
    """A peer that hands blobs to one asker, as a server does."""

    name = "kh"

    def __init__(self, blobs: Blobs, asker: MemberId | None) -> None:
        self._blobs = blobs
        self._asker = asker

    def read(self, path: str, *, limit: int) -> bytes:
        """Return what stands at an address for the asker."""
        found = self._blobs.serve(sha256_from(path), self._asker)
        if found is None:
            raise NotFound(path, code="node.source")
        if len(found) > limit:
            raise PeerFailed(path, code="node.peer")
        return found


def sha256_from(path: str) -> Digest:
    """Return the digest in a blob's address."""
    return from_hex(path.removeprefix("blob/"))


def keep(folder: Path, content: bytes = b"report", access: Access = NAMED) -> Commitment:
    """Keep a blob in a folder."""
    kept = KeptBlobs(Disk(folder))
    return kept.keep(content, salt=SALT, media="text/plain", access=access)


def test_a_kept_blob_lies_where_no_web_server_looks(tmp_path: Path) -> None:
    """The folder `public` may be served by anybody's web server."""
    made = keep(tmp_path)
    assert KeptBlobs(Disk(tmp_path)).get(made.sha256).content == b"report"
    assert not (tmp_path / "public").exists()
    assert list(KeptBlobs(Disk(tmp_path)).names()) == [made.sha256]


def test_a_blob_is_handed_to_its_readers_only(tmp_path: Path) -> None:
    """A stranger and another member read the same as of a blob that is not there."""
    blobs, made = Blobs(Disk(tmp_path)), keep(tmp_path)
    assert blobs.serve(made.sha256, None) is None
    assert blobs.serve(made.sha256, KH) is None
    piece = blobs.serve(made.sha256, BR)
    assert piece is not None
    assert from_piece(piece)[1] == b"report"


def test_public_bytes_are_served_as_ever(tmp_path: Path) -> None:
    """By their own digest, to anybody, without a salt before them."""
    blobs = Blobs(Disk(tmp_path))
    digest = blobs.put(b"bundle")
    assert blobs.serve(digest, None) == b"bundle"
    (tmp_path / "public" / "blob" / digest.hex()).write_bytes(b"bundlE")
    assert blobs.serve(digest, None) is None
    assert blobs.serve(sha256(b"no"), None) is None


def test_a_reader_fetches_once_and_hands_on_to_nobody(tmp_path: Path) -> None:
    """It was given to that member, not to those it knows."""
    made = keep(tmp_path / "kh")
    own = Blobs(Disk(tmp_path / "br"))
    desk = Desk(Blobs(Disk(tmp_path / "kh")), BR)
    assert own.kept.fetch(desk, made).content == b"report"
    (tmp_path / "kh" / "blobs" / made.sha256.hex() / "head").unlink()
    assert own.kept.fetch(desk, made).content == b"report"
    assert own.serve(made.sha256, KH) is None


def test_more_bytes_than_declared_are_not_taken(tmp_path: Path) -> None:
    """The bucket in the statement is the cap on the way, and must be the one they fill."""
    made = keep(tmp_path / "kh", bytes(5000))
    desk = Desk(Blobs(Disk(tmp_path / "kh")), BR)
    for bucket, error in ((1024, PeerFailed), (2**14, VerificationFailed)):
        declared = Commitment(
            sha256=made.sha256, bucket=bucket, media=made.media, access=made.access
        )
        with pytest.raises(error):
            KeptBlobs(Disk(tmp_path / "br")).fetch(desk, declared)
    assert KeptBlobs(Disk(tmp_path / "br")).find(made.sha256) is None


def test_what_is_not_what_was_committed_to_is_not_taken(tmp_path: Path) -> None:
    """Another content, another salt, or no disclosure at all."""
    made, kept = keep(tmp_path), KeptBlobs(Disk(tmp_path / "br"))
    piece = Blobs(Disk(tmp_path)).serve(made.sha256, BR)
    assert piece is not None
    for wrong in (piece + b"!", b"WyJhIiwxXQ\nreport"):
        with pytest.raises(VerificationFailed):
            kept.take(made.sha256, wrong, limit=made.bucket)
    for malformed in (b"", b"report", b"\xff\nreport", b"{}\nreport"):
        with pytest.raises(InvalidDocument):
            kept.take(made.sha256, malformed, limit=made.bucket)
    with pytest.raises(NotFound):
        kept.get(made.sha256)


@pytest.mark.parametrize("part", ["head", "body"])
def test_a_file_changed_on_disk_is_found(tmp_path: Path, part: str) -> None:
    """By the owner, with its place; a stranger only learns that there is nothing."""
    made = keep(tmp_path)
    (tmp_path / "blobs" / made.sha256.hex() / part).write_bytes(b"changed")
    with pytest.raises(VerificationFailed, match="blobs/"):
        KeptBlobs(Disk(tmp_path)).find(made.sha256)
    assert Blobs(Disk(tmp_path)).serve(made.sha256, BR) is None


def test_an_erased_blob_leaves_nothing(tmp_path: Path) -> None:
    """Neither bytes nor salt nor the list of its readers; twice is once."""
    blobs, made = Blobs(Disk(tmp_path)), keep(tmp_path)
    assert blobs.remove(made.sha256)
    assert not blobs.remove(made.sha256)
    assert [path for path in (tmp_path / "blobs").rglob("*") if path.is_file()] == []
    assert blobs.serve(made.sha256, BR) is None
    digest = blobs.put(b"bundle")
    assert blobs.remove(digest)
    assert blobs.find(digest) is None


def test_without_its_key_a_sealed_blob_is_gone(tmp_path: Path) -> None:
    """Crypto-shredding: 200 bytes removed make any number of bytes random."""
    target, reader = io.BytesIO(), PrivateKey(bytes([1]) * 32)
    seal_stream(io.BytesIO(bytes(9000)), target, [bytes(reader.public_key)], None)
    access = Access(kind=AccessClass.SEALED, readers=frozenset([BR]))
    made = keep(tmp_path, target.getvalue(), access)
    kept, folder = KeptBlobs(Disk(tmp_path)), tmp_path / "blobs" / made.sha256.hex()
    assert kept.get(made.sha256).content == target.getvalue()
    assert b"wraps" not in (folder / "body").read_bytes()
    kept.check(made.sha256)
    (folder / "key").unlink()
    assert kept.find(made.sha256) is None
    with pytest.raises(VerificationFailed, match="not whole"):
        kept.check(made.sha256)
    assert kept.erase(made.sha256)


def test_more_than_a_blob_may_hold_is_refused(tmp_path: Path) -> None:
    """Nothing of it is kept."""
    kept = KeptBlobs(Disk(tmp_path), limit=3)
    with pytest.raises(InvalidDocument, match="at most 3"):
        kept.keep(b"four", salt=SALT, media="text/plain", access=NAMED)
    assert list(kept.names()) == []


@pytest.mark.parametrize("refused", [1, 2])
def test_a_blob_that_could_not_be_kept_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refused: int
) -> None:
    """Kept again it has another salt and another name: what was left would stay for ever."""
    left = [refused]

    def refusing(_handle: int) -> None:
        left[0] -= 1
        if left[0] == 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fdatasync", refusing)
    with pytest.raises(StorageFailed, match="No space left"):
        keep(tmp_path)
    assert list(KeptBlobs(Disk(tmp_path)).names()) == []
    assert list((tmp_path / "blobs").iterdir()) == []
