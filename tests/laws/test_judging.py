# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Laws of judging by people: agreement has a scale, bets are fair, ballots come back."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as some

from comity.evidence.judge.agreement import krippendorff
from comity.evidence.judge.panel import Asked, Word
from comity.evidence.judge.stakes import FRESH
from comity.files.ballot import Row, read_ballot, to_csv

RATINGS = some.lists(some.lists(some.sampled_from(["a", "b", "c", None]), max_size=4))
WORDS = some.none() | some.sampled_from(Word)


@given(RATINGS)
def test_agreement_is_at_most_perfect_and_blind_to_order(
    ratings: list[list[str | None]],
) -> None:
    """1 is perfect; who spoke first does not matter."""
    alpha = krippendorff(ratings)

    assert alpha is None or alpha <= 1
    assert alpha == krippendorff([unit[::-1] for unit in reversed(ratings)])


@given(
    some.lists(some.integers(0, 2), min_size=1, max_size=7),
)
def test_a_bet_against_what_is_true_is_worth_one_on_average(values: list[int]) -> None:
    """Drawn without replacement, against the true sum: one step from any start is fair."""
    mean = Fraction(sum(values), len(values))
    if not mean:
        return
    after = [FRESH.after(Fraction(value), mean).value or Fraction(0) for value in values]

    assert sum(after) == len(values)


@given(some.lists(some.tuples(some.text(), some.text(), WORDS), max_size=5))
def test_what_a_rater_says_comes_back_whatever_the_answer_is(
    rows: list[tuple[str, str, Word | None]],
) -> None:
    """No text an answer can hold breaks out of its cell."""
    names = [f"q{at}" for at in range(len(rows))]
    ballot = to_csv(
        Row(name=name, asked=Asked(prompt=one, reference="", answer=two), word=word)
        for name, (one, two, word) in zip(names, rows, strict=True)
    )
    read = read_ballot(ballot, names, "a.csv")

    assert read.faults == []
    assert read.words == {
        name: word for name, (_, _, word) in zip(names, rows, strict=True) if word
    }


@given(some.text())
def test_any_text_is_read_as_a_ballot_or_its_faults(text: str) -> None:
    """The reader is total."""
    assert read_ballot(text, ["q1"], "a.csv").words.keys() <= {"q1"}
