# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Time `make demo` as a newcomer meets it: a fresh clone, installation included.

    python benchmarks/demo.py

It clones the committed state into an empty folder, runs `make demo ARGS=--no-serve`
there, and prints the wall-clock time of each half.
"""

import os
import platform
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]


def main() -> None:
    """Clone, install, run; print what each took."""
    git, make = shutil.which("git"), shutil.which("make")
    assert git is not None
    assert make is not None
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder) / "comity"
        _run([git, "clone", "--quiet", str(ROOT), str(clone)])
        install = _run([make, "-C", str(clone), ".venv/demo.done"])
        story = _run([make, "-C", str(clone), "demo", "ARGS=--no-serve"])
    print(f"installation  {install:6.1f} s")
    print(f"the main job  {story:6.1f} s")
    print(f"together      {install + story:6.1f} s (goal: at most 300)")


def _run(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(  # noqa: S603 - git and make on our own checkout
        command, check=True, stdout=subprocess.DEVNULL
    )
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
