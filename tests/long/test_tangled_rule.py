# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Rules that nobody can prove anything of are looked at, and let go."""

from fractions import Fraction

import pytest

from comity.council.rule.check import check
from comity.council.rule.floor import Base, Floor, Weights
from comity.council.rule.outcome import State, settle
from comity.council.rule.procedure import Procedure
from comity.council.rule.rule import AtLeast, Leaf, Not, Share

pytestmark = pytest.mark.long
SEATS = tuple(f"s{place}" for place in range(193))


def test_a_rule_of_a_hundred_shares_in_two_tangles_is_looked_at_and_let_go() -> None:
    """What the search cannot prove in its steps it does not claim, and it ends."""
    people = Weights(
        name="people", unit="person", source="made up",
        values={seat: place for place, seat in enumerate(SEATS)},
    )  # fmt: skip
    floor = Floor(seats=frozenset(SEATS), weights={"people": people})
    shares = tuple(
        Leaf(need=Share(of=Base.CAST, least=Fraction(1, place + 2)), by="people")
        for place in range(40)
    )
    tangle = AtLeast(count=20, parts=shares)
    procedure = Procedure(adopts=AtLeast(count=2, parts=(tangle, tangle, Not(part=tangle))))

    assert check(procedure, floor) == ()
    assert settle(procedure, floor).state is State.REJECTED
