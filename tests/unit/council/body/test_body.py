# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

from dataclasses import replace

import pytest

from comity.council.body.body import (
    Body,
    cautions_of,
    floor_of,
    one_each,
    square_root,
    weights_of,
)
from comity.council.rule.floor import Weights
from comity.errors import NotFound

PEOPLE = Weights(name="people", unit="person", source="made up", values={"A": 4, "B": 2})
BODY = Body(
    slug="two",
    title="Two",
    members=("A", "B"),
    groups={"region:North": frozenset({"A"})},
    weights={"people": PEOPLE},
)


def test_a_body_is_a_floor_on_which_nobody_spoke() -> None:
    """A rule decides on the same seats, groups and weights as it is analysed on."""
    floor = floor_of(BODY)
    assert floor.seats == {"A", "B"}
    assert not floor.answers
    assert floor.family("region") == ("region:North",)
    assert floor.weights["people"].values["A"] == 4


def test_square_roots_are_in_thousandths() -> None:
    """Whole numbers stay exact, and the unit says what they are of."""
    root = square_root(PEOPLE)
    assert root.values == {"A": 2000, "B": 1414}
    assert root.unit == "1/1000 of the square root of one person"


def test_every_weight_can_be_had_by_name() -> None:
    """What a page offers is what the library gives."""
    assert weights_of(BODY, "people") is PEOPLE
    assert weights_of(BODY, "people_sqrt") == square_root(PEOPLE)
    assert weights_of(BODY, "one_each") == one_each(BODY)


def test_cautions_on_what_is_not_used_are_left_out() -> None:
    """Who reads about heads need not read about populations."""
    body = replace(BODY, cautions=("c",), cautions_on={"people": "p", "region": "r"})
    assert cautions_of(body, ()) == ("c",)
    assert cautions_of(body, ("people_sqrt",)) == ("c", "p")
    assert cautions_of(body, ("region", "people")) == ("c", "p", "r")


def test_unknown_weights_are_refused_with_what_there_is() -> None:
    """A reader who types a wrong name learns the right ones."""
    with pytest.raises(NotFound) as caught:
        weights_of(BODY, "gold")
    assert caught.value.code == "council.no_weights"
    assert "people, people_sqrt, one_each" in caught.value.hint
