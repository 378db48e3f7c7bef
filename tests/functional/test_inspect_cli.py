# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A finding's transcript as a log that Inspect reads."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.fakes.town import comity
from tests.functional.conftest import Story

pytest.importorskip("inspect_ai", reason="the extra inspect is not installed")

READ = """
import json, sys
from inspect_ai.log import read_eval_log

log = read_eval_log(sys.argv[1])
print(json.dumps([log.status, log.eval.task, log.eval.model, len(log.samples),
                  sum(s.scores["comity"].value == "C" for s in log.samples),
                  log.results.scores[0].metrics["accuracy"].value,
                  log.eval.metadata["transcript"]]))
"""


def test_inspect_reads_what_was_asked(story: Story, tmp_path: Path) -> None:
    """Every question stands in it, failures among them, and where it is proven."""
    finding, out = story.town.path("finding.json"), tmp_path / "finding.eval"
    ran = comity("verify", finding, "--eval-log", out, "--report", tmp_path / "report.json")
    assert ran.code == 0, ran.err
    read = subprocess.run(
        [sys.executable, "-c", READ, str(out)], capture_output=True, text=True, check=True
    )
    status, task, _, samples, right, rate, transcript = json.loads(read.stdout.splitlines()[-1])
    report = json.loads((tmp_path / "report.json").read_text("utf-8"))
    assert (status, task) == ("success", report["bank"]["name"])
    assert samples >= sum(each["asked"] for each in report["categories"])
    assert rate == right / samples
    assert len(transcript) == 64


def test_a_log_is_not_written_over(story: Story, tmp_path: Path) -> None:
    """Nor is anything else."""
    out = tmp_path / "finding.eval"
    out.write_bytes(b"mine")
    ran = comity("verify", story.town.path("finding.json"), "--eval-log", out)
    assert ran.code != 0
    assert out.read_bytes() == b"mine"
