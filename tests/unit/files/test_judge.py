# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A judge's file says all that a plan states of it, or says every fault at once."""

from fractions import Fraction
from pathlib import Path

import pytest

from comity.errors import InvalidDocument, NotFound
from comity.evidence.judge.stated import Basis
from comity.files.judge import judge_from_toml, read_judge

WHOLE = '''scorer = "model-judge/1"
model = "Example-1B"
service = "judge-service.toml"
false_pass = 0.1
basis = "assumed"
votes = 3
timeout_s = 20
prompt = """
{prompt}
BEGIN {fence}
{answer}
END {fence}
PASS or FAIL?
"""
'''


def test_a_whole_file_reads(tmp_path: Path) -> None:
    """Its service stands beside it."""
    path = tmp_path / "judge.toml"
    path.write_text(WHOLE, "utf-8")

    judge = read_judge(path)

    assert judge.service == tmp_path / "judge-service.toml"
    assert judge.false_pass == Fraction(1, 10)
    assert (judge.basis, judge.votes, judge.timeout_s) == (Basis.ASSUMED, 3, 20)
    assert judge.prompt.startswith("{prompt}")


def test_an_audited_bound_names_its_audit() -> None:
    """Who says "measured" says by what."""
    text = WHOLE.replace('"assumed"', f'"audited"\naudit = "{"ab" * 32}"')

    assert judge_from_toml(text).audit == bytes.fromhex("ab" * 32)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (('"model-judge/1"', '"exact/1"'), "'exact/1' is no judge"),
        (('"Example-1B"', '""'), "model is missing"),
        (("service = ", "servce = "), "no field 'servce'; did you mean 'service'?"),
        (("0.1", "1"), "false_pass is not a share"),
        (("0.1", "true"), "false_pass is not a share"),
        (("0.1", "0.00000001"), "in millionths"),
        (('"assumed"', '"assummed"'), "did you mean 'assumed'?"),
        (('"assumed"', '"audited"'), "audit stands exactly"),
        (('"assumed"', '"audited"\naudit = "AB"'), "64 lower-case"),
        (("votes = 3", "votes = 2"), "tie"),
        (("votes = 3", "votes = 11"), "from 1 to 9"),
        (("timeout_s = 20", "timeout_s = 0"), "from 1 to 3600"),
        (("END {fence}", "END"), "two lines with {fence}"),
    ],
)
def test_a_fault_is_named_at_its_line(change: tuple[str, str], word: str) -> None:
    """Whoever wrote it finds it."""
    with pytest.raises(InvalidDocument) as caught:
        judge_from_toml(WHOLE.replace(*change))

    assert caught.value.code == "files.judge"
    assert word in str(caught.value)


def test_all_faults_are_listed_at_once() -> None:
    """One reading, one list."""
    with pytest.raises(InvalidDocument) as caught:
        judge_from_toml("scorer = 1\nvotes = 0\nfalse_pass = 2\n")

    assert len(caught.value.faults) >= 6


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    """By name."""
    with pytest.raises(NotFound, match="judge"):
        read_judge(tmp_path / "judge.toml")
