# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A second tester goes on where the first stopped, at its own risk, or not at all."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import combinations
from math import comb

import pytest

from comity.errors import NotPermitted, VerificationFailed
from comity.evidence.claim import Claim
from comity.evidence.combine import (
    Part,
    Stretch,
    attempt_risk,
    continuation_design,
    continue_draw,
    multiply,
)
from comity.evidence.statistics.calibration import Request, design_for
from comity.evidence.statistics.design import Verdict
from comity.evidence.statistics.eprocess import null_failures
from comity.evidence.statistics.kind import AnyDesign
from comity.evidence.statistics.verdict import decision_of
from comity.kernel.digest import sha256

CLAIM = Claim(
    bank_root=sha256(b"bank"),
    scorer="equals/1",
    system=sha256(b"system"),
    category="shelter",
    threshold=Fraction(9, 10),
)
FIRST = design_for(Request(size=64, threshold=Fraction(9, 10), goal=Fraction(97, 100)))
OWN = continuation_design(FIRST, Fraction(1, 100))
SEED = sha256(b"seed")


def stretch(first_draw: int, outcomes: list[bool], claim: Claim = CLAIM) -> Stretch:
    """Return outcomes of the claim from one draw on."""
    return Stretch(claim=claim, seed=SEED, first_draw=first_draw, outcomes=tuple(outcomes))


def go_on(outcomes: list[bool], first: AnyDesign, own: AnyDesign) -> Verdict:
    """Let one tester stop by its design and another continue over the same order."""
    _, stopped, _ = decision_of(first, outcomes)
    claim = replace(CLAIM, threshold=own.threshold)
    before = stretch(1, outcomes[:stopped], claim)
    return continue_draw(before, stretch(stopped + 1, outcomes[stopped:], claim), own).verdict


def test_a_perfect_system_is_recognised_for_a_few_more_questions() -> None:
    """Five percent to one percent costs eight items of 64, not a new test."""
    _, stopped, _ = decision_of(FIRST, [True] * 64)
    first = stretch(1, [True] * stopped)
    judgement = continue_draw(first, stretch(stopped + 1, [True] * 10), OWN)
    assert judgement.verdict is Verdict.SHOWN
    assert judgement.asked - stopped <= 9


def test_too_few_further_questions_are_insufficient() -> None:
    """The stricter risk is not had for nothing."""
    _, stopped, _ = decision_of(FIRST, [True] * 64)
    judgement = continue_draw(stretch(1, [True] * stopped), stretch(stopped + 1, []), OWN)
    assert judgement.verdict is Verdict.INSUFFICIENT


@pytest.mark.parametrize("size", [12, 14])
def test_the_second_testers_risk_is_its_own_over_every_order(size: int) -> None:
    """Enumerate every order at the threshold: wrong "shown" stays within its risk."""
    request = Request(
        size=size, threshold=Fraction(1, 2), goal=Fraction(9, 10), risk=Fraction(1, 5)
    )
    first = design_for(request)
    own = continuation_design(first, Fraction(1, 20))
    failures = null_failures(size, first.threshold)
    wrong = sum(
        go_on([n not in failing for n in range(size)], first, own) is Verdict.SHOWN
        for failing in combinations(range(size), failures)
    )
    assert Fraction(wrong, comb(size, failures)) <= own.risk


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (lambda own: replace(own, seed=sha256(b"other")), "seed"),
        (
            lambda own: replace(own, claim=replace(CLAIM, bank_root=sha256(b"b"))),
            "claim.bank_root",
        ),
        (lambda own: replace(own, claim=replace(CLAIM, scorer="lenient/1")), "claim.scorer"),
        (lambda own: replace(own, claim=replace(CLAIM, system=sha256(b"v2"))), "claim.system"),
        (lambda own: replace(own, claim=replace(CLAIM, category="rescue")), "claim.category"),
        (lambda own: replace(own, first_draw=1), "own.first_draw"),
        (lambda own: replace(own, first_draw=own.first_draw + 1), "own.first_draw"),
        (
            lambda own: replace(own, claim=replace(CLAIM, threshold=Fraction(95, 100))),
            "design.threshold",
        ),
    ],
)
def test_what_is_not_one_draw_is_refused_with_the_part_that_differs(
    change: Callable[[Stretch], Stretch], place: str
) -> None:
    """A fresh test on the same bank, a gap, another version: none of them continues."""
    first, own = stretch(1, [True] * 23), stretch(24, [True] * 8)
    with pytest.raises(VerificationFailed) as caught:
        continue_draw(first, change(own), OWN)
    assert caught.value.place == place


def test_a_path_without_its_beginning_is_refused() -> None:
    """The first questions are the ones a tester would like to leave out."""
    with pytest.raises(VerificationFailed) as caught:
        continue_draw(stretch(2, [True]), stretch(3, [True]), OWN)
    assert caught.value.place == "first.first_draw"


def test_one_may_go_on_where_the_first_gave_up() -> None:
    """Futility is not binding, so "not shown" elsewhere binds nobody and helps nobody."""
    given_up = [False] + [True] * 5
    judgement = continue_draw(stretch(1, given_up), stretch(7, [True] * 58), OWN)
    assert judgement.verdict is decision_of(OWN, given_up + [True] * 58)[0]


def test_a_continuation_leaves_nothing_to_choose() -> None:
    """Threshold, goal and power come from the first plan, the numbers from these."""
    assert OWN.threshold == FIRST.threshold
    assert OWN.goal == FIRST.goal
    assert OWN.power == FIRST.power
    assert OWN.risk == Fraction(1, 100)
    assert continuation_design(FIRST, FIRST.risk) == FIRST


def part(bank: bytes, value: int, verdict: Verdict = Verdict.SHOWN) -> Part:
    """Return one test's part in a product."""
    claim = replace(CLAIM, bank_root=sha256(bank))
    return Part(claim=claim, e_value=Fraction(value), verdict=verdict)


def test_tests_on_different_banks_multiply() -> None:
    """Fairly drawn banks of one population are independent evidence."""
    assert multiply([part(b"a", 5), part(b"b", 6)], own=part(b"c", 2)) == 60


def test_an_unreported_test_counts_as_zero() -> None:
    """Otherwise only the good ones would be reported."""
    assert multiply([part(b"a", 100), part(b"b", 0)]) == 0


def test_two_tests_of_one_bank_are_not_multiplied() -> None:
    """What the first opened is public, so the second would ask what may have been learnt."""
    with pytest.raises(NotPermitted, match="continue the draw"):
        multiply([part(b"a", 5), part(b"a", 6)])
    with pytest.raises(NotPermitted, match="continue the draw"):
        multiply([part(b"a", 5)], own=part(b"a", 6))


def test_who_found_it_not_shown_cannot_be_outvoted() -> None:
    """A product refutes only "failed everywhere"; it failed here."""
    with pytest.raises(NotPermitted, match="own test did not show"):
        multiply([part(b"a", 500)], own=part(b"b", 1, Verdict.NOT_SHOWN))


def test_different_categories_are_not_multiplied() -> None:
    """Strength in one category does not make up for another."""
    other = part(b"b", 6)
    with pytest.raises(NotPermitted):
        multiply([part(b"a", 5), replace(other, claim=replace(other.claim, category="x"))])


def test_attempts_together_stay_within_the_risk() -> None:
    """A provider that tries again and again must not get there by trying."""
    risk = Fraction(1, 20)
    assert attempt_risk(risk, 1) == Fraction(1, 40)
    assert sum(attempt_risk(risk, k) for k in range(1, 500)) < risk
    with pytest.raises(NotPermitted):
        attempt_risk(risk, 0)
