# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A finding: what a test found, category by category, and what it can be re-derived from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from comity.evidence.plan import Plan
from comity.evidence.statistics.design import Verdict
from comity.evidence.statistics.eprocess import to_published
from comity.evidence.statistics.outcome import Outcome
from comity.evidence.statistics.verdict import judge
from comity.kernel.canonical import Json
from comity.kernel.digest import Digest
from comity.kernel.fields import Fields
from comity.kernel.instant import Instant, to_rfc3339
from comity.kernel.reference import Reference, to_reference_json


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What one category's outcomes say.

    Args:
        category: Its name.
        verdict: Shown, not shown or insufficient.
        asked: Questions up to the verdict, a continued tester's included.
        failed: Failures among them.
        e_value: Floored to two decimals, or "inf".
        lower_bound_ppm: Lower confidence bound on the pass rate, or on the mean score, in
            millionths.
        mean_ppm: Mean score, floored; None where passes are counted.
    """

    category: str
    verdict: Verdict
    asked: int
    failed: int
    e_value: str
    lower_bound_ppm: int
    mean_ppm: int | None = None

    def to_json(self) -> dict[str, Json]:
        """Write the result as a JSON object."""
        scored: dict[str, Json] = {} if self.mean_ppm is None else {"mean_ppm": self.mean_ppm}
        return {
            **scored,
            "category": self.category,
            "verdict": self.verdict.value,
            "asked": self.asked,
            "failed": self.failed,
            "e_value": self.e_value,
            "lower_bound_ppm": self.lower_bound_ppm,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The signed outcome of one plan.

    Args:
        issued: When, by the issuer's clock.
        plan: The plan that was run.
        seed: Seed of the draw.
        results: One per category of the plan.
        transcript: Head of the transcript's chain.
        bundle: Digest of the evidence bundle's bytes.
        extra: Fields this version does not know.
    """

    issued: Instant
    plan: Reference
    seed: Digest
    results: tuple[Result, ...]
    transcript: Digest
    bundle: Digest
    extra: dict[str, Json] = field(default_factory=dict)

    def to_predicate(self) -> dict[str, Json]:
        """Write the statement's predicate."""
        return {
            **self.extra,
            "issued": to_rfc3339(self.issued),
            "plan": to_reference_json(self.plan),
            "seed": self.seed.hex(),
            "results": [result.to_json() for result in self.results],
            "transcript": self.transcript.hex(),
            "bundle": self.bundle.hex(),
        }


def results_of(plan: Plan, outcomes: Mapping[str, Iterable[Outcome]]) -> tuple[Result, ...]:
    """Judge every category of a plan; outcomes stand in draw order from question 1."""
    return tuple(_result(plan, name, outcomes.get(name, ())) for name in plan.categories)


def _result(plan: Plan, category: str, outcomes: Iterable[Outcome]) -> Result:
    judgement = judge(plan.design_of(category), outcomes)
    return Result(
        category=category,
        verdict=judgement.verdict,
        asked=judgement.asked,
        failed=judgement.failed,
        e_value=to_published(judgement.e_value),
        lower_bound_ppm=judgement.lower_bound_ppm,
        mean_ppm=judgement.mean_ppm,
    )


def finding_from_predicate(predicate: Json) -> Finding:
    """Read a finding's predicate.

    Raises:
        InvalidDocument: With every fault and its field.
    """
    fields = Fields(predicate, faults=[])
    finding = Finding(
        issued=fields.instant("issued"),
        plan=fields.reference("plan"),
        seed=fields.digest("seed"),
        results=tuple(_result_from(row) for row in fields.rows("results")),
        transcript=fields.digest("transcript"),
        bundle=fields.digest("bundle"),
        extra=fields.rest(),
    )
    fields.finish("not a finding", code="evidence.statement")
    return finding


def _result_from(row: Fields) -> Result:
    return Result(
        category=row.text("category"),
        verdict=Verdict(row.choice("verdict", [verdict.value for verdict in Verdict])),
        asked=row.integer("asked"),
        failed=row.integer("failed"),
        e_value=row.text("e_value"),
        lower_bound_ppm=row.integer("lower_bound_ppm", high=1_000_000),
        mean_ppm=row.optional("mean_ppm", lambda name: row.integer(name, high=1_000_000)),
    )
