# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Every way in for bytes from outside: how it reads, valid documents, ways to spoil them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.fakes.document import Documents
from tests.fakes.mutation import (
    Mutator,
    damaged,
    nested,
    noise,
    restated,
    restated_lines,
    reworded,
)
from tests.fakes.power import SIGNER
from tests.unit.law.conftest import PACK, SOFT, VOCABULARY

from comity.council.decision.statement import (
    from_amendment_json,
    from_ballot_json,
    from_motion_json,
)
from comity.council.decision.statement_bloc import from_mandate_json, from_position_json
from comity.council.decision.statement_record import (
    from_challenge_json,
    from_receipt_json,
    from_result_json,
    from_roll_json,
)
from comity.council.rule.codec import from_rule_json
from comity.desk.assessment.keeping import decode_bank
from comity.desk.finding.verification import verify_dossier
from comity.desk.log.publishing import read_statement
from comity.errors import InvalidDocument
from comity.evidence.application import application_from_predicate, reveal_from_predicate
from comity.evidence.bank_statement import bank_from_predicate
from comity.evidence.bundle import decode_bundle
from comity.evidence.custody import custody_from_predicate
from comity.evidence.finding import finding_from_predicate
from comity.evidence.plan import plan_from_predicate
from comity.evidence.recognition import policy_from_predicate, recognition_from_predicate
from comity.evidence.transcript import decode
from comity.files import dossier
from comity.files.bank import read_bank, write_bank
from comity.files.claim import read_claim
from comity.files.core import read_core
from comity.files.generator import build
from comity.files.pack import SHIPPED, read_document
from comity.files.policy import Known, read_policy
from comity.files.profile import read_profile
from comity.files.scenario import read_scenarios
from comity.kernel.canonical import from_canonical
from comity.kernel.ids import MemberId
from comity.kernel.instant import from_rfc3339
from comity.law.block import Document
from comity.law.pack import Library
from comity.law.read import read_leniently
from comity.law.statement import from_system_json
from comity.ledger import envelope, fork, keyset, note, policyfile, proof, statement
from comity.ledger.checkpoint import open_checkpoint
from comity.ledger.cosignature import find_cosignature
from comity.ledger.reading import read_entry
from comity.ledger.tile import from_bundle, from_tile
from comity.node.member import config
from comity.node.views.seen import sights_of
from comity.node.witness.witness import Witness

NOW = from_rfc3339("2026-11-21T19:19:24Z")
MEMBER = MemberId("ab" * 32)
EXAMPLES = 4_000
FEWER = 2_000
STATUSES = {200, 400, 403, 404, 409, 422}

PLAIN: tuple[Mutator, ...] = (damaged, damaged, noise, nested)
TEXT: tuple[Mutator, ...] = (damaged, reworded, reworded, reworded, noise, nested)
JSON: tuple[Mutator, ...] = (damaged, restated, restated, restated, restated, noise, nested)
LINES: tuple[Mutator, ...] = (damaged, restated_lines, restated_lines, reworded, noise, nested)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """A way in: how it reads, what it reads, and how its documents are spoilt."""

    read: Callable[[bytes], object]
    valid: Sequence[bytes]
    mutators: Sequence[Mutator]
    examples: int = EXAMPLES


def readers_of(documents: Documents, library: Library, folder: Path) -> dict[str, Reader]:
    """Return every way in, by name.

    Args:
        folder: Where files to be read may be written.
    """
    return {
        **_ledger_readers(documents),
        **_predicate_readers(documents, library),
        **_evidence_readers(documents, folder),
        **_file_readers(documents, library, folder),
        **_pack_readers(library),
    }


def _ledger_readers(documents: Documents) -> dict[str, Reader]:
    """Return what reads the ledger's own bytes."""
    others, kh = documents.others, documents.keyset

    def cosignature(encoded: bytes) -> object:
        return find_cosignature(note.from_bytes(encoded), documents.witness_key)

    def inclusion(encoded: bytes) -> object:
        return proof.verify_proof(proof.from_bytes(encoded), documents.entry, kh.log_key)

    def convicting(encoded: bytes) -> object:
        return fork.verify_fork(fork.from_bytes(encoded))

    def entries(encoded: bytes) -> object:
        return [read_entry(entry, kh) for entry in from_bundle(encoded)]

    def request(encoded: bytes) -> object:
        answer = witness.add_checkpoint(encoded, NOW)
        assert answer.status in STATUSES
        if answer.status not in {200, 409}:
            raise InvalidDocument(answer.body.decode(), code="node.witness")
        return answer

    witness = Witness(Path(":memory:"), [_signer(documents)], lambda *_: (kh.log_key,))
    return {
        "canonical JSON": Reader(
            read=from_canonical, valid=[*documents.predicates.values()], mutators=JSON
        ),
        "envelope": _json(envelope.from_bytes, others["envelope"]),
        "statement": _json(statement.from_payload, others["payload"]),
        "note": _text(note.from_bytes, others["note"]),
        "checkpoint": _text(lambda raw: open_checkpoint(raw, kh.log_key), others["note"]),
        "cosignature": _text(cosignature, others["note"]),
        "tlog-proof": _text(inclusion, others["proof"]),
        "tile bundle": Reader(read=entries, valid=[others["entries"]], mutators=PLAIN),
        "tile": Reader(read=lambda raw: from_tile(raw, 4), valid=[bytes(128)], mutators=PLAIN),
        "first entry": _json(keyset.open_first_entry, others["first entry"]),
        "fork evidence": _json(
            lambda raw: fork.verify_fork(fork.from_bytes(raw)), others["fork"]
        ),
        "witness request": _text(request, others["request"]),
        "node.toml": _text(config.from_toml, others["node.toml"]),
        "trust policy": _text(policyfile.from_bytes, _policy(kh)),
    }


def _predicate_readers(documents: Documents, library: Library) -> dict[str, Reader]:
    """Return what reads the predicate of each statement, as it comes out of an entry."""
    facts = library.vocabulary.facts
    reads: dict[str, Callable[..., object]] = {
        "keyset": keyset.from_predicate,
        "system": lambda predicate: from_system_json(predicate, facts),
        "bank": bank_from_predicate,
        "application": application_from_predicate,
        "plan": plan_from_predicate,
        "reveal": reveal_from_predicate,
        "finding": finding_from_predicate,
        "custody": custody_from_predicate,
        "policy": policy_from_predicate,
        "recognition": recognition_from_predicate,
        "proposal": from_motion_json,
        "ballot": from_ballot_json,
        "amendment": from_amendment_json,
        "ballot-receipt": from_receipt_json,
        "bloc-mandate": from_mandate_json,
        "bloc-position": from_position_json,
        "challenge": from_challenge_json,
        "result": from_result_json,
        "roll-change": from_roll_json,
        "rule": from_rule_json,
        "seen": lambda predicate: list(sights_of(_statement(predicate))),
    }
    assert set(documents.predicates) == set(reads)
    return {
        f"predicate of {kind}": _json(predicate_reader(read), documents.predicates[kind])
        for kind, read in reads.items()
    }


def _evidence_readers(documents: Documents, folder: Path) -> dict[str, Reader]:
    """Return what reads transcripts, bundles and dossiers."""

    def whole(encoded: bytes) -> object:
        return verify_dossier(dossier.from_bytes(encoded))

    others = documents.others
    statements = Reader(
        read=from_file(folder / "statement.json", read_statement),
        valid=[others["statement file"]],
        mutators=(damaged, restated, restated, noise, nested),
    )
    return {
        "transcript record": _json(decode, others["record"]),
        "evidence bundle": Reader(read=decode_bundle, valid=[others["bundle"]], mutators=LINES),
        "dossier": Reader(read=whole, valid=[others["dossier"]], mutators=JSON, examples=FEWER),
        "bank with its key": _json(decode_bank, others["bank with key"]),
        "statement file": statements,
    }


def _file_readers(documents: Documents, library: Library, folder: Path) -> dict[str, Reader]:
    """Return what reads the files people write."""
    known = Known(members={"kh": documents.keyset.member}, categories={"flood": ("rescue",)})
    policy = (
        b'bank = "flood"\ntrusts = ["kh"]\nroute = "plan"\nrisk = 0.01\n'
        b"threshold = 0.5\nrequires = []\n"
    )
    banks, profiles = SHIPPED / "banks", SHIPPED.parent / "demo" / "examples"

    def core(path: Path) -> object:
        return build(read_core(path), "seed", 60)

    def scenarios(path: Path) -> object:
        return read_scenarios(path, library)

    reads: dict[str, tuple[Callable[[Path], object], list[bytes]]] = {
        "profile": (lambda path: read_profile(path, library), contents(profiles, "*.toml")),
        "scenarios": (scenarios, contents(SHIPPED / "chn", "label*.scenarios.toml")),
        "core": (core, contents(banks, "public-assistant.toml")),
        "claim": (read_claim, contents(banks, "*.claim.toml")),
        "policy file": (lambda path: read_policy(path, known, NOW), [policy]),
    }
    found = {
        name: Reader(
            read=from_file(folder / f"{name}.toml", read), valid=valid, mutators=TEXT,
            examples=FEWER,
        )
        for name, (read, valid) in reads.items()
    }  # fmt: skip
    items = build(read_core(banks / "public-assistant.toml"), "seed", 40)
    write_bank(items, folder / "valid.jsonl")
    lines = Reader(
        read=from_file(folder / "bank.jsonl", read_bank),
        valid=[(folder / "valid.jsonl").read_bytes()],
        mutators=LINES,
    )
    return {**found, "bank": lines}


def _pack_readers(library: Library) -> dict[str, Reader]:
    """Return what reads the law: a small pack whole, a real one beside the real vocabulary."""
    small = [Document(name="vocabulary/facts.md", text=VOCABULARY)]
    real = [
        read_document(path, name=f"vocabulary/{path.name}")
        for path in sorted((SHIPPED / "vocabulary").glob("*.md"))
    ]
    assert library.packs

    def reader(beside: list[Document]) -> Callable[[bytes], object]:
        def read(encoded: bytes) -> object:
            text = encoded.decode("utf-8", errors="replace")
            reading = read_leniently([*beside, Document(name="x.md", text=text)])
            decided = reading.library.engine.decide({})
            assert len(reading.library.digest) == 32
            if reading.faults:
                raise InvalidDocument("a pack", code="law.pack", faults=reading.faults)
            return decided

        return read

    valid = [PACK.encode(), SOFT.encode()]
    chinese = [_content(SHIPPED / "chn" / "labelling.md")]
    return {
        "pack": Reader(read=reader(small), valid=valid, mutators=TEXT, examples=FEWER),
        "vocabulary": Reader(
            read=reader([]), valid=[VOCABULARY.encode()], mutators=TEXT, examples=FEWER
        ),
        "real pack": Reader(read=reader(real), valid=chinese, mutators=TEXT, examples=150),
    }


def _json(read: Callable[[bytes], object], *valid: bytes) -> Reader:
    return Reader(read=read, valid=valid, mutators=JSON)


def _policy(kh: keyset.Keyset) -> bytes:
    first, second = (key.vkey for key in kh.witness_keys)
    lines = (
        f"log {kh.log_key.vkey} https://kh.example",
        f"witness kh {first}",
        f"witness kh-mldsa {second}",
        "group kh-either any kh kh-mldsa",
        "group all-of-them all kh-either",
        "quorum all-of-them",
    )
    return "".join(f"{line}\n" for line in lines).encode()


def _text(read: Callable[[bytes], object], *valid: bytes) -> Reader:
    return Reader(read=read, valid=valid, mutators=TEXT)


def predicate_reader(read: Callable[..., object]) -> Callable[[bytes], object]:
    """Read a predicate as it comes out of an entry: canonical, and an object."""

    def whole(encoded: bytes) -> object:
        value = from_canonical(encoded)
        if not isinstance(value, dict):
            raise InvalidDocument("not an object", code="ledger.statement")
        return read(value)

    return whole


def _statement(predicate: Mapping[str, object]) -> statement.Statement:
    return statement.from_value(
        {
            "_type": statement.STATEMENT_TYPE,
            "subject": [],
            "predicateType": statement.to_predicate_type("seen"),
            "predicate": predicate,  # type: ignore[dict-item] # it came out of canonical JSON
        }
    )


def from_file(path: Path, read: Callable[[Path], object]) -> Callable[[bytes], object]:
    """Read bytes as a file of this path."""

    def whole(encoded: bytes) -> object:
        path.write_bytes(encoded)
        return read(path)

    return whole


def contents(folder: Path, pattern: str) -> list[bytes]:
    """Return what the files of a folder hold."""
    found = [_content(path) for path in sorted(folder.glob(pattern))]
    assert found
    return found


def _content(path: Path) -> bytes:
    return path.read_bytes()


def _signer(documents: Documents) -> note.NoteSigner:
    assert documents.fork_key == SIGNER.key
    return note.NoteSigner.of("w.example/witness", note.COSIGNATURE_ED25519, SIGNER.secret)
