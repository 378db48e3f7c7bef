# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Concentration of supply: exact, and honest about what nobody said."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.errors import InvalidDocument
from comity.exposure.concentration import PPM, Concentration, concentrate
from comity.exposure.material import Material


def part(jurisdiction: str | None, share_ppm: int | None = None) -> Material:
    """Make a chip from somewhere."""
    return Material(layer="chips", name="chip", jurisdiction=jurisdiction, share_ppm=share_ppm)


def only(systems: list[list[Material]]) -> Concentration:
    """Return the one layer's concentration."""
    (found,) = concentrate(systems)
    return found


def test_one_supplier_of_everything_has_index_one() -> None:
    """The index is 1 exactly when one jurisdiction supplies all."""
    found = only([[part("USA")], [part("USA")]])

    assert found.least == found.most == 1


def test_two_equal_suppliers_have_index_one_half() -> None:
    """Sum of squares of two halves, whether within a system or across systems."""
    assert only([[part("USA"), part("CHN")]]).least == Fraction(1, 2)
    assert only([[part("USA")], [part("CHN")]]).most == Fraction(1, 2)


def test_unknown_stays_an_interval() -> None:
    """A supplier nobody named may be anyone: the index lies between two bounds."""
    found = only([[part("USA", 600_000)]])

    assert found.unknown == Fraction(4, 10)
    assert found.least == Fraction(36, 100)
    assert found.most == 1


def test_shares_above_the_whole_are_refused() -> None:
    """A mistake in a bill of materials is not normalised away."""
    with pytest.raises(InvalidDocument, match="more than the whole"):
        concentrate([[part("USA", PPM), part("CHN", 1)]])


@given(
    st.lists(
        st.tuples(st.sampled_from(["USA", "CHN", "EU", None]), st.integers(0, 250_000)),
        min_size=1,
        max_size=4,
    )
)
def test_the_interval_holds_every_completion_by_one_jurisdiction(
    rows: list[tuple[str | None, int]],
) -> None:
    """Whoever turns out to own the unknown part, the true index was inside the bounds."""
    found = only([[part(where, share) for where, share in rows]])
    assert sum(found.shares.values()) + found.unknown == 1
    for owner in (*found.shares, "NZL"):
        shares = dict(found.shares)
        shares[owner] = shares.get(owner, Fraction(0)) + found.unknown
        index = sum(share * share for share in shares.values())
        assert found.least <= index <= found.most
