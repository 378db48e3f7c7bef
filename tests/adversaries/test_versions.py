# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Two versions behind one endpoint: what is found out, and what no test can find out.

Versions that take turns, and one changed after the test, are in
tests/unit/assess/run/test_adversary.py.
"""

from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import pytest
from aiohttp import web
from tests.fakes.forgery import forge
from tests.fakes.lottery import BANK, DESIGN, GOAL, SIZE, THRESHOLD, dice_of, shuffled
from tests.fakes.subject import Stub, assignment_of, says

from comity.assess.run.runner import Course, run
from comity.assess.subjects.probe import take
from comity.assess.subjects.subject import GREETING
from comity.desk.finding.reporting import report_of
from comity.desk.finding.verification import verify_dossier
from comity.desk.finding.writing import LIMITS
from comity.evidence.fingerprint import PROBES, differences
from comity.evidence.statistics.decline import (
    Evidence,
    check_evidence,
    decline,
    is_alarming,
    over_time,
)
from comity.evidence.statistics.design import Verdict
from comity.files.dossier import from_bytes
from comity.web.render import load_renderer
from comity.web.report import render_report

RISK = Fraction(1, 20)
ROOT = Path(__file__).parents[2]


@dataclass(slots=True)
class Endpoint:
    """Two versions behind one address, and a switch.

    Args:
        first: How many questions of the bank the good version answers before the switch.
        knows_probes: Probes are answered by the good version, whatever else happens.
    """

    first: int
    knows_probes: bool = True
    asked: set[str] = field(default_factory=set)

    async def __call__(self, request: web.Request, prompt: str) -> web.StreamResponse:
        """Answer by one version or the other; they differ in everything they say."""
        is_probe = prompt in PROBES or prompt == GREETING
        if not is_probe:
            self.asked.add(prompt)
        is_good = len(self.asked) <= self.first and (not is_probe or not self.asked)
        if is_good or (is_probe and self.knows_probes):
            return await says("yes")(request, prompt)
        return await says("no")(request, prompt)


def verdict_of(stub: Stub, folder: Path, number: int = 1) -> Verdict:
    """Run a whole test of what stands behind the address."""
    openings = [BANK.open(at) for at in shuffled(number)]
    course = Course(category="road", openings=openings, design=DESIGN)
    folder.mkdir()
    return run(assignment_of(folder, course), stub.endpoint).outcomes[0].verdict


def test_an_honest_change_of_version_is_seen_before_a_question_is_asked(stub: Stub) -> None:
    """The public probes are answered otherwise than registered."""
    stub.behaviour = Endpoint(first=SIZE)
    registered = take(stub.endpoint, times=2)
    stub.behaviour = Endpoint(first=-1, knows_probes=False)

    assert differences(registered, take(stub.endpoint))


def test_a_switch_that_spares_the_probes_is_judged_by_the_answers(
    stub: Stub, tmp_path: Path
) -> None:
    """A limit of fingerprints, and no help to a provider: hidden questions have no list."""
    stub.behaviour = Endpoint(first=SIZE)
    registered = take(stub.endpoint, times=2)
    stub.behaviour = Endpoint(first=0)

    assert differences(registered, take(stub.endpoint)) == ()
    assert verdict_of(stub, tmp_path / "test") is Verdict.NOT_SHOWN


def test_the_twin_that_trusts_probes_takes_the_one_version_for_the_other(stub: Stub) -> None:
    """Whoever certifies by public questions certifies who has learnt them."""
    stub.behaviour = Endpoint(first=0)
    answers = take(stub.endpoint).answers

    assert len(answers) == len(PROBES)
    assert len(set(answers.values())) == 1


@pytest.mark.parametrize("first", [0, 2, 6, 12])
def test_a_switch_within_the_test_is_judged_as_it_answered(
    stub: Stub, tmp_path: Path, first: int
) -> None:
    """After few or many good answers: what comes before the verdict decides it."""
    stub.behaviour = Endpoint(first=first)

    assert verdict_of(stub, tmp_path / "test") is Verdict.NOT_SHOWN


def test_a_switch_after_the_verdict_is_seen_by_no_test(stub: Stub, tmp_path: Path) -> None:
    """A limit: the answers were given. It is why there are later draws, and words."""
    stub.behaviour = Endpoint(first=SIZE)

    assert verdict_of(stub, tmp_path / "test") is Verdict.SHOWN


def checks_until_alarm(
    failing: int, run_: int, most: int = 24, questions: int = 6
) -> int | None:
    """Return how many later draws it takes to hear of a fall, or None."""
    left, found = list(range(240)), list[Evidence]()
    dice = dice_of(run_)
    for number in range(1, most + 1):
        chosen = dice.sample(left, questions)
        mixture = decline(len(left), THRESHOLD, GOAL)
        failed = sum(at < failing for at in chosen)
        found.append(check_evidence(mixture, questions, failed))
        if is_alarming(over_time(found), RISK):
            return number
        left = [at for at in left if at not in chosen]
    return None


def test_later_draws_hear_of_the_other_version_and_seldom_of_nothing() -> None:
    """Of a version that fails a half within eight checks of six; of one that is well, not."""
    heard = [checks_until_alarm(120, number) for number in range(40)]
    false = [checks_until_alarm(5, number) for number in range(40)]

    assert sum(one is not None and one <= 8 for one in heard) >= 36
    assert sum(one is not None for one in false) <= 40 * RISK


def test_the_twin_that_never_draws_again_hears_of_nothing(stub: Stub) -> None:
    """Probes alone go on saying that all is well."""
    stub.behaviour = Endpoint(first=SIZE)
    registered = take(stub.endpoint, times=2)
    stub.behaviour = Endpoint(first=0)

    assert [differences(registered, take(stub.endpoint)) for _ in range(3)] == [()] * 3


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("other_model", "Another system may stand behind the endpoint in use"),
        ("evaluation_awareness", "can notice that it is tested"),
        ("collusion", "two parties' chance does not stop two parties"),
        ("testimony", "the tester's testimony"),
    ],
)
def test_what_statistics_cannot_answer_stands_on_every_report(name: str, words: str) -> None:
    """A reader of the page learns the limits where the verdict stands."""
    report = report_of(verify_dossier(from_bytes(forge())))
    page = render_report(load_renderer(), report, "en")

    assert name in report.limits
    assert words in LIMITS[name]
    assert LIMITS[name] in page


def test_the_specification_says_the_limits_in_so_many_words() -> None:
    """Who implements it must not promise more than it holds."""
    spec = (ROOT / "docs" / "spec" / "evidence.md").read_text("utf-8")
    limits = " ".join(
        spec.split("## Limits")[1].split("## What verification checks")[0].split()
    )

    assert "Two parties' entropy does not stop two parties." in limits
    assert "may know it is tested**, or differ from what is deployed" in limits
    assert "Answers are the tester's testimony" in limits
