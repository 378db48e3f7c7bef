# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Laws of designs and verdicts, whatever the claim."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comity.errors import InvalidDocument
from comity.evidence.application import application_from_predicate, reveal_from_predicate
from comity.evidence.bank_statement import bank_from_predicate
from comity.evidence.custody import custody_from_predicate
from comity.evidence.finding import finding_from_predicate
from comity.evidence.plan import plan_from_predicate
from comity.evidence.recognition import policy_from_predicate, recognition_from_predicate
from comity.evidence.statistics.calibration import Request, design_for
from comity.evidence.statistics.design import (
    About,
    Design,
    Verdict,
    boundary_of,
    design_from,
    false_recognition,
    numbers_of,
    power_of,
)
from comity.evidence.statistics.eprocess import e_value, evidence, goal_failures, null_failures
from comity.evidence.statistics.lattice import acceptance_of, expected_questions, stops_of
from comity.evidence.statistics.optimum import optimal_design_for
from comity.evidence.statistics.outcome import Score
from comity.evidence.statistics.scores import score_design_for
from comity.evidence.statistics.verdict import decision_of, judge, path_of
from comity.kernel.fields import Fields

CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""The machine may be busy; a law knows no clock."""


@st.composite
def requests(draw: st.DrawFn, largest: int = 90) -> Request:
    """Draw any request that does not contradict itself."""
    size = draw(st.integers(1, largest))
    threshold = Fraction(draw(st.integers(0, 99)), 100)
    goal = Fraction(draw(st.integers(int(threshold * 100) + 1, 100)), 100)
    risk = Fraction(draw(st.integers(1, 300)), 1000)
    power = Fraction(draw(st.integers(50, 99)), 100)
    return Request(size=size, threshold=threshold, goal=goal, risk=risk, power=power)


@st.composite
def designs(draw: st.DrawFn) -> Design:
    """Draw a calibrated design."""
    return design_for(draw(requests()))


@CALM
@given(requests())
def test_every_design_keeps_both_promises_exactly(request: Request) -> None:
    """Risk and power as fractions, for any size, rates, risk and power."""
    design = design_for(request)
    assert false_recognition(design) <= request.risk
    assert power_of(design) >= request.power
    assert design.cap <= request.size


@CALM
@given(designs())
def test_a_design_reads_back_and_leaves_nothing_open(design: Design) -> None:
    """The published integers are the whole design."""
    fields = Fields(design.to_json(), faults=[])
    assert design_from(fields) == design
    fields.finish("not a design", code="evidence.test")
    assert numbers_of(boundary_of(design)) == (design.acceptance, design.rejection)


@CALM
@given(designs(), st.data())
def test_passing_more_never_hurts(design: Design, data: st.DataObject) -> None:
    """Turn a failure into a pass: what was shown stays shown."""
    outcomes = data.draw(st.lists(st.booleans(), max_size=design.size))
    verdict, _, _ = decision_of(design, outcomes)
    for place in range(len(outcomes)):
        better = [*outcomes[:place], True, *outcomes[place + 1 :]]
        if verdict is Verdict.SHOWN:
            assert decision_of(design, better)[0] is Verdict.SHOWN


@CALM
@given(designs(), st.data())
def test_a_verdict_once_reached_stays(design: Design, data: st.DataObject) -> None:
    """Later outcomes, whatever they are, change neither verdict nor numbers."""
    outcomes = data.draw(st.lists(st.booleans(), max_size=design.size))
    more = data.draw(st.lists(st.booleans(), max_size=10))
    judgement = judge(design, outcomes)
    if judgement.verdict is not Verdict.INSUFFICIENT:
        assert judge(design, outcomes + more) == judgement


@CALM
@given(requests(largest=40), st.data())
def test_one_more_question_is_worth_at_most_what_was_held(
    request: Request, data: st.DataObject
) -> None:
    """At any reachable point and any number of passes the null allows."""
    null = null_failures(request.size, request.threshold)
    failures = data.draw(st.integers(null, request.size))
    asked = data.draw(st.integers(0, request.size - 1))
    passes = request.size - failures
    failed = data.draw(st.integers(max(0, asked - passes), min(asked, failures)))
    bet = evidence(request.size, request.threshold, request.goal)
    held = e_value(bet, asked, failed)
    fails = Fraction(failures - failed, request.size - asked)
    after = [e_value(bet, asked + 1, failed + step) for step in (0, 1)]
    assert held is not None
    worth = sum(
        (
            chance * (value or 0)
            for chance, value in zip((1 - fails, fails), after, strict=True)
        ),
        start=Fraction(0),
    )
    assert worth <= held


@CALM
@given(requests())
def test_rates_and_questions_stay_in_range(request: Request) -> None:
    """Probabilities are probabilities and no test asks beyond its cap."""
    design = design_for(request)
    stops = stops_of(boundary_of(design))
    for failures in {
        0,
        goal_failures(request.size, request.goal),
        null_failures(request.size, request.threshold),
        request.size,
    }:
        assert 0 <= acceptance_of(stops, request.size, failures) <= 1
        assert 1 <= expected_questions(stops, request.size, failures) <= design.cap


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "issued",
                    "plan",
                    "root",
                    "size",
                    "categories",
                    "name",
                    "count",
                    "designs",
                    "risk",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=10,
)
READERS: list[Callable[[Any], Any]] = [
    bank_from_predicate,
    application_from_predicate,
    plan_from_predicate,
    reveal_from_predicate,
    finding_from_predicate,
    custody_from_predicate,
    policy_from_predicate,
    recognition_from_predicate,
]


@CALM
@given(JSON, st.sampled_from(READERS))
def test_reading_a_statement_is_total(predicate: object, read: Callable[[Any], Any]) -> None:
    """Any JSON is a statement or a refusal that lists faults, never another exception."""
    try:
        statement = read(predicate)
    except InvalidDocument as error:
        assert error.faults  # noqa: PT017 - both ways out are lawful
    else:
        assert statement.to_predicate() == predicate


@st.composite
def grounds(draw: st.DrawFn) -> Request:
    """Draw a request about a bank or a population, small enough to design in a moment."""
    about = draw(st.sampled_from(About))
    threshold = draw(st.integers(0, 80))
    goal = draw(st.integers(threshold + 15, 100))
    return Request(
        size=draw(st.integers(40, 120)),
        threshold=Fraction(threshold, 100),
        goal=Fraction(goal, 100),
        risk=Fraction(draw(st.integers(10, 300)), 1000),
        power=Fraction(draw(st.integers(1, 95)), 100),
        about=about,
    )


@CALM
@given(grounds(), st.sampled_from([design_for, optimal_design_for]))
def test_whatever_is_found_and_however_it_keeps_both_promises(
    request: Request, find: Callable[[Request], Design]
) -> None:
    """Bank or population, calibrated or optimal; what cannot be had is refused with a hint."""
    try:
        design = find(request)
    except InvalidDocument as error:
        assert request.about is About.POPULATION
        assert error.hint  # noqa: PT017 - both ways out are lawful
        return
    assert false_recognition(design) <= request.risk
    assert power_of(design) >= request.power
    fields = Fields(design.to_json(), faults=[])
    assert design_from(fields) == design


@CALM
@given(
    st.lists(st.integers(0, 4), max_size=12),
    st.sampled_from(About),
    st.integers(1, 3),
    st.integers(1, 4),
)
def test_a_score_raised_never_makes_the_evidence_less(
    quarters: list[int], about: About, raised: int, place: int
) -> None:
    """A better answer never speaks against a system, where it is the last one judged."""
    request = Request(
        size=40,
        threshold=Fraction(1, 2),
        goal=Fraction(3, 4),
        risk=Fraction(1, 100),
        about=about,
    )
    design = score_design_for(request)
    scores = [Score(ppm=250_000 * quarter) for quarter in [*quarters, place - 1]]
    better = [*scores[:-1], Score(ppm=min(1_000_000, scores[-1].ppm + 250_000 * raised))]
    one, other = (path_of(design, path)[-1] for path in (scores, better))
    if one.asked == other.asked == len(scores):
        assert other.e_value is None or (
            one.e_value is not None and other.e_value >= one.e_value
        )
