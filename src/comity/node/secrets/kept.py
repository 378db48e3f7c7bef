# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Blobs that statements commit to by a salted digest, each with who may read it.

One blob is one folder: `key` (what opens a sealed one), `head` (its salt and its readers) and
`body`. They are written the other way round and removed in this order, so that after a power
cut a blob is there whole, or what is left of it opens to nobody. Handed on, a blob is one
piece: a line with its disclosure, then its bytes.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from comity.errors import Fault, InvalidDocument, NotFound, StorageFailed, VerificationFailed
from comity.kernel.canonical import from_canonical, to_canonical
from comity.kernel.digest import Digest, from_hex, sha256
from comity.kernel.fields import Fields
from comity.kernel.ids import MemberId
from comity.ledger.commitment import (
    Access,
    AccessClass,
    Commitment,
    bucket_of,
    commit,
    may_read,
    verify_content,
)
from comity.ledger.disclosure import MAX_DISCLOSURE_BYTES, Disclosure, from_text
from comity.node.disk.storage import Storage
from comity.node.fetch.source import LogSource
from comity.node.secrets.sealed import is_sealed

FOLDER = "blobs/"
MAX_KEPT_BYTES = 64 * 1024 * 1024
_MOST_HEAD = 1024
_NAME = re.compile(r"blobs/([0-9a-f]{64})/body")
_PARTS = ("key", "head", "body")


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """One blob as this node holds it.

    Args:
        name: Digest of its disclosure, as statements name it.
        content: Its bytes; of a sealed one, the sealed file.
    """

    name: Digest
    disclosure: Disclosure
    access: Access
    content: bytes


class KeptBlobs:
    """The committed blobs in a node's folder; none of them lies where a web server looks."""

    def __init__(self, storage: Storage, *, limit: int = MAX_KEPT_BYTES) -> None:
        self._storage = storage
        self._limit = limit

    def keep(self, content: bytes, *, salt: bytes, media: str, access: Access) -> Commitment:
        """Keep bytes of one's own and return what a statement says of them.

        Raises:
            InvalidDocument: Too many bytes, a short salt, no media type.
            StorageFailed: Nothing was kept.
        """
        if len(content) > self._limit:
            raise _refused(f"{len(content)} bytes; a blob has at most {self._limit}")
        commitment, disclosure = commit(
            salt, sha256(content), size=len(content), media=media, access=access.kind
        )
        self._put(commitment.sha256, disclosure, access, content)
        return commitment

    def find(self, name: Digest) -> Held | None:
        """Return a blob, or None where this node does not hold it whole.

        Raises:
            VerificationFailed: A file of it was changed.
        """
        folder = _folder(name)
        try:
            head = self._storage.read(f"{folder}head")
            body = self._storage.read(f"{folder}body")
        except NotFound:
            return None
        disclosure, access, is_split = _from_head(head, f"{folder}head")
        try:
            content = (self._storage.read(f"{folder}key") if is_split else b"") + body
        except NotFound:
            return None
        verify_content(name, disclosure, sha256(content), place=folder.rstrip("/"))
        return Held(name=name, disclosure=disclosure, access=access, content=content)

    def get(self, name: Digest) -> Held:
        """Return a blob.

        Raises:
            NotFound: This node does not hold it.
            VerificationFailed: A file of it was changed.
        """
        held = self.find(name)
        if held is None:
            raise NotFound(
                f"no blob {name.hex()}",
                code="node.blob",
                hint="fetch it from its author with `comity blob fetch`, if it was not erased",
            )
        return held

    def check(self, name: Digest) -> None:
        """Check a blob whose bytes are here.

        Raises:
            VerificationFailed: A file of it was changed, or it is not whole.
        """
        if self.find(name) is None:
            raise VerificationFailed(
                "is not whole, and opens to nobody; `comity blob erase` removes the rest",
                code="node.blob",
                hint="a write or an erasure was interrupted: do it again",
                place=_folder(name).rstrip("/"),
            )

    def serve(self, name: Digest, asker: MemberId | None) -> bytes | None:
        """Return a blob in one piece for who may read it, else None.

        Args:
            asker: The member whose signature on the request was verified and who is a peer;
                None for a stranger.
        """
        try:
            held = self.find(name)
        except (VerificationFailed, InvalidDocument):
            return None
        if held is None or not may_read(held.access, asker):
            return None
        return to_piece(held)

    def take(self, name: Digest, piece: bytes, *, limit: int) -> Held:
        """Keep what another member handed over, for this member alone; what is held stays.

        Args:
            limit: Bytes the statement declares at most: its bucket.

        Raises:
            VerificationFailed: It is not what the commitment names, or larger than declared.
        """
        held = self.find(name)
        if held is not None:  # its readers stay those its author chose
            return held
        disclosure, content = from_piece(piece)
        verify_content(name, disclosure, sha256(content), place=f"blob/{name.hex()}")
        if bucket_of(len(content)) != limit:
            raise VerificationFailed(
                f"{len(content)} bytes, and the statement declares a bucket of {limit}",
                code="node.blob_size",
                place=f"blob/{name.hex()}",
            )
        access = Access(kind=AccessClass.NAMED)
        self._put(name, disclosure, access, content)
        return Held(name=name, disclosure=disclosure, access=access, content=content)

    def fetch(self, source: LogSource, commitment: Commitment) -> Held:
        """Return a blob, from here or else from a peer, never more bytes than it declares.

        Raises:
            NotFound: Neither has it, or this member may not read it.
            PeerFailed: The peer cannot be reached or sends too much.
            VerificationFailed: The peer sent something else.
        """
        held = self.find(commitment.sha256)
        if held is not None:
            return held
        limit = min(commitment.bucket, self._limit)
        path = f"blob/{commitment.sha256.hex()}"
        piece = source.read(path, limit=limit + _MOST_HEAD)
        return self.take(commitment.sha256, piece, limit=commitment.bucket)

    def names(self) -> Iterator[Digest]:
        """Yield the names of the blobs held, in order."""
        for path in self._storage.names(FOLDER.rstrip("/")):
            found = _NAME.fullmatch(path)
            if found:
                yield from_hex(found[1])

    def erase(self, name: Digest) -> bool:
        """Remove what opens a blob, then its salt, then its bytes; tell whether any was there.

        Raises:
            StorageFailed: Not all of it could be removed; run it again.
        """
        folder = _folder(name)
        was_there = any(self._storage.length(folder + part) for part in _PARTS)
        for part in _PARTS:
            self._storage.remove(folder + part)
        self._storage.remove(folder.rstrip("/"))
        return was_there

    def _put(
        self, name: Digest, disclosure: Disclosure, access: Access, content: bytes
    ) -> None:
        folder = _folder(name)
        split = content.index(b"\n") + 1 if is_sealed(content) else 0
        parts = {"body": content[split:]}
        parts["head"] = _to_head(disclosure, access, is_split=split > 0)
        if split:
            parts["key"] = content[:split]
        try:
            for part, part_content in parts.items():
                self._storage.replace(folder + part, part_content)
        except StorageFailed:
            with suppress(StorageFailed):  # a salt of its own: nobody will ask for what is left
                self.erase(name)
            raise


def to_piece(held: Held) -> bytes:
    """Write a blob as it is handed on."""
    return held.disclosure.encoded.encode("ascii") + b"\n" + held.content


def from_piece(piece: bytes) -> tuple[Disclosure, bytes]:
    """Read a blob as it was handed on, without trusting it.

    Raises:
        InvalidDocument: It does not begin with a disclosure.
    """
    line, newline, content = piece.partition(b"\n")
    if not newline or len(line) > MAX_DISCLOSURE_BYTES or not line.isascii():
        raise _refused("a blob begins with a line that holds its disclosure")
    return from_text(line.decode("ascii")), content


def _to_head(disclosure: Disclosure, access: Access, *, is_split: bool) -> bytes:
    return to_canonical(
        {
            "disclosure": disclosure.encoded,
            "access": access.kind.value,
            "readers": sorted(access.readers),
            "sealed": is_split,
        }
    )


def _from_head(content: bytes, place: str) -> tuple[Disclosure, Access, bool]:
    faults: list[Fault] = []
    try:
        fields = Fields(from_canonical(content), faults=faults)
        kind = fields.choice("access", [one.value for one in AccessClass])
        access = Access(
            kind=AccessClass(kind), readers=frozenset(map(MemberId, fields.texts("readers")))
        )
        disclosure, is_split = from_text(fields.text("disclosure")), fields.flag("sealed")
        fields.finish("not the head of a blob", code="node.blob")
    except InvalidDocument as error:
        raise VerificationFailed(
            " ".join(str(error).split()), code="node.blob", place=place
        ) from None
    return disclosure, access, is_split


def _folder(name: Digest) -> str:
    return f"{FOLDER}{name.hex()}/"


def _refused(message: str) -> InvalidDocument:
    return InvalidDocument(message, code="node.blob", faults=[Fault(message=message)])
