# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A bank lasts as long as its weakest category."""

import pytest

from comity.evidence.bank import Category, Commitment
from comity.evidence.life import Advice, Expected, Life, life_of
from comity.kernel.digest import sha256

COMMITMENT = Commitment(
    root=sha256(b"root"),
    categories=(Category(name="medical", count=100), Category(name="shelter", count=60)),
)
EACH = Expected(perfect=7.5, goal=12.0, worst=30)


def life(opened: range, expected: Expected | None = EACH) -> Life:
    """Return what is left when these positions are opened."""
    left = {
        100: expected,
        60: expected,
        100 - len(opened): expected,
        60 - len(opened): expected,
    }
    return life_of(COMMITMENT, opened, left)


def test_the_weakest_category_decides() -> None:
    """A test needs items of every category."""
    found = life(range(0))

    assert [one.unopened for one in found.categories] == [100, 60]
    assert (found.perfect, found.goal, found.worst) == (8, 5, 2)
    assert found.categories[0].perfect == 13


def test_an_opened_item_is_gone_from_its_own_category_only() -> None:
    """Positions 100 to 159 are shelter."""
    found = life(range(100, 131))

    assert [one.unopened for one in found.categories] == [100, 29]
    assert (found.perfect, found.worst) == (3, 0)


@pytest.mark.parametrize(
    ("opened", "advice"),
    [
        (range(0), Advice.KEEP),
        (range(100, 101), Advice.PREPARE),
        (range(100, 131), Advice.ROTATE),
    ],
)
def test_a_keeper_is_told_in_time(opened: range, advice: Advice) -> None:
    """The next test must fit whatever the system is worth, and the one after it too."""
    assert life(opened).advice is advice


def test_what_no_design_fits_supports_no_test() -> None:
    """Ten items prove nothing at 95 %."""
    found = life(range(0), None)

    assert (found.perfect, found.goal, found.worst) == (0, 0, 0)
    assert found.advice is Advice.ROTATE
