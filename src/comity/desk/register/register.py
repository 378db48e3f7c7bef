# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The register: what the followed logs say, ordered by what it is about.

A `Register` is built once per state of the ledger; the sheets are cut from it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from comity.desk.log.codec import find_reader, read_registration
from comity.desk.register import sheet
from comity.desk.register.sheet import Actor, NodeSheet
from comity.errors import InvalidDocument
from comity.evidence.afterwards import Withdrawal, withdrawal_from_predicate
from comity.evidence.bank_statement import BankStatement, bank_from_predicate
from comity.evidence.finding import Finding, finding_from_predicate
from comity.evidence.plan import Plan, plan_from_predicate
from comity.evidence.recognition import Recognition, recognition_from_predicate
from comity.kernel.canonical import Json
from comity.kernel.digest import Digest, sha256
from comity.kernel.instant import Instant, from_rfc3339
from comity.law.statement import Registration
from comity.ledger.tile import TILE_WIDTH
from comity.node.views.seen import Suspicion, suspicions
from comity.node.views.view import Entry, Ledger, MemberLog, Provenance

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What a node shows at one moment.

    Args:
        find_public: Return what a statement commits to by a salted digest, where anybody may
            read it and it is here.
    """

    ledger: Ledger
    as_of: Instant
    find_blob: Callable[[Digest], bytes | None]
    find_public: Callable[[Digest], bytes | None] = lambda _name: None


@dataclass(frozen=True, slots=True, kw_only=True)
class Held(Generic[T]):
    """A statement that could be read, with where it stands."""

    entry: Entry
    said: T

    @property
    def id(self) -> str:
        """Return the digest of the entry, hex: its name in a URL and in references."""
        return self.entry.reference.sha256.hex()

    @property
    def subject(self) -> str:
        """Return the SHA-256 of what the statement is about, hex, or ""."""
        statement = self.entry.statement
        if statement is None or not statement.subjects:
            return ""
        return statement.subjects[0].digest.get("sha256", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """Everything the pages need, indexed; built whole from one view.

    Args:
        state: Digest over every checkpoint, hex: equal states show equal registers.
        logs: The log of each member, the node's own first.
        systems: Registrations by version digest, newest of each member, by origin.
        findings: By their own digest.
        findings_on: By the version digest they are about.
        answers_to: Each member's latest recognition, by the digest of the finding it answers.
        continuations: Digests of findings by the digest of the finding they continue.
        withdrawn: Withdrawals by the digest of what was taken back, each by who had said it.
        suspicions: Who says that they saw another tree of a log than is held here.
        memo: What was made of this state already, and as of when: costly sheets are made once.
    """

    view: View
    state: str
    logs: Mapping[str, MemberLog]
    systems: Mapping[str, tuple[Held[Registration], ...]]
    banks: Mapping[str, Held[BankStatement]]
    plans: Mapping[str, Held[Plan]]
    findings: Mapping[str, Held[Finding]]
    findings_on: Mapping[str, tuple[Held[Finding], ...]]
    answers_to: Mapping[str, tuple[Held[Recognition], ...]]
    continuations: Mapping[str, tuple[str, ...]]
    withdrawn: Mapping[str, Held[Withdrawal]] = field(default_factory=dict)
    suspicions: tuple[Suspicion, ...] = ()
    memo: dict[str, tuple[Instant, object]] = field(
        default_factory=dict, compare=False, repr=False
    )

    def actor(self, member: str) -> Actor:
        """Describe a member by its own keyset."""
        log = self.logs.get(member)
        if log is None:
            return Actor(
                id=member, name="", jurisdiction="", role="", example=False, known=False
            )
        return Actor(
            id=member,
            name=log.keyset.name,
            jurisdiction=log.keyset.jurisdiction,
            role=log.keyset.role,
            example=log.keyset.example,
            known=True,
            forked=log.forked is not None,
        )

    def provenance(self, entry: Entry) -> sheet.Provenance:
        """Say where an entry stands and who attests its log."""
        attested = entry.provenance
        return sheet.Provenance(
            origin=entry.reference.log,
            index=entry.reference.index,
            sha256=entry.reference.sha256.hex(),
            by=self.actor(entry.member),
            issued=issued_of(entry),
            checkpoint_size=attested.log_size,
            cosigners=tuple(map(self.actor, attested.cosigners)),
            quorum=quorum_of(attested),
            seen_at=attested.checked_at,
        )

    def node(self) -> NodeSheet:
        """Say who runs this node and which state it shows."""
        return NodeSheet(
            runner=next(map(self.actor, self.logs), self.actor("")),
            state=self.state,
            logs=len(self.logs),
            as_of=self.view.as_of,
        )

    def bank_root(self, finding: Held[Finding]) -> str:
        """Return the root of the bank a finding is on, or "" where its plan is not here."""
        plan = self.plans.get(finding.said.plan.sha256.hex())
        return "" if plan is None else plan.said.bank_root.hex()


def open_register(view: View) -> Register:
    """Index everything a view shows."""
    findings = tuple(_held(view, "finding", finding_from_predicate))
    plans = {held.id: held for held in _held(view, "plan", plan_from_predicate)}
    return Register(
        view=view,
        state=state_of(view),
        logs={log.member: log for log in view.ledger.members()},
        systems=_registrations(_held(view, "system", read_registration)),
        banks={held.subject: held for held in _held(view, "bank", bank_from_predicate)},
        plans=plans,
        findings={held.id: held for held in findings},
        findings_on=_group(findings, lambda held: held.subject),
        answers_to=_answers(_held(view, "recognition", recognition_from_predicate)),
        continuations=_continuations(findings, plans),
        withdrawn=_withdrawn(_held(view, "withdrawal", withdrawal_from_predicate)),
        suspicions=suspicions(view.ledger),
    )


def state_of(view: View) -> str:
    """Digest how far every log goes and who attests it, hex; the time of day does not count."""
    rows = []
    for log in view.ledger.members():
        size = public_size(log)
        last = sha256(*entries_of(log, size - 1, size)).hex()
        attested = f"{log.counted_size} {log.newest.quorum_met} {log.newest.cosigners}"
        if log.forked is not None:
            attested += " ".join(one.hex() for one in log.forked.evidence)
        rows.append(f"{log.member}\n{size}\n{last}\n{attested}\n".encode())
    return sha256(*sorted(rows)).hex()


def public_size(log: MemberLog) -> int:
    """Count the entries under a checkpoint that was published.

    A node sees more of its own log; what it has not published is not on its pages.
    """
    return min(log.size, log.newest.log_size)


def entries_of(log: MemberLog, start: int, stop: int) -> Sequence[bytes]:
    """Return a log's entries as logged, start <= index < stop."""
    start, stop = max(0, start), min(stop, public_size(log))
    return [
        log.read_bundle(index // TILE_WIDTH)[index % TILE_WIDTH] for index in range(start, stop)
    ]


def quorum_of(attested: Provenance) -> sheet.Quorum:
    """Say whether a checkpoint has the cosignatures this node asks for."""
    if attested.forked_from is not None:
        return sheet.Quorum.FORKED
    if attested.quorum_met:
        return sheet.Quorum.MET
    return sheet.Quorum.UNMET if attested.cosigners else sheet.Quorum.UNWITNESSED


def issued_of(entry: Entry) -> Instant | None:
    """Read when the issuer says it issued a statement, or None."""
    issued = None if entry.statement is None else entry.statement.predicate.get("issued")
    try:
        return from_rfc3339(issued) if isinstance(issued, str) else None
    except InvalidDocument:
        return None


def fault_of(entry: Entry) -> str:
    """Say why an entry counts for nothing here, or ""."""
    if entry.statement is None:
        return entry.fault or "not a statement"
    reader = find_reader(entry.statement.kind)
    try:
        if reader is not None:
            reader(dict(entry.statement.predicate))
    except InvalidDocument as error:
        return "; ".join(str(fault) for fault in error.faults) or error.message
    return entry.fault


def _held(view: View, kind: str, read: Callable[[dict[str, Json]], T]) -> Iterable[Held[T]]:
    seen: set[tuple[str, bytes]] = set()
    for entry in view.ledger.entries(kind):
        if entry.statement is None or entry.reference.index >= entry.provenance.log_size:
            continue
        name = (entry.reference.log, entry.reference.sha256)
        if name in seen:  # replayed: it counts once, where it stands first
            continue
        seen.add(name)
        try:
            said = read(dict(entry.statement.predicate))
        except InvalidDocument:
            continue
        yield Held(entry=entry, said=said)


def _registrations(
    rows: Iterable[Held[Registration]],
) -> Mapping[str, tuple[Held[Registration], ...]]:
    latest = {(held.subject, held.entry.reference.log): held for held in rows if held.subject}
    return _group(latest.values(), lambda held: held.subject)


def _answers(
    rows: Iterable[Held[Recognition]],
) -> Mapping[str, tuple[Held[Recognition], ...]]:
    latest = {(held.said.finding.sha256, held.entry.reference.log): held for held in rows}
    return _group(latest.values(), lambda held: held.said.finding.sha256.hex())


def _withdrawn(rows: Iterable[Held[Withdrawal]]) -> Mapping[str, Held[Withdrawal]]:
    """Index withdrawals; only who said a thing takes it back, and the first one counts."""
    found: dict[str, Held[Withdrawal]] = {}
    for held in rows:
        if held.entry.reference.log == held.said.of.log:
            found.setdefault(held.said.of.sha256.hex(), held)
    return found


def _continuations(
    findings: Iterable[Held[Finding]], plans: Mapping[str, Held[Plan]]
) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for held in findings:
        plan = plans.get(held.said.plan.sha256.hex())
        if plan is not None and plan.said.continues is not None:
            found.setdefault(plan.said.continues.sha256.hex(), []).append(held.id)
    return {key: tuple(value) for key, value in found.items()}


def _group(
    rows: Iterable[Held[T]], key: Callable[[Held[T]], str]
) -> Mapping[str, tuple[Held[T], ...]]:
    found: dict[str, list[Held[T]]] = {}
    for held in rows:
        found.setdefault(key(held), []).append(held)
    return {name: tuple(group) for name, group in found.items()}
