# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Who does not answer where it would be wrong, beside testers that drop what has no answer.

The ways not to answer over a real connection are in tests/unit/assess/run/test_adversary.py;
here are the rates, at the very threshold.
"""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from tests.fakes.lottery import (
    BANK,
    DESIGN,
    NULL,
    RISK,
    SIZE,
    design_at,
    exact_rate,
    most_wrong,
    shuffled,
    verdict_along,
)
from tests.fakes.subject import assignment_of

from comity.assess.run.runner import Course, Result, run
from comity.assess.subjects.function import Function
from comity.assess.subjects.subject import Limits
from comity.evidence.statistics.design import Verdict
from comity.evidence.statistics.verdict import decision_of

RUNS = 40


def breaks_when_wrong(prompt: str) -> str:
    """Raise instead of answering what is hard."""
    if prompt.startswith("hard"):
        raise RuntimeError(prompt)
    return "yes"


def is_wrong(prompt: str) -> str:
    """Answer what is hard wrongly."""
    return "no" if prompt.startswith("hard") else "yes"


def trial(folder: Path, number: int, call: Callable[[str], str]) -> Result:
    """Run a whole test over a draw of its own."""
    folder.mkdir()
    openings = [BANK.open(at) for at in shuffled(number)]
    course = Course(category="road", openings=openings, design=DESIGN)
    assignment = assignment_of(folder, course, limits=Limits(timeout_s=20))
    return run(replace(assignment, least=1), Function(call=call))


def test_an_error_is_worth_what_a_wrong_answer_is_worth(tmp_path: Path) -> None:
    """Draw for draw the same outcomes and verdicts, so false recognition keeps its risk."""
    shown = 0
    for number in range(RUNS):
        wrong = trial(tmp_path / f"wrong {number}", number, is_wrong)
        broken = trial(tmp_path / f"broken {number}", number, breaks_when_wrong)
        assert broken.outcomes == wrong.outcomes
        verdict = verdict_along(shuffled(number), frozenset(range(NULL)))
        assert broken.outcomes[0].verdict is verdict
        shown += verdict is Verdict.SHOWN

    assert shown <= most_wrong(RUNS)


def test_the_twin_that_leaves_errors_out_shows_it_every_time() -> None:
    """What is left is only what was answered, all of it rightly."""
    for number in range(RUNS):
        answered = [True for at in shuffled(number) if at >= NULL]
        assert decision_of(DESIGN, answered)[0] is Verdict.SHOWN


@pytest.mark.parametrize(
    ("dropped", "least"),
    [(3, Fraction(16, 100)), (6, Fraction(38, 100)), (9, Fraction(88, 100))],
)
def test_the_twin_that_bears_a_few_errors_is_used_up_to_what_it_bears(
    dropped: int, least: Fraction
) -> None:
    """A tester that fails a run only beyond 5, 10 or 15 percent of errors gives them away.

    Exact rates, where so many of the failing items are errors and none of these counts.
    """
    assert Fraction(dropped, SIZE) <= Fraction(15, 100)
    rate = exact_rate(design_at(size=SIZE - dropped), NULL - dropped, stubborn=True)

    assert rate > least
    assert rate > RISK


def test_asking_again_until_no_error_comes_is_no_help_to_who_errs_for_ever(
    tmp_path: Path,
) -> None:
    """What was answered stands, errors included: the same run again asks nothing more."""
    first = trial(tmp_path / "once", 1, breaks_when_wrong)
    openings = [BANK.open(at) for at in shuffled(1)]
    course = Course(category="road", openings=openings, design=DESIGN)
    again = run(
        replace(assignment_of(tmp_path / "once", course), least=1),
        Function(call=lambda _: "yes"),
    )

    assert again.records == first.records
    assert again.sent == 0
