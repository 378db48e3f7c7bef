# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

from comity.law.block import MAX_CHARACTERS, Document, entries_of
from comity.law.token import Sort


def _text(*lines: str) -> Document:
    return Document(name="x.md", text="\n".join(lines))


def test_only_our_fences_are_read() -> None:
    """A pack is a document first; other code is prose to us."""
    entries, faults = entries_of(
        _text("norm no", "```python", "norm no", "```", "```comity", "norm a.b", "```")
    )
    assert [entry.head[0].text for entry in entries] == ["a.b"]
    assert faults == ()


def test_a_line_keeps_its_number_in_the_file() -> None:
    """The fault must be found in the file, not in the block."""
    entries, _ = entries_of(_text("# T", "", "```comity", "norm a.b", "  who provider", "```"))
    assert entries[0].opener.line == 4
    assert entries[0].clauses[0].opener.line == 5


def test_a_clause_goes_on_until_the_next_clause_word() -> None:
    """Conditions span lines."""
    entries, _ = entries_of(
        _text("```comity", "norm a.b", "  when x", "       and y", "  from 2026-08-02", "```")
    )
    when, start = entries[0].clauses
    assert [token.text for token in when.body] == ["x", "and", "y", ""]
    assert start.word == "from"


def test_a_clause_ends_with_a_place_to_point_at() -> None:
    """What is missing at the end needs a line and a column too."""
    entries, _ = entries_of(_text("```comity", "norm a.b", '  cite "Art"', "```"))
    end = entries[0].clauses[0].body[-1]
    assert (end.sort, end.line, end.column) == (Sort.END, 3, 13)


def test_several_entries_stand_in_one_block() -> None:
    """Blank lines between them are free."""
    entries, _ = entries_of(_text("```comity", "norm a.b", "", "norm a.c", "gap a.d", "```"))
    assert [entry.word for entry in entries] == ["norm", "norm", "gap"]


def test_a_block_that_begins_with_no_entry_is_a_fault() -> None:
    """An indented or misspelt block word would vanish silently."""
    _, faults = entries_of(_text("```comity", " norm a.b", "```"))
    assert [(fault.line, fault.column) for fault in faults] == [(2, 2)]
    assert "begins no entry" in faults[0].message


def test_a_chinese_block_word_makes_the_block_chinese() -> None:
    """No other mark of the language is needed."""
    entries, _ = entries_of(_text("```comity", "规范 a.b", "  主体 provider", "```"))
    assert (entries[0].word, entries[0].clauses[0].word) == ("norm", "who")


def test_an_open_fence_is_read_to_the_end() -> None:
    """Markdown reads it so."""
    entries, _ = entries_of(_text("```comity", "norm a.b"))
    assert len(entries) == 1


def test_rows_may_go_on_in_the_next_line() -> None:
    """Long lists of ids are common."""
    entries, _ = entries_of(
        _text("```comity", "norm a.b", "  rows A-1:(2)", "       B-2:(3)", "  who x", "```")
    )
    assert [token.text for token in entries[0].clauses[0].body] == ["A-1:(2)", "B-2:(3)", ""]


def test_a_file_of_monstrous_size_is_refused() -> None:
    """Nodes read each other's packs."""
    _, faults = entries_of(Document(name="x.md", text="a" * (MAX_CHARACTERS + 1)))
    assert "characters" in faults[0].message
