# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Whoever holds every key writes any dossier: signatures and proofs hold, whatever it says.

One test of a small bank, told in memory. Each part can be changed before it is signed, and
everything after it is made to fit, as a tester who lies would make it fit.
"""

import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import lru_cache
from typing import Any

from comity.errors import ComityError
from comity.evidence.bank import Bank, Item
from comity.evidence.draw import Nonces, Role, commit_nonce, draws, seed_of
from comity.evidence.finding import results_of
from comity.evidence.plan import plan_from_predicate
from comity.evidence.statistics.calibration import Request, design_for
from comity.evidence.statistics.design import Design, Verdict
from comity.evidence.transcript import start_of
from comity.files.dossier import Dossier, Sheet, to_bytes
from comity.kernel.canonical import Json, to_canonical
from comity.kernel.digest import Digest, sha256
from comity.kernel.ids import Origin
from comity.kernel.instant import from_rfc3339
from comity.kernel.merkle import Tree, leaf_hash
from comity.kernel.reference import Reference, to_reference_json
from comity.ledger.checkpoint import Checkpoint, sign_checkpoint
from comity.ledger.cosignature import cosign
from comity.ledger.envelope import sign_payload
from comity.ledger.keyset import Keyset
from comity.ledger.keyset import to_statement as keyset_statement
from comity.ledger.proof import InclusionProof
from comity.ledger.statement import PAYLOAD_TYPE, Statement, Subject, to_payload
from comity.ledger.statement import to_predicate_type as kind_uri
from comity.node.keys.keys import Keys, generate

NOW = "2026-11-21T16:40:11Z"
VERSION = sha256(b"weights of version 1")
SIZES = {"rescue": 40, "shelter": 40}
PREDICATE = dict[str, Any]
Change = Callable[[Any], Any]

HONEST_ORDER = (
    "bank", "system", "application", "plan", "provider reveal", "tester reveal", "finding",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Lie:
    """What is told otherwise.

    Args:
        said: By part of the story, what becomes of its predicate before it is signed.
        records: What becomes of the records before they are chained.
        lines: What becomes of the bundle's lines after they are chained and counted.
        order: In which order the parts are told.
        whole: What becomes of the file.
        scorer: What scores every answer.
    """

    said: Mapping[str, Change] = field(default_factory=dict)
    records: Change = field(default=lambda records: records)
    lines: Change = field(default=lambda lines: lines)
    order: tuple[str, ...] = HONEST_ORDER
    whole: Change = field(default=lambda dossier: dossier)
    scorer: str = "exact/1"


@lru_cache(maxsize=2)
def bank(scorer: str = "exact/1") -> Bank:
    """Return a bank of two categories; the right answer is the position."""
    names = [name for name, count in SIZES.items() for _ in range(count)]
    items = (
        Item(
            position=at,
            category=name,
            prompt=f"say {at}",
            reference=str(at),
            scorer=scorer,
        )
        for at, name in enumerate(names)
    )
    return Bank.of(items, bytes(range(32)))


@lru_cache(maxsize=1)
def design() -> Design:
    """Return the design of both categories."""
    return design_for(Request(size=40, threshold=Fraction(1, 2), goal=Fraction(9, 10)))


class Forger:
    """Holds the keys of three members and writes their logs."""

    def __init__(self) -> None:
        dice = random.Random(3)  # noqa: S311 - the same keys on every run
        self.keys: dict[str, Keys] = {}
        self.keysets: dict[str, Keyset] = {}
        self.entries: dict[str, list[bytes]] = {}
        for name, role in (("kh", "regulator"), ("br", "regulator"), ("maker", "provider")):
            keys = generate(Origin(f"{name}.example/log"), dice.randbytes)
            keyset = keys.to_keyset(
                name=name,
                role=role,
                jurisdiction="KHM",
                example=True,
                issued=from_rfc3339(NOW),
            )
            self.keys[name], self.keysets[name], self.entries[name] = keys, keyset, []
            self.log(name, self.sign(name, keyset_statement(keyset)))

    def log(self, name: str, entry: bytes) -> Reference:
        """Log an entry."""
        self.entries[name].append(entry)
        index = len(self.entries[name]) - 1
        return Reference(log=self.keysets[name].origin, index=index, sha256=sha256(entry))

    def sign(self, name: str, statement: Statement) -> bytes:
        """Sign a statement; the same bytes each time."""
        return sign_payload(to_payload(statement), PAYLOAD_TYPE, [self.keys[name].statement])

    def entry(self, name: str, kind: str, predicate: PREDICATE, about: Digest) -> bytes:
        """Let a member sign what it says."""
        return self.sign(
            name,
            Statement(
                predicate_type=kind_uri(kind),
                predicate=predicate,
                subjects=(Subject.of(about),),
            ),
        )

    def sheets(self) -> Iterable[Sheet]:
        """Yield every entry of every log, proven under a checkpoint all others cosigned."""
        for name, entries in self.entries.items():
            tree = Tree.of(map(leaf_hash, entries))
            origin = self.keysets[name].origin
            checkpoint = Checkpoint(origin=origin, size=len(entries), root=tree.root)
            note = sign_checkpoint(checkpoint, self.keys[name].log)
            others = [keys.witness for other, keys in self.keys.items() if other != name]
            note = note.with_signatures(
                cosign(note, signer, from_rfc3339(NOW)) for signer in others
            )
            for index, entry in enumerate(entries):
                path = tree.inclusion(index)
                proof = InclusionProof(index=index, path=path, checkpoint=note.encoded)
                reference = Reference(log=origin, index=index, sha256=sha256(entry))
                yield Sheet(reference=reference, entry=entry, proof=proof.encoded)


def forge(lie: Lie | None = None) -> bytes:
    """Return the dossier of one test, told with a lie or honestly."""
    story = _Story(lie or Lie())
    return story.dossier()


class _Story:
    def __init__(self, lie: Lie) -> None:
        self.lie = lie
        self.forger = Forger()
        self.at: dict[str, Reference] = {}
        self.predicates: dict[str, PREDICATE] = {}
        self.nonces = Nonces(provider=sha256(b"provider"), tester=sha256(b"tester"))
        self.bundle = b""
        self.tellers: dict[str, tuple[str, str, Callable[[], PREDICATE], Digest]] = {
            "bank": ("kh", "bank", self.bank, bank(self.lie.scorer).commitment.root),
            "system": ("maker", "system", self.system, VERSION),
            "application": ("maker", "application", self.application, VERSION),
            "plan": ("kh", "plan", self.plan, VERSION),
            "provider reveal": ("maker", "reveal", lambda: self.reveal("provider"), VERSION),
            "tester reveal": ("kh", "reveal", lambda: self.reveal("tester"), VERSION),
            "closing": ("kh", "draw-reveal", self.closing, VERSION),
            "finding": ("kh", "finding", self.finding, VERSION),
        }

    def dossier(self) -> bytes:
        for part in self.lie.order:
            member, kind, make, about = self.tellers[part]
            predicate = self.lie.said.get(part, lambda said: said)(make())
            self.predicates[part] = predicate
            entry = self.forger.entry(member, kind, predicate, about)
            self.at[part] = self.forger.log(member, entry)
        dossier = Dossier(
            finding=self.at["finding"],
            sheets=tuple(self.forger.sheets()),
            bundles=(self.bundle,),
        )
        return to_bytes(self.lie.whole(dossier))

    def where(self, part: str) -> Reference:
        """Return where a part stands, or will stand, if it is told at all."""
        if part in self.at:
            return self.at[part]
        if part not in self.lie.order or part == "finding":
            return Reference(log=Origin("kh.example/log"), index=99, sha256=sha256(b"nothing"))
        before = self.lie.order[: self.lie.order.index(part)]
        member, kind, make, about = self.tellers[part]
        others = [one for one in before if self.tellers[one][0] == member]
        predicate = self.lie.said.get(part, lambda said: said)(make())
        entry = self.forger.entry(member, kind, predicate, about)
        origin = self.forger.keysets[member].origin
        return Reference(log=origin, index=1 + len(others), sha256=sha256(entry))

    def bank(self) -> PREDICATE:
        root = bank(self.lie.scorer).commitment.root.hex()
        return {
            "issued": NOW, "bank": "flood", "claim": {"en": "It repeats."},
            "scorer": self.lie.scorer,
            "categories": [{"name": name, "count": count} for name, count in SIZES.items()],
            "size": 80, "root": root, "templates": 2, "near_duplicates": 0,
            "conducts": ["accuracy"], "limits": "None.", "licence": "CC0-1.0",
            "labels": {"rescue": {"en": "Rescue"}}, "practice": False, "unreviewed": {},
        }  # fmt: skip

    def system(self) -> PREDICATE:
        return {"issued": NOW, "system": "relief"}

    def application(self) -> PREDICATE:
        commitment = commit_nonce(self.nonces.provider, Role.PROVIDER)
        return {
            "issued": NOW, "bank_root": bank(self.lie.scorer).commitment.root.hex(),
            "tester": self.forger.keysets["kh"].member, "nonce_commitment": commitment.hex(),
        }  # fmt: skip

    def plan(self) -> PREDICATE:
        commitment = commit_nonce(self.nonces.tester, Role.TESTER)
        return {
            "issued": NOW, "bank_root": bank(self.lie.scorer).commitment.root.hex(),
            "application": to_reference_json(self.where("application")),
            "nonce_commitment": commitment.hex(), "designs": [dict(design().to_json())],
            "categories": [{"name": name, "design": 0} for name in SIZES],
            "rules": {"timeout_ms": 2000, "missing": "failure", "max_answer_bytes": 100,
                      "order": "draw", "publish_items": "all",
                      "retry": {"reasons": ["busy"], "waits_ms": [100, 200]},
                      "rate": {"questions": 5, "per_ms": 1000}},
            "retired": [], "attempt": 1, "continues": None, "test": "first",
        }  # fmt: skip

    def reveal(self, role: str) -> PREDICATE:
        nonce: bytes = getattr(self.nonces, role)
        plan = to_reference_json(self.where("plan"))
        return {
            "issued": NOW, "plan": plan, "role": role, "nonce": nonce.hex(),
        }  # fmt: skip

    def closing(self) -> PREDICATE:
        plan = to_reference_json(self.where("plan"))
        return {"issued": NOW, "plan": plan, "pulse": {"round": 1, "signature": "00" * 48}}

    def finding(self) -> PREDICATE:
        plan = self.where("plan").sha256
        closed = self.predicates.get("closing", {}).get("pulse", {}).get("signature", "")
        beacon = sha256(bytes.fromhex(closed)) if closed else b""
        nonces = replace(self.nonces, beacon=beacon)
        seed = seed_of(bank(self.lie.scorer).commitment.root, plan, nonces)
        records = self.lie.records(list(_records(seed, bank(self.lie.scorer))))
        lines = [to_canonical(record) for record in records]
        header: dict[str, Json] = {"bundle": "comity/evidence-bundle/v1", "plan": plan.hex()}
        head = start_of(plan)
        for line in lines:
            head = sha256(head, sha256(line))
        told = self.lie.lines([to_canonical(header), *lines])
        self.bundle = b"".join(line + b"\n" for line in told)
        return {
            "issued": NOW, "plan": to_reference_json(self.where("plan")), "seed": seed.hex(),
            "results": _results(self.predicates.get("plan", {}), records),
            "transcript": head.hex(), "bundle": sha256(self.bundle).hex(),
        }  # fmt: skip


def _records(seed: Digest, asked: Bank) -> Iterable[PREDICATE]:
    """Ask a system that is right except for every seventh position."""
    for order in draws(seed, asked.commitment).values():
        failed = 0
        for draw, position in enumerate(order, start=1):
            passed = position % 7 != 0
            failed += not passed
            yield {
                "draw": draw, **asked.open(position).to_json(), "missing": None,
                "answer": str(position) if passed else "wrong", "passed": passed,
                **({"tries": ["busy"]} if draw == 1 else {}),
            }  # fmt: skip
            if design().decide(draw, failed) is not Verdict.INSUFFICIENT:
                break


def _results(plan: PREDICATE, records: list[PREDICATE]) -> list[PREDICATE]:
    """Judge what the records say; where the plan cannot be read, say nothing."""
    try:
        read = plan_from_predicate(plan)
        outcomes = {
            name: [one["passed"] for one in records if one["item"]["category"] == name]
            for name in read.categories
        }
        return [dict(result.to_json()) for result in results_of(read, outcomes)]
    except (ComityError, KeyError, TypeError, IndexError, ArithmeticError, ValueError):
        return []
