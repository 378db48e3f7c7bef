# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Every reader of others' bytes, fuzzed by a fuzzer that sees which of our lines it reaches."""

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

pytestmark = pytest.mark.long

RUNS = 3000
PROGRAM = Path(__file__).parents[1] / "fakes" / "burrow.py"


@pytest.mark.skipif(find_spec("atheris") is None, reason="atheris is not installed here")
def test_no_bytes_get_anything_but_our_errors_out_of_a_reader(
    tmp_path: Path, seed: int
) -> None:
    """In bounded time and memory; a failure shows the bytes and the seed."""
    command = [sys.executable, str(PROGRAM), str(tmp_path), str(seed), str(RUNS)]
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    ran = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert ran.returncode == 0, ran.stderr[-3000:]
    rows = [json.loads(line) for line in ran.stdout.splitlines() if line.startswith('{"gate')]
    assert len(rows) > 20
    wrong = [row for row in rows if row["code"] != 0]
    assert wrong == [], f"COMITY_SEED={seed}\n" + "\n".join(row["said"] for row in wrong)
    assert all(f"Done {RUNS}" in row["said"] for row in rows if row["gate"] != "key file")
