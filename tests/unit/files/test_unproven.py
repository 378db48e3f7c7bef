# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Reports of other harnesses are read as what somebody says."""

import json
from pathlib import Path

import pytest

from comity.errors import InvalidDocument, NotFound
from comity.evidence.unproven import unproven_from_predicate
from comity.files.unproven import read_report
from comity.kernel.instant import from_rfc3339

NOW = from_rfc3339("2026-11-22T00:00:00Z")
LM_EVAL = {
    "results": {"relief": {"alias": "relief", "hit,none": 0.925, "hit_stderr,none": "N/A",
                           "acc_stderr,none": 0.01}},
    "versions": {"relief": 1}, "n-samples": {"relief": {"original": 2000, "effective": 40}},
    "config": {"model": "local-chat-completions", "limit": 40, "random_seed": 0},
    "lm_eval_version": "0.4.13", "model_name": "m",
}  # fmt: skip
INSPECT = {
    "version": 2, "status": "success",
    "eval": {"task": "relief", "model": "openai-api/stub/m",
             "packages": {"inspect_ai": "0.3.285"}},
    "results": {"total_samples": 50, "completed_samples": 40, "scores": [
        {"name": "includes", "scorer": "includes",
         "metrics": {"accuracy": {"name": "accuracy", "value": 1.0}}}]},
}  # fmt: skip
MOONSHOT = {
    "metadata": {"id": "run", "endpoints": ["m"], "random_seed": 0,
                 "prompt_selection_percentage": 1},
    "results": {"cookbooks": [{"id": "book", "recipes": [{"id": "facts", "evaluation_summary": [
        {"model_id": "m", "num_of_prompts": 12, "avg_grade_value": 66.6, "grade": "C"}]}]}]},
}  # fmt: skip


def _write(folder: Path, plain: object) -> Path:
    path = folder / "report.json"
    path.write_text(json.dumps(plain), "utf-8")
    return path


@pytest.mark.parametrize(
    ("plain", "tool", "figure", "sampling"),
    [
        (LM_EVAL, "lm-eval", ("relief", "hit,none", "0.925", 40), "the first 40 questions"),
        (INSPECT, "inspect", ("relief", "includes accuracy", "1.0", 40),
         "10 of 50 samples are not in the figures"),
        (MOONSHOT, "moonshot", ("facts", "grade of m", "66.6", 12),
         "1 % of the prompts by seed 0"),
    ],
    ids=["lm-eval", "inspect", "moonshot"],
)  # fmt: skip
def test_a_report_says_how_its_questions_were_chosen(
    tmp_path: Path, plain: object, tool: str, figure: tuple[object, ...], sampling: str
) -> None:
    """The figure as it is written there, and why it proves nothing."""
    found = read_report(_write(tmp_path, plain), issued=NOW)
    assert found.tool == tool
    (one,) = found.figures
    assert (one.task, one.metric, one.value, one.samples) == figure
    assert sampling in found.sampling
    assert unproven_from_predicate(found.to_predicate()) == found


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"results": {}}', '{"a": NaN}', "{" * 5000, '{"eval": {}}'],
)  # fmt: skip
def test_what_is_no_report_is_refused(tmp_path: Path, text: str) -> None:
    """With one error of ours, whatever it is."""
    path = tmp_path / "report.json"
    path.write_text(text, "utf-8")
    with pytest.raises(InvalidDocument):
        read_report(path, issued=NOW)
    with pytest.raises(NotFound):
        read_report(tmp_path / "nowhere.json", issued=NOW)


def test_a_report_that_says_it_is_proven_is_no_statement_of_ours(tmp_path: Path) -> None:
    """The mark cannot be taken off."""
    predicate = read_report(_write(tmp_path, LM_EVAL), issued=NOW).to_predicate()
    with pytest.raises(InvalidDocument):
        unproven_from_predicate({**predicate, "proven": True})
