# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A service exactly at its threshold that lets wrong answers come back late, over loopback.

The runner is the real one, each run has a real draw of its own, and the twin takes answers
as they arrive. Rates over thousands of runs: tests/unit/evidence/test_completion_order.py.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from aiohttp import web
from tests.fakes.lottery import BANK, DESIGN, NULL, most_wrong, shuffled, verdict_along
from tests.fakes.subject import Behaviour, Stub, assignment_of, says

from comity.assess.run.runner import Course, run
from comity.assess.subjects.endpoint import Endpoint
from comity.assess.subjects.subject import Limits, ask_within
from comity.evidence.bank import Opening
from comity.evidence.statistics.design import Verdict

RUNS, TWINS = 24, 12
LIMITS = Limits(timeout_s=20)


def stalls(late_s: float) -> Behaviour:
    """Answer at once when right, late when wrong."""

    async def answer(request: web.Request, prompt: str) -> web.StreamResponse:
        is_hard = prompt.startswith("hard")
        return await says("no" if is_hard else "yes", late_s * is_hard)(request, prompt)

    return answer


def drawn(number: int) -> list[Opening]:
    """Return a draw of the whole bank."""
    return [BANK.open(at) for at in shuffled(number)]


async def as_they_arrive(endpoint: Endpoint, openings: Sequence[Opening]) -> Verdict:
    """Judge answers in the order of their arrival: the undefended twin of the runner."""
    passed = failed = 0
    async with endpoint.open(LIMITS, 16) as session:
        room = asyncio.Semaphore(16)

        async def ask(opening: Opening) -> bool:
            async with room:
                return await ask_within(session, opening.item.prompt, LIMITS) == "yes"

        tasks = [asyncio.create_task(ask(opening)) for opening in openings]
        try:
            for done in asyncio.as_completed(tasks):
                is_right = await done
                passed, failed = passed + is_right, failed + (not is_right)
                verdict = DESIGN.decide(passed + failed, failed)
                if verdict is not Verdict.INSUFFICIENT:
                    return verdict
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
    return Verdict.INSUFFICIENT


def runs_shown(numbers: range, folder: Path, stub: Stub) -> int:
    """Count the runs that show the claim; each must say what its draw says."""
    shown = 0
    for number in numbers:
        place = folder / str(number)
        place.mkdir()
        course = Course(category="road", openings=drawn(number), design=DESIGN)
        result = run(
            replace(assignment_of(place, course, limits=LIMITS), least=1), stub.endpoint
        )

        expected = verdict_along(shuffled(number), frozenset(range(NULL)))
        assert result.outcomes[0].verdict is expected
        shown += expected is Verdict.SHOWN
    return shown


def test_late_failures_change_no_verdict_and_no_rate(tmp_path: Path, stub: Stub) -> None:
    """Run for run the verdict is that of the draw, so the risk is the design's own."""
    stub.behaviour = stalls(0.03)

    assert runs_shown(range(RUNS), tmp_path, stub) <= most_wrong(RUNS)


def test_the_twin_that_takes_answers_as_they_come_is_wrong_every_time(stub: Stub) -> None:
    """The same draws, the same numbers; the later the failures, the surer."""
    stub.behaviour = stalls(3)
    verdicts = [
        asyncio.run(as_they_arrive(stub.endpoint, drawn(number))) for number in range(TWINS)
    ]

    assert verdicts == [Verdict.SHOWN] * TWINS
