# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Open weights as they were fetched, held against the offer that names them."""

from dataclasses import dataclass
from pathlib import Path

from comity.desk.log.shelf import Said
from comity.errors import InvalidDocument, VerificationFailed
from comity.exposure.cooperate.statement import WEIGHTS_METHOD, from_offer_json
from comity.files.weights import manifest_of, verify_signature
from comity.kernel.canonical import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A maker's signature over weights, and the key to check it by."""

    signature: Path
    public_key: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightsSheet:
    """What was found of weights.

    Args:
        root: Root of their OpenSSF model-signing manifest, hex.
        files: How many files it counts.
        offered: Whether an offer was asked and names this root.
        signed: Whether a signature was asked and holds.
    """

    root: str
    files: int
    offered: bool
    signed: bool

    def to_json(self) -> dict[str, Json]:
        """Write it."""
        return {
            "method": WEIGHTS_METHOD,
            "sha256": self.root,
            "files": self.files,
            "as_offered": self.offered,
            "signature_holds": self.signed,
        }


def weights_sheet(model: Path, *, offer: Said | None, signed: Signed | None) -> WeightsSheet:
    """Name weights by their manifest, and hold them against an offer and a signature.

    Raises:
        InvalidDocument: A file cannot be read, or the offer names no weights so.
        VerificationFailed: They are not those offered, or the signature does not hold.
        NotPermitted: A signature was given, and the extra `signing` is not installed.
    """
    ignored = () if signed is None else (signed.signature,)
    manifest = manifest_of(model, ignored=ignored)
    root = manifest.root.hex()
    if offer is not None and _offered(offer) != root:
        raise VerificationFailed(
            f"these weights are not those offered: {root[:16]}… is not {_offered(offer)[:16]}…",
            code="desk.weights",
            hint="fetch them again; a signature lying inside is left out with --signature",
        )
    if signed is not None:
        verify_signature(model, signature=signed.signature, public_key=signed.public_key)
    return WeightsSheet(
        root=root,
        files=len(manifest.files),
        offered=offer is not None,
        signed=signed is not None,
    )


def _offered(said: Said) -> str:
    weights = from_offer_json(dict(said.statement.predicate)).weights
    if weights is None or weights.method != WEIGHTS_METHOD:
        raise InvalidDocument(
            f"the offer names no weights by {WEIGHTS_METHOD}", code="desk.no_weights"
        )
    return weights.sha256.hex()
