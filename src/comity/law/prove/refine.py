# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Deciding in every completion: what the solver knows where Kleene's logic cannot tell."""

from collections.abc import Mapping

from comity.kernel.truth import Truth
from comity.law.condition import Condition, Not
from comity.law.evaluate import evaluate
from comity.law.fact import Answer, Silence
from comity.law.prove.theory import Possibility, Theory


def decide(
    theory: Theory,
    condition: Condition,
    answers: Mapping[str, Answer],
    meanings: Mapping[str, Condition],
) -> Truth:
    """Return whether a condition holds in every way the open questions can be answered.

    Agrees with the interpreter wherever that is determined; what it adds is what axioms
    and the shape of a condition decide. Where the time runs out it adds nothing.

    Args:
        answers: Consistent, guards already derived (`close`).
    """
    truth = evaluate(condition, answers, meanings)
    if truth is not Truth.UNDETERMINED or _denies_the_undeniable(theory, answers):
        return truth
    holds, fails = theory.encoder.claim(condition), theory.encoder.claim(Not(condition))
    given = theory.encoder.said(answers)
    if theory.check([holds, given]) is Possibility.IMPOSSIBLE:
        return Truth.FALSE
    if theory.check([fails, given]) is Possibility.IMPOSSIBLE:
        return Truth.TRUE
    return truth


def _denies_the_undeniable(theory: Theory, answers: Mapping[str, Answer]) -> bool:
    """Tell whether *not applicable* was answered where no guard could say so."""
    return any(
        answer is Silence.NOT_APPLICABLE
        and name in theory.facts
        and theory.facts[name].guard is None
        for name, answer in answers.items()
    )
