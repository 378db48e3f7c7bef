# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A member's policy on others' findings, logged beforehand, and what it decides by it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from fractions import Fraction

from comity.kernel.canonical import Json, to_canonical
from comity.kernel.digest import Digest, sha256
from comity.kernel.fields import Fields
from comity.kernel.ids import MemberId
from comity.kernel.instant import Instant, to_rfc3339
from comity.kernel.reference import Reference, to_ratio_json, to_reference_json

_PLAIN: Mapping[str, Json] = {
    "accreditors": [], "testers": 1, "max_age_days": None, "countersigned": False,
    "third": False,
}  # fmt: skip
"""What a policy asks where it says nothing; then nothing of it is written."""


class Route(Enum):
    """How a member relies on a finding: by its plan's verdict, or by going on itself."""

    CONTINUATION = "continuation"
    PLAN = "plan"


class Decision(Enum):
    """What a member decides."""

    RECOGNISED = "recognised"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Whom a member trusts for one bank, by which route, at which risk.

    Args:
        issued: When, by the issuer's clock.
        bank: Slug of the bank.
        trusts: Members whose findings count, failures included.
        route: One route, chosen before any finding, not whichever passes.
        risk: Greatest probability of recognising wrongly that the member accepts.
        threshold: Least pass rate that a plan must have asked to be exceeded.
        requires: Categories without which nothing is recognised.
        note: Why, in a sentence.
        accreditors: Members whose accreditation of a tester counts like trust in it.
        testers: Least number of counted testers that must each have shown a category.
        max_age_days: Oldest finding relied on; None for any.
        countersigned: Whether the provider must have countersigned the transcript.
        third: Whether the draw must have heard a third; two parties can agree on one.
        extra: Fields this version does not know.
    """

    issued: Instant
    bank: str
    trusts: tuple[MemberId, ...]
    route: Route
    risk: Fraction
    requires: tuple[str, ...]
    note: str
    threshold: Fraction = Fraction(0)
    accreditors: tuple[MemberId, ...] = ()
    testers: int = 1
    max_age_days: int | None = None
    countersigned: bool = False
    third: bool = False
    extra: dict[str, Json] = field(default_factory=dict)

    @property
    def digest(self) -> Digest:
        """Return the digest of the predicate, the statement's subject."""
        return sha256(to_canonical(self.to_predicate()))

    def to_predicate(self) -> dict[str, Json]:
        """Write the statement's predicate."""
        more: dict[str, Json] = {
            "accreditors": list(self.accreditors),
            "testers": self.testers,
            "max_age_days": self.max_age_days,
            "countersigned": self.countersigned,
            "third": self.third,
        }
        return {
            **self.extra,
            **{name: value for name, value in more.items() if value != _PLAIN[name]},
            "issued": to_rfc3339(self.issued),
            "bank": self.bank,
            "trusts": list(self.trusts),
            "route": self.route.value,
            "risk": to_ratio_json(self.risk),
            "threshold": to_ratio_json(self.threshold),
            "requires": list(self.requires),
            "note": self.note,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryDecision:
    """What is decided of one category, and why."""

    name: str
    decision: Decision
    reason: str

    def to_json(self) -> dict[str, Json]:
        """Write the decision as a JSON object."""
        return {"name": self.name, "decision": self.decision.value, "reason": self.reason}


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognition:
    """A member's decision on a finding.

    Args:
        issued: When, by the issuer's clock.
        finding: The finding relied on, or declined.
        policy: The policy in force, logged before.
        continuation: The member's own finding that continued the draw, or None.
        decision: Of the whole.
        categories: Of each category.
        reasons: Why, in sentences.
        extra: Fields this version does not know.
    """

    issued: Instant
    finding: Reference
    policy: Reference
    continuation: Reference | None
    decision: Decision
    categories: tuple[CategoryDecision, ...]
    reasons: tuple[str, ...]
    extra: dict[str, Json] = field(default_factory=dict)

    def to_predicate(self) -> dict[str, Json]:
        """Write the statement's predicate."""
        own = self.continuation
        return {
            **self.extra,
            "issued": to_rfc3339(self.issued),
            "finding": to_reference_json(self.finding),
            "policy": to_reference_json(self.policy),
            "continuation": None if own is None else to_reference_json(own),
            "decision": self.decision.value,
            "categories": [category.to_json() for category in self.categories],
            "reasons": list(self.reasons),
        }


def policy_from_predicate(predicate: Json) -> Policy:
    """Read a policy's predicate.

    Raises:
        InvalidDocument: With every fault and its field.
    """
    fields = Fields(predicate, faults=[])
    policy = Policy(
        issued=fields.instant("issued"),
        bank=fields.text("bank"),
        trusts=tuple(MemberId(name) for name in fields.texts("trusts")),
        route=Route(fields.choice("route", [route.value for route in Route])),
        risk=fields.ratio("risk"),
        threshold=fields.ratio("threshold"),
        requires=fields.texts("requires"),
        note=fields.text("note", empty=True),
        accreditors=tuple(
            MemberId(name) for name in fields.optional("accreditors", fields.texts) or ()
        ),
        testers=fields.optional("testers", lambda name: fields.integer(name, low=1)) or 1,
        max_age_days=fields.optional(
            "max_age_days", lambda name: fields.integer(name, low=1, high=36_500)
        ),
        countersigned=bool(fields.optional("countersigned", fields.flag)),
        third=bool(fields.optional("third", fields.flag)),
        extra=fields.rest(),
    )
    if not fields.faults and not 0 < policy.risk < 1:
        fields.fault("risk", "is not between 0 and 1")
    if not fields.faults and not 0 <= policy.threshold < 1:
        fields.fault("threshold", "is not from 0 to below 1")
    fields.finish("not a policy", code="evidence.statement")
    return policy


def recognition_from_predicate(predicate: Json) -> Recognition:
    """Read a recognition's predicate.

    Raises:
        InvalidDocument: With every fault and its field.
    """
    fields = Fields(predicate, faults=[])
    recognition = Recognition(
        issued=fields.instant("issued"),
        finding=fields.reference("finding"),
        policy=fields.reference("policy"),
        continuation=fields.nullable("continuation", fields.reference),
        decision=_decision(fields),
        categories=tuple(
            CategoryDecision(
                name=row.text("name"),
                decision=_decision(row),
                reason=row.text("reason", empty=True),
            )
            for row in fields.rows("categories")
        ),
        reasons=fields.texts("reasons"),
        extra=fields.rest(),
    )
    fields.finish("not a recognition", code="evidence.statement")
    return recognition


def _decision(fields: Fields) -> Decision:
    return Decision(fields.choice("decision", [decision.value for decision in Decision]))
