# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What others do with evidence, beside what we do: exact rates of false recognition.

Each forbidden use is shown to break the risk it promises, on the same bank as its honest twin
keeps it. docs/spec/evidence.md, "Which null each combination refutes".
"""

from fractions import Fraction
from math import comb, prod

import pytest

from comity.errors import NotPermitted
from comity.evidence.claim import Claim
from comity.evidence.combine import Part, attempt_risk, multiply
from comity.evidence.statistics.calibration import Request, design_for
from comity.evidence.statistics.design import Design, Verdict, boundary_of
from comity.evidence.statistics.eprocess import e_value, evidence, null_failures
from comity.evidence.statistics.lattice import acceptance_of, stops_of, without_rejection
from comity.kernel.digest import sha256

SIZE, RISK = 60, Fraction(1, 20)
THRESHOLD, GOAL, POWER = Fraction(8, 10), Fraction(97, 100), Fraction(9, 10)
NULL = null_failures(SIZE, THRESHOLD)


def _design(size: int = SIZE, risk: Fraction = RISK) -> Design:
    return design_for(
        Request(size=size, threshold=THRESHOLD, goal=GOAL, risk=risk, power=POWER)
    )


def _shown(design: Design, failing: int) -> Fraction:
    """Return the exact chance of "shown" with so many failing items, rejections ignored."""
    stops = stops_of(without_rejection(boundary_of(design)))
    accepting = [stop for stop in stops if stop.accepted]
    return acceptance_of(accepting, design.size, failing)


def _first_half(failed: int) -> Fraction:
    """Return the chance that so many of the failing items lie in the first half drawn."""
    half = SIZE // 2
    ways = comb(NULL, failed) * comb(SIZE - NULL, half - failed)
    return Fraction(ways, comb(SIZE, half))


def test_starting_afresh_on_what_is_left_breaks_the_risk() -> None:
    """Opened failures are gone, so the rest is better than the bank the claim speaks of."""
    rest = _design(SIZE - SIZE // 2)
    afresh = sum(
        _first_half(failed) * _shown(rest, NULL - failed) for failed in range(NULL + 1)
    )
    assert afresh > Fraction(13, 10) * RISK
    assert _shown(_design(), NULL) <= RISK  # going on with the first draw, at any stop


def test_attempts_that_share_no_risk_break_it() -> None:
    """Two tries at 5 % are 9.75 %; weighted, any number of them stays within 5 %."""
    once = _shown(_design(), NULL)
    tries = 20
    assert 1 - (1 - once) ** 2 > Fraction(18, 10) * RISK
    weighted = [_shown(_design(risk=attempt_risk(RISK, k)), NULL) for k in (1, 2, 3)]
    assert 1 - prod(1 - chance for chance in weighted) <= RISK
    assert sum(attempt_risk(RISK, k) for k in range(1, tries + 1)) <= RISK


def test_a_pooled_rate_hides_a_category_at_its_threshold() -> None:
    """Four perfect categories carry a fifth; each for itself, the fifth keeps its risk."""
    pooled = _design(5 * SIZE)
    assert _shown(pooled, NULL) > Fraction(9, 10)
    each = _shown(_design(), 0) ** 4 * _shown(_design(), NULL)
    assert each <= RISK


def test_the_best_category_does_not_speak_for_all() -> None:
    """Whoever recognises the whole by its best category is almost always wrong."""
    best = 1 - (1 - _shown(_design(), 0)) * (1 - _shown(_design(), NULL))
    assert best > Fraction(9, 10)


def test_a_product_over_banks_refutes_only_below_on_all_of_them() -> None:
    """A system perfect on one bank and at the threshold on another passes by the product."""
    mixture, asked = evidence(SIZE, THRESHOLD, GOAL), 10
    perfect = e_value(mixture, asked, 0)
    assert perfect is not None
    passing = Fraction(0)
    for failed in range(asked + 1):
        value = e_value(mixture, asked, failed)
        ways = comb(NULL, failed) * comb(SIZE - NULL, asked - failed)
        if value is None or perfect * value >= 1 / RISK:
            passing += Fraction(ways, comb(SIZE, asked))
    assert passing > Fraction(13, 10) * RISK  # as a claim about the second bank it is wrong


def _part(bank: bytes, verdict: Verdict, value: Fraction) -> Part:
    claim = Claim(
        bank_root=sha256(bank), scorer="exact/1", system=sha256(b"system"), category="road",
        threshold=THRESHOLD,
    )  # fmt: skip
    return Part(claim=claim, e_value=value, verdict=verdict)


def test_what_would_break_the_risk_is_refused() -> None:
    """One's own "not shown" is not outvoted, and one bank is not multiplied with itself."""
    high, low = Fraction(100), Fraction(1, 100)
    other, own = _part(b"a", Verdict.SHOWN, high), _part(b"b", Verdict.NOT_SHOWN, low)
    with pytest.raises(NotPermitted, match="cannot outvote"):
        multiply([other], own=own)
    with pytest.raises(NotPermitted, match="continue the draw"):
        multiply([other, _part(b"a", Verdict.SHOWN, high)])
    assert multiply([other, _part(b"c", Verdict.NOT_SHOWN, Fraction(0))]) == 0
