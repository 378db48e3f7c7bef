# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Designs as tables for people, and as JSON for programs: numbers, rates, expectations."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from rich.console import Console
from rich.table import Table

from comity.desk.assessment.operating import (
    Operation,
    Point,
    operation_of,
    points_of,
    totals_of,
)
from comity.evidence.plan import Plan
from comity.evidence.statistics.design import About
from comity.evidence.statistics.kind import AnyDesign, as_counted
from comity.evidence.statistics.scores import ScoreDesign

NAMES_SHOWN = 6
PLACES = 9
"""Digits of a rate in JSON; the risk is rounded up, the power down."""


def plan_table(console: Console, plan: Plan) -> None:
    """Print every design with its numbers, and what it does."""
    by_category = {name: plan.design_of(name) for name in plan.categories}
    design_table(console, by_category)


def plan_facts(plan: Plan) -> dict[str, object]:
    """Return a plan's numbers as JSON, with what each design does."""
    return {
        "attempt": plan.attempt,
        "categories": dict(plan.categories),
        "designs": [
            {
                **design.to_json(),
                "expected_questions": expected_questions(design),
                **_operation_facts(operation_of(design)),
            }
            for design in plan.designs
        ],
    }


def design_table(
    console: Console, designs: Mapping[str, AnyDesign], rates: Sequence[Fraction] = ()
) -> None:
    """Print each different design once, with its categories, and then all together."""
    for design, names in _shared(designs).items():
        console.print(f"[bold]{_names(names)}[/]: {claim_of(design)}", soft_wrap=True)
        if not isinstance(design, ScoreDesign):
            console.print(_numbers(design))
        _tell_operation(console, design, operation_of(design, rates))
    if len(designs) > 1:
        operations = {name: operation_of(design, rates) for name, design in designs.items()}
        fixed = [one.fixed.asked for one in operations.values() if one.fixed is not None]
        console.print(f"[bold]all {len(designs)} categories[/], every one of them shown")
        console.print(_points(totals_of(operations)))
        console.print(f"  tests of fixed numbers of the same strength ask {sum(fixed)} in all")


def design_facts(
    designs: Mapping[str, AnyDesign], rates: Sequence[Fraction] = ()
) -> dict[str, object]:
    """Return designs as JSON, each different one once."""
    operations = {name: operation_of(design, rates) for name, design in designs.items()}
    return {
        "designs": [
            {
                "categories": names,
                **design.to_json(),
                "claim": claim_of(design),
                **_operation_facts(operation_of(design, rates)),
            }
            for design, names in _shared(designs).items()
        ],
        "all": [_point_facts(point) for point in totals_of(operations)],
    }


def claim_of(design: AnyDesign) -> str:
    """Say what "shown" will mean, and of what."""
    what = "a mean score above" if isinstance(design, ScoreDesign) else "more than"
    where = f"of {design.size} items"
    if design.about is About.POPULATION:
        where = f"of the population that the {design.size} items at hand were drawn from"
    return (
        f"{what} {_share(design.threshold)} {where}, risk {_share(design.risk)}, at most "
        f"{design.cap} questions"
    )


def expected_questions(design: AnyDesign) -> dict[str, float]:
    """Return how many questions a category is expected to take, by how good the system is.

    "fixed" is what a test of a fixed number of questions of the same risk and power asks.
    """
    rates = {
        "perfect": Fraction(1),
        "goal": design.goal,
        "threshold": design.threshold,
        "half": Fraction(1, 2),
    }
    points = points_of(as_counted(design), list(rates.values()))
    found = {name: round(point.expected, 1) for name, point in zip(rates, points, strict=True)}
    fixed = operation_of(design).fixed
    return found if fixed is None else {**found, "fixed": float(fixed.asked)}


def _shared(designs: Mapping[str, AnyDesign]) -> dict[AnyDesign, list[str]]:
    found: dict[AnyDesign, list[str]] = {}
    for name, design in designs.items():
        found.setdefault(design, []).append(name)
    return found


def _names(names: Sequence[str]) -> str:
    if len(names) <= NAMES_SHOWN:
        return ", ".join(names)
    return f"{len(names)} categories ({names[0]} … {names[-1]}), each"


def _tell_operation(console: Console, design: AnyDesign, found: Operation) -> None:
    risk = f"at most {_exact(found.risk)}" if found.power is None else _exact(found.risk)
    power = "" if found.power is None else f", power at the goal {_exact(found.power)}"
    console.print(f'  exact chance of a wrong "shown" {risk}{power}', soft_wrap=True)
    if isinstance(design, ScoreDesign):
        console.print("  for scores that are whole or nothing:")
    console.print(_points(found.points))
    console.print(_expected(design), soft_wrap=True)


def _expected(design: AnyDesign) -> str:
    asked = expected_questions(design)
    fixed = f"asks {asked['fixed']:g}" if "fixed" in asked else "would ask too many"
    return (
        f"  expected questions: {asked['perfect']:g} of a perfect system, {asked['goal']:g} at "
        f"{_share(design.goal)}, {asked['threshold']:g} at {_share(design.threshold)}; a fixed "
        f"test of the same strength {fixed}"
    )


def _points(points: Iterable[Point]) -> Table:
    table = Table(box=None, header_style="bold", padding=(0, 1))
    for name in ("pass rate", "shown", "expected questions"):
        table.add_column(name, justify="right")
    rows = (
        (_share(point.rate), f"{point.shown * 100:.2f} %", f"{point.expected:.1f}")
        for point in points
    )
    for row in dict.fromkeys(rows):  # on a small bank two rates are one number of items
        table.add_row(*row)
    return table


def _numbers(design: AnyDesign) -> Table:
    """Return acceptance and rejection numbers: what a court checks with a ruler."""
    table = Table(box=None, header_style="bold", padding=(0, 1))
    table.add_column("from question", justify="right")
    table.add_column("shown at most", justify="right")
    table.add_column("not shown from", justify="right")
    accept, reject = dict(design.acceptance), dict(design.rejection)
    for asked in sorted({*accept, *reject}):
        shown = f"{accept[asked]} failed" if asked in accept else ""
        refused = f"{reject[asked]} failed" if asked in reject else ""
        table.add_row(str(asked), shown, refused)
    return table


def _operation_facts(found: Operation) -> dict[str, object]:
    power = found.power
    return {
        "exact_risk": float(_up(found.risk)),
        "exact_power": None if power is None else int(power * 10**PLACES) / 10**PLACES,
        "fixed": None
        if found.fixed is None
        else {"questions": found.fixed.asked, "failures": found.fixed.accepted},
        "rates": [_point_facts(point) for point in found.points],
    }


def _point_facts(point: Point) -> dict[str, object]:
    return {
        "pass_rate": round(float(point.rate), PLACES),
        "shown": round(point.shown, PLACES),
        "expected_questions": round(point.expected, 3),
    }


def _up(share: Fraction) -> Fraction:
    return Fraction(-int(-share * 10**PLACES // 1), 10**PLACES)


def _exact(share: Fraction) -> str:
    return f"{float(share) * 100:.4f} %"


def _share(share: Fraction) -> str:
    return f"{float(share) * 100:.6g} %"
