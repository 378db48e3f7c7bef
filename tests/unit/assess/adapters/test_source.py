# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Inspect asks what our draw says, and our runner decides."""

import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("inspect_ai", reason="the extra inspect is not installed")

SCRIPT = """
import json, sys
from pathlib import Path
from inspect_ai import Task, eval
from inspect_ai.model import ModelOutput, ModelUsage, get_model
from comity.assess.adapters.source import as_sample_source
from comity.assess.run.runner import run
from subject import assignment_of

seen = []

def said(messages, *_):
    seen.append(messages[-1].text)
    number = int(messages[-1].text.split()[-1])
    if number in FALLS:
        raise RuntimeError("it fell over")
    output = ModelOutput.from_content("mockllm/model", "yes")
    output.usage = ModelUsage(input_tokens=1, output_tokens=1, total_tokens=2)
    return output

FALLS = set(json.loads(sys.argv[2]))
assignment = assignment_of(Path(sys.argv[1]))
source = as_sample_source(lambda subject: run(assignment, subject), width=16)
model = get_model("mockllm/model", custom_outputs=said)
eval(Task(dataset=source), model=model, display="none", log_dir=sys.argv[1], max_samples=16,
     fail_on_error=False)
result = source.result()
(outcome,) = result.outcomes
print(json.dumps({"verdict": outcome.verdict.value, "asked": outcome.asked,
                  "failed": outcome.failed, "seen": len(seen),
                  "draws": [record.draw for record in result.records],
                  "first": seen[0]}))
"""


def _run(folder: Path, falls: str) -> str:
    subject = Path(__file__).parents[3] / "fakes" / "subject.py"
    (folder / "subject.py").write_text(subject.read_text("utf-8"), "utf-8")
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(folder), falls],
        cwd=folder, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout.splitlines()[-1]


def test_inspect_asks_in_draw_order_until_the_evidence_suffices(tmp_path: Path) -> None:
    """Twelve without a failure are enough; those on their way then are kept as well."""
    found = _run(tmp_path, "[]")
    assert '"verdict": "shown", "asked": 12, "failed": 0' in found
    assert '"first": "road 0"' in found


def test_what_fails_under_inspect_is_a_failure(tmp_path: Path) -> None:
    """Its own report would leave errors out of the rate."""
    assert '"verdict": "not_shown", "asked": 5, "failed": 3' in _run(tmp_path, "[0, 2, 4]")
