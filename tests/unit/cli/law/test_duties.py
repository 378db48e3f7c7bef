# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import io
from fractions import Fraction

from rich.console import Console

from comity.cli.law.duties import _print_questions, settled_by
from comity.law.interview import Outcome, Question


def _question(fact: str, *outcomes: Outcome) -> Question:
    total = sum(outcome.settles for outcome in outcomes)
    return Question(
        fact=fact,
        text=f"Is {fact} so?",
        settles=Fraction(total, len(outcomes)),
        concerns=3,
        outcomes=outcomes,
    )


def _printed(*questions: Question) -> str:
    console = Console(file=io.StringIO(), width=200)
    _print_questions(console, questions)
    text: str = console.file.getvalue()  # type: ignore[attr-defined] # a StringIO
    return text


NOTHING = (
    Outcome(answer=True, settles=0, applies=0),
    Outcome(answer=False, settles=0, applies=0),
)


def test_a_question_that_settles_nothing_is_not_among_those_that_settle_most() -> None:
    """Whoever answers it would wait for an effect in vain."""
    telling = _question("a", Outcome(answer=True, settles=1, applies=1), NOTHING[1])
    out = _printed(telling, _question("b", *NOTHING))
    assert "Is a so?" in out
    assert "Is b so?" not in out


def test_questions_that_only_tell_together_are_named_as_such() -> None:
    """They are still what is missing."""
    out = _printed(_question("a", *NOTHING), _question("b", *NOTHING))
    assert "No answer settles a norm by itself; together they may: a, b" in out
    assert "settle most" not in out


def test_an_outcome_is_said_in_words() -> None:
    """One, many, none."""
    assert settled_by(NOTHING[0]) == "settles nothing by itself"
    one = Outcome(answer=True, settles=1, applies=0)
    assert settled_by(one) == "settles one norm, which then does not apply"
    many = Outcome(answer=True, settles=3, applies=2)
    assert settled_by(many) == "settles 3 norms, of which 2 then apply"
