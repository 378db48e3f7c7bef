# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Attempts share one risk by one rule; whoever hides one gains nothing by it."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.errors import NotPermitted
from comity.evidence.attempt import (
    Attempt,
    Fate,
    Sharing,
    aborts,
    carried,
    check_sharing,
    count,
    is_shown,
    next_risk,
)
from comity.evidence.finding import Result
from comity.evidence.statistics.design import Verdict
from comity.kernel.digest import sha256
from comity.kernel.ids import MemberId, Origin
from comity.kernel.reference import Reference

RISK = Fraction(1, 20)
KH, MAKER = MemberId("ab" * 32), MemberId("cd" * 32)


def attempt(
    e_value: str | None = None,
    *,
    fate: Fate = Fate.REPORTED,
    sharing: Sharing | None = Sharing.PRODUCT,
    has_third: bool = False,
    withheld_by: tuple[MemberId, ...] = (),
) -> Attempt:
    """Return an attempt at the category shelter; without an e-value it was not reported."""
    result = Result(
        category="shelter",
        verdict=Verdict.INSUFFICIENT,
        asked=9,
        failed=1,
        e_value=e_value or "",
        lower_bound_ppm=0,
    )
    return Attempt(
        plan=Reference(log=Origin("kh.example/log"), index=1, sha256=sha256(b"plan")),
        tester=KH,
        sharing=sharing,
        has_third=has_third,
        categories=("shelter",),
        fate=fate
        if e_value is not None
        else Fate.UNREPORTED
        if fate is Fate.REPORTED
        else fate,
        withheld_by=withheld_by,
        results=() if e_value is None else (result,),
    )


def test_weighted_attempts_spend_the_risk_and_no_more() -> None:
    """Attempt k runs at risk / (k (k + 1)), whatever came of those before."""
    tried: list[Attempt] = []
    spent = Fraction(0)
    for _ in range(50):
        spent += next_risk(RISK, tried, Sharing.WEIGHTED, "shelter")
        tried.append(attempt("0.00", sharing=Sharing.WEIGHTED))

    assert spent == RISK * Fraction(50, 51)


def test_a_product_starts_from_what_failures_leave() -> None:
    """An attempt worth 1/2 makes the next one twice as hard."""
    tried = [attempt("0.50"), attempt("12.34"), attempt("inf")]

    assert carried(tried, "shelter") == Fraction(1, 2)
    assert next_risk(RISK, tried, Sharing.PRODUCT, "shelter") == RISK / 2


def test_a_surplus_is_not_carried_over() -> None:
    """A version that was good would lend its evidence to a later one that is not."""
    before = carried([attempt("400.00")], "shelter")

    assert before == 1
    assert not is_shown(Fraction(19), before, RISK)
    assert is_shown(Fraction(20), before, RISK)


def test_what_is_hidden_is_worth_nothing_for_ever() -> None:
    """An unreported plan has e-value 0, and no later success multiplies it away."""
    hidden = [attempt()]

    assert carried(hidden, "shelter") == 0
    assert not is_shown(None, carried(hidden, "shelter"), RISK)
    with pytest.raises(NotPermitted, match="was not reported") as refused:
        next_risk(RISK, hidden, Sharing.PRODUCT, "shelter")
    assert refused.value.code == "evidence.attempts"


def test_a_category_nobody_tried_starts_afresh() -> None:
    """Attempts at one category say nothing of another."""
    assert carried([attempt("0.01")], "medical") == 1


@pytest.mark.parametrize("e_value", ["", "a lot", "-1.00", "1e9999", "0x10.00", "7"])
def test_what_is_no_e_value_is_worth_nothing(e_value: str) -> None:
    """A stranger's finding may say anything."""
    assert attempt(e_value or " ").e_value("shelter") == 0


@pytest.mark.parametrize("sharing", [Sharing.WEIGHTED, None])
def test_never_both_rules(sharing: Sharing | None) -> None:
    """Weighing some attempts and multiplying others would spend the risk twice."""
    with pytest.raises(NotPermitted, match="by no second rule"):
        check_sharing([attempt("1.00", sharing=sharing)], Sharing.PRODUCT)


def test_a_testers_own_abort_is_not_the_providers_attempt() -> None:
    """It withheld before anything was asked; it is charged itself."""
    dropped = attempt(fate=Fate.TESTER, withheld_by=(KH,))
    withheld = attempt(fate=Fate.PROVIDER, withheld_by=(MAKER,))

    assert count([dropped, withheld]) == 1
    assert aborts([dropped, dropped, withheld]) == {KH: 2, MAKER: 1}
    assert carried([dropped], "shelter") == 1


def test_with_a_third_every_plan_counts() -> None:
    """Two parties that agree could else wait for the third and drop what they dislike."""
    for fate in (Fate.TESTER, Fate.THIRD, Fate.PROVIDER, Fate.UNREPORTED):
        assert attempt(fate=fate, has_third=True).is_counted


E_VALUES = st.lists(
    st.integers(0, 5_000).map(lambda n: f"{n // 100}.{n % 100:02d}"), max_size=6
)


@given(E_VALUES)
def test_no_order_of_attempts_and_no_further_one_helps(values: list[str]) -> None:
    """What is carried over only falls, and does not depend on the order."""
    tried = [attempt(value) for value in values]

    assert carried(tried, "shelter") == carried(tried[::-1], "shelter")
    assert all(
        carried(tried[: place + 1], "shelter") <= carried(tried[:place], "shelter") <= 1
        for place in range(len(tried))
    )
