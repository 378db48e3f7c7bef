# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Measure plans on nine claims, beside fixed-N, a tuned SPRT, the exact oracle and ALPHA.

Run it as a script: python benchmarks/plans.py [runs of ALPHA]
"""

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import log

import numpy as np
from numpy.typing import NDArray

from comity.evidence.statistics.calibration import design_for
from comity.evidence.statistics.design import (
    About,
    Design,
    boundary_of,
    false_recognition,
    power_of,
)
from comity.evidence.statistics.lattice import Boundary, Failing, characteristic
from comity.evidence.statistics.optimum import optimal_design_for
from comity.evidence.statistics.request import Request
from comity.evidence.statistics.surface import log_path, most_failures

Floats = NDArray[np.float64]
BANK, POPULATION = About.BANK, About.POPULATION
RATES = ("p0-2%", "p0", "p0+1%", "p1", "1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One claim, and the least questions any test can expect at each rate alone.

    The least is by dynamic programming at risk 5 % and power 90 %, measured once apart.
    """

    size: int
    about: About
    threshold: int
    goal: int
    least: tuple[int, ...]

    @property
    def request(self) -> Request:
        """Return what is designed."""
        return Request(
            size=self.size,
            threshold=Fraction(self.threshold, 100),
            goal=Fraction(self.goal, 100),
            about=self.about,
        )

    @property
    def name(self) -> str:
        """Say what is claimed."""
        where = f"bank of {self.size:,}" if self.about is BANK else "population"
        return f"{where}, {self.threshold} % -> {self.goal} %"


NINE = tuple(
    Case(size=size, about=about, threshold=threshold, goal=goal, least=least)
    for size, about, threshold, goal, least in (
        (2_000, BANK, 95, 97, (103, 265, 409, 371, 58)),
        (2_000, BANK, 98, 99, (82, 346, 524, 524, 143)),
        (2_000, BANK, 90, 92, (199, 483, 693, 595, 30)),
        (10_000, BANK, 95, 97, (113, 328, 516, 459, 59)),
        (10_000, BANK, 98, 99, (89, 468, 698, 698, 148)),
        (10_000, BANK, 90, 92, (231, 695, 1051, 879, 29)),
        (20_000, POPULATION, 95, 97, (116, 349, 552, 487, 60)),
        (20_000, POPULATION, 98, 99, (92, 513, 764, 764, 151)),
        (20_000, POPULATION, 90, 92, (244, 789, 1210, 1005, 30)),
    )
)


def failing(request: Request) -> tuple[Failing, ...]:
    """Return what fails at p0 - 2 %, p0, p0 + 1 %, p1 and perfect."""
    null, aim = request.null, request.aim
    if request.extent is None:
        point = Fraction(1, 100)
        return (null + 2 * point, null, max(Fraction(0), null - point), aim, 0)
    items = request.extent / 100
    return (round(null + 2 * items), null, max(0, round(null - items)), aim, 0)


def tuned_sprt(request: Request) -> Boundary:
    """Return Wald's test with both thresholds moved until the exact errors are just met."""
    cap = min(request.size, 5 * request.one_stage().asked)
    ratio = _log_ratio(request, cap)
    up, down = log(0.9 / 0.05), log(0.95 / 0.1)
    best: tuple[float, Boundary] | None = None
    for _ in range(24):
        boundary = _sprt(ratio, up, down)
        rates = characteristic(boundary, request.extent, (request.null, request.aim))
        wrong, missed = float(rates.accepted[0]), 1 - float(rates.accepted[1])
        held = wrong <= request.risk and missed <= 1 - request.power
        if held and (best is None or rates.expected[1] < best[0]):
            best = float(rates.expected[1]), boundary
        up += log(max(wrong, 1e-9) / (float(request.risk) * 0.9995))
        down += log(max(missed, 1e-9) / (float(1 - request.power) * 0.9995))
    assert best is not None
    return best[1]


def _log_ratio(request: Request, cap: int) -> Floats:
    width = most_failures(request.extent, request.threshold, cap)
    asked, failed = np.meshgrid(np.arange(cap + 1), np.arange(width + 1), indexing="ij")
    over = log_path(request.extent, request.aim, asked, failed)
    under = log_path(request.extent, request.null, asked, failed)
    with np.errstate(invalid="ignore"):
        ratio = np.where(np.isneginf(over), -np.inf, over - under)
    return np.where(failed > asked, -np.inf, ratio)


def _sprt(ratio: Floats, up: float, down: float) -> Boundary:
    cap, width = len(ratio) - 1, ratio.shape[1]
    asked, failed = np.meshgrid(np.arange(cap + 1), np.arange(width), indexing="ij")
    most = np.where(ratio >= up, np.arange(width), -1).max(axis=1)
    low = (ratio <= -down) & (failed <= asked)
    fewest = np.where(low.any(axis=1), low.argmax(axis=1), width)
    accept = np.maximum.accumulate(most)
    reject = np.maximum(fewest, accept + 1)
    reject[-1] = accept[-1] + 1
    return Boundary(accept=(-1, *accept[1:].tolist()), reject=(width, *reject[1:].tolist()))


def alpha(case: Case, fails: Failing, runs: int, *, seed: int = 20261122) -> float:
    """Return the mean questions of ALPHA (shrink-truncate, d = 500), to the census at most.

    Its supermartingale is computed anew here from Stark (2023), section 2.5; a population is
    cut at the bank's 20,000 items.
    """
    dice = np.random.default_rng(seed)
    size, p0, d = case.size, case.threshold / 100, 500
    start = case.goal / 100
    wealth, passed = np.zeros(runs), np.zeros(runs)
    asked = np.zeros(runs)
    failed = float(fails)
    live = np.arange(runs)
    for n in range(size):
        left = size - n if case.about is BANK else 1.0
        gone = passed[live] if case.about is BANK else 0.0
        base = (p0 * (size if case.about is BANK else 1) - gone) / left
        guess = (d * start + passed[live]) / (d + n)
        eta = np.clip(guess, base + 0.01 / (2 * (d + n) ** 0.5), 1 - 1e-9)
        chance = failed if case.about is POPULATION else (failed - (n - passed[live])) / left
        fell = dice.random(len(live)) < chance
        with np.errstate(divide="ignore", invalid="ignore"):
            gain = np.where(fell, log1(1 - eta, 1 - base), log1(eta, base))
        wealth[live] += np.where(base <= 0, np.inf, np.where(base >= 1, 0.0, gain))
        passed[live] += ~fell
        asked[live] += 1
        live = live[wealth[live] < log(20)]
        if not len(live):
            break
    return float(asked.mean())


def log1(over: Floats, under: Floats | float) -> Floats:
    """Return the log of a ratio."""
    found: Floats = np.log(over) - np.log(under)
    return found


def show(case: Case, runs: int) -> None:
    """Print one claim's rows."""
    request = case.request
    rates = failing(request)
    stage = request.one_stage()
    least = np.array(case.least, dtype=float)
    print(f"\n{case.name}: fixed-N {stage.asked}, accepts {stage.accepted}")
    print(f"  {'':28}" + "".join(f"{rate:>8}" for rate in RATES) + "    ratio to the oracle")
    rows: Sequence[tuple[str, Callable[[], Design]]] = (
        ("this plan", lambda: design_for(request)),
        ("this plan, --optimal", lambda: optimal_design_for(request)),
    )
    sprt = characteristic(tuned_sprt(request), request.extent, rates).expected
    for name, make in rows:
        start = time.process_time()
        design = make()
        took = time.process_time() - start
        assert false_recognition(design) <= request.risk
        assert power_of(design) >= request.power
        expected = characteristic(boundary_of(design), request.extent, rates).expected
        assert expected.max() <= stage.asked, "more than fixed-N in expectation"
        _row(name, expected, least, f"worst {(expected / least).max():.3f}, {took:.1f} CPU-s")
        print(
            f"  {'':28}at p1 {expected[3] / sprt[3]:.3f} of the SPRT; risk "
            f"{float(false_recognition(design)):.5f}, power {float(power_of(design)):.5f}"
        )
    _row("SPRT, exactly tuned", sprt, least, f"worst {(sprt / least).max():.3f}")
    _row("oracle, told the rate", least, least, "")
    asked = np.array([alpha(case, fails, runs) for fails in rates])
    _row(f"ALPHA d=500, {runs} runs", asked, least, "no futility: to the census")


def _row(name: str, expected: Floats, least: Floats, said: str) -> None:
    cells = "".join(f"{value:8.0f}" for value in expected)
    shares = "".join(f"{value:6.2f}" for value in expected / least)
    print(f"  {name:28}{cells}   {shares}   {said}")


def categories() -> None:
    """Print what a perfect system is asked for 31 categories, of a bank of 2,000."""
    print("\n31 categories of a bank of 2,000, each above 90 % (goal 97 %); goal 775")
    sizes = [65] * 16 + [64] * 15
    for name, share in (("power 90 % each", 1), ("power 90 % of all together", 31)):
        total, good = 0.0, 0.0
        for size in sizes:
            request = Request(
                size=size,
                threshold=Fraction(90, 100),
                goal=Fraction(97, 100),
                power=1 - Fraction(1, 10 * share),
            )
            rates = characteristic(boundary_of(design_for(request)), size, (0, request.aim))
            total, good = total + rates.expected[0], good + rates.expected[1]
        print(f"  {name:28} perfect {total:7.0f}   at the goal {good:7.0f}")
        assert total <= 775


def risks() -> None:
    """Print designs at unusual risks and powers."""
    print("\nOther risks, powers, thresholds and goals, bank of 2,000: risk, power, cap")
    plain = Request(size=2_000, threshold=Fraction(95, 100), goal=Fraction(97, 100))
    for name, request in (
        (
            "risk 1 %, power 99 %",
            replace(plain, risk=Fraction(1, 100), power=Fraction(99, 100)),
        ),
        (
            "risk 99 %, power 99 %",
            replace(plain, risk=Fraction(99, 100), power=Fraction(199, 200)),
        ),
        ("power 1 %", replace(plain, power=Fraction(1, 100))),
        ("goal 100 %", replace(plain, goal=Fraction(1))),
        ("threshold 0", replace(plain, threshold=Fraction(0), goal=Fraction(1, 2))),
        ("one point, 95 -> 96 %", replace(plain, goal=Fraction(96, 100))),
        (
            "one point, 90 -> 91 %",
            replace(plain, threshold=Fraction(9, 10), goal=Fraction(91, 100)),
        ),
    ):
        design = design_for(request)
        risk, power = false_recognition(design), power_of(design)
        assert risk <= request.risk
        assert power >= request.power
        print(f"  {name:24} {float(risk):.5f} {float(power):.5f} {design.cap:6}")


if __name__ == "__main__":
    for one in NINE:
        show(one, int(sys.argv[1]) if len(sys.argv) > 1 else 100)
    categories()
    risks()
