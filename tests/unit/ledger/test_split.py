# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

from comity.ledger.gate import Gate, is_met
from comity.ledger.split import find_split, passes_by_formula, strength_of

SEVEN = tuple("abcdefg")


def test_five_of_seven_withstands_two() -> None:
    """Two may lie, or two may be absent: the first quorum worth demanding."""
    found = strength_of(Gate(needed=5, parts=SEVEN))
    assert (found.witnesses, found.needed, found.lying, found.absent) == (7, 5, 2, 2)
    assert found.both == 2


def test_five_of_eight_is_a_trap() -> None:
    """Two liars and both views pass."""
    assert strength_of(Gate(needed=5, parts=(*SEVEN, "h"))).lying == 1


def test_two_readers_of_one_federation_may_still_be_split() -> None:
    """Each rule is safe alone; together they share too few witnesses."""
    one = Gate(needed=3, parts=tuple("abcd"))
    other = Gate(needed=3, parts=tuple("defg"))
    split = find_split(one, other)
    assert split is not None
    assert split.colluders == frozenset()
    assert is_met(one, split.first)
    assert is_met(other, split.second)
    assert passes_by_formula(one, other, 0)


def test_what_cannot_be_met_cannot_be_split() -> None:
    """And says so by having no example."""
    never = Gate(needed=3, parts=("a", "b"))
    assert find_split(never, Gate(needed=1, parts=("a",))) is None
    assert strength_of(never).lying is None
    assert strength_of(None).witnesses == 0
    assert strength_of(None).both == 0


def test_a_search_beyond_its_bound_uses_the_other_side_or_gives_up() -> None:
    """Large against small is searched from the small side; large against large is not."""
    names = tuple(f"w{number}" for number in range(40))
    large = Gate(needed=20, parts=names)
    small = Gate(needed=2, parts=names[:3])
    split = find_split(large, small)
    assert split is not None
    assert is_met(large, split.first)
    assert is_met(small, split.second)
    assert find_split(large, Gate(needed=21, parts=names)) is None
