# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The place of an entry in a log as a COSE receipt, for readers of SCITT.

The tree is the log's own (RFC 6962 and RFC 9162 hash alike). The receipt's signature covers
the root of one checkpoint; the root itself is not sent, a reader computes it from the entry.

Source:
    RFC 9942, COSE Receipts, section 5 (RFC9162_SHA256); RFC 9943 section 6 for the claims;
    RFC 9052 section 4 for COSE_Sign1; RFC 9053 section 2.2 for EdDSA.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from comity.errors import NotFound
from comity.kernel.digest import Digest, sha256
from comity.ledger.signature import SigningKey

MEDIA_TYPE = "application/cose"

_SIGN1 = 18
_ALGORITHM, _KEY_ID, _CLAIMS = 1, 4, 15
_STRUCTURE, _PROOFS = 395, 396
_EDDSA = -8
_RFC9162_SHA256 = 1
_INCLUSION = -1
_ISSUER, _SUBJECT = 1, 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an entry stands under one root.

    Args:
        path: From the leaf to the root.
    """

    index: int
    size: int
    path: Sequence[Digest]
    root: Digest


def to_receipt(place: Place, key: SigningKey, *, issuer: str, subject: str) -> bytes:
    """Write a receipt.

    Args:
        issuer: Who keeps the log, a URI.
        subject: What the entry is about, a URI.

    Raises:
        NotFound: The package that writes CBOR is not installed.
    """
    try:
        import cbor2  # noqa: PLC0415 - an extra; only this needs it
    except ImportError:
        raise NotFound(
            "receipts need the package cbor2, which is not installed",
            code="ledger.no_cbor",
            hint="install it: pip install 'comity[cose]'",
        ) from None
    protected = cbor2.dumps(
        {
            _ALGORITHM: _EDDSA,
            _KEY_ID: sha256(key.public),
            _CLAIMS: {_ISSUER: issuer, _SUBJECT: subject},
            _STRUCTURE: _RFC9162_SHA256,
        },
        canonical=True,
    )
    signed = cbor2.dumps(["Signature1", protected, b"", bytes(place.root)])
    proof = cbor2.dumps([place.size, place.index, [bytes(one) for one in place.path]])
    unprotected = {_PROOFS: {_INCLUSION: [proof]}}
    content = [protected, unprotected, None, key.sign(signed)]
    return cbor2.dumps(cbor2.CBORTag(_SIGN1, content), canonical=True)
