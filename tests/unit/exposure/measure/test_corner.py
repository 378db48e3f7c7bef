# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The greatest sum of squares, held against every corner tried one by one."""

from fractions import Fraction
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from comity.exposure.measure.corner import greatest
from comity.exposure.measure.holding import Holding

NAMES = ("a", "b", "c", "d", "?u")

amounts = st.integers(0, 12).map(lambda n: Fraction(n, 12))
rests = st.tuples(st.frozensets(st.sampled_from(NAMES), min_size=2, max_size=3), amounts)
holdings = st.builds(
    lambda fixed, loose, unnamed: Holding(fixed=fixed, loose=tuple(loose), unnamed=unnamed),
    st.dictionaries(st.sampled_from(NAMES), amounts),
    st.lists(rests, max_size=4),
    amounts,
)


def every_corner(holding: Holding) -> Fraction:
    """Return the greatest sum of squares by trying everything, unknown holders included.

    A holder nobody named, what is unnamed and each rest fall to one holder each; a stranger
    stands for whoever is not among the named.
    """
    named = sorted(
        {*holding.fixed, *(name for names, _ in holding.loose for name in names), "stranger"}
    )
    best = 0
    for known_as, unnamed, *falls in product(
        named, named, *(sorted(names) for names, _ in holding.loose)
    ):
        totals = dict.fromkeys(named, 0)
        for name, share in holding.fixed.items():
            totals[known_as if name[0] == "?" else name] += int(12 * share)
        for name, (_, share) in zip(falls, holding.loose, strict=True):
            totals[known_as if name[0] == "?" else name] += int(12 * share)
        totals[unnamed] += int(12 * holding.unnamed)
        best = max(best, sum(share * share for share in totals.values()))
    return Fraction(best, 144)


@settings(max_examples=40, deadline=None)
@given(holdings)
def test_no_corner_lies_higher_and_one_lies_there(holding: Holding) -> None:
    """What is left out as outdone, and tangles looked at apart, change nothing."""
    assert greatest(holding) == (every_corner(holding), True)


@settings(max_examples=40, deadline=None)
@given(holdings)
def test_a_bound_lies_above_every_corner(holding: Holding) -> None:
    """Where corners are too many to try, the figure may be too high, never too low."""
    found, is_exact = greatest(holding, tries=1)

    assert found >= every_corner(holding)
    assert not is_exact or found == every_corner(holding)
