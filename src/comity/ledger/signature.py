# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Ed25519 with one verdict on every node.

Libraries disagree on edge cases: of 914 published edge vectors OpenSSL accepts 208 and
libsodium 43. A member could sign so that half its followers accept. The rule here: libsodium's
verdict, and the 14 low-order encodings are refused as a public key and as a nonce point;
under that refusal OpenSSL gives the same verdict on all 914.

Source:
    RFC 8032, section 5.1; Chalkias, Garillot and Nikolaenko (2020), "Taming the many EdDSAs".
"""

from dataclasses import dataclass, field

from nacl import bindings
from nacl.exceptions import CryptoError

from comity.errors import VerificationFailed

PUBLIC_KEY_BYTES = 32
SIGNATURE_BYTES = 64
SEED_BYTES = 32

_PRIME = 2**255 - 19
_ORDER_8_Y = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826


def _low_order_encodings() -> frozenset[bytes]:
    coordinates = (0, 1, _ORDER_8_Y, _PRIME - _ORDER_8_Y, _PRIME - 1, _PRIME, _PRIME + 1)
    return frozenset(
        (y | sign << 255).to_bytes(32, "little") for y in coordinates for sign in (0, 1)
    )


LOW_ORDER = _low_order_encodings()
"""The 14 encodings of points of order 1, 2, 4 and 8, non-canonical ones included."""


def is_valid(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Tell whether a signature verifies under the one rule."""
    if len(public_key) != PUBLIC_KEY_BYTES or len(signature) != SIGNATURE_BYTES:
        return False
    if public_key in LOW_ORDER or signature[:32] in LOW_ORDER:
        return False
    try:
        bindings.crypto_sign_open(signature + message, public_key)
    except CryptoError:
        return False
    return True


def verify(public_key: bytes, message: bytes, signature: bytes, *, place: str = "") -> None:
    """Check a signature under the one rule.

    Raises:
        VerificationFailed: It does not verify.
    """
    if not is_valid(public_key, message, signature):
        raise VerificationFailed(
            "the signature does not verify",
            code="ledger.signature",
            hint="the bytes were changed, or another key signed them",
            place=place,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKey:
    """An Ed25519 key pair; its secret never shows in a representation.

    Args:
        public: 32 bytes.
        secret: 64 bytes, seed and public key, as libsodium wants them.
    """

    public: bytes
    secret: bytes = field(repr=False)

    @staticmethod
    def from_seed(seed: bytes) -> "SigningKey":
        """Derive the pair from 32 bytes of entropy."""
        public, secret = bindings.crypto_sign_seed_keypair(seed)
        return SigningKey(public=public, secret=secret)

    def sign(self, message: bytes) -> bytes:
        """Return the 64-byte signature of a message."""
        return bindings.crypto_sign(message, self.secret)[:SIGNATURE_BYTES]
