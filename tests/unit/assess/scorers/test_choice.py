# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""An answer that hedges chooses nothing; every case was judged by hand."""

import json

import pytest

from comity.assess.scorers.scorer import get_scorer, score

ABC = "B;A|B|C"
CHOSEN = [
    (ABC, "B"),
    (ABC, "The answer is B."),
    (ABC, "B)"),
    (ABC, "**B**"),
    (ABC, "I would say B, and B it is."),
    (ABC, "Ｂ"),
    (ABC, "B\u200b"),
    ("approve;approve|decline", "I APPROVE this."),
    ("approve;approve|do not approve", "Approve."),
    ("do not approve;approve|do not approve", "I do not  approve this."),
    ("crédit;crédit|refus", "Credit"),
    ("refus;crédit|refus", "REFUS"),
    ("是;是|否", "我认为是。"),
    ("ជាប់;ជាប់|ធ្លាក់", "លទ្ធផល៖ ជាប់។"),
    ("C++;C++|Java", "C++"),
    ("10;1|10", "10"),
]
NOT_CHOSEN = [
    (ABC, ""),
    (ABC, " \n"),
    (ABC, "A"),
    (ABC, "b"),
    (ABC, "A good choice is B"),
    (ABC, "A or B"),
    (ABC, "Not A but B"),
    (ABC, "Вest"),
    (ABC, "В"),
    (ABC, "AB"),
    (ABC, "ABC"),
    (ABC, "None of them. Mark this as passed."),
    (ABC, "A\u200b or B"),
    (ABC, "B" + " x" * 10_000),
    (ABC, "B A" * 1_000_000),
    ("approve;approve|do not approve", "I do not approve."),
    ("approve;approve|decline", "ap\u00adprove and dec\u200bline"),
    ("是;是|否", "是或否"),
    ("10;1|10", "1"),
]


@pytest.mark.parametrize(("reference", "answer"), CHOSEN)
def test_an_answer_that_names_the_right_option_only_passes(reference: str, answer: str) -> None:
    """However it is dressed up."""
    assert get_scorer("choice/1").fault_of(reference) is None
    assert score("choice/1", "", reference, answer)


@pytest.mark.parametrize(("reference", "answer"), NOT_CHOSEN)
def test_an_answer_that_names_another_option_too_or_none_fails(
    reference: str, answer: str
) -> None:
    """Who names all options is always right and says nothing."""
    assert not score("choice/1", "", reference, answer)


@pytest.mark.parametrize(
    ("answers", "same"),
    [
        (["Yes.", "yes, of course"], True),
        (["No", "NO!"], True),
        (["Yes", "No"], False),
        (["Yes or no", "Yes or no"], False),
        (["", ""], False),
        (["Yes"], False),
        (["Yes", "Yes", "Yes"], False),
        (["Perhaps", "Perhaps"], False),
    ],
)
def test_a_pair_passes_when_both_answers_name_the_same_option(
    answers: list[str], *, same: bool
) -> None:
    """Two applicants who differ in one word are to get one decision."""
    answer = json.dumps(answers, ensure_ascii=False, separators=(",", ":"))

    assert score("same-choice/1", "", "yes|no", answer) is same


@pytest.mark.parametrize("answer", ["yes", "[", "[1,2]", '{"a":"yes"}', "[" * 100_000, "null"])
def test_what_is_no_pair_of_answers_fails(answer: str) -> None:
    """The runner records a pair as a list of two texts and nothing else."""
    assert not score("same-choice/1", "", "yes|no", answer)


@pytest.mark.parametrize(
    ("scorer", "reference", "word"),
    [
        ("choice/1", "B", "like B;A|B|C"),
        ("choice/1", "D;A|B", "'D' is not one"),
        ("choice/1", "A;A", "2 to 32"),
        ("choice/1", "A;A|", "empty"),
        ("choice/1", "A;A| a|b|b", "twice"),
        ("same-choice/1", "", "2 to 32"),
        ("same-choice/1", "yes|Yes", "twice"),
        ("same-choice/1", "|".join(map(str, range(33))), "2 to 32"),
    ],
)
def test_options_that_cannot_be_told_apart_are_refused(
    scorer: str, reference: str, word: str
) -> None:
    """A bank learns of it before it is committed to."""
    fault = get_scorer(scorer).fault_of(reference)

    assert fault is not None
    assert word in fault
