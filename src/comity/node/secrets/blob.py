# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Content too large or too secret for a log, kept and named by its SHA-256."""

from comity.errors import Fault, InvalidDocument, NotFound, VerificationFailed
from comity.kernel.digest import Digest, sha256
from comity.kernel.ids import MemberId
from comity.node.disk.storage import Storage
from comity.node.disk.sweep import sweep_abandoned
from comity.node.fetch.source import LogSource
from comity.node.secrets.kept import KeptBlobs

MAX_BLOB_BYTES = 64 * 1024 * 1024
_FOLDER = "public/blob/"


class Blobs:
    """The blobs a node holds: anyone who knows a digest may read one, but for those kept.

    Args:
        kept: Those that statements commit to by a salted digest, each with its readers.
    """

    def __init__(self, storage: Storage, *, limit: int = MAX_BLOB_BYTES) -> None:
        self._storage = storage
        self._limit = limit
        self._is_swept = False
        self.kept = KeptBlobs(storage, limit=limit)

    def put(self, content: bytes) -> Digest:
        """Keep bytes and return their digest.

        Raises:
            InvalidDocument: More bytes than a blob may have.
            StorageFailed: Nothing was kept.
        """
        if len(content) > self._limit:
            message = f"{len(content)} bytes; a blob has at most {self._limit}"
            raise InvalidDocument(message, code="node.blob", faults=[Fault(message=message)])
        if not self._is_swept:
            sweep_abandoned(self._storage, _FOLDER)
            self._is_swept = True
        digest = sha256(content)
        self._storage.replace(_name(digest), content)
        return digest

    def get(self, digest: Digest) -> bytes:
        """Return the bytes with this digest.

        Raises:
            NotFound: The node does not hold them.
            VerificationFailed: The file no longer has its digest.
        """
        content = self.find(digest)
        if content is None:
            raise NotFound(
                f"no blob {digest.hex()}", code="node.blob", hint="fetch it from its author"
            )
        return content

    def find(self, digest: Digest) -> bytes | None:
        """Return the bytes with this digest, or None.

        Raises:
            VerificationFailed: The file no longer has its digest.
        """
        try:
            content = self._storage.read(_name(digest))
        except NotFound:
            return None
        _check(content, digest, f"blob/{digest.hex()}")
        return content

    def serve(self, digest: Digest, asker: MemberId | None) -> bytes | None:
        """Return what stands at `blob/<digest>` for who asks, or None where it is not theirs.

        Args:
            asker: The member whose signature on the request was verified and who is a peer;
                None for a stranger.
        """
        try:
            found = self.find(digest)
        except VerificationFailed:
            return None
        return self.kept.serve(digest, asker) if found is None else found

    def holds_public(self, digest: Digest) -> bool:
        """Tell whether a blob is held under the digest of its own bytes."""
        return self._storage.length(_name(digest)) > 0

    def remove(self, digest: Digest) -> bool:
        """Remove a blob of either sort, and tell whether it was there.

        Raises:
            StorageFailed: Not all of it could be removed; run it again.
        """
        was_there = self.holds_public(digest)
        self._storage.remove(_name(digest))
        return self.kept.erase(digest) or was_there

    def fetch(self, source: LogSource, digest: Digest) -> bytes:
        """Return the bytes with this digest, from here or else from a peer, and keep them.

        Raises:
            NotFound: Neither has them.
            PeerFailed: The peer cannot be reached or sends too much.
            VerificationFailed: The peer sent other bytes.
        """
        held = self.find(digest)
        if held is not None:
            return held
        content = source.read(f"blob/{digest.hex()}", limit=self._limit)
        _check(content, digest, f"{source.name}/blob/{digest.hex()}")
        self.put(content)
        return content


def _check(content: bytes, digest: Digest, place: str) -> None:
    if sha256(content) != digest:
        raise VerificationFailed(
            f"these {len(content)} bytes have another digest",
            code="node.blob",
            hint="the blob was changed; fetch it again from its author",
            place=place,
        )


def _name(digest: Digest) -> str:
    return f"{_FOLDER}{digest.hex()}"
