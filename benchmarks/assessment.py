# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Measure the assessment: every part of it, one after the other.

    python benchmarks/assessment.py [part ...]

How many questions suffice beside fixed samples, a tuned SPRT, ALPHA and the exact oracle; what
an item costs, alone and beside other harnesses; what a verification costs; what judging
costs; and two real systems beside the whole truth.
"""

import subprocess
import sys
import time
from pathlib import Path

PARTS = (
    "evidence", "assess", "assess_peers", "verification", "assess_judges", "assess_systems"
)  # fmt: skip


def main() -> None:
    """Run the parts that are named, or all."""
    for part in sys.argv[1:] or PARTS:
        script = Path(__file__).with_name(f"{part}.py")
        print(f"\n== benchmarks/{script.name}", flush=True)
        started = time.perf_counter()
        subprocess.run([sys.executable, str(script)], check=True)  # noqa: S603 - our own script
        print(f"({time.perf_counter() - started:.0f} s)", flush=True)


if __name__ == "__main__":
    main()
