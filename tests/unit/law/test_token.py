# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import pytest

from comity.law.token import Sort, Token, opens_clause, opens_entry, tokens_of


def _tokens(line: str, language: str = "en") -> list[Token]:
    return list(tokens_of(line, 7, language))


def test_places_count_characters_from_one() -> None:
    """An editor jumps to where the message says."""
    tokens = _tokens("  when   市场 has EU")
    assert [(token.line, token.column) for token in tokens] == [
        (7, 3),
        (7, 10),
        (7, 13),
        (7, 17),
    ]


def test_the_longest_words_win() -> None:
    """`is not one of` is one comparison, not `is` and a negation."""
    keywords = [token.keyword for token in _tokens("x is not one of [a] on or after")]
    assert keywords == [None, "not_one_of", None, None, None, "on_or_after"]


def test_a_word_that_only_begins_like_a_keyword_is_a_name() -> None:
    """Facts may be called `is_ai_system` or `may_mislead_public`."""
    assert [token.keyword for token in _tokens("is_ai_system or may_mislead")] == [
        None,
        "or",
        None,
    ]


def test_a_comment_ends_the_line() -> None:
    """But not inside a text."""
    assert [token.text for token in _tokens('cite "Art. #5" # why')] == ["cite", "Art. #5"]


def test_quotes_can_be_escaped() -> None:
    """Law quotes law."""
    assert _tokens(r'says "a \"b\" \\"')[1].text == 'a "b" \\'


@pytest.mark.parametrize("text", ["10^25", "1_000", "0.5", "3e23", "500"])
def test_numbers_are_one_token(text: str) -> None:
    """Their exactness is checked by whoever reads them."""
    assert [(token.sort, token.text) for token in _tokens(text)] == [(Sort.NUMBER, text)]


def test_rows_are_taken_as_they_stand() -> None:
    """The ids of collected provisions follow no grammar."""
    tokens = _tokens('  rows CN-GEN-4:(1) "VN.1 / 2" EU.2.a # seen')
    assert [token.text for token in tokens[1:]] == ["CN-GEN-4:(1)", "VN.1 / 2", "EU.2.a"]


def test_an_open_quote_is_something_else() -> None:
    """A text ends on its line, so one slip does not swallow the file."""
    assert _tokens('cite "Art. 5')[1].sort is Sort.OTHER


def test_chinese_words_need_no_spaces() -> None:
    """As the language is written."""
    keywords = [token.keyword for token in _tokens("当 markets含EU且x不早于y", "zh")]
    assert keywords == ["when", None, "has", None, "and", None, "on_or_after", None]


def test_entries_and_clauses_open_where_their_words_lead() -> None:
    """A value may share a word with a clause."""
    entry, *_ = _tokens("norm eu.x")
    indented, *_ = _tokens("  norm eu.x")
    assert opens_entry(entry)
    assert not opens_entry(indented)
    clause, value, *_ = _tokens("  from until")
    assert opens_clause(clause)
    assert not opens_clause(value)
