# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What a statement says of content outside the log: a salted digest, never the content.

The digest is of an RFC 9901 disclosure: a salt, the word "blob", the SHA-256 of the bytes. The
salt travels with the blob. Where both are deleted, what is left in the log is a random number;
an unsalted digest of guessable content would go on telling what it was.

Source:
    RFC 9901, section 4.2; EDPB Guidelines 02/2025, section 4.2 (commitments beside a chain).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from comity.errors import Fault, VerificationFailed
from comity.kernel.canonical import MAX_INTEGER, Json
from comity.kernel.digest import Digest, sha256
from comity.kernel.fields import Fields
from comity.kernel.ids import MemberId
from comity.ledger.disclosure import Disclosure, to_disclosure

NAME = "blob"
LEAST_BUCKET = 256
_MEDIA = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,62}/[a-z0-9][a-z0-9!#$&^_.+-]{0,62}")


class AccessClass(Enum):
    """Who may read a blob."""

    PUBLIC = "public"
    MEMBERS = "members"
    NAMED = "named"
    SEALED = "sealed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Who may read one blob.

    Args:
        readers: The members it was given to; of "named" and "sealed" only.
    """

    kind: AccessClass
    readers: frozenset[MemberId] = frozenset()


def may_read(access: Access, asker: MemberId | None) -> bool:
    """Tell whether a node hands a blob to who asks.

    Args:
        asker: The member whose signature on the request was verified, and whom the node's
            operator knows as a peer; None for everybody else.
    """
    match access.kind:
        case AccessClass.PUBLIC:
            return True
        case AccessClass.MEMBERS:
            return asker is not None
        case AccessClass.NAMED | AccessClass.SEALED:
            return asker is not None and asker in access.readers


@dataclass(frozen=True, slots=True, kw_only=True)
class Commitment:
    """A blob as a statement speaks of it.

    Args:
        sha256: Digest of the disclosure; it names the blob.
        bucket: The power of two, at least 256, that its bytes do not exceed.
        media: Media type, such as "text/plain".
    """

    sha256: Digest
    bucket: int
    media: str
    access: AccessClass
    extra: Mapping[str, Json] = field(default_factory=dict)

    def to_json(self) -> dict[str, Json]:
        """Write the commitment as it stands in a predicate."""
        return {
            **self.extra,
            "sha256": self.sha256.hex(),
            "bucket": self.bucket,
            "media": self.media,
            "access": self.access.value,
        }


def from_json(value: object) -> Commitment:
    """Read a commitment, listing every fault.

    Raises:
        InvalidDocument: A field is missing or malformed.
    """
    faults: list[Fault] = []
    fields = Fields(value, faults=faults)
    bucket = fields.integer("bucket", low=LEAST_BUCKET)
    if bucket & (bucket - 1):
        fields.fault("bucket", "is not a power of two")
    media = fields.text("media")
    if media and not _MEDIA.fullmatch(media):
        fields.fault("media", "is not a media type such as text/plain")
    found = Commitment(
        sha256=fields.digest("sha256"),
        bucket=bucket,
        media=media,
        access=AccessClass(fields.choice("access", [one.value for one in AccessClass])),
        extra=fields.rest(),
    )
    fields.finish("not a commitment to a blob", code="ledger.commitment")
    return found


def commit(
    salt: bytes, content: Digest, *, size: int, media: str, access: AccessClass
) -> tuple[Commitment, Disclosure]:
    """Commit to bytes by their digest and size.

    Returns:
        What a statement says, and what opens it; the second belongs to the blob.

    Raises:
        InvalidDocument: The salt is short, or the media type is none.
    """
    disclosure = to_disclosure(salt, NAME, content.hex())
    value = {
        "sha256": digest_of(disclosure).hex(),
        "bucket": bucket_of(size),
        "media": media,
        "access": access.value,
    }
    return from_json(value), disclosure


def digest_of(disclosure: Disclosure) -> Digest:
    """Return the digest by which statements name the blob a disclosure opens."""
    return sha256(disclosure.encoded.encode("ascii"))


def bucket_of(size: int) -> int:
    """Return the least power of two, at least 256, that is not below a size in bytes.

    >>> bucket_of(100), bucket_of(256), bucket_of(257)
    (256, 256, 512)
    """
    return max(LEAST_BUCKET, 1 << max(0, min(size, MAX_INTEGER) - 1).bit_length())


def verify_content(
    name: Digest, disclosure: Disclosure, content: Digest, *, place: str = ""
) -> None:
    """Check that bytes are those a commitment stands for.

    Args:
        name: Digest of the disclosure, as the statement says it.
        content: SHA-256 of the bytes.

    Raises:
        VerificationFailed: The disclosure is another's, or of other bytes.
    """
    fits = disclosure.name == NAME and digest_of(disclosure) == name
    if not fits or disclosure.value != content.hex():
        raise VerificationFailed(
            "these bytes are not those the statement commits to",
            code="ledger.commitment",
            hint="the blob was changed; fetch it again from its author",
            place=place,
        )


def names_blob(value: Json, blob: Digest) -> bool:
    """Tell whether a predicate names a blob anywhere, by its digest in hex."""
    if isinstance(value, Mapping):
        return any(names_blob(part, blob) for part in value.values())
    if isinstance(value, list | tuple):
        return any(names_blob(part, blob) for part in value)
    return value == blob.hex()
