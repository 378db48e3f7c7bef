# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A check after deployment: announced before it is made, and what it found.

The tester draws afresh from items of the same bank that nobody has opened, under a nonce it
committed to in its log before it asked anything.

Source:
    docs/spec/evidence.md, "Drift"; docs/spec/statements.md.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from comity.evidence.bank import MAX_ITEMS
from comity.evidence.binding import Binding, binding_from
from comity.evidence.statistics.decline import (
    Evidence,
    check_evidence,
    decline,
    is_alarming,
    over_time,
    together,
)
from comity.evidence.statistics.eprocess import to_published
from comity.kernel.canonical import Json
from comity.kernel.digest import Digest, sha256
from comity.kernel.fields import Fields
from comity.kernel.instant import Instant, to_rfc3339
from comity.kernel.reference import Reference, to_ratio_json, to_reference_json

SEED_TAG = b"comity/drift-seed/v1\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A category under watch.

    Args:
        size: Items of it that nobody had opened when the check was announced.
        questions: How many of them are asked.
    """

    name: str
    size: int
    questions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Recheck:
    """A check announced.

    Args:
        finding: Whose system and bank are checked again.
        bank_root: Root of that bank.
        number: 1 for the first check after the finding.
        after: What the check before found, or None.
        nonce_commitment: To the nonce that gives the draw.
        categories: What is asked of which.
        risk: Greatest chance that any of these checks, ever, raises a wrong alarm.
        retired: Positions not drawn, rising: somebody had opened them.
        timeout_ms: Milliseconds after which an answer no longer counts.
        max_answer_bytes: UTF-8 bytes beyond which an answer no longer counts.
        extra: Fields this version does not know.
    """

    issued: Instant
    finding: Reference
    bank_root: Digest
    number: int
    after: Reference | None
    nonce_commitment: Digest
    categories: tuple[Watched, ...]
    risk: Fraction
    retired: tuple[int, ...]
    timeout_ms: int
    max_answer_bytes: int
    extra: dict[str, Json] = field(default_factory=dict)

    def to_predicate(self) -> dict[str, Json]:
        """Write the statement's predicate."""
        after = self.after
        return {
            **self.extra,
            "issued": to_rfc3339(self.issued),
            "finding": to_reference_json(self.finding),
            "bank_root": self.bank_root.hex(),
            "number": self.number,
            "after": None if after is None else to_reference_json(after),
            "nonce_commitment": self.nonce_commitment.hex(),
            "categories": [
                {"name": one.name, "size": one.size, "questions": one.questions}
                for one in self.categories
            ],
            "risk": to_ratio_json(self.risk),
            "retired": list(self.retired),
            "timeout_ms": self.timeout_ms,
            "max_answer_bytes": self.max_answer_bytes,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a check saw of one category.

    Args:
        e_value: Of this check alone, floored to two decimals.
        evidence: Of all checks so far, floored to two decimals.
    """

    category: str
    asked: int
    failed: int
    e_value: str
    evidence: str

    def to_json(self) -> dict[str, Json]:
        """Write it as a JSON object."""
        return {
            "category": self.category,
            "asked": self.asked,
            "failed": self.failed,
            "e_value": self.e_value,
            "evidence": self.evidence,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """What a check found.

    Args:
        recheck: The announcement.
        nonce: What was committed to.
        results: By category; nothing was asked where the identity had changed.
        evidence: That some category declined, over all checks, floored to two decimals.
        alarm: The evidence is enough at the stated risk, or the identity changed.
        fallen: The categories whose own evidence is enough for one of so many.
        changed: What speaks against this being the version registered, in words.
        identity: How firmly what was asked was bound to it; None where it had changed.
        transcript: Head of the transcript's chain.
        bundle: Digest of the evidence blob.
        extra: Fields this version does not know.
    """

    issued: Instant
    recheck: Reference
    nonce: Digest
    results: tuple[Seen, ...]
    evidence: str
    alarm: bool
    fallen: tuple[str, ...]
    changed: tuple[str, ...]
    identity: Binding | None
    transcript: Digest
    bundle: Digest
    extra: dict[str, Json] = field(default_factory=dict)

    def to_predicate(self) -> dict[str, Json]:
        """Write the statement's predicate."""
        return {
            **self.extra,
            "issued": to_rfc3339(self.issued),
            "recheck": to_reference_json(self.recheck),
            "nonce": self.nonce.hex(),
            "results": [one.to_json() for one in self.results],
            "evidence": self.evidence,
            "alarm": self.alarm,
            "fallen": list(self.fallen),
            "changed": list(self.changed),
            "identity": None if self.identity is None else self.identity.to_json(),
            "transcript": self.transcript.hex(),
            "bundle": self.bundle.hex(),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """The rates a category's design was made for."""

    threshold: Fraction
    goal: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What one check counted in one category: of how many, asked and failed."""

    size: int
    asked: int
    failed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What all checks so far say together."""

    results: tuple[Seen, ...]
    evidence: str
    fallen: tuple[str, ...]
    is_alarming: bool


def drift_seed(root: Digest, recheck: Digest, nonce: bytes) -> Digest:
    """Derive the seed of a check's draw from the bank, the announcement and the nonce."""
    return sha256(SEED_TAG, root, recheck, nonce)


def judge(
    checks: Iterable[Mapping[str, Counts]], rates: Mapping[str, Rates], risk: Fraction
) -> Judged:
    """Judge all checks of one finding, the first one first; the last is what is reported.

    Args:
        checks: By category what each check counted; a category not asked counts nothing.
        rates: By category under watch, always the same ones.
    """
    made = list(checks)
    alone = {
        name: [_evidence(check.get(name), rate) for check in made]
        for name, rate in rates.items()
    }
    whole = {name: over_time(values) for name, values in alone.items()}
    family = together(tuple(whole.values()))
    last = made[-1] if made else {}
    return Judged(
        results=tuple(
            Seen(
                category=name,
                asked=count.asked,
                failed=count.failed,
                e_value=to_published(alone[name][-1]),
                evidence=to_published(whole[name]),
            )
            for name, count in last.items()
            if name in rates
        ),
        evidence=to_published(family),
        fallen=tuple(
            name for name, value in whole.items() if is_alarming(value, risk, len(whole))
        ),
        is_alarming=is_alarming(family, risk),
    )


def _evidence(counts: Counts | None, rates: Rates) -> Evidence:
    if counts is None or not counts.asked:
        return Fraction(1)
    mixture = decline(counts.size, rates.threshold, rates.goal)
    return check_evidence(mixture, counts.asked, counts.failed)


def recheck_from_predicate(predicate: Json) -> Recheck:
    """Read an announcement's predicate.

    Raises:
        InvalidDocument: With every fault and its field.
    """
    fields = Fields(predicate, faults=[])
    recheck = Recheck(
        issued=fields.instant("issued"),
        finding=fields.reference("finding"),
        bank_root=fields.digest("bank_root"),
        number=fields.integer("number", low=1),
        after=fields.nullable("after", fields.reference),
        nonce_commitment=fields.digest("nonce_commitment"),
        categories=tuple(_watched(row) for row in fields.rows("categories")),
        risk=fields.ratio("risk"),
        retired=fields.integers("retired", high=MAX_ITEMS - 1),
        timeout_ms=fields.integer("timeout_ms", low=1),
        max_answer_bytes=fields.integer("max_answer_bytes", low=1),
        extra=fields.rest(),
    )
    if not 0 < recheck.risk < 1:
        fields.fault("risk", "is not between 0 and 1")
    if (recheck.number == 1) != (recheck.after is None):
        fields.fault("after", "stands exactly where the check is not the first")
    if list(recheck.retired) != sorted(set(recheck.retired)):
        fields.fault("retired", "does not rise")
    if len({one.name for one in recheck.categories}) != len(recheck.categories):
        fields.fault("categories", "names one twice")
    fields.finish("not a recheck", code="evidence.statement")
    return recheck


def drift_from_predicate(predicate: Json) -> Drift:
    """Read the predicate of what a check found.

    Raises:
        InvalidDocument: With every fault and its field.
    """
    fields = Fields(predicate, faults=[])
    drift = Drift(
        issued=fields.instant("issued"),
        recheck=fields.reference("recheck"),
        nonce=fields.digest("nonce"),
        results=tuple(_seen(row) for row in fields.rows("results")),
        evidence=fields.text("evidence"),
        alarm=fields.flag("alarm"),
        fallen=fields.texts("fallen"),
        changed=fields.texts("changed"),
        identity=fields.nullable("identity", lambda name: binding_from(fields.inner(name))),
        transcript=fields.digest("transcript"),
        bundle=fields.digest("bundle"),
        extra=fields.rest(),
    )
    if (drift.identity is None) != bool(drift.changed):
        fields.fault("identity", "stands exactly where nothing had changed")
    fields.finish("not a drift", code="evidence.statement")
    return drift


def _watched(row: Fields) -> Watched:
    size = row.integer("size", high=MAX_ITEMS)
    return Watched(
        name=row.text("name"), size=size, questions=row.integer("questions", high=max(0, size))
    )


def _seen(row: Fields) -> Seen:
    asked = row.integer("asked")
    return Seen(
        category=row.text("category"),
        asked=asked,
        failed=row.integer("failed", high=asked),
        e_value=row.text("e_value"),
        evidence=row.text("evidence"),
    )
