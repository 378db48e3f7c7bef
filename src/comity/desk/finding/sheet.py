# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What the page of one finding shows: plan numbers, paths of evidence, failed items."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from comity.desk.register.sheet import (
    Actor,
    FindingRow,
    NodeSheet,
    Provenance,
    RecognitionRow,
    SystemRow,
    Texts,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """From question *asked* on, the bound is *failed*."""

    asked: int
    failed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DesignSheet:
    """The numbers of a plan for one category, fixed before the first question.

    Args:
        threshold_ppm: The pass rate to be beaten, p0, floored.
        goal_ppm: The pass rate planned for, p1, floored.
        risk_ppm: The greatest chance of a false "shown", alpha.
        acceptance: Shown when at most so many failed.
        rejection: Not shown when at least so many failed.
    """

    size: int
    cap: int
    threshold_ppm: int
    goal_ppm: int
    risk_ppm: int
    acceptance: tuple[Step, ...]
    rejection: tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One question of a path.

    Args:
        e_value: Floored to two decimals, or "inf".
        log10_milli: A thousand times its logarithm to base 10, rounded; None at zero and
            at infinity.
    """

    asked: int
    failed: int
    e_value: str
    log10_milli: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """With so many failures the plan accepts from so many questions, so high an e-value, on.

    Args:
        e_value: Floored to two decimals, or "inf".
        log10_milli: As in a point.
    """

    failed: int
    asked: int
    e_value: str
    log10_milli: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedItem:
    """One opened item the system failed.

    Args:
        asked: Its place in the draw, from 1.
        missing: Why there is no answer ("timeout", "error", "oversize"), or "".
    """

    asked: int
    question: str
    reference: str
    answer: str
    missing: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryResult:
    """What one category came to.

    Args:
        label: What the bank calls the category, by language; empty where it does not say.
        bars: One for each number of failures that can still be accepted; empty without
            the plan.
        path: Empty where the evidence bundle is not here.
    """

    category: str
    label: Texts
    verdict: str
    asked: int
    failed: int
    e_value: str
    lower_bound_ppm: int
    design: DesignSheet | None
    bars: tuple[Bar, ...]
    path: tuple[Point, ...]
    failures: tuple[FailedItem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedIdentity:
    """What ties the version registered to what was tested; the tester's testimony.

    Args:
        strength: "weights", "endpoint", "declared weights", "name only" or "not bound".
        method: By which the version's digest was taken.
        compared: What was compared, in words.
    """

    strength: str
    method: str
    compared: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WordSince:
    """What somebody said of a finding once it stood.

    Args:
        kind: countersignature, appeal or reply.
        text: Its words, as written.
        outcome: "upheld" or "dismissed" where a reply decides an appeal; else "".
        disputed: Numbers of records that a countersignature disputes.
        is_withdrawn: Whether whoever said it took it back.
    """

    kind: str
    by: Actor
    origin: str
    index: int
    issued: dt.datetime
    text: str
    outcome: str
    disputed: tuple[int, ...]
    is_withdrawn: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckSince:
    """One check after deployment.

    Args:
        number: 1 for the first.
        is_alarm: None where it was announced and nothing is known of what it found.
        asked: Questions of this check, and how many of them failed.
        evidence: That it fell, of all checks so far, floored to two decimals.
        fallen: Categories named as fallen to their threshold.
        changed: In words, what is another than was registered.
    """

    number: int
    origin: str
    index: int
    issued: dt.datetime
    is_alarm: bool | None
    asked: int
    failed: int
    evidence: str
    fallen: tuple[str, ...]
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingSheet:
    """One finding with all that is known of it.

    Args:
        unscored: Scorers of the bank that this software does not run again: judges, and those
            it does not know; the outcomes they gave are the tester's word.
        judges: Who judged and how far that may be wrong, in words, as the plan states it.
        bundle: Digest of the evidence blob.
        bundle_here: Whether this node holds that blob.
        attempt: Which attempt on this bank the plan declared; None without its plan.
        untested: Categories of the bank that the plan left out, with their labels.
        continued_by: Digests of findings that continue this draw.
        identity: What ties the version registered to what was tested; None where it is silent.
        words: What was said after it, in the order the logs are read.
        checks: Checks after deployment by its tester, the first one first.
    """

    node: NodeSheet
    row: FindingRow
    system: SystemRow | None
    scorer: str
    bank_size: int | None
    bank_root: str
    templates: int | None
    near_duplicates: int | None
    limits: Texts
    untested: Mapping[str, Texts]
    licence: str
    results: tuple[CategoryResult, ...]
    attempt: int | None
    continues: str | None
    continued_by: tuple[str, ...]
    plan: Provenance | None
    seed: str
    transcript: str
    bundle: str
    bundle_here: bool
    recognitions: tuple[RecognitionRow, ...]
    unscored: tuple[str, ...] = ()
    judges: tuple[str, ...] = ()
    identity: ReportedIdentity | None = None
    words: tuple[WordSince, ...] = ()
    checks: tuple[CheckSince, ...] = ()
