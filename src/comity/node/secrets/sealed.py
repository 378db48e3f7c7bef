# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Bytes for several members: encrypted once, the key wrapped for each, in bounded memory.

A sealed file is one line of canonical JSON, its head, then its body: 32 bytes that commit to
the key, the 24-byte header of the stream, and the stream in pieces of 64 KiB. Who can open none
of the wraps learns a size, what it is about, and not for whom it is: the wraps carry no names,
and decoys fill their number up to the next power of two.

Source:
    RFC 9180 (HPKE) in base mode for the wraps: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256,
    ChaCha20-Poly1305. libsodium secretstream (XChaCha20-Poly1305) for the stream. The
    commitment by HKDF-SHA256 after Bellare and Hoang (2022), "Efficient schemes for committing
    authenticated encryption": neither part alone commits to its key.
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from nacl import bindings as sodium
from nacl.exceptions import CryptoError

from comity.errors import Fault, InvalidDocument, NotPermitted, VerificationFailed
from comity.kernel.canonical import Json, from_canonical, to_canonical
from comity.kernel.fields import Fields
from comity.kernel.reference import Reference, to_reference_json
from comity.ledger.base64text import from_base64, to_base64

FORMAT = "comity-sealed/1"
MAX_RECIPIENTS = 256
MAX_HEAD_BYTES = 64 * 1024
PIECE_BYTES = 64 * 1024
_KEY_BYTES = 32
_WRAP_BYTES = 80
_TAG_BYTES = sodium.crypto_secretstream_xchacha20poly1305_ABYTES
_HEADER_BYTES = sodium.crypto_secretstream_xchacha20poly1305_HEADERBYTES
_MORE = sodium.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE
_LAST = sodium.crypto_secretstream_xchacha20poly1305_TAG_FINAL
_SUITE = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.CHACHA20_POLY1305)


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What stands before the encrypted bytes.

    Args:
        about: The statement it belongs to, bound into every key; None for none.
        wraps: The key, wrapped once for each recipient, in no order.
    """

    about: Reference | None
    wraps: tuple[bytes, ...]

    @property
    def context(self) -> bytes:
        """Return what the keys are bound to."""
        about = None if self.about is None else to_reference_json(self.about)
        return to_canonical({"format": FORMAT, "about": about})

    @property
    def encoded(self) -> bytes:
        """Write the head as its line."""
        wraps: list[Json] = [to_base64(wrap) for wrap in self.wraps]
        about = None if self.about is None else to_reference_json(self.about)
        return to_canonical({"format": FORMAT, "about": about, "wraps": wraps}) + b"\n"


def is_sealed(content: bytes) -> bool:
    """Tell whether bytes begin as a sealed file does."""
    return content.startswith(b'{"about":') and FORMAT.encode() in content[:1024]


def seal_stream(
    source: BinaryIO, target: BinaryIO, recipients: Sequence[bytes], about: Reference | None
) -> None:
    """Encrypt a stream for members, by the agreement keys of their keysets.

    Raises:
        InvalidDocument: No recipient, or more than 256.
        NotPermitted: A key is no key anybody could open with.
    """
    keys = tuple(dict.fromkeys(recipients))
    if not 1 <= len(keys) <= MAX_RECIPIENTS:
        raise _malformed(f"{len(keys)} recipients; a file is sealed for 1 to {MAX_RECIPIENTS}")
    key = os.urandom(_KEY_BYTES)
    context = Head(about=about, wraps=()).context
    wraps = [_wrap(key, one, context) for one in keys]
    while len(wraps) & (len(wraps) - 1):
        nobody = X25519PrivateKey.generate().public_key().public_bytes_raw()
        wraps.append(_wrap(os.urandom(_KEY_BYTES), nobody, context))
    commitment = _derive(key, b"commitment", context)
    state = sodium.crypto_secretstream_xchacha20poly1305_state()
    header = sodium.crypto_secretstream_xchacha20poly1305_init_push(
        state, _derive(key, b"stream", context)
    )
    target.write(Head(about=about, wraps=tuple(sorted(wraps))).encoded + commitment + header)
    target.writelines(
        sodium.crypto_secretstream_xchacha20poly1305_push(
            state, piece, commitment, _LAST if is_last else _MORE
        )
        for piece, is_last in _pieces(source, PIECE_BYTES)
    )


def open_stream(source: BinaryIO, target: BinaryIO, keys: Sequence[bytes]) -> Head:
    """Decrypt a sealed stream; what was written counts only once this returns.

    Args:
        keys: One's own X25519 secrets, the newest first.

    Raises:
        InvalidDocument: Not a sealed file.
        NotPermitted: It is sealed for others.
        VerificationFailed: It was changed or cut short.
    """
    head = read_head(source)
    key = _unwrap(head, keys)
    commitment, header = _exactly(source, _KEY_BYTES), _exactly(source, _HEADER_BYTES)
    if commitment != _derive(key, b"commitment", head.context):
        raise _changed("the key in it is not the one it was sealed with")
    state = sodium.crypto_secretstream_xchacha20poly1305_state()
    sodium.crypto_secretstream_xchacha20poly1305_init_pull(
        state, header, _derive(key, b"stream", head.context)
    )
    for number, (piece, is_last) in enumerate(_pieces(source, PIECE_BYTES + _TAG_BYTES)):
        at = f"byte {number * PIECE_BYTES}"
        try:
            plain, tag = sodium.crypto_secretstream_xchacha20poly1305_pull(
                state, piece, commitment
            )
        except CryptoError:
            raise _changed("these bytes were changed or cut short", at) from None
        if (tag == _LAST) != is_last:
            raise _changed("it ends where it did not, or goes on where it ended", at)
        target.write(plain)
    return head


def read_head(source: BinaryIO) -> Head:
    """Read the head of a sealed file.

    Raises:
        InvalidDocument: With every fault.
    """
    line = source.readline(MAX_HEAD_BYTES)
    if not line.endswith(b"\n"):
        raise _malformed("no head: a sealed file begins with a line of canonical JSON")
    faults: list[Fault] = []
    fields = Fields(from_canonical(line[:-1]), faults=faults)
    fields.choice("format", (FORMAT,))
    about = fields.nullable("about", fields.reference)
    wraps: list[bytes] = []
    for text in fields.texts("wraps"):
        try:
            wraps.append(from_base64(text))
        except InvalidDocument as error:
            faults.extend(error.faults)
    if any(len(wrap) != _WRAP_BYTES for wrap in wraps) or not 1 <= len(wraps) <= MAX_RECIPIENTS:
        fields.fault("wraps", f"is not 1 to {MAX_RECIPIENTS} wraps of {_WRAP_BYTES} bytes")
    for name in fields.rest():
        fields.fault(name, "is no field of a sealed file")
    fields.finish("not a sealed file", code="node.sealed_file")
    return Head(about=about, wraps=tuple(wraps))


def _wrap(key: bytes, recipient: bytes, context: bytes) -> bytes:
    try:
        public = X25519PublicKey.from_public_bytes(recipient)
        return _SUITE.encrypt(key, public, info=context)
    except ValueError:
        raise NotPermitted(
            "nothing can be sealed for this agreement key", code="node.custody"
        ) from None


def _unwrap(head: Head, keys: Sequence[bytes]) -> bytes:
    for secret in keys:
        private = X25519PrivateKey.from_private_bytes(secret)
        for wrap in head.wraps:
            try:
                return _SUITE.decrypt(wrap, private, info=head.context)
            except (InvalidTag, ValueError):
                continue
    raise NotPermitted(
        "no key in this file opens with this member's agreement key",
        code="node.sealed",
        hint="it was sealed for other members, or its head was changed on its way",
    )


def _derive(key: bytes, purpose: bytes, context: bytes) -> bytes:
    info = FORMAT.encode() + b" " + purpose + b"\x00" + context
    return HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=info).derive(key)


def _pieces(source: BinaryIO, size: int) -> Iterator[tuple[bytes, bool]]:
    """Yield the pieces of a stream, each with whether it is the last; one at least."""
    piece = _read(source, size)
    while True:
        after = _read(source, size) if len(piece) == size else b""
        yield piece, not after
        if not after:
            return
        piece = after


def _read(source: BinaryIO, size: int) -> bytes:
    """Read that many bytes, fewer only at the end."""
    parts: list[bytes] = []
    while size and (part := source.read(size)):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def _exactly(source: BinaryIO, size: int) -> bytes:
    found = _read(source, size)
    if len(found) < size:
        raise _changed("it is cut short")
    return found


def _malformed(message: str) -> InvalidDocument:
    return InvalidDocument(message, code="node.sealed_file", faults=[Fault(message=message)])


def _changed(message: str, place: str = "") -> VerificationFailed:
    return VerificationFailed(
        message,
        code="node.sealed_changed",
        hint="get it again from who sealed it; nothing of it was kept",
        place=place,
    )
