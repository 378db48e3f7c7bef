# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import pytest

from comity.law.lexicon import BLOCKS, CLAUSES, LEXICONS, surface


@pytest.mark.parametrize("language", sorted(LEXICONS))
def test_a_language_says_every_word_of_the_grammar_once(language: str) -> None:
    """A language is a table, not another grammar."""
    words = list(LEXICONS[language].values())
    assert set(words) == set(LEXICONS["en"].values())
    assert len(words) == len(set(words))


@pytest.mark.parametrize("language", sorted(LEXICONS))
def test_blocks_and_clauses_have_words(language: str) -> None:
    """Without its word an entry could not be opened."""
    assert set(LEXICONS[language].values()) >= BLOCKS | CLAUSES


def test_a_word_is_found_back() -> None:
    """Rulings are told in the words of the language they were asked in."""
    assert surface("on_or_after", "zh") == "不早于"
    assert surface("on_or_after", "en") == "on or after"
