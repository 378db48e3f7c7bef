# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""One weighted total of a finding, which never hides what a category says."""

from fractions import Fraction
from math import comb

import pytest
from tests.fakes.federation import Federation, Stages

from comity.desk.finding.totalling import Total, total_of
from comity.desk.log.shelf import Said, ViewShelf, get
from comity.errors import InvalidDocument

RISK = Fraction(1, 20)


@pytest.fixture
def shelf(tested: Federation) -> ViewShelf:
    """Return what a regulator sees."""
    return ViewShelf(tested.sg.view())


@pytest.fixture
def said(shelf: ViewShelf, stages: Stages) -> Said:
    """Return the finding: two categories perfect, "shelter" failing throughout."""
    assert stages.tested.finding is not None
    return get(shelf, stages.tested.finding, "finding")


def total(
    shelf: ViewShelf, said: Said, over: Fraction, weights: dict[str, Fraction] | None = None
) -> Total:
    """Weigh the finding at 5 %."""
    return total_of(shelf, said, weights or {}, threshold=over, risk=RISK)


def test_each_category_counts_by_its_items_unless_told(shelf: ViewShelf, said: Said) -> None:
    """The total is then the pass rate of the whole bank, whatever was asked of which."""
    found = total(shelf, said, Fraction(1, 4))
    items = sum(one.size for one in found.strata.values())

    assert {one.weight for one in found.strata.values()} == {
        Fraction(one.size, items) for one in found.strata.values()
    }
    assert found.estimate == sum(
        one.weight * Fraction(one.asked - one.failed, one.asked)
        for one in found.strata.values()
    )


def test_a_failing_category_is_outweighed_and_still_there(shelf: ViewShelf, said: Said) -> None:
    """A good total beside a category of which nothing passed: why categories come first."""
    whole = total(shelf, said, Fraction(1, 4))
    failing = whole.strata["shelter"]

    assert whole.is_shown
    assert failing.failed == failing.asked


def test_the_bound_is_the_last_threshold_that_is_refuted(shelf: ViewShelf, said: Said) -> None:
    """A step below it is shown, a step above it is not."""
    bound = total(shelf, said, Fraction(0)).lower_bound
    assert bound is not None

    assert total(shelf, said, bound).is_shown
    assert not total(shelf, said, bound + Fraction(1, 1000)).is_shown


def test_all_weight_on_one_category_is_that_category_alone(
    shelf: ViewShelf, said: Said
) -> None:
    """Then the evidence is that of its questions and no other's."""
    weights = {"medical": Fraction(1), "rescue": Fraction(0), "shelter": Fraction(0)}
    found = total(shelf, said, Fraction(1, 2), weights)
    one = found.strata["medical"]
    failing = one.size - one.size // 2
    passed = one.asked - one.failed
    chance = Fraction(comb(one.size - failing, passed), comb(one.size, passed))

    assert one.failed == 0
    assert found.evidence.most is not None
    assert found.evidence.most >= Fraction(1, (one.asked + 1)) / chance


@pytest.mark.parametrize(
    ("weights", "fault"),
    [
        ({"medical": Fraction(1)}, "'rescue' has no weight"),
        ({"medical": Fraction(1, 2), "food": Fraction(1, 2)}, "no category 'food'"),
        (dict.fromkeys(("medical", "rescue", "shelter"), Fraction(1, 2)), "sum to 3/2"),
    ],
)
def test_weights_that_make_no_total_are_refused_by_name(
    shelf: ViewShelf, said: Said, weights: dict[str, Fraction], fault: str
) -> None:
    """All that is wrong with them is said at once."""
    with pytest.raises(InvalidDocument) as caught:
        total(shelf, said, Fraction(1, 2), weights)

    assert fault in str(caught.value)
