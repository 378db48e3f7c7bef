# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Standard base64 with one spelling per value."""

import binascii

from comity.errors import Fault, InvalidDocument


def to_base64(raw: bytes) -> str:
    """Encode bytes in the standard alphabet, padded."""
    return binascii.b2a_base64(raw, newline=False).decode("ascii")


def from_base64(text: str) -> bytes:
    """Decode the one spelling `to_base64` gives, and no other.

    Raises:
        InvalidDocument: Another alphabet, missing padding, or non-zero pad bits.

    Source:
        RFC 4648, sections 3.5 and 4: without the re-encoding check, two texts would stand
        for one value.
    """
    raw = find_bytes(text)
    if raw is None:
        raise _refused(text)
    return raw


def find_bytes(text: str | bytes) -> bytes | None:
    """Decode the one spelling `to_base64` gives; None for any other."""
    try:
        raw = binascii.a2b_base64(text, strict_mode=True)
    except (binascii.Error, ValueError):
        return None
    whole, rest = divmod(len(raw), 3)
    if not rest:
        return raw if len(text) == whole * 4 else None
    if len(text) != whole * 4 + 4:
        return None
    # only the last group, which is padded, has bits to spare
    last = text[-4:] if isinstance(text, bytes) else text[-4:].encode()
    return raw if binascii.b2a_base64(raw[-rest:], newline=False) == last else None


def _refused(text: str) -> InvalidDocument:
    message = f"{text[:60]!r} is not base64 as RFC 4648 section 4 writes it"
    return InvalidDocument(message, code="ledger.base64", faults=[Fault(message=message)])
