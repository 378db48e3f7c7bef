# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""All categories are designed at once, or every reason they cannot be is said at once."""

from dataclasses import replace
from fractions import Fraction

import pytest

from comity.desk.assessment.designing import Manner, design_all
from comity.desk.assessment.designplot import picture_of
from comity.desk.assessment.operating import operation_of, rates_that_matter, totals_of
from comity.errors import InvalidDocument
from comity.evidence.statistics.calibration import design_for
from comity.evidence.statistics.design import About
from comity.evidence.statistics.request import Request
from comity.evidence.statistics.scores import ScoreDesign

WANTED = Request(size=120, threshold=Fraction(9, 10), goal=Fraction(98, 100))


def test_without_a_manner_each_is_calibrated_for_itself() -> None:
    """No risk and no power is divided."""
    designs = design_all({"a": WANTED, "b": replace(WANTED, size=90)})
    assert designs["a"] == design_for(WANTED)
    assert designs["b"] == design_for(replace(WANTED, size=90))


def test_joint_power_divides_the_misses_and_a_list_the_risk() -> None:
    """Each in k equal parts."""
    both = {"a": WANTED, "b": WANTED}
    joint = design_all(both, Manner(joint=True))["a"]
    listed = design_all(both, Manner(listed=True))["a"]
    assert (joint.risk, joint.power) == (Fraction(1, 20), Fraction(19, 20))
    assert (listed.risk, listed.power) == (Fraction(1, 40), Fraction(9, 10))


def test_scores_and_populations_are_asked_for() -> None:
    """The manner decides the kind."""
    scored = design_all({"a": WANTED}, Manner(scores=True))["a"]
    assert isinstance(scored, ScoreDesign)
    wide = {"a": replace(WANTED, size=400)}
    assert design_all(wide, Manner(about=About.POPULATION))["a"].about is About.POPULATION


def test_every_category_that_cannot_be_is_named_with_one_reason() -> None:
    """A tester with a budget sees all of what it breaks."""
    wanted = {"a": WANTED, "b": WANTED, "c": replace(WANTED, size=60)}
    with pytest.raises(InvalidDocument) as caught:
        design_all(wanted, Manner(at_most=5))
    assert "a, b, c: 5 questions cannot reach a power of 90 %" in str(caught.value)
    assert "the nearest that works" in caught.value.hint


@pytest.mark.parametrize("manner", [Manner(scores=True), Manner(optimal=True)])
def test_a_judges_error_is_not_silently_left_out(manner: Manner) -> None:
    """Where no bound covers it, nothing is designed."""
    with pytest.raises(InvalidDocument, match="calibrated plan only"):
        design_all({"a": WANTED}, manner, false_pass=Fraction(1, 50))


def test_what_a_design_does_is_exact_at_both_ends() -> None:
    """The rates shown agree with the exact risk and power."""
    design = design_for(WANTED)
    found = operation_of(design, [design.goal])
    assert found.power is not None
    assert found.risk <= design.risk
    assert found.points[0].shown == pytest.approx(float(found.power))
    assert len(rates_that_matter(design)) == 5


def test_totals_multiply_chances_and_add_questions() -> None:
    """Categories are drawn apart, so their outcomes are independent."""
    one = operation_of(design_for(WANTED))
    total = totals_of({"a": one, "b": one})
    for both, each in zip(total, one.points, strict=True):
        assert both.shown == pytest.approx(each.shown**2)
        assert both.expected == pytest.approx(2 * each.expected)


@pytest.mark.parametrize("manner", [Manner(), Manner(scores=True)])
def test_a_picture_names_what_it_is_of_and_escapes_it(manner: Manner) -> None:
    """A category's name comes from a stranger's bank."""
    drawn = picture_of(design_all({"a": WANTED}, manner)["a"], "<b>&")
    assert "<b>" not in drawn
    assert "&lt;b&gt;&amp;: more than 90 %" in drawn
