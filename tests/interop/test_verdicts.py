# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Go's note and tlog packages and we say the same of every checkpoint, proof and envelope."""

from collections import Counter

import pytest
from tests.interop.auditor import Auditor
from tests.interop.cases import Case, every_case, narrower_cases


@pytest.fixture(scope="module")
def judged(auditor: Auditor) -> list[tuple[Case, bool]]:
    """Return every case with Go's verdict, all asked of one process."""
    cases = list(every_case())
    answers = auditor.answers([{**one.question, "name": one.name} for one in cases])
    return [(case, bool(said["ok"])) for case, said in zip(cases, answers, strict=True)]


def test_no_two_cases_have_one_name(judged: list[tuple[Case, bool]]) -> None:
    """A difference is reported by its name."""
    names = Counter(case.name for case, _ in judged)

    assert [name for name, count in names.items() if count > 1] == []


@pytest.mark.parametrize(
    "part", ["checkpoint", "cosigned", "inclusion", "consistency", "proof", "envelope"]
)
def test_go_accepts_and_refuses_what_we_do(judged: list[tuple[Case, bool]], part: str) -> None:
    """Two implementations that differ anywhere would split those who follow a log."""
    cases = [(case, said) for case, said in judged if case.name.startswith(f"{part}:")]
    differing = [
        f"{case.name}: we {'accept' if case.accepted else 'refuse'}"
        for case, said in cases
        if case.accepted != said
    ]

    assert differing == []
    assert {said for _, said in cases} == {True, False}


def test_there_are_many_cases_of_both_verdicts(judged: list[tuple[Case, bool]]) -> None:
    """A generator that lost its cases would agree with anybody."""
    verdicts = Counter(said for _, said in judged)

    assert verdicts[True] > 150
    assert verdicts[False] > 2_000


def test_what_we_refuse_and_go_accepts_is_listed(auditor: Auditor) -> None:
    """One value has one spelling here, as docs/spec/ledger.md says."""
    cases = list(narrower_cases())
    answers = auditor.answers([{**one.question, "name": one.name} for one in cases])

    assert [case.name for case in cases if case.accepted] == []
    assert [one["name"] for one in answers if not one["ok"]] == []
