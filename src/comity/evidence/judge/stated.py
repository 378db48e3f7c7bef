# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A judge as a plan states it beforehand: who, asked how, and how often it may pass wrongly."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from fractions import Fraction

from comity.evidence.judge.bound import PPM
from comity.evidence.judge.judgement import MAX_VOTES
from comity.kernel.canonical import Json
from comity.kernel.digest import Digest
from comity.kernel.fields import Fields
from comity.kernel.reference import to_ratio_json

JUDGES = frozenset({"model-judge"})
"""Names of scorers that cannot be run again: each needs a bound on its error in the plan."""


class Basis(Enum):
    """Where the bound on a judge's error comes from."""

    ASSUMED = "assumed"
    AUDITED = "audited"


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedJudge:
    """One judge, fixed and logged before the first question.

    Args:
        scorer: Id of the scorer it is, such as "model-judge/1".
        false_pass: Greatest probability of passing an answer that fails.
        threshold: True pass rate that "shown" exceeds, the judge's error taken off; every
            design of the plan is made so.
        prompt: Digest of its prompt template.
        model: What a person may know it by: name, version, digest of weights.
        votes: How often it is asked of each answer.
        basis: Whether the bound was measured or is an assumption.
        audit: Digest of what measured it, where it was.
        extra: Fields this version does not know.
    """

    scorer: str
    false_pass: Fraction
    threshold: Fraction
    prompt: Digest
    model: str
    votes: int = 1
    basis: Basis = Basis.ASSUMED
    audit: Digest | None = None
    extra: dict[str, Json] = field(default_factory=dict)

    def to_json(self) -> dict[str, Json]:
        """Write the judge as a JSON object, without its id."""
        audit: dict[str, Json] = {} if self.audit is None else {"audit": self.audit.hex()}
        return {
            **self.extra,
            **audit,
            "false_pass_ppm": int(self.false_pass * PPM),
            "threshold": to_ratio_json(self.threshold),
            "prompt": self.prompt.hex(),
            "model": self.model,
            "votes": self.votes,
            "basis": self.basis.value,
        }

    @property
    def in_words(self) -> str:
        """Say who judges and how far that may be wrong, for a person."""
        error = f"{float(self.false_pass) * 100:.4g} %"
        return (
            f"judged by {self.model} ({self.scorer}), which passes at most {error} of the "
            f"failures ({self.basis.value})"
        )


def is_judge(scorer: str) -> bool:
    """Tell whether a scorer's outcomes cannot be derived again from the answers."""
    return scorer.partition("/")[0] in JUDGES


def to_judges_json(judges: Iterable[StatedJudge]) -> dict[str, Json]:
    """Write judges as a JSON object by scorer id."""
    return {judge.scorer: judge.to_json() for judge in judges}


def judges_from(fields: Fields) -> tuple[StatedJudge, ...]:
    """Read judges from a JSON object by scorer id, noting faults."""
    return tuple(_judge_from(scorer, fields.inner(scorer)) for scorer in fields.names())


def false_pass_of(judges: Iterable[StatedJudge]) -> Fraction:
    """Return the greatest error among judges, 0 where there are none."""
    return max((judge.false_pass for judge in judges), default=Fraction(0))


def _judge_from(scorer: str, fields: Fields) -> StatedJudge:
    judge = StatedJudge(
        scorer=scorer,
        false_pass=Fraction(fields.integer("false_pass_ppm", high=PPM - 1), PPM),
        threshold=fields.ratio("threshold"),
        prompt=fields.digest("prompt"),
        model=fields.text("model"),
        votes=fields.integer("votes", low=1, high=MAX_VOTES),
        basis=Basis(fields.choice("basis", [basis.value for basis in Basis])),
        audit=fields.optional("audit", fields.digest),
        extra=fields.rest(),
    )
    if (judge.basis is Basis.AUDITED) != (judge.audit is not None):
        fields.fault("audit", "stands exactly where the bound was audited")
    if not 0 <= judge.threshold < 1:
        fields.fault("threshold", "is not from 0 to below 1")
    return judge
