# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A dossier: one file that carries a finding and everything needed to check it offline.

Canonical JSON. Entries stand as the exact bytes logged, in base64; proofs as the text of
C2SP tlog-proof; evidence bundles as text. Nothing in it is trusted before it verifies.
"""

from dataclasses import dataclass
from pathlib import Path

from comity.errors import Fault, InvalidDocument, NotFound
from comity.files.text import write_whole
from comity.kernel.canonical import Json, from_canonical, to_canonical
from comity.kernel.fields import Fields
from comity.kernel.ids import Origin
from comity.kernel.reference import Reference, to_reference_json
from comity.ledger.base64text import from_base64, to_base64

FORM = "comity/dossier/v1"
MAX_BYTES = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One entry as logged, with its proof.

    Args:
        entry: The envelope's bytes.
        proof: A C2SP tlog-proof with its cosigned checkpoint.
    """

    reference: Reference
    entry: bytes
    proof: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """A finding with its statements and evidence.

    Args:
        finding: The finding the dossier is about.
        sheets: Every statement it rests on, and the first entry of every log concerned.
        bundles: Evidence bundles, the continued test's first.
    """

    finding: Reference
    sheets: tuple[Sheet, ...]
    bundles: tuple[bytes, ...]


def to_bytes(dossier: Dossier) -> bytes:
    """Write a dossier."""
    sheets: list[Json] = [
        {
            **to_reference_json(sheet.reference),
            "entry": to_base64(sheet.entry),
            "proof": sheet.proof.decode(),
        }
        for sheet in dossier.sheets
    ]
    return to_canonical(
        {
            "dossier": FORM,
            "finding": to_reference_json(dossier.finding),
            "statements": sheets,
            "bundles": [bundle.decode() for bundle in dossier.bundles],
        }
    )


def from_bytes(encoded: bytes) -> Dossier:
    """Read a dossier without trusting it.

    Raises:
        InvalidDocument: With every fault and its field.
    """
    if len(encoded) > MAX_BYTES:
        fault = Fault(message=f"larger than {MAX_BYTES // 2**20} MB")
        raise InvalidDocument("not a dossier", code="files.dossier", faults=[fault])
    fields = Fields(from_canonical(encoded), faults=[])
    fields.choice("dossier", [FORM])
    dossier = Dossier(
        finding=fields.reference("finding"),
        sheets=tuple(_sheet(row) for row in fields.rows("statements")),
        bundles=tuple(text.encode() for text in fields.texts("bundles")),
    )
    fields.finish("not a dossier", code="files.dossier")
    return dossier


def is_dossier(encoded: bytes) -> bool:
    """Tell whether bytes mean to be a dossier, whole or damaged."""
    return FORM.encode() in encoded or encoded.startswith(b'{"bundles":[')


def read_dossier(path: Path) -> Dossier:
    """Read a dossier from a file.

    Raises:
        NotFound: There is no such file.
        InvalidDocument: With every fault, and the file named.
    """
    try:
        with path.open("rb") as file:
            encoded = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise NotFound(
            f"cannot read {path}: {error.strerror}", code="files.no_dossier"
        ) from None
    try:
        return from_bytes(encoded)
    except InvalidDocument as error:
        raise error.named(str(path)) from None


def write_dossier(dossier: Dossier, path: Path) -> None:
    """Write a dossier to a file: whole or not at all.

    Raises:
        StorageFailed: The disk refused; what stood there before still stands.
    """
    write_whole(path, to_bytes(dossier), "dossier")


def _sheet(row: Fields) -> Sheet:
    reference = Reference(
        log=_origin(row), index=row.integer("index"), sha256=row.digest("sha256")
    )
    return Sheet(reference=reference, entry=_base64(row), proof=row.text("proof").encode())


def _origin(row: Fields) -> Origin:
    return Origin(row.text("log") or "-")


def _base64(row: Fields) -> bytes:
    try:
        return from_base64(row.text("entry"))
    except InvalidDocument as error:
        row.fault("entry", f"is wrong: {error.message}")
        return b""
