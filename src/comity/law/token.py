# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Tokens of the pack language, each with its place in the file."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cache

from comity.law.lexicon import BLOCKS, CLAUSES, LEXICONS


class Sort(Enum):
    """What a token is by its looks."""

    WORD = "a word"
    NUMBER = "a number"
    DATE = "a date"
    TEXT = "a text in double quotes"
    MARK = "a mark"
    OTHER = "something else"
    END = "the end"


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """One token.

    Args:
        text: As written; of a text, what stands between the quotes.
        keyword: The grammar's word for it, where the lexicon has one.
        leads: Whether it is the first on its line.
        column: 1-based, in characters.
    """

    sort: Sort
    text: str
    keyword: str | None
    leads: bool
    line: int
    column: int

    def __str__(self) -> str:
        """Say the token as a message quotes it."""
        return "the end of the clause" if self.sort is Sort.END else repr(self.text[:60])


_PATTERN = (
    r"(?P<date>\d{4}-\d{2}-\d{2}(?![\w-]))"
    r"|(?P<number>\d[\d_]*(?:\.\d+)?(?:(?:\^|[eE]\+?)\d+)?(?![\w.^]))"
    r'|(?P<text>"(?:[^"\\\n]|\\["\\])*")'
    r"|(?P<mark>[()\[\],])"
    r"|(?P<word>[A-Za-z_][A-Za-z0-9_.:/+-]*)"
    r"|(?P<other>[^\s()\[\],]+)"
)
_ROW = re.compile(r'"([^"\n]*)"|(\S+)')
_ESCAPE = re.compile(r"\\([\"\\])")
_SPACE = re.compile(r"[ \t\r\u3000]*")


UNSPACED = frozenset({"zh"})
"""Languages that write one word after another without a space."""


@cache
def _matcher(language: str) -> re.Pattern[str]:
    words = sorted(LEXICONS[language], key=len, reverse=True)
    spaced = (re.escape(word).replace(r"\ ", r"[ \t]+") for word in words)
    edge = "" if language in UNSPACED else r"(?![\w.:/+-])"
    return re.compile(rf"(?P<keyword>(?:{'|'.join(spaced)}){edge})|{_PATTERN}")


def tokens_of(line: str, number: int, language: str) -> Iterator[Token]:
    """Split one line into tokens; whatever fits nothing becomes a token of its own."""
    matcher, lexicon = _matcher(language), LEXICONS[language]
    leads, position = True, _skip(line, 0)
    while position < len(line) and line[position] != "#":
        found = matcher.match(line, position)
        if found is None:
            position = _skip(line, position + 1)
            continue
        text, group = found.group(), found.lastgroup or "other"
        keyword = lexicon[" ".join(text.split())] if group == "keyword" else None
        sort = Sort.WORD if keyword is not None else Sort[group.upper()]
        if sort is Sort.TEXT:
            text = _ESCAPE.sub(r"\1", text[1:-1])
        yield Token(
            sort=sort, text=text, keyword=keyword, leads=leads, line=number,
            column=position + 1,
        )  # fmt: skip
        leads, position = False, _skip(line, found.end())
        if keyword == "rows":
            yield from _rows(line, position, number)
            return


def rows_of(line: str, number: int) -> Iterator[Token]:
    """Split the rest of a `rows` clause, whose ids are free text, at its spaces."""
    yield from _rows(line, 0, number)


def _rows(line: str, start: int, number: int) -> Iterator[Token]:
    code = line.split("#", maxsplit=1)[0]
    for found in _ROW.finditer(code, start):
        text = found[1] if found[2] is None else found[2]
        yield Token(
            sort=Sort.TEXT, text=text, keyword=None, leads=False, line=number,
            column=found.start() + 1,
        )  # fmt: skip


def leading_word(line: str, language: str) -> str | None:
    """Return the grammar's word that a line begins with, in one language."""
    first = next(tokens_of(line, 0, language), None)
    return None if first is None else first.keyword


def opens_entry(token: Token) -> bool:
    """Tell whether a token begins an entry: a block word at the start of its line."""
    return token.leads and token.column == 1 and token.keyword in BLOCKS


def opens_clause(token: Token) -> bool:
    """Tell whether a token begins a clause: a clause word that leads its line."""
    return token.leads and token.keyword in CLAUSES


def _skip(line: str, position: int) -> int:
    found = _SPACE.match(line, position)
    return position if found is None else found.end()
