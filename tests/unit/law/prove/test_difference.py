# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import pytest

from comity.law.pack import Library
from comity.law.prove.bound import sides_of
from comity.law.prove.difference import Difference, differences
from comity.law.prove.relation import Lie, Relating


@pytest.fixture(scope="module")
def found(library: Library) -> dict[str, Difference]:
    """Return what differs between two regimes, by conduct."""
    relating = Relating(library=library)
    relations = relating.relations(sides_of(library, ("EU", "CHN")))
    return {each.conduct: each for each in differences(relations, relating.deeds)}


def test_the_stricter_of_two_figures_wins(found: dict[str, Difference]) -> None:
    """Both are told, and which satisfies both."""
    notice = found["notice"]
    assert (notice.first.bound, notice.second.bound) == (72, 24)
    assert notice.lie is Lie.SUBSET
    assert notice.stricter == notice.second


def test_a_conflict_is_no_difference(found: dict[str, Difference]) -> None:
    """It stands among the conflicts."""
    assert set(found) == {"notice"}


def test_a_difference_names_its_norms(found: dict[str, Difference]) -> None:
    """With how their triggers lie to each other."""
    plain = found["notice"].to_json()
    assert isinstance(plain, dict)
    assert plain["norms"] == [
        {"first": "eu.x.notice", "second": "chn.x.notice", "trigger": "equal"}
    ]


def test_inside_one_side_a_pair_is_told_once(library: Library) -> None:
    """Whichever way round the norms come."""
    relating = Relating(library=library)
    relations = list(relating.relations(sides_of(library, ("EU", "CHN"))))
    both = [*relations, *(each.reversed for each in relations)]
    assert [each.conduct for each in differences(both, relating.deeds)] == ["notice"]
