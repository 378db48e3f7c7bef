# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Words nobody uses, and figures without a unit or a source."""

from collections.abc import Callable

from comity.law.lint.finding import Finding, Level, Rule

Lint = Callable[..., tuple[Finding, ...]]
Norm = Callable[..., str]

WIDGETS = """\
fact widgets number
  label "Widgets"
  question "How many?"
  means "All."

conduct polished bool
  label "Polish"
  means "Brightly."

"""


def _found(findings: tuple[Finding, ...]) -> set[tuple[str, Rule, Level]]:
    return {(each.subject, each.rule, each.level) for each in findings}


def test_a_definition_that_nothing_rests_on_is_a_warning(lint: Lint, norm: Norm) -> None:
    """Through an unused definition it is not used either."""
    inner = "define eu.x.in\n  when biometric\n\ndefine eu.x.out\n  when eu.x.in\n\n"

    findings = lint(inner + norm("must marked", "when is_ai_system"))

    assert _found(findings) == {
        ("eu.x.in", Rule.UNUSED, Level.WARNING),
        ("eu.x.out", Rule.UNUSED, Level.WARNING),
    }


def test_a_definition_that_the_text_gives_may_stand_unused(lint: Lint, norm: Norm) -> None:
    """It accounts for provisions; only a gap may lean on it."""
    text = "define eu.x.in\n  when biometric\n  rows EU.1\n\n"
    text += 'gap eu.x.g.in\n  about eu.x.in\n  says "Who is in."\n\n'

    (finding,) = lint(text + norm("must marked", "when is_ai_system"))

    assert finding.level is Level.NOTE
    assert finding.message.endswith("only the gap eu.x.g.in names it")


def test_facts_and_conduct_of_the_documents_that_nothing_uses_are_noted(
    lint: Lint, norm: Norm
) -> None:
    """Those of other documents are not this author's."""
    findings = lint(norm("must marked", "when is_ai_system") + "\n\n" + WIDGETS)

    assert {one for one in _found(findings) if one[1] is Rule.UNUSED} == {
        ("widgets", Rule.UNUSED, Level.NOTE),
        ("polished", Rule.UNUSED, Level.NOTE),
    }


def test_a_number_without_a_unit_is_a_warning(lint: Lint, norm: Norm) -> None:
    """Nobody can tell what "below 10" counts."""
    used = norm("must polished", "when widgets below 10")

    assert _found(lint(used + "\n\n" + WIDGETS)) == {("widgets", Rule.NO_UNIT, Level.WARNING)}


def test_a_threshold_without_a_source_is_a_warning(lint: Lint, norm: Norm) -> None:
    """A figure is somebody's figure."""
    text = "define eu.x.large\n  when training_compute at least 10^25 FLOP\n\n"
    text += norm("must marked", "when eu.x.large and staff below 5", cite=" ")

    assert _found(lint(text)) == {
        ("eu.x.large", Rule.NO_SOURCE, Level.WARNING),
        ("eu.x.1", Rule.NO_SOURCE, Level.WARNING),
    }
