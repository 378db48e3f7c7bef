# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Every member sees where its tests stand and what it must do next."""

import pytest
from tests.fakes.federation import THRIFTY, Federation, Stages, perfect

from comity.desk.assessment.agenda import Step, matters
from comity.desk.assessment.testing import reveal_nonce, run_test
from comity.node.node import Node


def steps(node: Node) -> list[Step]:
    """Return what is due of each test."""
    return [matter.step for matter in matters(node)]


def test_the_next_step_is_the_protocols(planned: Federation, stages: Stages) -> None:
    """From the plan to the finding, each side in turn."""
    plan = stages.planned.plan
    assert (steps(planned.maker), steps(planned.kh)) == ([Step.REVEAL], [Step.AWAIT_PROVIDER])

    reveal_nonce(planned.maker, plan, now=planned.now())
    planned.publish(planned.maker)
    assert (steps(planned.maker), steps(planned.kh)) == ([Step.AWAIT_TESTER], [Step.REVEAL])

    reveal_nonce(planned.kh, plan, now=planned.now())
    planned.publish(planned.kh)
    assert (steps(planned.maker), steps(planned.kh)) == ([Step.AWAIT_FINDING], [Step.RUN])

    planned.test(plan)
    assert (steps(planned.maker), steps(planned.kh)) == ([Step.DONE], [Step.DONE])


def test_an_application_waits_for_its_tester(planned: Federation) -> None:
    """The tester is told to plan, the provider to wait."""
    planned.apply(planned.bank)

    assert steps(planned.maker)[-1] is Step.AWAIT_PLAN
    assert steps(planned.kh)[-1] is Step.PLAN


def test_a_strangers_test_is_on_nobody_elses_agenda(tested: Federation) -> None:
    """Only the parties are asked to act."""
    assert steps(tested.sg) == []


def test_answers_kept_by_an_interrupted_run_are_counted(
    revealed: Federation, stages: Stages
) -> None:
    """Who resumes sees how far it came."""
    taken: list[object] = []

    def interrupt(step: object) -> None:
        taken.append(step)
        if len(taken) == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_test(
            revealed.kh, stages.revealed.plan, perfect(), progress=interrupt, manner=THRIFTY
        )

    assert [matter.answers for matter in matters(revealed.kh)] == [3]
