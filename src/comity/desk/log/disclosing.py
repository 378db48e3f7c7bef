# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Show chosen fields of a concealed statement to one member, who checks them offline.

The file holds the statement as logged, the proof of its place, what the log says of its
member's keys, each with a proof, and the disclosures of the chosen fields.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from comity.desk.log.secret import disclosures_of
from comity.errors import Conflict, Fault, InvalidDocument, VerificationFailed
from comity.kernel.canonical import Json, from_canonical, to_canonical
from comity.kernel.digest import sha256
from comity.kernel.fields import Fields
from comity.kernel.reference import Reference
from comity.ledger.base64text import from_base64, to_base64
from comity.ledger.checkpoint import Checkpoint
from comity.ledger.checkpoint import from_text as checkpoint_from_text
from comity.ledger.disclosure import Disclosure, digests_in, disclose, from_text, reveal
from comity.ledger.identity import Identity, open_identity
from comity.ledger.note import from_bytes as note_from_bytes
from comity.ledger.proof import InclusionProof, verify_proof
from comity.ledger.proof import from_bytes as proof_from_bytes
from comity.ledger.reading import read_logged
from comity.ledger.statement import Statement
from comity.node.disk.storage import Disk
from comity.node.logs.log import PUBLIC
from comity.node.logs.tiles import TileFolder
from comity.node.node import Node

FORMAT = "comity-disclosure/1"
MAX_ENTRIES = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosed:
    """A statement and what of its concealed fields was shown, all of it verified.

    Args:
        predicate: With the disclosed fields in their places, the others left out.
        shown: Names of the fields that were disclosed.
        hidden: How many digests nobody opened here; decoys count too.
        checkpoint: Under which it is proven.
    """

    identity: Identity
    reference: Reference
    statement: Statement
    predicate: Mapping[str, Json]
    shown: tuple[str, ...]
    hidden: int
    checkpoint: Checkpoint


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sheet:
    """One entry with its proof."""

    entry: bytes
    proof: InclusionProof


def to_disclosure_file(node: Node, reference: Reference, names: Sequence[str]) -> bytes:
    """Put chosen fields of one's own statement into a file that checks offline.

    Raises:
        NotFound: The statement is not one's own, or nothing in it is concealed.
        InvalidDocument: With every name that is not concealed there.
        Conflict: The statement is not published yet.
    """
    view = node.view()
    entry = view.get(reference)
    if entry.statement is None or entry.member != node.member:
        raise _refused(f"{reference.log}#{reference.index} is no statement of this member")
    chosen = disclose(disclosures_of(node, entry.statement), names)
    log = next(one for one in view.members() if one.is_own)
    places = sorted({0, *(one.entry for one in log.identity.tenures)})
    places += sorted(one.entry for one in log.identity.compromises)
    indexes = [*(at for at in places if at != reference.index), reference.index]
    entries: list[Json] = list(_to_sheets(node, indexes))
    texts: list[Json] = [one.encoded for one in chosen]
    return to_canonical({"format": FORMAT, "entries": entries, "disclosures": texts})


def is_disclosure_file(content: bytes) -> bool:
    """Tell whether bytes look like such a file."""
    return content.startswith(b"{") and content.rstrip().endswith(_ENDING)


def verify_disclosure_file(content: bytes) -> Disclosed:
    """Check a file of disclosed fields: keys, signature, place in the log, every digest.

    Raises:
        InvalidDocument: Malformed.
        VerificationFailed: Something in it does not verify, with its place.
    """
    sheets, disclosures = _read(content)
    identity = _identity(sheets)
    last = sheets[-1]
    checkpoint = _checkpoint(sheets, identity)
    reading = read_logged(last.entry, last.proof.index, identity)
    if reading.statement is None:
        raise _wrong(f"the statement cannot be read: {reading.fault}", "entries[-1]")
    predicate = dict(reading.statement.predicate)
    opened = reveal(predicate, disclosures)
    inner = [digest for one in disclosures for digest in digests_in(one.value)]
    return Disclosed(
        identity=identity,
        reference=Reference(
            log=identity.origin, index=last.proof.index, sha256=sha256(last.entry)
        ),
        statement=reading.statement,
        predicate=opened if isinstance(opened, Mapping) else {},
        shown=tuple(one.name for one in disclosures if one.name is not None),
        hidden=len(digests_in(predicate)) + len(inner) - len(disclosures),
        checkpoint=checkpoint,
    )


def _read(content: bytes) -> tuple[list[_Sheet], tuple[Disclosure, ...]]:
    faults: list[Fault] = []
    fields = Fields(from_canonical(content.rstrip(b"\n")), faults=faults)
    fields.choice("format", (FORMAT,))
    rows = list(fields.rows("entries"))
    texts = fields.texts("disclosures")
    pairs = [(row.text("entry"), row.text("proof")) for row in rows]
    if not 1 <= len(pairs) <= MAX_ENTRIES:
        fields.fault("entries", f"must be 1 to {MAX_ENTRIES}")
    fields.finish("not a file of disclosed fields", code="desk.disclosure")
    sheets = [
        _Sheet(entry=from_base64(entry), proof=proof_from_bytes(from_base64(proof)))
        for entry, proof in pairs
    ]
    return sheets, tuple(map(from_text, texts))


def _identity(sheets: Sequence[_Sheet]) -> Identity:
    """Read who the member is from the entries that say so, in the order of the log."""
    places = [sheet.proof.index for sheet in sheets]
    if sorted(set(places)) != sorted(places) or 0 not in places:
        raise _wrong(
            "the log's first entry is not in this file, or one stands twice", "entries"
        )
    ordered = sorted(sheets, key=lambda sheet: sheet.proof.index)
    identity = open_identity(ordered[0].entry, place="entries[0]")
    for sheet in ordered[1:]:
        identity = identity.extended(sheet.proof.index, [sheet.entry])
    return identity


def _checkpoint(sheets: Sequence[_Sheet], identity: Identity) -> Checkpoint:
    """Check every entry's proof under one checkpoint, signed by the key the log gives it."""
    encoded = {sheet.proof.checkpoint for sheet in sheets}
    if len(encoded) != 1:
        raise _wrong("the proofs stand under different checkpoints", "entries")
    size = checkpoint_from_text(note_from_bytes(encoded.pop()).text).size
    key = identity.log_keys_for(size)[0]
    found: Checkpoint | None = None
    for row, sheet in enumerate(sheets):
        try:
            found, _ = verify_proof(sheet.proof, sheet.entry, key)
        except VerificationFailed as error:
            raise _wrong(error.message, f"entries[{row}].proof") from None
    if found is None:
        raise _wrong("no entry is in this file", "entries")
    return found


def _to_sheets(node: Node, indexes: Sequence[int]) -> Iterator[dict[str, Json]]:
    """Prove entries of one's own log under its public checkpoint, with what cosigned it."""
    published = node.log.find_published()
    if published is None or published[0].size <= max(indexes):
        raise Conflict(
            "the statement is not published yet",
            code="desk.unpublished",
            hint="publish first: comity publish --node NODE",
        )
    checkpoint, note = published
    tree = TileFolder(Disk(node.folder), PUBLIC).tree(checkpoint.size)
    for index in indexes:
        proof = InclusionProof(index=index, path=tree.inclusion(index), checkpoint=note.encoded)
        (entry,) = node.log.entries(index, index + 1)
        yield {"entry": to_base64(entry), "proof": to_base64(proof.encoded)}


_ENDING = b'"format":"' + FORMAT.encode() + b'"}'


def _refused(message: str) -> InvalidDocument:
    return InvalidDocument(message, code="desk.disclosure", faults=[Fault(message=message)])


def _wrong(message: str, place: str) -> VerificationFailed:
    return VerificationFailed(
        message,
        code="desk.disclosure",
        hint="the file was changed after it was made; get it again from its author",
        place=place,
    )
