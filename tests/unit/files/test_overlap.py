# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What nearly stands in a public bank is counted, names and numbers aside."""

import pytest

from comity.evidence.bank import Item
from comity.files.overlap import overlaps


def item(prompt: str, position: int = 0) -> Item:
    """Return an item."""
    return Item(
        position=position, category="road", prompt=prompt, reference="", scorer="declines/1"
    )


LONG = "The bridge over the river near the old mill is closed to all traffic until Friday noon"


@pytest.mark.parametrize(
    "other",
    [
        "Take route 7 to Maputo now.",
        "take  route 12 to Maputo now",
        "Take route 3 to Porto Alegre now!",
    ],
)
def test_names_and_numbers_make_no_difference(other: str) -> None:
    """A filled slot is not a new question."""
    (found,) = overlaps([item("Take route 9 to Beira now.")], [item(other)])

    assert found.other.prompt == other


def test_one_word_of_many_makes_no_difference() -> None:
    """Four fifths of the neighbouring pairs are the same."""
    assert overlaps([item(LONG)], [item(LONG.replace("noon", "night"))])


def test_another_question_is_another_question() -> None:
    """An alarm for everything would be none."""
    assert overlaps([item(LONG)], [item("Is the bridge near the mill open to traffic?")]) == ()


def test_every_item_that_overlaps_is_counted() -> None:
    """A keeper learns the share, not only that there is one."""
    ours = [item(f"Take route {n} to Beira now.", n) for n in range(5)]

    assert len(overlaps(ours, [item("Take route 9 to Beira now.")])) == 5
    assert overlaps(ours, []) == ()
