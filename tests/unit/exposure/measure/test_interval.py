# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from comity.exposure.measure.interval import Interval, known

SHARES = st.fractions(min_value=0, max_value=1, max_denominator=10_000)


@settings(max_examples=50, deadline=None)
@given(SHARES, SHARES, st.sampled_from([100, 10_000]))
def test_a_written_range_holds_all_that_the_range_holds(
    one: Fraction, other: Fraction, unit: int
) -> None:
    """Rounded to the nearest, an end would say that something cannot be which can."""
    open_ = Interval(least=min(one, other), most=max(one, other))
    for low, high in (open_.digits(unit), open_.whole(unit)):
        if not open_.is_known:
            assert Fraction(low) <= open_.least * unit
            assert open_.most * unit <= Fraction(high)


def test_a_known_figure_is_written_once() -> None:
    """To the nearest: rounded outward, it would read as open."""
    assert known(Fraction(2, 3)).digits(100) == ("66.7", "66.7")
    assert known(Fraction(2, 3)).whole(10_000) == (6_667, 6_667)
    assert known(Fraction(0)).digits(100) == ("0", "0")
    assert known(Fraction(1)).digits(100) == ("100", "100")
