# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Labels that people must give: all by themselves, as auditors, and beside a judge.

    python benchmarks/assess_judges.py [runs]

More than 95 % is to be shown at a risk of 5 %. An audit is of 2,000 and of 10,000 answers; the
last row is of a service at the threshold, where "shown" is wrong. All is run by the shipped
code, on answers and errors drawn at random.
"""

import random
import sys
import time
from collections.abc import Iterable, Iterator
from fractions import Fraction

from comity.evidence.judge.comparison import Audited, Comparison
from comity.evidence.judge.ppi import Powered
from comity.evidence.statistics.calibration import Request, design_for
from comity.evidence.statistics.design import Verdict, boundary_of
from comity.evidence.statistics.lattice import expected_questions, stops_of

P0 = Fraction(95, 100)
GOAL = Fraction(97, 100)
JUDGES = ((0.995, 0.05), (0.999, 0.02), (0.98, 0.10))
RATES = (Fraction(1, 4), Fraction(1, 2))


def main() -> None:
    """Print one table for the audit at each size, and one for the judge with a few labels."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 400
    began = time.process_time()
    for size in (2_000, 10_000):
        _audits(size, runs)
    _powered(runs)
    print(f"\n{time.process_time() - began:.0f} CPU-seconds")


def _audits(size: int, runs: int) -> None:
    heads = " | ".join(f"judge {good:.1%} / {bad:.0%}" for good, bad in JUDGES)
    print(f"\nHuman labels, {size:,} answers\n\n| true pass rate | people alone | {heads} |")
    print("|---|--:|--:|--:|--:|")
    for name in ("0.97", "0.98", "0.99", "0.95"):
        cells = [_audit(size, float(name), judge, runs) for judge in JUDGES]
        alone = "" if name == "0.95" else f"{_alone(size, Fraction(name)):.0f}"
        print(f"| {name} | {alone} | " + " | ".join(cells) + " |")


def _alone(size: int, rate: Fraction) -> float:
    design = design_for(Request(size=size, threshold=P0, goal=GOAL))
    failing = int(size * (1 - rate))
    return float(expected_questions(stops_of(boundary_of(design)), size, failing))


def _audit(size: int, rate: float, judge: tuple[float, float], runs: int) -> str:
    noise, labels, shown = _noise(size), 0, 0
    most = 1_000 if rate <= P0 else size
    for _ in range(runs):
        bank = list(_answers(noise, [at < round(rate * size) for at in range(size)], judge))
        noise.shuffle(bank)
        found = Audited(
            comparison=Comparison(
                size=size,
                judged=sum(judged for judged, _ in bank),
                threshold=P0,
                goal=GOAL,
                power=Fraction(999_999, 1_000_000),  # nobody gives up
            )
        )
        for judged, passes in bank:
            found = found.after(judged=judged, passes=passes)
            if found.verdict is not Verdict.INSUFFICIENT or found.asked == most:
                break
        labels += found.asked
        shown += found.verdict is Verdict.SHOWN
    return f"{shown / runs:.3f} shown within 1,000" if rate <= P0 else f"{labels / runs:.0f}"


def _powered(runs: int) -> None:
    print(
        "\nJudge on every answer, people on a share: labels + answers (shown within 10,000)\n"
    )
    print("| true pass rate | rate 1/4 | rate 1/2 |\n|---|--:|--:|")
    for rate in (0.97, 0.98, 0.95):
        cells = [_power(rate, JUDGES[0], seen, runs) for seen in RATES]
        print(f"| {rate} | " + " | ".join(cells) + " |")


def _power(rate: float, judge: tuple[float, float], seen: Fraction, runs: int) -> str:
    noise, labels, answers, shown = _noise(7), 0, 0, 0
    most = 2_000 if rate <= P0 else 10_000
    for _ in range(runs):
        found = Powered(threshold=P0, rate=seen)
        truths = (noise.random() < rate for _ in range(most))
        for judged, passes in _answers(noise, truths, judge):
            is_seen = noise.random() < seen
            found = found.after(judged=judged, passes=passes if is_seen else None)
            if found.is_shown:
                break
        labels += found.labelled
        answers += found.asked
        shown += found.is_shown
    words = f"{labels / runs:.0f} + {answers / runs:.0f} ({shown / runs:.3f})"
    return f"{shown / runs:.3f} shown within 2,000" if rate <= P0 else words


def _noise(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - a simulation, not a secret


def _answers(
    noise: random.Random, truths: Iterable[bool], judge: tuple[float, float]
) -> Iterator[tuple[bool, bool]]:
    """Yield what the judge says of each answer, and what people say."""
    for passes in truths:
        yield noise.random() < judge[0 if passes else 1], passes


if __name__ == "__main__":
    main()
