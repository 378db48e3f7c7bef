# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""ML-DSA-44, the signature that a quantum computer does not break; for cosignatures only.

Source:
    FIPS 204, the pure variant with an empty context. Signing is hedged: two signatures of one
    message differ, both verify.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from comity.kernel.digest import Digest

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

MLDSA_PUBLIC_BYTES = 1312
MLDSA_SIGNATURE_BYTES = 2420


@dataclass(frozen=True, slots=True, kw_only=True)
class MlDsaKey:
    """An ML-DSA-44 key pair; its secret never shows in a representation.

    Args:
        public: 1,312 bytes.
    """

    public: bytes
    secret: "MLDSA44PrivateKey" = field(repr=False, compare=False)

    @staticmethod
    def from_seed(seed: bytes) -> "MlDsaKey":
        """Derive the pair from 32 bytes of entropy."""
        from cryptography.hazmat.primitives.asymmetric import mldsa  # noqa: PLC0415 - 20 ms

        secret = mldsa.MLDSA44PrivateKey.from_seed_bytes(seed)
        return MlDsaKey(public=secret.public_key().public_bytes_raw(), secret=secret)

    def sign(self, message: bytes) -> bytes:
        """Return a signature of 2,420 bytes."""
        return self.secret.sign(message)


def is_valid_mldsa(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Tell whether a signature verifies."""
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - as above
    from cryptography.hazmat.primitives.asymmetric import mldsa  # noqa: PLC0415 - as above

    if len(public_key) != MLDSA_PUBLIC_BYTES or len(signature) != MLDSA_SIGNATURE_BYTES:
        return False
    try:
        mldsa.MLDSA44PublicKey.from_public_bytes(public_key).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def seed_from(secret: bytes, purpose: str) -> Digest:
    """Derive the seed of another key from one that is kept already.

    Args:
        purpose: What the new key is for; another purpose gives an unrelated seed.

    Source:
        RFC 5869, HKDF with SHA-256 and no salt.
    """
    from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415 - as above
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF  # noqa: PLC0415 - as above

    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode())
    return Digest(derived.derive(secret))
