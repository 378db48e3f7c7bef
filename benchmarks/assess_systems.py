# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Two real systems end to end: what a test says of each category, beside the whole truth.

    python benchmarks/assess_systems.py [questions of the assistant's]

Both answer every question of their banks, so that the share they really pass is known; then
each category is judged in a drawn order, as a test would have met it, at the verdict.
"""

import sys
import time
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

from comity.assess.run.runner import Assignment, Course, run
from comity.assess.subjects.subject import Limits
from comity.demo.process import free_port, running
from comity.demo.service import SCRIPTS, Script
from comity.evidence.bank import Bank
from comity.evidence.draw import draws
from comity.evidence.statistics.calibration import Request, design_for
from comity.evidence.statistics.design import Design, Verdict
from comity.evidence.statistics.verdict import judge
from comity.files.core import read_core
from comity.files.generator import build
from comity.files.pack import SHIPPED
from comity.kernel.digest import sha256

SEED = "benchmark"
CLAIMS = ((Fraction(90, 100), Fraction(97, 100)), (Fraction(95, 100), Fraction(99, 100)))


def main() -> None:
    """Ask both systems everything, and print a table for each."""
    few = int(sys.argv[1]) if len(sys.argv) > 1 else 120
    for script, size in zip(SCRIPTS, (2000, few), strict=True):
        core = read_core(SHIPPED / "banks" / f"{script.bank}.toml")
        bank = Bank.of(build(core, SEED, size), b"k" * 32)
        started = time.perf_counter()
        outcomes = _asked(script, bank)
        print(f"\n{script.what}\n{size:,} questions in {time.perf_counter() - started:.0f} s")
        _table(outcomes)


def _asked(script: Script, bank: Bank) -> Mapping[str, tuple[bool, ...]]:
    """Return every outcome, by category, in a drawn order."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    due = draws(sha256(SEED.encode()), bank.commitment)
    courses = tuple(
        Course(
            category=name, openings=[bank.open(position) for position in order],
            design=_census(len(order)),
        )
        for name, order in due.items()
    )  # fmt: skip
    with TemporaryDirectory() as folder:
        log, probe = Path(folder) / "log", f"{url}/{script.probe}"
        assignment = Assignment(
            plan_digest=sha256(b"benchmark"), courses=courses, width=script.width,
            transcript=Path(folder) / "transcript", limits=Limits(timeout_s=120),
        )  # fmt: skip
        with running(script.key, script.module, ["--port", str(port)], probe=probe, log=log):
            found = run(assignment, script.subject(url))
    return {each.category: tuple(map(bool, each.outcomes)) for each in found.outcomes}


def _census(size: int) -> Design:
    """Return a design that asks everything."""
    return Design(
        size=size, threshold=Fraction(9, 10), goal=Fraction(97, 100), risk=Fraction(1, 20),
        power=Fraction(9, 10), cap=size, acceptance=((size, 0),), rejection=((size, size + 1),),
    )  # fmt: skip


def _table(outcomes: Mapping[str, tuple[bool, ...]]) -> None:
    heads = "".join(f"{f'above {float(p0):.0%}':>24}" for p0, _ in CLAIMS)
    print(f"{'category':<22}{'items':>6}{'truth':>8}{heads}")
    every = [each for found in outcomes.values() for each in found]
    for name, found in outcomes.items():
        said = "".join(f"{_said(found, p0, p1):>24}" for p0, p1 in CLAIMS)
        print(f"{name:<22}{len(found):>6}{sum(found) / len(found):>8.1%}{said}")
    print(f"{'all, pooled':<22}{len(every):>6}{sum(every) / len(every):>8.1%}")


def _said(found: tuple[bool, ...], p0: Fraction, p1: Fraction) -> str:
    """Return the verdict after how many questions and failures; note where it is untrue.

    "Not shown" is untrue of no rate: it says that the evidence did not suffice.
    """
    design = design_for(
        Request(
            size=len(found), threshold=p0, goal=p1, risk=Fraction(1, 20), power=Fraction(9, 10)
        )
    )
    came = judge(design, found)
    shown, is_true = came.verdict is Verdict.SHOWN, Fraction(sum(found), len(found)) > p0
    wrong = " (!)" if shown and not is_true else ""
    word = came.verdict.value.replace("_", " ")
    return f"{word} {came.asked}/{came.failed}{wrong}"


if __name__ == "__main__":
    main()
