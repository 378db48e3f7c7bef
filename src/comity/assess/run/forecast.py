# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What a run will take, before anything of the bank is asked: questions, time, money, disk.

Expected questions follow from each design's own numbers, for a perfect system, one at the
goal, one at the threshold, and at most. Time and money are these questions at the latency of
a greeting and at prices the tester names; both say so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from comity.evidence.statistics.design import Design, boundary_of
from comity.evidence.statistics.eprocess import aim_of, null_of
from comity.evidence.statistics.lattice import characteristic

BYTES_A_TOKEN = 3
"""On the dear side: English runs to about four bytes a token, other scripts to fewer."""

RECORD_BYTES = 1_024
"""What a record holds beside question and answer: salt, path, digests, names."""

_ESCAPED = 6
"""JSON may spell one byte of an answer as six, as in \\u0001."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What a service asks for being asked.

    Args:
        question: For each question.
        kilo_token: For each thousand tokens, of question and answer together.
    """

    question: float = 0.0
    kilo_token: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What the estimates rest on.

    Args:
        latency_s: Seconds the subject took to greet.
        width: Questions on their way at a time.
        interval_s: Least seconds between two questions, by the plan's rate or a lower one.
        prompt_bytes: Of a question of the bank, on the average.
        answer_bytes: Of an answer, at most.
        price: What the service asks for.
    """

    latency_s: float
    width: int
    interval_s: float
    prompt_bytes: float
    answer_bytes: int
    price: Price


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What a run of so many questions takes.

    Args:
        of: Which system this is expected of: "perfect", "goal", "threshold"; "most" is the
            plan's limit whatever the system.
        cost: In the currency of the price.
    """

    of: str
    questions: float
    seconds: float
    cost: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What a whole run takes.

    Args:
        estimates: From a perfect system to the most.
        by_category: Questions expected of a system at the goal, further ones only.
        disk_bytes: Of the transcript at most, were every answer as long as the plan allows
            and spelled as badly as JSON can; the evidence of a report takes as much again.
    """

    estimates: tuple[Estimate, ...]
    by_category: Mapping[str, float]
    disk_bytes: int


def forecast(designs: Mapping[str, Design], asked: Mapping[str, int], terms: Terms) -> Forecast:
    """Say what a run will take.

    Args:
        designs: By category, those that are still open.
        asked: By category, questions that stand already; they are not asked again.
    """
    expected = {name: _expected(design) for name, design in designs.items()}
    done = {name: asked.get(name, 0) for name in designs}
    rows = {
        of: {name: max(0.0, many[place] - done[name]) for name, many in expected.items()}
        for place, of in enumerate(("perfect", "goal", "threshold", "most"))
    }
    most = round(sum(rows["most"].values()))
    each = RECORD_BYTES + round(_ESCAPED * (terms.prompt_bytes + terms.answer_bytes))
    return Forecast(
        estimates=tuple(_estimate(of, sum(many.values()), terms) for of, many in rows.items()),
        by_category={name: many[1] for name, many in expected.items()},
        disk_bytes=most * each,
    )


def _expected(design: Design) -> Sequence[float]:
    failing = (
        0,
        aim_of(design.extent, design.goal),
        null_of(design.extent, design.threshold),
    )
    found = characteristic(boundary_of(design), design.extent, failing)
    return (*(float(one) for one in found.expected), float(design.cap))


def _estimate(of: str, questions: float, terms: Terms) -> Estimate:
    each_s = max(terms.latency_s / terms.width, terms.interval_s)
    tokens = (terms.prompt_bytes + terms.answer_bytes) / BYTES_A_TOKEN
    each = terms.price.question + terms.price.kilo_token * tokens / 1000
    return Estimate(
        of=of,
        questions=questions,
        seconds=questions * each_s,
        cost=questions * each,
    )
