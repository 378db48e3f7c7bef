# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Check what others published, from a file, a folder or an address; no node is needed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from comity.desk.case import Publication, gather, rederive
from comity.desk.shelf import Said
from comity.errors import InvalidDocument, NotFound, VerificationFailed
from comity.evidence.audit import Check
from comity.files.dossier import Dossier, Sheet
from comity.kernel.digest import Digest, sha256
from comity.kernel.ids import MemberId, Origin
from comity.kernel.reference import Reference
from comity.kernel.truth import Truth
from comity.ledger.keyset import Keyset, open_first_entry
from comity.ledger.note import Note
from comity.ledger.proof import from_bytes as proof_from_bytes
from comity.ledger.proof import verify_proof
from comity.ledger.quorum import Quorum, Tally, Witness, tally
from comity.ledger.reading import read_entry
from comity.node.node import Node
from comity.node.prove import Exhibit, prove


@dataclass(frozen=True, slots=True, kw_only=True)
class Signatory:
    """A member whose statements a dossier quotes.

    Args:
        cosigners: Names of the other members in the dossier whose cosignatures verify on
            the checkpoint of this one's log.
    """

    member: MemberId
    keyset: Keyset
    cosigners: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """A finding re-derived, and whose keys it rests on.

    Args:
        checks: Everything that was re-derived, in order.
        signatories: Compare their member ids over a channel of your own.
    """

    publication: Publication
    checks: tuple[Check, ...]
    signatories: tuple[Signatory, ...]


class MemoryShelf:
    """A shelf over statements already verified, in memory."""

    def __init__(self, said: Iterable[Said]) -> None:
        self._said = tuple(said)
        self._at = {(one.reference.log, one.reference.index): one for one in self._said}

    def find(self, reference: Reference) -> Said | None:
        """Return the statement a reference names, or None where it is not here.

        Raises:
            VerificationFailed: Another entry stands there.
        """
        said = self._at.get((reference.log, reference.index))
        if said is not None and said.reference != reference:
            raise VerificationFailed(
                "another entry stands there than the one cited",
                code="desk.reference",
                place=f"{reference.log} entry {reference.index}",
            )
        return said

    def of_kind(self, kind: str) -> Iterable[Said]:
        """Yield the statements of one kind, log by log, in order of index."""
        return (said for said in self._said if said.statement.kind == kind)


def assemble(node: Node, test: Publication) -> Dossier:
    """Put a test into one file: every statement with its proof, and the evidence.

    Raises:
        Conflict: A statement is not yet under enough cosignatures.
        NotFound: An evidence bundle is not held here.
    """
    members = node.view().members()
    firsts = [_first_entry(log.keyset.origin, log.read_bundle(0)[0]) for log in members]
    cited = [said.reference for said in test.statements]
    exhibits = [prove(node, reference) for reference in dict.fromkeys([*firsts, *cited])]
    tests = [test] if test.first is None else [test.first, test]
    bundles = [node.blobs.get(one.case.finding.bundle) for one in tests]
    return Dossier(
        finding=test.finding.reference,
        sheets=tuple(map(_sheet, exhibits)),
        bundles=tuple(bundles),
    )


def verify_dossier(dossier: Dossier) -> Verified:
    """Check every signature and proof of a dossier, then re-derive its finding.

    Raises:
        InvalidDocument: A statement or bundle in it is malformed.
        NotFound: It lacks a statement it needs.
        VerificationFailed: With the place of the first disagreement.
    """
    keysets = _keysets(dossier.sheets)
    tallies: dict[Origin, Tally] = {}
    said = [_verify_sheet(row, sheet, keysets, tallies) for row, sheet in _rows(dossier)]
    bundles = {sha256(bundle): bundle for bundle in dossier.bundles}
    test = gather(
        MemoryShelf(one for one in said if one is not None),
        dossier.finding,
        lambda digest: _bundle(bundles, digest),
    )
    names = {keyset.member: keyset.name for keyset in keysets.values()}
    return Verified(
        publication=test,
        checks=_all_hold(rederive(test)),
        signatories=tuple(
            Signatory(
                member=keyset.member,
                keyset=keyset,
                cosigners=tuple(names[one] for one in tallies[origin].members),
            )
            for origin, keyset in keysets.items()
        ),
    )


def _all_hold(checks: tuple[Check, ...]) -> tuple[Check, ...]:
    wrong = [check for check in checks if check.holds is Truth.FALSE]
    if wrong:
        exact = next((check for check in wrong if "records[" in check.place), wrong[0])
        raise VerificationFailed(
            f"{exact.name}: {exact.message}",
            code="desk.rederive",
            hint="what was published does not lead to what was signed; do not rely on it",
            place=exact.place,
        )
    return checks


def _rows(dossier: Dossier) -> Iterable[tuple[str, Sheet]]:
    return ((f"statements[{row}]", sheet) for row, sheet in enumerate(dossier.sheets))


def _keysets(sheets: Iterable[Sheet]) -> Mapping[Origin, Keyset]:
    found: dict[Origin, Keyset] = {}
    for row, sheet in enumerate(sheets):
        if sheet.reference.index == 0:
            place = f"statements[{row}].entry"
            found[sheet.reference.log] = open_first_entry(sheet.entry, place=place)[0]
    return found


def _verify_sheet(
    place: str,
    sheet: Sheet,
    keysets: Mapping[Origin, Keyset],
    tallies: dict[Origin, Tally],
) -> Said | None:
    keyset = keysets.get(sheet.reference.log)
    if keyset is None or keyset.origin != sheet.reference.log:
        raise _wrong("the log's own keyset is not in this file", f"{place}.log")
    if sha256(sheet.entry) != sheet.reference.sha256:
        raise _wrong("the entry has another digest than it should", f"{place}.entry")
    counted = tally(_proven(place, sheet, keyset), _quorum(keysets), owner=keyset.member)
    tallies[keyset.origin] = counted
    reading = read_entry(sheet.entry, keyset)
    if reading.statement is None:
        raise _wrong(f"the statement cannot be read: {reading.fault}", f"{place}.entry")
    return Said(
        reference=sheet.reference,
        member=keyset.member,
        statement=reading.statement,
        is_counted=counted.is_met,
    )


def _proven(place: str, sheet: Sheet, keyset: Keyset) -> Note:
    try:
        proof = proof_from_bytes(sheet.proof)
        _, note = verify_proof(proof, sheet.entry, keyset.log_key)
    except (VerificationFailed, InvalidDocument) as error:
        raise _wrong(f"the proof does not verify: {error.message}", f"{place}.proof") from None
    if proof.index != sheet.reference.index:
        raise _wrong("the proof is of another entry", f"{place}.proof")
    return note


def _quorum(keysets: Mapping[Origin, Keyset]) -> Quorum:
    witnesses = tuple(
        Witness(member=keyset.member, key=keyset.witness_key)
        for keyset in keysets.values()
        if keyset.role == "regulator"
    )
    return Quorum(witnesses=witnesses, counts_when="all")


def _bundle(bundles: Mapping[Digest, bytes], digest: Digest) -> bytes:
    """Return the bundle with a digest; a changed one is returned too, to be found out."""
    if digest in bundles:
        return bundles[digest]
    if len(bundles) == 1:
        return next(iter(bundles.values()))
    raise NotFound(
        f"the evidence with digest {digest.hex()[:16]}… is not in this file",
        code="desk.bundle",
        hint="a changed bundle has another digest; get the file again from its author",
    )


def _first_entry(origin: Origin, entry: bytes) -> Reference:
    return Reference(log=origin, index=0, sha256=sha256(entry))


def _sheet(exhibit: Exhibit) -> Sheet:
    return Sheet(reference=exhibit.reference, entry=exhibit.entry, proof=exhibit.proof.encoded)


def _wrong(message: str, place: str) -> VerificationFailed:
    return VerificationFailed(
        message,
        code="desk.dossier",
        hint="the file was changed after it was made; get it again from its author",
        place=place,
    )
