# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What raters come to: agreement settles, doubt goes on, and doubt at the end fails."""

from fractions import Fraction

from comity.evidence.judge.panel import Word, settle

P, F, U = Word.PASS, Word.FAIL, Word.UNSURE


def test_what_all_say_is_settled_and_the_rest_is_open() -> None:
    """Two who agree need no third."""
    panel = settle(5, [{0: P, 1: F, 2: P, 3: U, 4: U}, {0: P, 1: F, 2: F, 3: P, 4: U}], {})

    assert panel.settled == {0: True, 1: False}
    assert panel.open == (2, 3, 4)
    assert (panel.double, panel.split) == (3, 1)


def test_the_adjudicator_decides_and_doubt_fails() -> None:
    """What nobody can pass has not passed."""
    votes = [{0: P, 1: P, 2: P}, {0: F, 1: F, 2: F}]

    assert settle(3, votes, {0: P, 1: F, 2: U}).settled == {0: True, 1: False, 2: False}


def test_the_adjudicator_cannot_overrule_two_who_agree() -> None:
    """Nobody decides alone what two have settled."""
    assert settle(1, [{0: F}, {0: F}], {0: P}).settled == {0: False}


def test_doubt_is_no_rating_for_agreement() -> None:
    """UNSURE twice is not agreement on the answer."""
    sure = settle(3, [{0: P, 1: F, 2: P}, {0: P, 1: F, 2: F}], {})
    more = settle(4, [{0: P, 1: F, 2: P, 3: U}, {0: P, 1: F, 2: F, 3: U}], {})

    assert sure.alpha == more.alpha == Fraction(4, 9)
