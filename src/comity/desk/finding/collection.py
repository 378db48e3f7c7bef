# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Check whole logs from their files, and every finding whose parts are among them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from comity.desk.case.case import Publication, gather, rederive
from comity.desk.finding.verification import verify_dossier
from comity.desk.log.shelf import MemoryShelf, Said, place_of
from comity.desk.register.gaps import gaps_of
from comity.errors import ComityError, InvalidDocument, NotFound, VerificationFailed
from comity.evidence.audit import Check, first_disagreement
from comity.files.dossier import MAX_BYTES, from_bytes
from comity.kernel.canonical import from_canonical
from comity.kernel.digest import Digest, sha256
from comity.kernel.fields import Fields
from comity.kernel.ids import MemberId
from comity.kernel.reference import Reference
from comity.ledger.cosignature import Cosignature, find_cosignature
from comity.ledger.keyset import Keyset
from comity.ledger.note import COSIGNATURE_ED25519, NoteKey, from_vkey
from comity.ledger.quorum import Quorum, Witness, tally
from comity.node.care.audit import VerifiedLog, verify_log
from comity.node.fetch.source import FolderSource, LogSource, open_source, source_at
from comity.node.following.asking import typed
from comity.node.secrets.blob import MAX_BLOB_BYTES

MAX_LIST_BYTES = 1024 * 1024
MAX_MIRRORS = 1000
_MEMBER = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelfmark:
    """Where one log of a collection was read, and what it was.

    Args:
        place: Folder or address.
        log: The log, all of whose files verify.
        cosigners: Other members of the collection that cosigned its checkpoint.
        held_whole: The server's word, under its mirror key, that it holds every entry; None
            where it gave none. It is no witness's word, and counts for nothing.
    """

    place: str
    log: VerifiedLog
    cosigners: tuple[Keyset, ...]
    held_whole: Cosignature | None = None

    @property
    def unreadable(self) -> Mapping[int, str]:
        """Return why entries cannot be read, by index; they block nothing."""
        entries = self.log.entries
        faults = {one.index: one.reading.fault for one in entries if one.reading.fault}
        return {at: why for at, why in faults.items() if at not in self.erased}

    @property
    def erased(self) -> Mapping[int, str]:
        """Return what was said of entries taken out, by index; the root holds without them."""
        return gaps_of(self.log)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """One finding of a collection.

    Args:
        test: All it rests on, or None where a part is missing or malformed.
        checks: Everything that was re-derived; empty without the parts.
        failure: Where it does not verify, or None.
        missing: What kept it from being checked; empty where it was.
        vouched: Members whose keys only the dossier served with it names.
    """

    finding: Reference
    tester: Keyset
    test: Publication | None = None
    checks: tuple[Check, ...] = ()
    failure: VerificationFailed | None = None
    missing: str = ""
    vouched: tuple[Keyset, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """Logs read together.

    Args:
        failures: Logs that do not verify, with their places.
        unchecked: What could not be checked here, each a sentence.
    """

    logs: tuple[Shelfmark, ...]
    findings: tuple[Reviewed, ...]
    failures: tuple[VerificationFailed, ...]
    unchecked: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Tell whether nothing that could be checked disagrees."""
        return not self.failures and not any(one.failure for one in self.findings)


def collect_folder(folder: Path) -> Collection:
    """Check a folder: a node's own log and its mirrors, or the static files of one log.

    Raises:
        NotFound: No log stands in the folder.
    """
    own = open_source(str(folder))
    mirrors = [
        FolderSource(path.parent)
        for path in sorted(folder.glob("peers/*/checkpoint"))
        if _MEMBER.fullmatch(path.parent.name)
    ]
    found = [one for one in (own, *mirrors) if _has_checkpoint(one)]
    if not found:
        raise NotFound(
            f"no log stands in {folder}",
            code="desk.no_log",
            hint="give a dossier, a node's folder, a folder with `checkpoint`, or an address",
        )
    unchecked = []
    if not mirrors:
        unchecked.append("there are no copies of other members' logs beside this one")
    return _collect(found, [own], unchecked)


def collect_address(url: str) -> Collection:
    """Check the log at an address, and the copies of other logs where it serves them.

    Raises:
        NotFound: No log is served there.
        PeerFailed: It cannot be reached, is slow, or sends garbage.
    """
    with ExitStack() as stack:
        own = stack.enter_context(source_at(url, asking=typed(url)))
        if not _has_checkpoint(own):
            raise NotFound(
                f"no log is served at {url}",
                code="desk.no_log",
                hint="`checkpoint` must stand directly below the address",
            )
        listed = _listed(own)
        mirrors = [
            stack.enter_context(
                source_at(f"{url.rstrip('/')}/mirrors/{member}", asking=typed(url))
            )
            for member in listed.members
        ]
        unchecked = []
        if not mirrors:
            unchecked.append("this server offers no copies of other members' logs")
        found = with_mirror(_collect([own, *mirrors], [own], unchecked), own.name, listed.key)
        known = frozenset(mark.log.member for mark in found.logs)
        findings = tuple(_from_dossier(own, one, known) for one in found.findings)
        return replace(found, findings=findings)


def _from_dossier(source: LogSource, one: Reviewed, known: frozenset[MemberId]) -> Reviewed:
    """Check a finding that lacks parts from the dossier the server offers of it, if any."""
    if not one.missing:
        return one
    try:
        encoded = source.read(f"dossiers/{one.finding.sha256.hex()}.json", limit=MAX_BYTES)
        verified = verify_dossier(from_bytes(encoded))
    except VerificationFailed as error:
        return replace(one, missing="", failure=_placed(error, "its dossier"))
    except ComityError:
        return one
    test = verified.publication
    if (test.finding.reference, test.finding.member) != (one.finding, one.tester.member):
        return replace(one, missing="the dossier served of it is of another finding")
    members = (signatory.keyset for signatory in verified.signatories)
    vouched = tuple(keyset for keyset in members if keyset.member not in known)
    return replace(one, test=test, checks=verified.checks, missing="", vouched=vouched)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Listed:
    """What a server says of the copies it keeps."""

    members: tuple[MemberId, ...] = ()
    key: NoteKey | None = None


def _listed(own: LogSource) -> _Listed:
    """Read /mirrors: `{"mirrors": [member id, …], "key": the vkey of its mirror}`."""
    try:
        encoded = own.read("mirrors", limit=MAX_LIST_BYTES)
        fields = Fields(from_canonical(encoded), faults=[])
        members = fields.texts("mirrors")
        text = fields.text("key") if fields.has("key") else ""
        fields.finish("not a list of mirrors", code="desk.mirrors")
        key = from_vkey(text) if text else None
    except (NotFound, InvalidDocument):
        return _Listed()
    known = dict.fromkeys(MemberId(one) for one in members if _MEMBER.fullmatch(one))
    return _Listed(members=tuple(known)[:MAX_MIRRORS], key=key)


def with_mirror(found: Collection, place: str, key: NoteKey | None) -> Collection:
    """Read the server's own word on each copy: that it holds the whole of it."""
    origin = next((one.log.origin for one in found.logs if one.place == place), None)
    if key is None or key.name != f"{origin}/mirror" or key.kind != COSIGNATURE_ED25519:
        return found
    marks: list[Shelfmark] = []
    failures = list(found.failures)
    for mark in found.logs:
        try:
            said = find_cosignature(mark.log.note, key, place=mark.place)
        except VerificationFailed as error:
            failures.append(_placed(error, mark.place))
            continue
        marks.append(replace(mark, held_whole=said))
    return replace(found, logs=tuple(marks), failures=tuple(failures))


def _has_checkpoint(source: LogSource) -> bool:
    try:
        return bool(source.read("checkpoint", limit=MAX_BLOB_BYTES))
    except NotFound:
        return False


def _collect(
    sources: Sequence[LogSource], with_blobs: Sequence[LogSource], unchecked: Sequence[str]
) -> Collection:
    logs: list[tuple[str, VerifiedLog]] = []
    failures: list[VerificationFailed] = []
    for source in sources:
        try:
            logs.append((source.name, verify_log(source)))
        except VerificationFailed as error:
            failures.append(_placed(error, source.name))
    marks: list[Shelfmark] = []
    for name, log in logs:
        try:
            cosigners = _cosigners(log, [one.keyset for _, one in logs])
            marks.append(Shelfmark(place=name, log=log, cosigners=cosigners))
        except VerificationFailed as error:
            failures.append(_placed(error, name))
    return Collection(
        logs=tuple(marks),
        findings=tuple(_review(marks, with_blobs)),
        failures=tuple(failures),
        unchecked=tuple(unchecked),
    )


def _cosigners(log: VerifiedLog, keysets: Sequence[Keyset]) -> tuple[Keyset, ...]:
    witnesses = tuple(Witness(member=one.member, key=one.witness_key) for one in keysets)
    counted = tally(log.note, Quorum(witnesses=witnesses), owner=log.member).members
    return tuple(one for one in keysets if one.member in counted)


def _review(marks: Sequence[Shelfmark], with_blobs: Sequence[LogSource]) -> Iterable[Reviewed]:
    shelf = MemoryShelf(said for mark in marks for said in _said(mark))
    keysets = {mark.log.member: mark.log.keyset for mark in marks}
    for said in shelf.of_kind("finding"):
        yield _reviewed(shelf, said, keysets[said.member], with_blobs)


def _said(mark: Shelfmark) -> Iterable[Said]:
    for entry in mark.log.entries:
        if entry.reading.statement is not None:
            yield Said(
                reference=Reference(
                    log=mark.log.origin, index=entry.index, sha256=entry.sha256
                ),
                member=MemberId(mark.log.member),
                statement=entry.reading.statement,
                is_counted=bool(mark.cosigners),
            )


def _reviewed(
    shelf: MemoryShelf, said: Said, tester: Keyset, with_blobs: Sequence[LogSource]
) -> Reviewed:
    finding = said.reference
    try:
        test = gather(shelf, finding, lambda digest: _bundle(with_blobs, digest))
    except VerificationFailed as error:
        return Reviewed(finding=finding, tester=tester, failure=error)
    except InvalidDocument as error:
        reason = " ".join(str(error).split())
        return Reviewed(finding=finding, tester=tester, missing=f"malformed: {reason}")
    except ComityError as error:
        return Reviewed(finding=finding, tester=tester, missing=error.message)
    checks = rederive(test)
    wrong = first_disagreement(checks)
    failure = None
    if wrong is not None:
        failure = VerificationFailed(
            f"{wrong.name}: {wrong.message}",
            code="desk.rederive",
            hint="what was published does not lead to what was signed; do not rely on it",
            place=f"{place_of(finding)}, {wrong.place}",
        )
    return Reviewed(finding=finding, tester=tester, test=test, checks=checks, failure=failure)


def _bundle(sources: Sequence[LogSource], digest: Digest) -> bytes:
    for source in sources:
        try:
            content = source.read(f"blob/{digest.hex()}", limit=MAX_BLOB_BYTES)
        except NotFound:
            continue
        if sha256(content) != digest:
            raise VerificationFailed(
                "the evidence has another digest than the finding says",
                code="node.blob",
                hint="the blob was changed; fetch it again from its author",
                place=f"{source.name}/blob/{digest.hex()}",
            )
        return content
    raise NotFound(
        f"the evidence with digest {digest.hex()[:16]}… is not here", code="desk.bundle"
    )


def _placed(error: VerificationFailed, name: str) -> VerificationFailed:
    place = f"{name}/{error.place}" if error.place else name
    return VerificationFailed(error.message, code=error.code, hint=error.hint, place=place)
