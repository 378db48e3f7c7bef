# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Measure the evidence room: wrong recognition by simulation, questions asked, CPU-seconds.

Run it as a script: python benchmarks/evidence.py [runs]
"""

import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from math import log

import numpy as np
from numpy.typing import NDArray

from comity.evidence.bank import Bank, Item, verify_opening
from comity.evidence.draw import Nonces, draws, seed_of
from comity.evidence.statistics.calibration import Request, design_for
from comity.evidence.statistics.design import Design, boundary_of, false_recognition
from comity.evidence.statistics.eprocess import goal_failures, null_failures
from comity.evidence.statistics.lattice import (
    Boundary,
    acceptance_of,
    characteristic,
    stops_of,
    without_rejection,
)
from comity.evidence.statistics.onestage import OneStage, one_stage
from comity.evidence.statistics.surface import log_choose, log_factorials
from comity.kernel.digest import sha256

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One claim, and the least questions any test can expect at each failing count.

    The least is by dynamic programming at risk 5 % and power 90 %, measured once apart.
    """

    name: str
    request: Request
    least: tuple[int | None, ...]


def _request(size: int, threshold: int, goal: int) -> Request:
    return Request(size=size, threshold=Fraction(threshold, 100), goal=Fraction(goal, 100))


NONE: tuple[int | None, ...] = (None,) * 5
CASES = (
    Case(name="demo, one category of 300", request=_request(300, 90, 97), least=NONE),
    Case(name="one of 31 categories of 64", request=_request(64, 90, 97), least=NONE),
    Case(name="bank of 2,000", request=_request(2000, 95, 97), least=(103, 265, 409, 371, 58)),
    Case(name="bank of 2,000", request=_request(2000, 98, 99), least=(82, 346, 524, 524, 143)),
    Case(name="bank of 2,000", request=_request(2000, 90, 92), least=(199, 483, 693, 595, 30)),
)


def failing(request: Request) -> tuple[int, ...]:
    """Return failing items at p0 - 2 %, p0, p0 + 1 %, p1 and perfect."""
    null = null_failures(request.size, request.threshold)
    point = request.size / 100
    aim = goal_failures(request.size, request.goal)
    return (round(null + 2 * point), null, max(0, round(null - point)), aim, 0)


def simulate(
    boundary: Boundary, size: int, failures: int, runs: int, *, seed: int = 20261121
) -> float:
    """Return the share of simulated runs accepted, drawing item after item."""
    dice = np.random.default_rng(seed)
    failed = np.zeros(runs, dtype=np.int64)
    accepted = 0
    for asked in range(1, boundary.cap + 1):
        left = (failures - failed) / (size - asked + 1)
        failed += dice.random(len(failed)) < left
        passed = failed <= boundary.accept[asked]
        accepted += int(passed.sum())
        failed = failed[~passed & (failed < boundary.reject[asked])]
    return accepted / runs


def tuned_sprt(request: Request) -> Boundary:
    """Return Wald's test with both thresholds moved until the exact errors are just met."""
    size = request.size
    null = null_failures(size, request.threshold)
    aim = goal_failures(size, request.goal)
    ratio = _log_ratio(size, null, aim)
    up, down = log(0.9 / 0.05), log(0.95 / 0.1)
    best: tuple[float, Boundary] | None = None
    for _ in range(30):
        boundary = _sprt(ratio, up, down)
        rates = characteristic(boundary, size, (null, aim))
        wrong, missed = float(rates.accepted[0]), 1 - float(rates.accepted[1])
        held = wrong <= request.risk and missed <= 1 - request.power
        if held and (best is None or rates.expected[1] < best[0]):
            best = float(rates.expected[1]), boundary
        up += log(max(wrong, 1e-9) / (float(request.risk) * 0.9995))
        down += log(max(missed, 1e-9) / (float(1 - request.power) * 0.9995))
    assert best is not None
    return best[1]


def _log_ratio(size: int, null: int, aim: int) -> Floats:
    logs = log_factorials(size)
    asked, failed = np.meshgrid(np.arange(size + 1), np.arange(null + 2), indexing="ij")

    def path(failures: int) -> Floats:
        every = float(logs[size] - logs[failures] - logs[size - failures])
        return log_choose(logs, size - asked, failures - failed) - every

    over, under = path(aim), path(null)
    with np.errstate(invalid="ignore"):
        ratio = np.where(np.isneginf(over), -np.inf, over - under)
    return np.where(failed > asked, -np.inf, ratio)


def _sprt(ratio: Floats, up: float, down: float) -> Boundary:
    size, width = len(ratio) - 1, ratio.shape[1]
    most = np.where(ratio >= up, np.arange(width), -1).max(axis=1)
    low = ratio <= -down
    asked, failed = np.meshgrid(np.arange(size + 1), np.arange(width), indexing="ij")
    low &= failed <= asked
    fewest = np.where(low.any(axis=1), low.argmax(axis=1), width)
    accept = np.maximum.accumulate(most)
    reject = np.maximum(fewest, accept + 1)
    reject[-1] = accept[-1] + 1
    return Boundary(accept=(-1, *accept[1:].tolist()), reject=(width, *reject[1:].tolist()))


def curtailed(stage: OneStage) -> Boundary:
    """Return the one-stage test, stopped once its outcome is certain."""
    cap, last = stage.asked, stage.accepted
    accept = tuple(max(-1, last - (cap - asked)) for asked in range(cap + 1))
    return Boundary(accept=accept, reject=(last + 1,) * (cap + 1))


def type_one(runs: int) -> None:
    """Print wrong recognition at the threshold: exact, and simulated."""
    print(f"\nWrong recognition exactly at the threshold, {runs:,} runs each")
    print(
        "claim                      p0   risk   exact, rejections ignored / simulated"
        "   exact, obeyed / simulated"
    )
    for case in CASES:
        for risk in (Fraction(1, 20), Fraction(1, 100)):
            request = replace(case.request, risk=risk)
            design = design_for(request)
            null = null_failures(request.size, request.threshold)
            whole = boundary_of(design)
            free = without_rejection(whole)
            cells = []
            for boundary in (free, whole):
                exact = float(acceptance_of(stops_of(boundary), request.size, null))
                found = simulate(boundary, request.size, null, runs)
                deviation = (exact * (1 - exact) / runs) ** 0.5
                cells.append(
                    f"{exact:.5f} / {found:.5f} ({(found - exact) / deviation:+.1f} se)"
                )
                assert abs(found - exact) < 5 * deviation, "the simulation disagrees"
            assert false_recognition(design) <= risk
            print(
                f"{case.name:26} {float(request.threshold):.2f} {float(risk):.2f}"
                f"   {cells[0]}      {cells[1]}"
            )


def questions() -> None:
    """Print expected questions beside the one-stage test, the tuned SPRT and the least."""
    print(
        "\nExpected questions at p0 - 2 %, p0, p0 + 1 %, p1 and perfect (risk 5 %, power 90 %)"
    )
    for case in CASES:
        request = case.request
        counts = failing(request)
        null, aim = counts[1], counts[3]
        stage = one_stage(request.size, null, aim, risk=request.risk, power=request.power)
        ours = characteristic(boundary_of(design_for(request)), request.size, counts).expected
        rows: Iterator[tuple[str, Floats]] = iter(
            (
                ("one stage", np.full(5, float(stage.asked))),
                ("one stage, curtailed", _expected(curtailed(stage), request.size, counts)),
                ("SPRT, exactly tuned", _expected(tuned_sprt(request), request.size, counts)),
                ("least possible", np.array([n or np.nan for n in case.least], dtype=float)),
            )
        )
        print(f"{case.name}, p0 {float(request.threshold)}, p1 {float(request.goal)}")
        print(f"  {'this plan':22}" + "".join(f"{value:9.0f}" for value in ours))
        for name, other in rows:
            if np.isnan(other).all():
                continue
            cells = (f"{value:9.0f}" for value in other)
            shares = (f"{value:7.2f}" for value in ours / other)
            print(f"  {name:22}" + "".join(cells) + "   plan / it" + "".join(shares))


def _expected(boundary: Boundary, size: int, counts: tuple[int, ...]) -> Floats:
    return characteristic(boundary, size, counts).expected


def intersections() -> None:
    """Print what a perfect system is asked when every category must be shown."""
    design = design_for(_request(64, 90, 97))
    first = design.acceptance[0][0]
    print(
        f"\n31 categories of 64, each above 90 %: a perfect system is asked {31 * first}"
        f" questions ({first} each); goal 775"
    )
    strict = design_for(replace(_request(64, 90, 97), risk=Fraction(1, 100)))
    print(f"going on from 5 % to 1 %: {strict.acceptance[0][0] - first} more a category")


def speed() -> None:
    """Print CPU-seconds of designing and of offline verification."""
    print("\nCPU-seconds")
    for case in CASES:
        design_for.cache_clear()
        start = time.process_time()
        design: Design = design_for(case.request)
        took = time.process_time() - start
        start = time.process_time()
        false_recognition(design)
        checked = time.process_time() - start
        print(
            f"  design {case.name:26} p0 {float(case.request.threshold):.2f}"
            f" {took:7.3f}; its exact risk again {checked:6.3f}"
        )
    design_for.cache_clear()
    start = time.process_time()
    for size in range(294, 308):
        for risk in (Fraction(1, 20), Fraction(1, 100)):
            design_for(replace(_request(size, 90, 97), risk=risk))
    print(
        f"  28 different designs (14 categories near 300, two risks)"
        f" {time.process_time() - start:6.3f}; goal 3"
    )
    _bank_speed()


def _bank_speed() -> None:
    names = [f"c{n // 500:02d}" for n in range(10_000)]
    items = [
        Item(position=n, category=name, prompt=f"question {n} " * 12, reference="x", scorer="s")
        for n, name in enumerate(names)
    ]
    start = time.process_time()
    bank = Bank.of(items, bytes(32))
    built = time.process_time() - start
    nonces = Nonces(provider=bytes(32), tester=bytes(32))
    start = time.process_time()
    seed = seed_of(bank.commitment.root, sha256(b"plan"), nonces)
    due = draws(seed, bank.commitment)["c03"][:150]
    drawn = time.process_time() - start
    openings = [bank.open(position) for position in due]
    start = time.process_time()
    for opening in openings:
        verify_opening(bank.commitment, opening)
    verified = time.process_time() - start
    print(
        f"  bank of 10,000: commit {built:.3f}, draw {drawn:.3f},"
        f" verify 150 openings {verified:.3f}; goal 0.5 for draw and openings"
    )


if __name__ == "__main__":
    type_one(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000)
    questions()
    intersections()
    speed()
