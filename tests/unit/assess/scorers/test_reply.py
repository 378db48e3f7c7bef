# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A right answer counts in the language it was asked for in."""

import pytest

from comity.assess.scorers.scorer import get_scorer, score


@pytest.mark.parametrize(
    ("reference", "answer", "passes"),
    [
        ("lundi;fr", "Le jour est lundi.", True),
        ("lundi;fr", "Lundi", True),
        ("lundi;fr", "The day that comes after is lundi.", False),
        ("lundi;fr", "Le jour est mardi.", False),
        ("星期二|周二;zh", "明天是周二。", True),
        ("12|doce;es", "Son 12 meses.", True),
        ("12|doce;es", "There are 12 months in the year.", False),
        ("12;hi", "एक वर्ष में १२ महीने होते हैं।", True),
        ("12;hi", "There are 12.", False),
        ("thứ ba;vi", "Ngày mai là thứ Ba.", True),
        ("Jumanne;sw", "Siku baada ya Jumatatu ni Jumanne.", True),
        ("ថ្ងៃអង្គារ;km", "គឺថ្ងៃអង្គារ។", True),
        ("Selasa;id", "Hari setelah Senin adalah Selasa.", True),
        ("الثلاثاء;ar", "اليوم التالي هو الثلاثاء.", True),
        ("Beijing;en", "The capital of China is Beijing (北京).", True),
        ("lundi;fr", "Quel jour? Lundi.", False),
    ],
)
def test_content_and_language_both_count(reference: str, answer: str, *, passes: bool) -> None:
    """The last copies the question, from which anybody could answer."""
    assert score("answers-in/1", "Quel jour?", reference, answer) is passes


@pytest.mark.parametrize("reference", ["lundi", "lundi;xx", "a|;fr", ";fr"])
def test_a_reference_names_answers_and_a_language(reference: str) -> None:
    """One of the languages that letters and small words tell apart."""
    assert get_scorer("answers-in/1").fault_of(reference) is not None
    assert get_scorer("answers-in/1").fault_of("lundi;fr") is None
