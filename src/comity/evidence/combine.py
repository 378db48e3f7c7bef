# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Rely on another tester's outcomes without repeating its test, where arithmetic allows.

A continuation is valid because nothing about it depends on the first tester. Before any
question was asked, the seed put the category's items in one random order. The second
tester's design marks an acceptance region on that order, and of all orders at most a share
of its own risk ever enters the region when the claim is false, rejections ignored. When and
why the first tester stopped changes no outcome on the order, so it cannot change that share.
The region must not be chosen by the outcomes: threshold, goal and power are those of the
first plan, the risk is that of a policy logged before, and the numbers follow from these.
What it never may do is start afresh on the same bank and multiply: what the first tester
opened is public, and outcomes known beforehand are no evidence.

Source:
    docs/spec/evidence.md, "Continuation".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import prod

from comity.errors import NotPermitted, VerificationFailed
from comity.evidence.claim import Claim
from comity.evidence.judge.bound import judged_design
from comity.evidence.judge.stated import StatedJudge, false_pass_of
from comity.evidence.statistics.calibration import Request
from comity.evidence.statistics.design import Verdict
from comity.evidence.statistics.kind import AnyDesign
from comity.evidence.statistics.outcome import Outcome
from comity.evidence.statistics.scores import ScoreDesign, score_design_for
from comity.evidence.statistics.verdict import Judgement, judge
from comity.kernel.digest import Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Outcomes of consecutive draws of one category, as one tester recorded them.

    Args:
        claim: What was tested.
        seed: Seed of the draw.
        first_draw: 1-based draw of the first outcome.
        outcomes: Passed or failed, in draw order without a gap.
    """

    claim: Claim
    seed: Digest
    first_draw: int
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One test's e-value on one category, with its verdict."""

    claim: Claim
    e_value: Fraction
    verdict: Verdict


def continuation_design(
    first: AnyDesign, risk: Fraction, judges: Sequence[StatedJudge] = ()
) -> AnyDesign:
    """Return the only design that may continue a draw at one's own risk.

    It leaves nothing to choose once the first tester's outcomes are known.

    Args:
        judges: Those of the first plan; what they claim is designed for anew.
    """
    request = Request(
        size=first.size,
        threshold=min((first.threshold, *(judge.threshold for judge in judges))),
        goal=first.goal,
        risk=risk,
        power=first.power,
        about=first.about,
    )
    if isinstance(first, ScoreDesign):
        return score_design_for(request)
    return judged_design(request, false_pass_of(judges))


def continue_draw(first: Stretch, own: Stretch, design: AnyDesign) -> Judgement:
    """Judge the whole path, the first tester's outcomes then one's own, by one's own design.

    Raises:
        VerificationFailed: The stretches are not of one draw, or do not meet; the place
            says which part differs.
    """
    _check_same(first, own)
    if first.first_draw != 1:
        raise _refused("first.first_draw", "the path has no beginning: it must start at draw 1")
    due = len(first.outcomes) + 1
    if own.first_draw < due:
        message = f"draw {own.first_draw} was asked before; go on at draw {due}"
        raise _refused("own.first_draw", message)
    if own.first_draw > due:
        raise _refused("own.first_draw", f"draws from {due} on were left out")
    if design.about is not own.claim.about:
        raise _refused("design.about", "the design is of another kind of claim")
    if design.threshold < own.claim.threshold:
        raise _refused("design.threshold", "the design shows less than the claim says")
    return judge(design, first.outcomes + own.outcomes)


def multiply(parts: Sequence[Part], *, own: Part | None = None) -> Fraction:
    """Multiply e-values of tests on different banks, for a claim about their population.

    The product refutes only "below the threshold for every one of them".

    Args:
        parts: Others' tests, every one that was planned; an unreported one has e-value 0.
        own: The member's own test of the same claim, if it made one.

    Raises:
        NotPermitted: Two tests share a bank, speak of different systems or categories, of
            a bank and of a population, or the member's own test did not show the claim.
    """
    every = [*parts, own] if own is not None else list(parts)
    if own is not None and own.verdict is Verdict.NOT_SHOWN:
        raise _not_permitted("its own test did not show the claim; others' cannot outvote it")
    if len({part.claim.bank_root for part in every}) < len(every):
        raise _not_permitted("the first test of this bank made items public; continue the draw")
    if len({(part.claim.system, part.claim.category) for part in every}) > 1:
        raise _not_permitted("the tests are of different systems or categories")
    if len({part.claim.about for part in every}) > 1:
        raise _not_permitted("claims on banks and claims on a population are never mixed")
    return prod((part.e_value for part in every), start=Fraction(1))


def attempt_risk(risk: Fraction, attempt: int) -> Fraction:
    """Return the risk of the k-th attempt, risk / (k (k + 1)); all together stay within risk.

    >>> attempt_risk(Fraction(1, 20), 2)
    Fraction(1, 120)
    """
    if attempt < 1:
        raise _not_permitted(f"attempts count from 1, not {attempt}")
    return risk / (attempt * (attempt + 1))


def _check_same(first: Stretch, own: Stretch) -> None:
    for name in ("bank_root", "scorer", "system", "category", "about"):
        if getattr(first.claim, name) != getattr(own.claim, name):
            raise _refused(f"claim.{name}", "the two tests are not of the same outcomes")
    if first.seed != own.seed:
        raise _refused("seed", "the two tests drew in different orders")


def _refused(place: str, message: str) -> VerificationFailed:
    hint = "each member can still rely on its own test alone"
    return VerificationFailed(message, code="evidence.combine", hint=hint, place=place)


def _not_permitted(message: str) -> NotPermitted:
    return NotPermitted(message, code="evidence.combine")
