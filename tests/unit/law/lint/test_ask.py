# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What norms ask: contradictions are found through entailments and exclusions too."""

from collections.abc import Callable

import pytest

from comity.law.lint.finding import Finding, Level, Rule

Lint = Callable[..., tuple[Finding, ...]]
Norm = Callable[..., str]


@pytest.mark.parametrize(
    "demands",
    [
        ("must marked", "must not marked"),
        ("should marked", "must not marked"),
        ("may marked", "must not marked"),
        ("must log_retention at least 180 day", "must log_retention at most 90 day"),
        ("must method is visible", "must method is not visible"),
        ("must method is visible", "must not marked"),
        ("must place within [EU]", "must place has CHN"),
        ("must archived", "must log_retention at most 90 day"),
        ("must archived", "must erased_after at most 10 day"),
        ("must log_retention at least 365 day", "must erased_after at most 10 day"),
    ],
)
def test_demands_that_cannot_be_met_together_contradict(
    lint: Lint, norm: Norm, demands: tuple[str, ...]
) -> None:
    """Asked and forbidden, bounds that cross, and what the world keeps apart."""
    (finding,) = lint(norm(*demands, "when is_ai_system"))

    assert (finding.level, finding.rule) == (Level.ERROR, Rule.CONTRADICTORY)
    assert finding.place.line == 10


def test_a_set_with_no_value_left_is_a_contradiction(lint: Lint, norm: Norm) -> None:
    """Within the Union, in some place, and in no place of it there is nowhere to store."""
    (finding,) = lint(norm("must place has any of [EU]", "must place has none of [EU, CHN]"))

    assert finding.rule is Rule.CONTRADICTORY
    assert len(finding.clauses) == 2


def test_the_contradiction_names_the_entailment_and_the_exclusion_that_make_it(
    lint: Lint, norm: Norm
) -> None:
    """Nobody sees from "archive" and "erase" alone that they meet in the logs."""
    (finding,) = lint(
        norm("must archived", "must erased_after at most 10 day", "must published")
    )

    assert finding.clauses == (
        "`must` archived: Archive",
        "`must` erased_after: Erase: at most 10 days",
        "archived entails Keep logs: at least 3000 days",
        "exclusion kept_and_erased: What is erased is not kept.",
    )


def test_an_exclusion_that_holds_in_part_of_the_scope_is_a_warning(
    lint: Lint, norm: Norm
) -> None:
    """The norm can be met by some it binds."""
    (finding,) = lint(norm("must published", "must sealed", "when is_ai_system"))

    assert (finding.level, finding.rule) == (Level.WARNING, Rule.CONTRADICTORY)
    assert finding.message.endswith("where biometric")


def test_an_exclusion_that_holds_wherever_the_norm_binds_is_an_error(
    lint: Lint, norm: Norm
) -> None:
    """An axiom may be needed to see it."""
    (finding,) = lint(norm("must published", "must sealed", "when remote_biometric"))

    assert finding.level is Level.ERROR


def test_an_exclusion_that_the_scope_rules_out_is_none(lint: Lint, norm: Norm) -> None:
    """What cannot come up is no fault."""
    assert lint(norm("must published", "must sealed", "when not biometric")) == ()


def test_a_demand_that_everything_meets_asks_nothing(lint: Lint, norm: Norm) -> None:
    """Every place there is, is no limit."""
    (finding,) = lint(norm("must place within [EU, CHN, elsewhere]", "when is_ai_system"))

    assert (finding.level, finding.rule) == (Level.WARNING, Rule.EMPTY_DEMAND)


def test_a_demand_that_another_entails_is_a_note(lint: Lint, norm: Norm) -> None:
    """It may be said for the reader's sake."""
    (finding,) = lint(norm("must marked", "must method is visible", "when is_ai_system"))

    assert (finding.level, finding.rule) == (Level.NOTE, Rule.REPEATED_DEMAND)
    assert finding.place.line == 9


def test_a_must_is_not_repeated_by_a_should(lint: Lint, norm: Norm) -> None:
    """The stronger of two forces is never idle."""
    assert lint(norm("must marked", "should method is visible", "when is_ai_system")) == ()
