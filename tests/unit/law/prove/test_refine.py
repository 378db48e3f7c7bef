# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

from comity.kernel.truth import Truth
from comity.law.condition import In, Is, Not, disjunction
from comity.law.fact import Silence
from comity.law.pack import Library
from comity.law.prove.bound import theory_of
from comity.law.prove.refine import decide


def test_an_axiom_decides_what_nobody_answered(library: Library) -> None:
    """Kleene's logic alone cannot tell."""
    theory = theory_of(library)
    either = disjunction((Is("personal"), Not(Is("logs_personal"))))
    assert decide(theory, either, {}, library.meanings) is Truth.TRUE
    never = In("sector", ("health",))
    both = disjunction((never, Not(never)))
    assert decide(theory, both, {}, library.meanings) is Truth.TRUE
    assert decide(theory, Not(both), {}, library.meanings) is Truth.FALSE


def test_what_is_open_stays_open(library: Library) -> None:
    """The solver guesses nothing."""
    theory = theory_of(library)
    assert decide(theory, Is("personal"), {}, library.meanings) is Truth.UNDETERMINED


def test_where_an_author_says_not_applicable_the_interpreter_rules(library: Library) -> None:
    """No guard could say so, so the solver knows nothing of it."""
    theory = theory_of(library)
    every = In("sector", ("finance", "health", "other"))
    said = {"sector": Silence.NOT_APPLICABLE}
    assert decide(theory, every, said, library.meanings) is Truth.FALSE
    open_still = disjunction((every, Is("personal")))
    assert decide(theory, open_still, said, library.meanings) is Truth.UNDETERMINED
