# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""One valid document of every kind that is signed, logged or handed on, from one real test."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from tests.fakes.federation import THRIFTY, Federation, Stages, perfect
from tests.fakes.power import SIGNER

from comity.council.decision.docket import Ballot
from comity.council.decision.electorate import Electorate
from comity.council.decision.proposal import Terms, propose
from comity.council.decision.statement import to_ballot_json, to_motion_json
from comity.council.rule.codec import to_rule_json
from comity.council.rule.floor import Answer, Weights
from comity.council.rule.procedure import OnBreak, Procedure, Silence
from comity.council.rule.rule import without_hegemon
from comity.desk.assessment.keeping import encode_bank, hand_over, held_bank, take_over
from comity.desk.assessment.planning import plan_continuation
from comity.desk.assessment.testing import report, run_test
from comity.desk.case.bundles import bundles_of
from comity.desk.finding.relying import (
    decide,
    log_policy,
    log_recognition,
    own_continuation,
    policy_for,
)
from comity.desk.finding.verification import assemble
from comity.desk.log.record import record
from comity.desk.log.schema import get_schema
from comity.desk.log.shelf import ViewShelf
from comity.evidence.recognition import Policy, Route
from comity.files.dossier import to_bytes as dossier_bytes
from comity.kernel.canonical import Json, to_canonical
from comity.kernel.reference import Reference
from comity.ledger.fork import Fork
from comity.ledger.fork import to_bytes as fork_bytes
from comity.ledger.keyset import Keyset
from comity.ledger.note import NoteKey
from comity.ledger.statement import to_payload
from comity.ledger.tile import to_bundle
from comity.node.disk.storage import Disk
from comity.node.logs.log import CHECKPOINT, Log
from comity.node.prove import prove
from comity.node.witness.gather import Request
from comity.node.witness.witness import to_request


@dataclass(frozen=True, slots=True, kw_only=True)
class Documents:
    """Documents by kind, and what a reader needs besides the bytes.

    Args:
        predicates: Canonical predicates by kind of statement.
        others: Everything else, by what it is.
        entry: The entry that `others["proof"]` proves.
    """

    predicates: Mapping[str, bytes]
    others: Mapping[str, bytes]
    entry: bytes
    keyset: Keyset
    witness_key: NoteKey
    fork_key: NoteKey


DECISIONS = (
    "amendment", "ballot-receipt", "bloc-mandate", "bloc-position", "challenge", "result",
    "roll-change",
)  # fmt: skip
"""Kinds of statements around a vote, taken from the examples of their schemas."""


def gather_documents(stages: Stages, folder: Path) -> Documents:
    """Go on with a finished test until every kind of statement has been made."""
    assert stages.tested.finding is not None
    finding = stages.tested.finding
    with stages.tested.copied(folder / "members") as federation:
        _go_on(federation, finding)
        _vote(federation)
        federation.kh.record_seen(federation.now())
        federation.publish(*federation.nodes.values())
        others, entry = _others(federation, finding)
        others["fork"] = _fork(folder)
        return Documents(
            predicates=_predicates(federation),
            others=others,
            entry=entry,
            keyset=federation.kh.keyset,
            witness_key=federation.br.keyset.witness_key,
            fork_key=SIGNER.key,
        )


def _go_on(federation: Federation, finding: Reference) -> None:
    """Log a policy, take the bank over, continue the draw, and recognise."""
    kh, br, now = federation.kh, federation.br, federation.now
    risk = Fraction(1, 100)
    policy = Policy(
        issued=now(), bank="flood", trusts=(kh.member,), route=Route.CONTINUATION, risk=risk,
        requires=("medical",), note="one in a hundred",
    )  # fmt: skip
    log_policy(br, policy, now=now())
    custody = hand_over(kh, federation.gathered(kh, finding), br.member, now=now())
    federation.publish(kh)
    take_over(br, custody, br.connect("kh"))
    plan = plan_continuation(br, federation.gathered(br, finding), risk, now=now())
    federation.publish(br)
    report(br, plan, run_test(br, plan, perfect(), manner=THRIFTY), now=now())
    federation.publish(br)
    first = federation.gathered(br, finding)
    own = own_continuation(br, finding, bundles_of(br))
    shelf = ViewShelf(br.view())
    recognition = decide(shelf, policy_for(br, "flood"), first, own, now=now())
    log_recognition(br, recognition, first, now=now())
    federation.publish(br)


def _vote(federation: Federation) -> None:
    """Put a text to the vote, and vote."""
    who = frozenset(node.member for node in federation.nodes.values())
    groups = {"region:Asia": frozenset({federation.kh.member, federation.sg.member})}
    silence = Silence(period_h=72, broken_by=without_hegemon(), on_break=OnBreak.VOTE)
    procedure = Procedure(adopts=without_hegemon(), silence=silence, challenge_days=2)
    people = Weights(name="people", unit="one", source="made up", values=dict.fromkeys(who, 7))
    electorate = Electorate(
        members=who,
        groups=groups,
        states=dict.fromkeys(who, "KHM"),
        weights={"people": people},
    )
    terms = Terms(opens=federation.now(), topic="incidents")
    motion = propose("A text", "Do it.", procedure, electorate, terms)
    digest = motion.proposal.text
    put = record(
        federation.kh, "proposal", to_motion_json(motion), subject=digest, now=federation.now()
    )
    ballot = Ballot(proposal=put, text=digest, choice=Answer.YES, sequence=0)
    record(
        federation.br, "ballot", to_ballot_json(ballot), subject=digest, now=federation.now()
    )


def _predicates(federation: Federation) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for node in federation.nodes.values():
        for entry in node.view().entries():
            if entry.statement is not None:
                kind = entry.statement.predicate_type.split("/")[-2]
                found.setdefault(kind, to_canonical(dict(entry.statement.predicate)))
    rule = without_hegemon()
    made = {"rule": to_canonical(to_rule_json(rule)), "system": _system()}
    return {**found, **made, **examples_of(*DECISIONS)}


def examples_of(*kinds: str) -> dict[str, bytes]:
    """Return what statements of some kinds say, as their schemas show it."""
    return {kind: to_canonical(get_schema(kind).example["predicate"]) for kind in kinds}


def _system() -> bytes:
    predicate: dict[str, Json] = {
        "issued": "2026-11-21T19:19:24Z",
        "system": "relief",
        "name": {"en": "Relief", "zh": "救援"},
        "version": "1.0",
        "purpose": {"en": "Translates."},
        "identity": {"method": "files", "sha256": "ab" * 32, "what": "weights"},
        "facts": {
            "is_ai_system": True,
            "output_types": ["text"],
            "training_compute": "10^25 FLOP",
            "newer_fact": {"known_in": ["a"], "known_out": []},
        },
        "markets": ["BRA", "KHM"],
        "materials": [
            {
                "layer": "model", "name": "m", "supplier": "s", "jurisdiction": "BRA",
                "share_ppm": 1_000_000,
            }
        ],
        "example": True,
    }  # fmt: skip
    return to_canonical(predicate)


def _others(federation: Federation, finding: Reference) -> tuple[dict[str, bytes], bytes]:
    kh = federation.kh
    test = federation.gathered(kh, finding)
    exhibit = prove(kh, finding)
    checkpoint = kh.log.find_published()
    assert checkpoint is not None
    said = next(one for one in kh.view().entries() if one.statement is not None)
    assert said.statement is not None
    bundle = kh.blobs.get(test.case.finding.bundle)
    bank = held_bank(kh, test.case.plan.bank_root)
    request = _request(kh.log)
    return {
        "canonical": to_canonical(test.case.plan.to_predicate()),
        "envelope": exhibit.entry,
        "payload": to_payload(said.statement),
        "statement file": json.dumps(
            {"predicateType": "note", "subject": [], "predicate": {"a": [1, "x"]}}
        ).encode(),
        "note": checkpoint[1].encoded,
        "proof": exhibit.proof.encoded,
        "entries": to_bundle(list(kh.log.entries())),
        "first entry": next(iter(kh.log.entries(0, 1))),
        "node.toml": Disk(kh.folder).read("node.toml"),
        "request": request,
        "record": bundle.split(b"\n")[1],
        "bundle": b"\n".join(bundle.split(b"\n")[:6]) + b"\n",
        "dossier": dossier_bytes(assemble(kh, test)),
        "bank with key": _short_bank(encode_bank(bank)),
    }, exhibit.entry


def _request(log: Log) -> bytes:
    checkpoint, note, tree = log.prepare()
    request = Request(note=note, size=checkpoint.size, tree=tree)
    return to_request(0, request.tree.consistency(0, request.size), note)


def _short_bank(encoded: bytes) -> bytes:
    value = json.loads(encoded)
    return to_canonical({**value, "items": value["items"][:5]})


def _fork(folder: Path) -> bytes:
    """Return the evidence of a log that signed two stories."""
    notes: list[bytes] = []
    trees = []
    for name, sizes in (("one", (3,)), ("two", (4, 2))):
        disk = Disk(folder / name)
        log = Log(disk, SIGNER)
        for size in sizes:
            log.append([b"%s %d" % (name.encode(), at) for at in range(size)])
        checkpoint, note, tree = log.prepare()
        log.publish(note)
        notes.append(disk.read(CHECKPOINT))
        trees.append((checkpoint, tree))
    tree = trees[1][1]
    return fork_bytes(
        Fork(
            log_key=SIGNER.key.vkey,
            smaller=notes[0],
            larger=notes[1],
            prefix_root=tree.root(3),
            proof=tree.consistency(3),
        )
    )
