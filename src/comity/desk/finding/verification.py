# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Put a finding into one file that checks offline, and check such a file; no node needed."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from comity.desk.case.bundles import get_kept
from comity.desk.case.case import Publication, gather, rederive
from comity.desk.log.shelf import MemoryShelf, Said
from comity.errors import ComityError, Conflict, InvalidDocument, VerificationFailed
from comity.evidence.audit import Check
from comity.files.dossier import Dossier, Sheet
from comity.kernel.digest import Digest, sha256
from comity.kernel.ids import MemberId, Origin
from comity.kernel.reference import Reference
from comity.kernel.truth import Truth
from comity.ledger.checkpoint import Checkpoint, from_text
from comity.ledger.doubt import doubts_of
from comity.ledger.identity import Identity, open_identity
from comity.ledger.keyset import Keyset
from comity.ledger.note import Note, NoteKey, from_bytes
from comity.ledger.proof import InclusionProof, verify_proof
from comity.ledger.proof import from_bytes as proof_from_bytes
from comity.ledger.quorum import Quorum, Witness, tally
from comity.ledger.reading import read_logged
from comity.ledger.tile import TILE_WIDTH
from comity.node.node import Node
from comity.node.prove import Exhibit, prove
from comity.node.views.memberlog import MemberLog

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
    members = {log.identity.origin: log for log in node.view().members()}
    cited = [said.reference for said in test.statements]
    logs = dict.fromkeys(reference.log for reference in cited)
    founding = [one for log in logs for one in _foundations(members[log])]
    needed = dict.fromkeys([*founding, *cited])
    exhibits = [prove(node, reference) for reference in needed]
    exhibits += _exhibits_of_witnesses(node, members.values(), exhibits)
    shown = {one.reference.log: members[one.reference.log].identity for one in exhibits}
    if len({(one.reference.log, one.proof.checkpoint) for one in exhibits}) > len(shown):
        raise Conflict(
            "a log grew while the dossier was put together",
            code="desk.dossier_moved",
            hint="run this again",
        )
    known = {(key.name, key.key_id) for one in shown.values() for key in _note_keys(one)}
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
                member=log.identity.member,
                keyset=log.identity.keyset,
                cosigners=tuple(log.cosigners),
            )
            for log in logs.values()
        ),
    )


@dataclass(slots=True, kw_only=True)
class _Log:
    """What a dossier shows of one log: who its member is, and one checkpoint."""

    identity: Identity
    checkpoint: Checkpoint | None = None
    cosigners: list[Keyset]
    identities: Mapping[Origin, Identity]

    def take(self, checkpoint: Checkpoint, note: Note, place: str) -> None:
        """Take the checkpoint of one proof; every proof of a log stands under the same."""
        if self.checkpoint is not None:
            if self.checkpoint != checkpoint:
                raise _wrong("two proofs of one log stand under two checkpoints", place)
            return
        self.checkpoint = checkpoint
        self.cosigners = _cosigners(note, self.identity, self.identities.values(), place)


def _logs(sheets: Iterable[Sheet]) -> Mapping[Origin, _Log]:
    """Read who each log's member is: its first entry, then its keysets and compromises."""
    identities: dict[Origin, Identity] = {}
    rows = sorted(enumerate(sheets), key=lambda row: row[1].reference.index)
    for row, sheet in rows:
        index, log = sheet.reference.index, sheet.reference.log
        if index == 0:
            identities[log] = open_identity(sheet.entry, place=f"statements[{row}].entry")
        elif log in identities:
            identities[log] = identities[log].extended(index, [sheet.entry])
    return {
        origin: _Log(identity=identity, cosigners=[], identities=identities)
        for origin, identity in identities.items()
    }


def _verify_sheet(place: str, sheet: Sheet, logs: Mapping[Origin, _Log]) -> Said:
    log, index = logs.get(sheet.reference.log), sheet.reference.index
    if log is None or log.identity.origin != sheet.reference.log:
        raise _wrong("the log's own keyset is not in this file", f"{place}.log")
    if sha256(sheet.entry) != sheet.reference.sha256:
        raise _wrong("the entry has another digest than it should", f"{place}.entry")
    log.take(*_proven(place, sheet, log), f"{place}.proof")
    reading = read_logged(sheet.entry, index, log.identity)
    if reading.statement is None:
        raise _wrong(f"the statement cannot be read: {reading.fault}", f"{place}.entry")
    for doubt in doubts_of(sheet.entry, index, reading.statement, log.identity):
        if doubt.kind == "disputed":
            raise VerificationFailed(
                f"its own member disputes this statement in its entry {doubt.entry}: "
                f"{doubt.reason}",
                code="desk.disputed",
                hint="it was signed by a key declared stolen; ask the member to state it again",
                place=f"{place}.entry",
            )
    return Said(
        reference=sheet.reference,
        member=log.identity.member,
        statement=reading.statement,
        is_counted=bool(log.cosigners),
    )


def _proven(place: str, sheet: Sheet, log: _Log) -> tuple[Checkpoint, Note]:
    try:
        proof = proof_from_bytes(sheet.proof)
        size = from_text(from_bytes(proof.checkpoint).text).size
        key = log.identity.log_keys_for(size)[0]
        checkpoint, note = verify_proof(proof, sheet.entry, key)
        _check_signers(note, log.identities.values())
    except (VerificationFailed, InvalidDocument) as error:
        raise _wrong(f"the proof does not verify: {error.message}", f"{place}.proof") from None
    if proof.index != sheet.reference.index:
        raise _wrong("the proof is of another entry", f"{place}.proof")
    if proof.extra:
        raise _wrong("the proof carries bytes that nobody signed", f"{place}.proof")
    return checkpoint, note


def _check_signers(note: Note, identities: Iterable[Identity]) -> None:
    """Refuse a signature of nobody in the file, so that no changed one passes for unknown."""
    every = tuple(identities)
    known = {(key.name, key.key_id) for one in every for key in _note_keys(one)}
    for signature in note.signatures:
        if (signature.name, signature.key_id) not in known:
            raise _wrong(f"nobody in this file has the key {signature.name}", "checkpoint")
    _tally(note, every, _NOBODY)


def _tally(note: Note, identities: Iterable[Identity], owner: MemberId) -> tuple[MemberId, ...]:
    keys = {one.member: _trusted_keys(one) for one in identities}
    witnesses = (
        Witness(member=member, key=found[0], others=found[1:])
        for member, found in keys.items()
        if found
    )
    return tally(note, Quorum(witnesses=tuple(witnesses)), owner=owner).members


def _cosigners(
    note: Note, owner: Identity, identities: Iterable[Identity], place: str
) -> list[Keyset]:
    by_member = {one.member: one for one in identities}
    if owner.member in _tally(note, by_member.values(), _NOBODY):
        raise _wrong("its owner cosigned its own log", place)
    # Asked again with the owner named, so that its witness key counts under no other name.
    found = _tally(note, by_member.values(), owner.member)
    return [by_member[one].keyset for one in found]


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


def _foundations(log: MemberLog) -> list[Reference]:
    """Return the entries that say who a member is, as far as they are cosigned."""
    identity = log.identity
    keysets = [one.entry for one in identity.tenures]
    stood = sorted([*keysets, *(one.entry for one in identity.compromises)])
    return [_reference(log, at) for at in stood if at < max(log.counted_size, 1)]


def _reference(log: MemberLog, index: int) -> Reference:
    number, at = divmod(index, TILE_WIDTH)
    entry = log.read_bundle(number)[at]
    return Reference(log=log.identity.origin, index=index, sha256=sha256(entry))


def _exhibits_of_witnesses(
    node: Node, members: Iterable[MemberLog], exhibits: list[Exhibit]
) -> list[Exhibit]:
    """Prove the keysets of those who cosigned, where their own logs are cosigned too."""
    signers = {
        signature.name
        for one in exhibits
        for signature in from_bytes(one.proof.checkpoint).signatures
    }
    there = {one.reference for one in exhibits}
    found: list[Exhibit] = []
    for log in members:
        names = {key.name for key in _witness_keys(log.identity)}
        founding = [one for one in _foundations(log) if one not in there]
        if names & signers and _reference(log, 0) in founding:
            try:
                found += [prove(node, one) for one in founding]
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


def _note_keys(identity: Identity) -> Iterator[NoteKey]:
    for tenure in identity.tenures:
        yield tenure.keyset.log_key
    yield from _witness_keys(identity)


def _witness_keys(identity: Identity) -> Iterator[NoteKey]:
    for tenure in reversed(identity.tenures):
        yield tenure.keyset.witness_key


def _wrong(message: str, place: str) -> VerificationFailed:
    return VerificationFailed(
        message,
        code="desk.dossier",
        hint="the file was changed after it was made; get it again from its author",
        place=place,
    )


def _trusted_keys(identity: Identity) -> tuple[NoteKey, ...]:
    stolen = {name for one in identity.compromises for name in one.keys}
    keys = dict.fromkeys(_witness_keys(identity))
    return tuple(key for key in keys if key.vkey not in stolen)
