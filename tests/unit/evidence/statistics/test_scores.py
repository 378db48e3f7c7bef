# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Scores are bet on: exact e-values, bounds that hold whenever one stops."""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import permutations, product

import pytest
from tests.fakes.ending import nearest

from comity.errors import InvalidDocument
from comity.evidence.statistics.bet import bet_on
from comity.evidence.statistics.design import About, Verdict
from comity.evidence.statistics.eprocess import EVIDENCE_WEIGHTS, e_value, evidence
from comity.evidence.statistics.kind import any_design_from, as_counted
from comity.evidence.statistics.outcome import WHOLE_PPM, Outcome, Score
from comity.evidence.statistics.path import begin, follow
from comity.evidence.statistics.request import Request
from comity.evidence.statistics.score_bound import score_bound_ppm
from comity.evidence.statistics.scores import ScoreDesign, ScorePath, score_design_for
from comity.evidence.statistics.verdict import judge, path_of
from comity.kernel.fields import Fields

HALF = Score(ppm=500_000)


def design(size: int = 40, *, about: About = About.BANK) -> ScoreDesign:
    """Return a design for a mean above 1/2, with a goal of 3/4."""
    return score_design_for(
        Request(
            size=size,
            threshold=Fraction(1, 2),
            goal=Fraction(3, 4),
            risk=Fraction(1, 10),
            about=about,
        )
    )


@pytest.mark.parametrize("outcomes", list(product((True, False), repeat=5)), ids=str)
def test_of_passes_and_failures_the_bet_is_the_likelihood_ratio(
    outcomes: tuple[bool, ...],
) -> None:
    """Wherever the counts of the hypotheses are whole, the two evidences are one."""
    bet = bet_on(
        40, Fraction(1, 2), (Fraction(3, 4), Fraction(7, 8), Fraction(1)), EVIDENCE_WEIGHTS
    )
    for outcome in outcomes:
        bet = bet.after(WHOLE_PPM if outcome else 0)
    mixture = evidence(40, Fraction(1, 2), Fraction(3, 4))
    assert bet.value == e_value(mixture, len(outcomes), outcomes.count(False))


def test_no_bank_at_the_threshold_lets_the_evidence_grow_on_average() -> None:
    """Every order of a small bank of scores whose mean is the threshold, at every question."""
    scores = (0, 250_000, 500_000, 750_000, 1_000_000)
    bank = (*scores,)
    orders = list(permutations(bank))
    for asked in range(len(bank) + 1):
        total = Fraction(0)
        for order in orders:
            bet = bet_on(
                5, Fraction(1, 2), (Fraction(3, 4), Fraction(1)), (Fraction(1, 2),) * 2
            )
            for ppm in order[:asked]:
                bet = bet.after(ppm)
            assert bet.value is not None
            total += bet.value
        assert total <= len(orders)


def test_scores_the_threshold_forbids_refute_it_for_ever() -> None:
    """Ten items whose sum is at most five: six whole scores cannot be."""
    bet = bet_on(10, Fraction(1, 2), (Fraction(1),), (Fraction(1),))
    for _ in range(6):
        bet = bet.after(WHOLE_PPM)
    assert bet.value is None
    assert bet.after(0).value is None


@pytest.mark.parametrize("about", About)
def test_good_scores_show_bad_ones_do_not_and_the_cap_ends(about: About) -> None:
    """Three ends, and nothing after the first changes anything."""
    wanted = design(200, about=about)
    good, bad = ([Score(ppm=ppm)] * 200 for ppm in (900_000, 300_000))
    assert judge(wanted, good).verdict is Verdict.SHOWN
    assert judge(wanted, bad).verdict is Verdict.NOT_SHOWN
    short = judge(replace(wanted, cap=4), [Score(ppm=600_000)] * 200)
    assert (short.verdict, short.asked) == (Verdict.NOT_SHOWN, 4)
    assert judge(wanted, [*good, *bad]) == judge(wanted, good)


def test_shown_is_the_e_value_reaching_one_over_the_risk() -> None:
    """Ville's inequality, and nothing calibrated."""
    points = path_of(design(200), [Score(ppm=900_000)] * 200)
    assert points[-1].e_value is not None
    assert points[-1].e_value >= 10
    assert all(point.e_value is not None and point.e_value < 10 for point in points[:-1])


def sequences(length: int) -> Iterator[tuple[Outcome, ...]]:
    """Yield every sequence of three scores."""
    return product((False, HALF, True), repeat=length)


def test_no_population_at_the_threshold_is_shown_more_often_than_the_risk() -> None:
    """Every sequence of three scores of mean 1/2, weighed; shown at any question counts."""
    wanted = replace(design(2000, about=About.POPULATION), cap=8)
    shown = sum(follow(wanted, outcomes).verdict is Verdict.SHOWN for outcomes in sequences(8))
    assert Fraction(shown, 3**8) <= wanted.risk


def test_the_bound_errs_no_more_often_than_the_risk() -> None:
    """The mean is 1/2 exactly: a bound above it is wrong, wherever the test ended."""
    wanted = replace(design(2000, about=About.POPULATION), threshold=Fraction(1, 4), cap=7)
    wrong = 0
    for outcomes in sequences(7):
        path = follow(wanted, outcomes)
        seen, accepted = outcomes[: path.asked], path.verdict is Verdict.SHOWN
        wrong += score_bound_ppm(wanted, seen, accepted=accepted) > 500_000
    assert Fraction(wrong, 3**7) <= wanted.risk


@pytest.mark.parametrize("about", About)
@pytest.mark.parametrize("ppm", [300_000, 550_000, 800_000, 1_000_000])
def test_a_bound_is_below_the_mean_and_above_the_threshold_if_shown(
    ppm: int, about: About
) -> None:
    """Constant scores have no spread, yet nothing beyond them is claimed."""
    wanted = design(300, about=about)
    judged = judge(wanted, [Score(ppm=ppm)] * 300)
    assert judged.lower_bound_ppm <= ppm == judged.mean_ppm
    assert (judged.lower_bound_ppm >= 500_000) == (judged.verdict is Verdict.SHOWN)


def test_a_census_bounds_a_bank_nearly_by_its_mean() -> None:
    """Who has asked nearly everything knows nearly everything."""
    wanted = replace(design(60), cap=60, power=Fraction(999_999, 1_000_000))
    path = [Score(ppm=600_000)] * 60
    whole = score_bound_ppm(wanted, path, accepted=True)
    assert 590_000 <= whole <= 600_000


def test_a_design_reads_back_and_names_its_kind() -> None:
    """A reader of numbers must not take it for one without any."""
    for wanted in (design(), design(about=About.POPULATION)):
        fields = Fields(wanted.to_json(), faults=[])
        assert any_design_from(fields) == wanted
        assert not fields.faults
        assert (wanted.acceptance, wanted.rejection) == ((), ())


def test_every_fault_of_a_design_is_named() -> None:
    """A stranger wrote it."""
    said = {**design().to_json(), "cap": 41, "goal": {"num": 1, "den": 3}}
    fields = Fields({**said, "risk": {"num": 0, "den": 1}}, faults=[])
    any_design_from(fields)
    assert len(fields.faults) == 3


def test_a_request_that_contradicts_itself_is_refused() -> None:
    """As for counts, in the same words."""
    with pytest.raises(InvalidDocument, match="not above the threshold"):
        score_design_for(Request(size=9, threshold=Fraction(1, 2), goal=Fraction(1, 3)))


def test_a_window_ends_where_a_verdict_may_fall() -> None:
    """More at a time would show items that may not be needed."""
    path = begin(design(200))
    soonest = path.find_end(range(1, 200))
    assert soonest is not None
    for outcome in (True, False):
        walked = begin(design(200))
        for _ in range(soonest - 1):
            walked = walked.after(outcome)
            assert walked.verdict is Verdict.INSUFFICIENT


def test_scores_between_end_only_once_the_evidence_has_fallen() -> None:
    """They speak against the goal and for the claim: the window looks for both."""
    wanted = replace(design(300), power=Fraction(3, 5), risk=Fraction(1, 10**6))
    path, between = begin(wanted), 0
    for _ in range(60):
        assert isinstance(path, ScorePath)
        is_futile = path.futility.reaches(wanted.futile_from)
        between += is_futile and path.verdict is Verdict.INSUFFICIENT
        for first in (0, 1, 8):
            counts = range(first, 16)
            assert path.find_end(counts) == nearest(path, wanted.cap, counts)
        path = path.after(Score(ppm=620_000))
    assert between > 8


def test_counted_it_is_the_same_test_of_passes() -> None:
    """Forecasts and pictures of a test of scores rest on this."""
    wanted = design(200)
    counted = as_counted(wanted)
    assert as_counted(counted) is counted
    for outcomes in product((True, False), repeat=8):
        assert follow(counted, outcomes).verdict is follow(wanted, outcomes).verdict
