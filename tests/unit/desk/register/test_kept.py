# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Answers kept: each worked out once, the oldest forgotten, no fault remembered."""

import pytest

from comity.desk.register.kept import Kept
from comity.errors import NotFound


def test_an_answer_is_worked_out_once() -> None:
    """A page asked for twice is no work the second time."""
    kept: Kept[list[int]] = Kept()
    first = kept.find("a", lambda: [1])

    assert kept.find("a", lambda: [2]) is first
    assert kept.find("b", lambda: [2]) == [2]


def test_what_was_not_asked_for_longest_is_forgotten() -> None:
    """Readers ask for many states, and memory is not theirs."""
    kept: Kept[int] = Kept(most=2)
    for key in ("a", "b", "a", "c"):
        kept.find(key, lambda: 1)

    assert kept.find("a", lambda: 2) == 1
    assert kept.find("b", lambda: 2) == 2


def test_a_refusal_is_no_answer() -> None:
    """What failed once may stand tomorrow."""
    kept: Kept[int] = Kept()

    def fail() -> int:
        raise NotFound("not here", code="desk.no_scenario")

    with pytest.raises(NotFound):
        kept.find("a", fail)
    assert kept.find("a", lambda: 1) == 1
