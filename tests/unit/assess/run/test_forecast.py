# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A forecast is what the design's own numbers say, at a pace and a price."""

from dataclasses import replace
from pathlib import Path

import pytest
from tests.fakes.subject import assignment_of, design_of

from comity.assess.run.forecast import Price, Terms, forecast
from comity.assess.run.runner import run
from comity.assess.subjects.function import Function
from comity.assess.subjects.subject import Limits

TERMS = Terms(
    latency_s=2.0,
    width=4,
    interval_s=0.0,
    prompt_bytes=200.0,
    answer_bytes=1_000,
    price=Price(question=0.5),
)


def test_a_perfect_system_takes_what_it_takes() -> None:
    """Twelve questions a category, four at a time, two seconds each."""
    found = forecast({"road": design_of(), "shelter": design_of()}, {}, TERMS)
    perfect, goal, threshold, most = found.estimates

    assert perfect.of == "perfect"
    assert perfect.questions == pytest.approx(24.0)
    assert perfect.seconds == pytest.approx(12.0)
    assert perfect.cost == pytest.approx(12.0)
    assert (most.of, most.questions) == ("most", 60.0)
    assert perfect.questions < goal.questions < most.questions
    assert threshold.of == "threshold"


def test_what_was_asked_is_not_forecast_again() -> None:
    """A resumed run is shorter by what it has."""
    found = forecast({"road": design_of()}, {"road": 10}, TERMS)

    assert found.estimates[0].questions == pytest.approx(2.0)
    assert found.estimates[-1].questions == 20.0


def test_a_rate_is_slower_than_a_quick_service() -> None:
    """The slower of both decides the time."""
    found = forecast({"road": design_of()}, {}, replace(TERMS, interval_s=3.0))

    assert found.estimates[-1].seconds == pytest.approx(90.0)


def test_tokens_are_priced_by_the_bytes_of_question_and_answer() -> None:
    """1,200 bytes are at most 400 tokens of three bytes."""
    terms = replace(TERMS, price=Price(kilo_token=10.0))

    found = forecast({"road": design_of()}, {}, terms)

    assert found.estimates[-1].cost == pytest.approx(30 * 4.0)


@pytest.mark.parametrize("sign", ["x", "\u0001", "\u4e2d"])
def test_a_flood_of_answers_stays_below_the_disk_forecast(tmp_path: Path, sign: str) -> None:
    """Every answer as long as it may be, and as dear to spell: the disk is bounded."""
    limits = Limits(timeout_s=5, max_answer_bytes=2_000)
    flood = sign * (2_000 // len(sign.encode()))
    terms = replace(TERMS, prompt_bytes=10.0, answer_bytes=2_000)
    assignment = assignment_of(tmp_path, limits=limits)

    result = run(assignment, Function(call=lambda _: flood))

    bound = forecast({"road": design_of()}, {}, terms).disk_bytes
    each = bound / 30
    assert assignment.transcript.stat().st_size <= each * len(result.records)


def test_the_twin_without_a_cap_writes_whatever_it_is_sent(tmp_path: Path) -> None:
    """The plan's cap is what bounds the disk: an answer beyond it is not kept at all."""
    flood, kept = "x" * 200_000, {}
    for cap in (2_000, 1_000_000):
        folder = tmp_path / str(cap)
        folder.mkdir()
        assignment = assignment_of(folder, limits=Limits(timeout_s=5, max_answer_bytes=cap))
        run(assignment, Function(call=lambda _: flood))
        kept[cap] = assignment.transcript.stat().st_size

    assert kept[2_000] < 20_000
    assert kept[1_000_000] > 600_000
