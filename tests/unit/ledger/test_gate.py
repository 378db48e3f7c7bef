# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import pytest

from comity.ledger.gate import (
    Gate,
    Part,
    blocking,
    cheapest,
    fewest,
    is_met,
    minimal_sets,
    names_in,
    without,
)

BLOCS = Gate(
    needed=2,
    parts=(
        Gate(needed=2, parts=("a1", "a2", "a3")),
        Gate(needed=1, parts=("b1", "b2")),
        Gate(needed=None, parts=("c1", "c2")),
    ),
)


@pytest.mark.parametrize(
    ("cosigned", "met"),
    [("a1 a2 b1", True), ("a1 b1 c1", False), ("b2 c1 c2", True), ("a1 a2 a3", False)],
)
def test_groups_are_met_group_by_group(cosigned: str, *, met: bool) -> None:
    """Two of three groups, each by its own number."""
    assert is_met(BLOCS, cosigned.split()) is met
    assert len(names_in(BLOCS)) == 7


def test_what_nobody_can_meet_has_no_smallest_set() -> None:
    """More are asked for than there are; nothing blocks it further."""
    rule = Gate(needed=3, parts=("a", "b"))
    assert fewest(rule) is None
    assert blocking(rule) == frozenset()
    assert not is_met(Gate(needed=None, parts=()), ())


def test_the_smallest_set_takes_the_cheapest_groups() -> None:
    """And the same one each time."""
    assert fewest(BLOCS) == frozenset(("a1", "a2", "b1"))
    dear = cheapest(BLOCS, lambda name: 5 if name.startswith("b") else 1)
    assert dear == frozenset(("a1", "a2", "c1", "c2"))


def test_a_smallest_blocking_set_stops_two_groups() -> None:
    """One of c, and both of b or two of a."""
    stopped = blocking(BLOCS)
    assert len(stopped) == 3
    assert not is_met(BLOCS, names_in(BLOCS) - stopped)


@pytest.mark.parametrize(
    ("rule", "left"),
    [
        ("a", None),
        (Gate(needed=2, parts=("a", "b")), Gate(needed=2, parts=("b",))),
        (Gate(needed=None, parts=("a", "b")), Gate(needed=None, parts=("b",))),
        (Gate(needed=None, parts=(Gate(needed=1, parts=("a",)),)), None),
    ],
)
def test_numbers_stay_when_one_is_taken_out(rule: Part, left: Part | None) -> None:
    """What is left empty goes too."""
    assert without(rule, {"a"}) == left


def test_too_many_sets_are_not_listed() -> None:
    """Half of forty is more than any machine lists."""
    names = tuple(f"w{number}" for number in range(40))
    assert minimal_sets(Gate(needed=20, parts=names), limit=1000) is None
    nested = Gate(needed=1, parts=(Gate(needed=20, parts=names), "x"))
    assert minimal_sets(nested, limit=1000) is None
    listed = minimal_sets(Gate(needed=2, parts=names), limit=1000)
    assert listed is not None
    assert len(listed) == 40 * 39 // 2
