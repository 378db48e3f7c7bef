# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Put a finding into one file that checks offline, and check such a file; no node needed."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from comity.desk.bundles import get_kept
from comity.desk.case import Publication, gather, rederive
from comity.desk.shelf import MemoryShelf, Said
from comity.errors import ComityError, Conflict, InvalidDocument, VerificationFailed
from comity.evidence.audit import Check
from comity.files.dossier import Dossier, Sheet
from comity.kernel.digest import Digest, sha256
from comity.kernel.ids import MemberId, Origin
from comity.kernel.reference import Reference
from comity.kernel.truth import Truth
from comity.ledger.checkpoint import Checkpoint
from comity.ledger.keyset import Keyset, open_first_entry
from comity.ledger.note import Note, NoteKey, from_bytes
from comity.ledger.proof import InclusionProof, verify_proof
from comity.ledger.proof import from_bytes as proof_from_bytes
from comity.ledger.quorum import Quorum, Witness, tally
from comity.ledger.reading import read_entry
from comity.node.node import Node
from comity.node.prove import Exhibit, prove

T = TypeVar("T")

_NOBODY = MemberId("-")


@dataclass(frozen=True, slots=True, kw_only=True)
class Signatory:
    """A member whose statements a dossier quotes, or whose cosignatures it carries.

    Args:
        cosigners: The other members in the dossier that cosigned the checkpoint of this
            one's log.
    """

    member: MemberId
    keyset: Keyset
    cosigners: tuple[Keyset, ...]


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


def assemble(node: Node, test: Publication) -> Dossier:
    """Put a test into one file: every statement with its proof, and the evidence.

    Raises:
        Conflict: A statement is not yet under enough cosignatures, or a log grew meanwhile.
        NotFound: An evidence bundle is not held here.
    """
    firsts = _first_entries(node)
    cited = [said.reference for said in test.statements]
    logs = dict.fromkeys(reference.log for reference in cited)
    needed = dict.fromkeys([*(firsts[log] for log in logs), *cited])
    exhibits = [prove(node, reference) for reference in needed]
    exhibits += _exhibits_of_witnesses(node, firsts, exhibits)
    keysets = [open_first_entry(one.entry)[0] for one in exhibits if not one.reference.index]
    if len({(one.reference.log, one.proof.checkpoint) for one in exhibits}) > len(keysets):
        raise Conflict(
            "a log grew while the dossier was put together",
            code="desk.dossier_moved",
            hint="run this again",
        )
    known = {(key.name, key.key_id) for keyset in keysets for key in _note_keys(keyset)}
    return Dossier(
        finding=test.finding.reference,
        sheets=tuple(_sheet(one, known) for one in exhibits),
        bundles=tuple(get_kept(node, one.case.finding.bundle) for one in test.chain),
    )


def verify_dossier(dossier: Dossier) -> Verified:
    """Check every signature and proof of a dossier, then re-derive its finding.

    Raises:
        VerificationFailed: With the place of the first disagreement.
    """
    logs = _logs(dossier.sheets)
    said = [_verify_sheet(f"statements[{row}]", sheet, logs) for row, sheet in _rows(dossier)]
    served = _Bundles(dossier.bundles)
    test = _within_file(lambda: gather(MemoryShelf(said), dossier.finding, served.find))
    checks = _all_hold(rederive(test))
    if len(test.chain) < len(dossier.bundles):
        place = f"bundles[{len(test.chain)}]"
        raise _wrong("this bundle is no evidence of the finding", place)
    return Verified(
        publication=test,
        checks=checks,
        signatories=tuple(
            Signatory(
                member=log.keyset.member,
                keyset=log.keyset,
                cosigners=tuple(log.cosigners),
            )
            for log in logs.values()
        ),
    )


@dataclass(slots=True, kw_only=True)
class _Log:
    """What a dossier shows of one log: its member's keys and one checkpoint."""

    keyset: Keyset
    checkpoint: Checkpoint | None = None
    cosigners: list[Keyset]
    keysets: Mapping[Origin, Keyset]

    def take(self, checkpoint: Checkpoint, note: Note, place: str) -> None:
        """Take the checkpoint of one proof; every proof of a log stands under the same."""
        if self.checkpoint is not None:
            if self.checkpoint != checkpoint:
                raise _wrong("two proofs of one log stand under two checkpoints", place)
            return
        self.checkpoint = checkpoint
        self.cosigners = _cosigners(note, self.keyset, self.keysets.values(), place)


def _logs(sheets: Iterable[Sheet]) -> Mapping[Origin, _Log]:
    keysets: dict[Origin, Keyset] = {}
    for row, sheet in enumerate(sheets):
        if sheet.reference.index == 0:
            place = f"statements[{row}].entry"
            keysets[sheet.reference.log] = open_first_entry(sheet.entry, place=place)[0]
    return {
        origin: _Log(keyset=keyset, cosigners=[], keysets=keysets)
        for origin, keyset in keysets.items()
    }


def _verify_sheet(place: str, sheet: Sheet, logs: Mapping[Origin, _Log]) -> Said:
    log = logs.get(sheet.reference.log)
    if log is None or log.keyset.origin != sheet.reference.log:
        raise _wrong("the log's own keyset is not in this file", f"{place}.log")
    if sha256(sheet.entry) != sheet.reference.sha256:
        raise _wrong("the entry has another digest than it should", f"{place}.entry")
    log.take(*_proven(place, sheet, log), f"{place}.proof")
    reading = read_entry(sheet.entry, log.keyset)
    if reading.statement is None:
        raise _wrong(f"the statement cannot be read: {reading.fault}", f"{place}.entry")
    return Said(
        reference=sheet.reference,
        member=log.keyset.member,
        statement=reading.statement,
        is_counted=bool(log.cosigners),
    )


def _proven(place: str, sheet: Sheet, log: _Log) -> tuple[Checkpoint, Note]:
    try:
        proof = proof_from_bytes(sheet.proof)
        checkpoint, note = verify_proof(proof, sheet.entry, log.keyset.log_key)
        _check_signers(note, log.keysets.values())
    except (VerificationFailed, InvalidDocument) as error:
        raise _wrong(f"the proof does not verify: {error.message}", f"{place}.proof") from None
    if proof.index != sheet.reference.index:
        raise _wrong("the proof is of another entry", f"{place}.proof")
    if proof.extra:
        raise _wrong("the proof carries bytes that nobody signed", f"{place}.proof")
    return checkpoint, note


def _check_signers(note: Note, keysets: Iterable[Keyset]) -> None:
    """Refuse a signature of nobody in the file, so that no changed one passes for unknown."""
    known = {(key.name, key.key_id) for keyset in keysets for key in _note_keys(keyset)}
    for signature in note.signatures:
        if (signature.name, signature.key_id) not in known:
            raise _wrong(f"nobody in this file has the key {signature.name}", "checkpoint")
    _tally(note, keysets, _NOBODY)


def _tally(note: Note, keysets: Iterable[Keyset], owner: MemberId) -> tuple[MemberId, ...]:
    witnesses = [Witness(member=one.member, key=one.witness_key) for one in keysets]
    return tally(note, Quorum(witnesses=tuple(witnesses)), owner=owner).members


def _cosigners(
    note: Note, owner: Keyset, keysets: Iterable[Keyset], place: str
) -> list[Keyset]:
    by_member = {keyset.member: keyset for keyset in keysets}
    if owner.member in _tally(note, by_member.values(), _NOBODY):
        raise _wrong("its owner cosigned its own log", place)
    # Asked again with the owner named, so that its witness key counts under no other name.
    return [by_member[one] for one in _tally(note, by_member.values(), owner.member)]


class _Bundles:
    """The bundles of a dossier, asked for in the order they stand in."""

    def __init__(self, bundles: tuple[bytes, ...]) -> None:
        self._bundles = bundles
        self._asked = 0

    def find(self, digest: Digest) -> bytes:
        """Return the bundle that is due; a changed one is returned too, to be found out."""
        place = f"bundles[{self._asked}]"
        if self._asked >= len(self._bundles):
            message = f"the evidence with digest {digest.hex()[:16]}… is not in this file"
            raise _wrong(message, place)
        self._asked += 1
        return self._bundles[self._asked - 1]


def _within_file(check: Callable[[], T]) -> T:
    """Say of everything a file lacks or garbles that the file does not verify."""
    try:
        return check()
    except VerificationFailed:
        raise
    except InvalidDocument as error:
        fault = error.faults[0] if error.faults else None
        place = error.code if fault is None or fault.line is None else f"line {fault.line}"
        reason = error.message if fault is None else f"{error.message}: {fault.message}"
        if error.code == "evidence.bundle":
            raise VerificationFailed(
                reason,
                code="desk.unreadable_transcript",
                hint="without every question and answer nothing can be re-derived",
                place=place,
            ) from None
        raise _wrong(reason, place) from None
    except ComityError as error:
        raise _wrong(error.message, "statements") from None


def _all_hold(checks: tuple[Check, ...]) -> tuple[Check, ...]:
    """Refuse at the first check that does not hold.

    Where the transcript is not the one signed, a record that disagrees says what was changed
    in it, so its place is given with the transcript's error.
    """
    wrong = [check for check in checks if check.holds is Truth.FALSE]
    if wrong:
        exact = first = wrong[0]
        if first.name.endswith("transcript"):
            exact = next((check for check in wrong if "records[" in check.place), first)
        raise VerificationFailed(
            f"{exact.name}: {exact.message}",
            code=first.code or "desk.rederive",
            hint="what was published does not lead to what was signed; do not rely on it",
            place=exact.place,
        )
    return checks


def _rows(dossier: Dossier) -> Iterator[tuple[int, Sheet]]:
    return enumerate(dossier.sheets)


def _first_entries(node: Node) -> Mapping[Origin, Reference]:
    return {
        log.keyset.origin: Reference(
            log=log.keyset.origin, index=0, sha256=sha256(log.read_bundle(0)[0])
        )
        for log in node.view().members()
    }


def _exhibits_of_witnesses(
    node: Node, firsts: Mapping[Origin, Reference], exhibits: list[Exhibit]
) -> list[Exhibit]:
    """Prove the keysets of those who cosigned, where their own logs are cosigned too."""
    signers = {
        signature.name
        for one in exhibits
        for signature in from_bytes(one.proof.checkpoint).signatures
    }
    there = {one.reference for one in exhibits}
    found: list[Exhibit] = []
    for log in node.view().members():
        first = firsts[log.keyset.origin]
        if log.keyset.witness_key.name in signers and first not in there:
            try:
                found.append(prove(node, first))
            except Conflict:
                continue
    return found


def _sheet(exhibit: Exhibit, known: set[tuple[str, bytes]]) -> Sheet:
    """Write an exhibit, leaving out signatures of those whose keys the file does not hold."""
    proof = exhibit.proof
    note = from_bytes(proof.checkpoint)
    kept = tuple(one for one in note.signatures if (one.name, one.key_id) in known)
    checkpoint = Note(text=note.text, signatures=kept).encoded
    trimmed = InclusionProof(index=proof.index, path=proof.path, checkpoint=checkpoint)
    return Sheet(reference=exhibit.reference, entry=exhibit.entry, proof=trimmed.encoded)


def _note_keys(keyset: Keyset) -> Iterator[NoteKey]:
    yield keyset.log_key
    yield keyset.witness_key


def _wrong(message: str, place: str) -> VerificationFailed:
    return VerificationFailed(
        message,
        code="desk.dossier",
        hint="the file was changed after it was made; get it again from its author",
        place=place,
    )
