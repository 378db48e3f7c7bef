# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Bytes handed to one member: sealed for its agreement key, opened by nobody else.

Source:
    libsodium sealed boxes (X25519, XSalsa20-Poly1305).
"""

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

from comity.errors import NotPermitted


def seal(content: bytes, agreement_key: bytes) -> bytes:
    """Seal bytes for the member whose keyset names this X25519 key.

    Raises:
        NotPermitted: The key is no key anybody could open with.
    """
    try:
        return SealedBox(PublicKey(agreement_key)).encrypt(content)
    except (CryptoError, ValueError):
        raise NotPermitted(
            "nothing can be sealed for this agreement key", code="node.custody"
        ) from None


def unseal(sealed: bytes, *keys: PrivateKey) -> bytes:
    """Open what was sealed for this member under any of its agreement keys.

    Raises:
        NotPermitted: It was sealed for another, or was changed.
    """
    for key in keys:
        try:
            return SealedBox(key).decrypt(sealed)
        except (CryptoError, ValueError, TypeError):
            continue
    raise NotPermitted(
        "this box does not open with this member's agreement key",
        code="node.custody",
        hint="it was sealed for another member, or changed on its way",
    )
