# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The path of each category's e-value and its failed items, from plan and bundle."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from math import log10

from comity.desk.finding.sheet import Bar, CategoryResult, DesignSheet, FailedItem, Point, Step
from comity.desk.register.sheet import Texts
from comity.evidence.finding import Finding, Result
from comity.evidence.plan import Plan
from comity.evidence.statistics.eprocess import e_value, evidence, to_published
from comity.evidence.statistics.kind import AnyDesign
from comity.evidence.statistics.outcome import Outcome
from comity.evidence.statistics.verdict import path_of, prefix_of
from comity.evidence.transcript import Missing, Record
from comity.kernel.canonical import Json

NO_LABELS: Mapping[str, Texts] = {}


def category_results(
    finding: Finding,
    plan: Plan | None,
    records: Sequence[Record],
    labels: Mapping[str, Texts] = NO_LABELS,
) -> tuple[CategoryResult, ...]:
    """Join each result with its design and, where the bundle is here, path and failures."""
    found = (_category(result, plan, records) for result in finding.results)
    return tuple(replace(one, label=labels.get(one.category, {})) for one in found)


def to_design_sheet(design: AnyDesign) -> DesignSheet:
    """Write a design's numbers for a reader; ratios in millionths, floored."""
    return DesignSheet(
        size=design.size,
        cap=design.cap,
        threshold_ppm=_ppm(design.threshold),
        goal_ppm=_ppm(design.goal),
        risk_ppm=_ppm(design.risk),
        acceptance=tuple(Step(asked=n, failed=f) for n, f in design.acceptance),
        rejection=tuple(Step(asked=n, failed=f) for n, f in design.rejection),
    )


def bars_of(design: AnyDesign) -> tuple[Bar, ...]:
    """Return the e-value from which the plan accepts, for each number of failures.

    For a fixed number of failures the e-value only rises with each question, so accepting
    from a question on is accepting from an e-value on.
    """
    mixture = evidence(design.extent, design.threshold, design.goal)
    bars: list[Bar] = []
    for asked, most in design.acceptance:
        for failed in range(len(bars), most + 1):
            value = e_value(mixture, asked, failed)
            bars.append(
                Bar(
                    failed=failed,
                    asked=asked,
                    e_value=to_published(value),
                    log10_milli=_log10_milli(value),
                )
            )
    return tuple(bars)


def _category(result: Result, plan: Plan | None, records: Sequence[Record]) -> CategoryResult:
    tested = plan is not None and result.category in plan.categories
    design = plan.design_of(result.category) if plan is not None and tested else None
    mine = [record for record in records if record.category == result.category]
    outcomes = prefix_of({record.draw: record.outcome for record in mine})
    return CategoryResult(
        category=result.category,
        label={},
        verdict=result.verdict.value,
        asked=result.asked,
        failed=result.failed,
        e_value=result.e_value,
        lower_bound_ppm=result.lower_bound_ppm,
        design=_sheet(plan, result.category),
        bars=() if design is None else bars_of(design),
        path=() if design is None or not outcomes else tuple(_points(design, outcomes)),
        failures=tuple(_failures(mine)),
    )


def _sheet(plan: Plan | None, category: str) -> DesignSheet | None:
    """Return a category's numbers, with the pass rate that "shown" truly exceeds."""
    if plan is None or category not in plan.categories:
        return None
    sheet = to_design_sheet(plan.design_of(category))
    return replace(sheet, threshold_ppm=_ppm(plan.claimed_threshold(category)))


def _points(design: AnyDesign, outcomes: Sequence[Outcome]) -> Iterable[Point]:
    for point in path_of(design, outcomes):
        yield Point(
            asked=point.asked,
            failed=point.failed,
            e_value=to_published(point.e_value),
            log10_milli=_log10_milli(point.e_value),
        )


def _failures(records: Sequence[Record]) -> Iterable[FailedItem]:
    for record in records:
        if not record.passed:
            item, answer = record.opening.item, record.answer
            yield FailedItem(
                asked=record.draw,
                question=words_of(item.prompt),
                reference=words_of(item.reference),
                answer="" if isinstance(answer, Missing) else answer,
                missing=answer.value if isinstance(answer, Missing) else "",
            )


def words_of(value: Json) -> str:
    """Write a prompt or a reference for a person: a text as it is, else as JSON."""
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)


def _ppm(share: Fraction) -> int:
    return int(share * 1_000_000 // 1)


def _log10_milli(value: Fraction | None) -> int | None:
    """Take the logarithm of a fraction of any size, in thousandths."""
    if value is None or value <= 0:
        return None
    return round(1000 * (log10(value.numerator) - log10(value.denominator)))
