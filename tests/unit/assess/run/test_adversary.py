# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What a provider may try while it is tested, each beside the undefended twin it breaks.

Stalling is in test_runner.py, making the tester fall over in test_sent.py, floods of answers
in test_forecast.py.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import web
from tests.fakes.subject import (
    Behaviour,
    Stub,
    assignment_of,
    bank_of,
    course_of,
    design_of,
    says,
)

from comity.assess.run.runner import run
from comity.assess.scorers.scorer import score
from comity.assess.subjects.function import Function
from comity.assess.subjects.subject import GREETING, Limits
from comity.evidence.bank import Bank, Item
from comity.evidence.statistics.design import Design, Verdict
from comity.evidence.statistics.verdict import decision_of
from comity.evidence.transcript import Missing, Record

SHORT = Limits(timeout_s=1, max_answer_bytes=2_000)
PATIENT = Limits(timeout_s=20, max_answer_bytes=2_000)


def is_bad(prompt: str) -> bool:
    """Tell whether the system would be wrong: of every fourth item."""
    return prompt != GREETING and int(prompt.rsplit(maxsplit=1)[-1]) % 4 == 0


def without_missing(records: Iterable[Record]) -> Verdict:
    """Judge as a tester does who drops what has no answer: the undefended twin."""
    outcomes = [record.passed for record in records if isinstance(record.answer, str)]
    return decision_of(design_of(), outcomes)[0]


async def refuses(request: web.Request, prompt: str) -> web.StreamResponse:
    """Answer with an error instead of a wrong answer."""
    if is_bad(prompt):
        return web.Response(status=500)
    return await says("yes")(request, prompt)


async def is_always_busy(request: web.Request, prompt: str) -> web.StreamResponse:
    """Ask for patience instead of giving a wrong answer."""
    if is_bad(prompt):
        return web.Response(status=429)
    return await says("yes")(request, prompt)


async def hangs(request: web.Request, prompt: str) -> web.StreamResponse:
    """Never answer where the answer would be wrong."""
    return await says("yes", 5 if is_bad(prompt) else 0)(request, prompt)


async def floods(request: web.Request, prompt: str) -> web.StreamResponse:
    """Send too much where the answer would be wrong."""
    return await says("yes" * (5_000 if is_bad(prompt) else 1))(request, prompt)


EVASIONS: Mapping[str, tuple[Behaviour, Missing]] = {
    "an error": (refuses, Missing.ERROR),
    "busy": (is_always_busy, Missing.BUSY),
    "silence": (hangs, Missing.TIMEOUT),
    "a flood": (floods, Missing.OVERSIZE),
}


def limits_of(reason: Missing) -> Limits:
    """Wait briefly only where waiting is the point: a busy machine makes nobody else late."""
    return SHORT if reason is Missing.TIMEOUT else PATIENT


@pytest.mark.parametrize("name", EVASIONS)
def test_no_way_of_not_answering_is_better_than_a_wrong_answer(
    tmp_path: Path, stub: Stub, name: str
) -> None:
    """A system wrong of every fourth item is not shown, however it hides them."""
    behaviour, reason = EVASIONS[name]
    stub.behaviour = behaviour

    result = run(assignment_of(tmp_path, limits=limits_of(reason)), stub.endpoint)

    assert result.outcomes[0].verdict is Verdict.NOT_SHOWN
    assert {one.answer for one in result.records if not one.passed} == {reason}


@pytest.mark.parametrize("name", EVASIONS)
def test_the_twin_that_drops_what_has_no_answer_shows_the_claim(
    tmp_path: Path, stub: Stub, name: str
) -> None:
    """This is what "missing is failed" defends against."""
    behaviour, reason = EVASIONS[name]
    stub.behaviour = behaviour
    course = replace(course_of(bank_of("road")), design=endless())

    result = run(assignment_of(tmp_path, course, limits=limits_of(reason)), stub.endpoint)

    assert without_missing(result.records) is Verdict.SHOWN


def endless() -> Design:
    """Return a design that asks thirty whatever comes: a tester who looks at the end."""
    return replace(design_of(), acceptance=((30, 29),), rejection=((30, 30),))


def numbered(size: int = 40) -> Bank:
    """Return a bank in which every item has an answer of its own."""
    items = (
        Item(
            position=n, category="road", prompt=f"road {n}", reference=f"r{n}", scorer="exact/1"
        )
        for n in range(size)
    )
    return Bank.of(items, b"k" * 32)


def remembering() -> Callable[[str, str, str, str], bool]:
    """Return a scorer that scores an answer once and remembers it: the undefended twin."""
    known: dict[str, bool] = {}

    def scored(scorer: str, prompt: str, reference: str, answer: str) -> bool:
        if answer not in known:
            known[answer] = bool(score(scorer, prompt, reference, answer))
        return known[answer]

    return scored


def replays(prompt: str) -> str:
    """Give the answer to the first question to every question."""
    return "hello" if prompt == GREETING else "r0"


def test_one_answer_to_all_is_judged_question_by_question(tmp_path: Path) -> None:
    """An answer is right of a question, not by itself."""
    assignment = assignment_of(tmp_path, course_of(numbered()))

    result = run(assignment, Function(call=replays))

    assert [one.passed for one in result.records][:4] == [True, False, False, False]
    assert result.outcomes[0].verdict is Verdict.NOT_SHOWN


def test_the_twin_that_remembers_answers_passes_all_of_them(tmp_path: Path) -> None:
    """A cache by answer, kept for speed, would be the provider's best friend."""
    assignment = assignment_of(tmp_path, course_of(numbered()))

    result = run(assignment, Function(call=replays), scorer=remembering())

    assert result.outcomes[0].verdict is Verdict.SHOWN


class TwoVersions:
    """An endpoint with a good and a bad version behind it; who asks cannot tell them apart."""

    def __init__(self, bad_from: int, every: int = 1) -> None:
        self._bad_from, self._every, self._asked = bad_from, every, 0

    def __call__(self, prompt: str) -> str:
        """Answer by the one or the other, whatever was asked."""
        if prompt == GREETING:
            return "hello"
        self._asked += 1
        is_old = self._asked >= self._bad_from and self._asked % self._every == 0
        return "no" if is_old else "yes"


def test_versions_that_take_turns_are_judged_as_the_mixture_they_are(tmp_path: Path) -> None:
    """Outcomes stand as they fell, so a bad version in four is a system wrong in four."""
    result = run(assignment_of(tmp_path), Function(call=TwoVersions(bad_from=0, every=4)))

    assert result.outcomes[0].verdict is Verdict.NOT_SHOWN


def test_the_twin_that_asks_until_the_good_version_answers_is_taken_in(tmp_path: Path) -> None:
    """The best of several answers is an answer nobody gets."""
    mixed = TwoVersions(bad_from=0, every=4)

    def best_of_three(prompt: str) -> str:
        return max(mixed(prompt) for _ in range(3))

    result = run(assignment_of(tmp_path), Function(call=best_of_three))

    assert result.outcomes[0].verdict is Verdict.SHOWN


def test_a_version_changed_after_the_test_shows_in_no_transcript(tmp_path: Path) -> None:
    """A limit, not a defence: what ran is what was seen.

    Weights or a fingerprint bind the version, and a later draw finds the change.
    """
    swapped = TwoVersions(bad_from=13)
    thrift = replace(assignment_of(tmp_path), least=1)

    first = run(thrift, Function(call=swapped))
    honest = tmp_path / "honest"
    honest.mkdir()
    other = run(replace(assignment_of(honest), least=1), Function(call=lambda _: "yes"))

    assert first.outcomes[0].verdict is Verdict.SHOWN
    assert first.records == other.records


def test_a_later_draw_finds_the_version_that_was_changed(tmp_path: Path) -> None:
    """A second tester that goes on with the draw meets what runs now."""
    swapped = TwoVersions(bad_from=13)
    run(replace(assignment_of(tmp_path), least=1), Function(call=swapped))
    later = tmp_path / "later"
    later.mkdir()
    stricter = replace(design_of(), acceptance=((20, 0), (30, 1)), rejection=((3, 2),))
    course = replace(course_of(bank_of("road"), prior=(True,) * 12), design=stricter)

    result = run(assignment_of(later, course), Function(call=swapped))

    assert result.outcomes[0].verdict is Verdict.NOT_SHOWN
