# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Entries in the forms other people's tools read: COSE receipts, in-toto bundles."""

from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from comity.desk.log.exhibits import located
from comity.errors import NotPermitted
from comity.kernel.ids import Origin
from comity.kernel.instant import Instant
from comity.ledger.checkpoint import from_text
from comity.ledger.note import from_bytes
from comity.ledger.reading import read_entry
from comity.ledger.receipt import Place, to_receipt
from comity.node.fetch.key import Purpose
from comity.node.node import Node
from comity.node.prove import prove

_NAMES = "tag:comity.example,2026"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptExport:
    """An entry with its receipt and what checks it.

    Args:
        entry: As logged; its leaf is what the receipt proves.
        size: Of the checkpoint whose root was signed.
        key_pem: The receipt key, as other tools read it.
        key_document: The member's signed word that this is its receipt key.
    """

    entry: bytes
    receipt: bytes
    size: int
    key_pem: bytes
    key_document: bytes


def export_receipt(node: Node, origin: Origin, index: int, now: Instant) -> ReceiptExport:
    """Write the receipt of an entry of the node's own log.

    Raises:
        NotPermitted: It is another member's log; only that member writes its receipts.
        NotFound: There is no such entry, or no package that writes CBOR.
        Conflict: No checkpoint with enough cosignatures covers it yet.
    """
    if origin != node.origin:
        raise NotPermitted(
            f"{origin} is another member's log; only that member signs its receipts",
            code="desk.receipt",
            hint="ask that member, or take its proof: /api/statements/LOG/N/proof",
        )
    exhibit = prove(node, located(node, origin, index))
    checkpoint = from_text(from_bytes(exhibit.proof.checkpoint).text)
    key, document = node.derived_key(Purpose.RECEIPT, now)
    receipt = to_receipt(
        Place(
            index=index,
            size=checkpoint.size,
            path=exhibit.proof.path,
            root=checkpoint.root,
        ),
        key,
        issuer=f"https://{origin}",
        subject=_subject(exhibit.entry, exhibit.reference.sha256.hex()),
    )
    public = Ed25519PublicKey.from_public_bytes(key.public)
    return ReceiptExport(
        entry=exhibit.entry,
        receipt=receipt,
        size=checkpoint.size,
        key_pem=public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
        key_document=document,
    )


def export_bundle(node: Node, places: Sequence[tuple[Origin, int]]) -> bytes:
    """Write entries of any followed logs as an in-toto bundle, one envelope a line.

    Raises:
        NotFound: There is no such entry.

    Source:
        in-toto attestation framework v1, "Bundle": JSON Lines of envelopes.
    """
    view = node.view()
    entries = [view.encoded(located(node, origin, index)) for origin, index in places]
    return b"".join(entry + b"\n" for entry in entries)


def _subject(entry: bytes, digest: str) -> str:
    statement = read_entry(entry, None).statement
    subjects = () if statement is None else statement.subjects
    about = next((one.digest["sha256"] for one in subjects if "sha256" in one.digest), "")
    return f"{_NAMES}:subject/{about}" if about else f"{_NAMES}:entry/{digest}"
