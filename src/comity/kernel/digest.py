# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""SHA-256 digests as values."""

import hashlib
import re
from typing import NewType

from comity.errors import Fault, InvalidDocument

Digest = NewType("Digest", bytes)
"""32 bytes of SHA-256."""

_HEX = re.compile(r"[0-9a-f]{64}")


def sha256(*parts: bytes) -> Digest:
    """Hash the concatenation of *parts*."""
    if len(parts) == 1:
        return Digest(hashlib.sha256(parts[0]).digest())
    state = hashlib.sha256()
    for part in parts:
        state.update(part)
    return Digest(state.digest())


def to_hex(digest: Digest) -> str:
    """Write a digest as 64 lower-case hexadecimal digits."""
    return digest.hex()


def from_hex(text: str) -> Digest:
    """Read 64 lower-case hexadecimal digits.

    Raises:
        InvalidDocument: The text is anything else, upper case included, so that one
            digest has one spelling.
    """
    if not _HEX.fullmatch(text):
        message = f"{text[:70]!r} is not 64 lower-case hexadecimal digits"
        raise InvalidDocument(message, code="kernel.digest", faults=[Fault(message=message)])
    return Digest(bytes.fromhex(text))
