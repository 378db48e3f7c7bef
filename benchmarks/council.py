# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Measure the council: voting power, consultation, tally, replay.

    python benchmarks/council.py

Runs every `benchmarks/council_*.py`, each in a process of its own, with its goals and peers.
"""

import subprocess
import sys
from pathlib import Path


def main() -> None:
    """Run the parts in turn."""
    for part in sorted(Path(__file__).parent.glob("council_*.py")):
        print(f"\n== benchmarks/{part.name}", flush=True)
        subprocess.run([sys.executable, str(part)], check=True)  # noqa: S603 - our own script


if __name__ == "__main__":
    main()
