# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Whom norms reach: planted faults are found, named at their line, with the clauses why."""

from collections.abc import Callable

import pytest

from comity.law.lint.finding import Finding, Level, Rule
from comity.law.lint.linter import Linter
from comity.law.lint.place import places_of
from comity.law.pack import Library

Lint = Callable[..., tuple[Finding, ...]]
Norm = Callable[..., str]
PLACED = "placed_on_market"


def _kinds(findings: tuple[Finding, ...]) -> list[tuple[Level, Rule]]:
    return [(each.level, each.rule) for each in findings]


def test_a_sound_norm_gives_no_finding(lint: Lint, norm: Norm) -> None:
    """A linter that always speaks is not listened to."""
    sound = norm(
        "must marked", "when is_ai_system and training_compute at least 10^25 FLOP",
        "unless biometric", "unless staff below 10", "from 2026-08-02", "until 2030-01-01",
    )  # fmt: skip

    assert lint(sound) == ()


@pytest.mark.parametrize(
    "when",
    [
        "biometric and not biometric",
        "training_compute at least 10^26 FLOP and training_compute below 10^25 FLOP",
        "generates has none of [text, image, audio] and generates has text",
        "sector is health and sector is finance",
        f"released_on at least 2 month after {PLACED} and released_on before {PLACED}",
        "markets has none of [EU]",
        "remote_biometric and not biometric",
        "watermarks and generates has none of [text, image, audio]",
    ],
)
def test_a_scope_that_never_holds_makes_a_dead_norm(lint: Lint, norm: Norm, when: str) -> None:
    """By its clauses alone, by its market, by an axiom, by a guard."""
    (finding,) = lint(norm("must marked", f"when {when}"))

    assert (finding.level, finding.rule) == (Level.ERROR, Rule.DEAD)
    assert (finding.place.source, finding.place.line, finding.place.column) == ("x.md", 10, 3)


def test_the_cause_is_the_fewest_clauses_with_the_axiom_that_joins_them(
    lint: Lint, norm: Norm
) -> None:
    """The reader sees what clashes, not all that was said."""
    define = "define eu.x.far\n  when remote_biometric and staff at least 3\n  cite 'x'\n"
    when = "when is_ai_system and eu.x.far and not biometric and sector is health"

    (finding,) = lint(define.replace("'", '"') + norm("must marked", when))

    assert finding.clauses == (
        "`when`, by eu.x.far: remote_biometric",
        "`when`: not biometric",
        "axiom remote_is_biometric: where remote_biometric, biometric",
    )


def test_the_guard_that_makes_a_scope_impossible_is_named(lint: Lint, norm: Norm) -> None:
    """A guard stands in another file and is easily forgotten."""
    (finding,) = lint(norm("must marked", "when ice_days at least 3 day and not biometric"))

    assert finding.clauses[-1] == "guard of ice_days: only where biometric"
    assert len(finding.clauses) == 3


def test_exceptions_that_cover_the_scope_swallow_the_norm(lint: Lint, norm: Norm) -> None:
    """Two exceptions that are each right can leave nothing between them."""
    (finding,) = lint(
        norm("must marked", "when is_ai_system", "unless biometric", "unless not biometric")
    )

    assert (finding.level, finding.rule) == (Level.ERROR, Rule.SWALLOWED)
    assert finding.clauses == ("outside `unless`: not biometric", "outside `unless`: biometric")


def test_a_scope_that_holds_only_before_the_norm_does_is_never_in_force(
    lint: Lint, norm: Norm
) -> None:
    """A transition written into the scope can end before the norm begins."""
    when = "when is_ai_system and asked_on before 2026-01-01"

    (finding,) = lint(norm("must marked", when, "from 2027-01-01"))

    assert (finding.level, finding.rule) == (Level.ERROR, Rule.NEVER_IN_FORCE)
    assert finding.place.line == 11
    assert len(finding.clauses) == 2


def test_an_exception_that_never_arises_is_shadowed(lint: Lint, norm: Norm) -> None:
    """It reads as if it freed somebody."""
    (finding,) = lint(
        norm("must marked", "when biometric and sector is health", "unless sector is finance")
    )

    assert (finding.level, finding.rule) == (Level.WARNING, Rule.SHADOWED)
    assert "within the scope" in finding.message


def test_of_two_equal_exceptions_the_later_is_shadowed(lint: Lint, norm: Norm) -> None:
    """One of them is enough, and one finding is too."""
    (finding,) = lint(
        norm("must marked", "when is_ai_system", "unless biometric", "unless biometric")
    )

    assert finding.rule is Rule.SHADOWED
    assert finding.message.startswith("exception 2 ")
    assert finding.place.line == 12


def test_an_exception_that_an_axiom_puts_inside_another_is_shadowed(
    lint: Lint, norm: Norm
) -> None:
    """Whoever identifies people at a distance identifies them."""
    (finding,) = lint(
        norm("must marked", "when is_ai_system", "unless remote_biometric", "unless biometric")
    )

    assert finding.message.startswith("exception 1 ")
    assert finding.clauses[-1].startswith("axiom remote_is_biometric")


@pytest.mark.parametrize("when", ["biometric or not biometric", "markets has EU"])
def test_a_scope_that_leaves_nobody_out_is_vacuous(lint: Lint, norm: Norm, when: str) -> None:
    """In the pack's own market, a scope of being offered there says nothing."""
    findings = lint(norm("must marked", f"when {when}"))

    assert _kinds(findings) == [(Level.WARNING, Rule.VACUOUS)]


def test_a_norm_without_a_scope_is_not_called_vacuous(lint: Lint, norm: Norm) -> None:
    """Nothing was written, so nothing was written in vain."""
    assert lint(norm("must marked")) == ()


@pytest.mark.parametrize(
    ("when", "rule"),
    [
        ("biometric and not biometric", Rule.NEVER_TRUE),
        ("remote_biometric and biometric or not remote_biometric", Rule.ALWAYS_TRUE),
    ],
)
def test_a_definition_that_never_or_always_holds_is_named(
    lint: Lint, norm: Norm, when: str, rule: Rule
) -> None:
    """It looks like a distinction and makes none."""
    define = f"define eu.x.odd\n  when {when}\n"

    findings = lint(define + norm("must marked", "when is_ai_system", "unless eu.x.odd"))

    assert rule in {each.rule for each in findings if each.subject == "eu.x.odd"}


def test_what_the_solver_cannot_decide_is_said_and_is_no_error(library: Library) -> None:
    """Sound means looked at."""
    linter = Linter(library=library, places=places_of([]))
    linter.reach.theory.solver.set("rlimit", 1)
    pack, norm = library.packs[0], library.packs[0].norms[0]

    found = tuple(linter.reach.of_norm(pack, norm))

    assert {each.rule for each in found} == {Rule.UNDECIDED}
    assert {each.level for each in found} == {Level.NOTE}
