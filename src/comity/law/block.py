# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""From Markdown to entries: fenced blocks, split into entries and their clauses."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from comity.errors import Fault
from comity.law.lexicon import BLOCKS, CLAUSES, LEXICONS
from comity.law.token import (
    Sort,
    Token,
    leading_word,
    opens_clause,
    opens_entry,
    rows_of,
    tokens_of,
)

MAX_CHARACTERS = 1_000_000
MAX_TOKENS = 200_000
_FENCES = ("```", "~~~")


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One file of the pack language, by the name faults are reported under."""

    name: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """A clause word and what follows it, closed by an END token at its last place."""

    opener: Token
    body: tuple[Token, ...]

    @property
    def word(self) -> str:
        """The grammar's word for the clause."""
        return self.opener.keyword or ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A block word, its head, and its clauses.

    Args:
        language: Of its block's words, and of every text without a tag.
    """

    source: str
    language: str
    opener: Token
    head: tuple[Token, ...]
    clauses: tuple[Clause, ...]

    @property
    def word(self) -> str:
        """The grammar's word for the entry."""
        return self.opener.keyword or ""


def entries_of(document: Document) -> tuple[tuple[Entry, ...], tuple[Fault, ...]]:
    """Split a document into entries; faults are lines that belong to none."""
    if len(document.text) > MAX_CHARACTERS:
        message = f"the file has more than {MAX_CHARACTERS:,} characters"
        return (), (Fault(message=message, source=document.name),)
    entries: list[Entry] = []
    faults: list[Fault] = []
    for first, lines in _blocks(document.text):
        language = _language(lines)
        tokens = tuple(_tokens(lines, first, language))
        if len(tokens) > MAX_TOKENS:
            message = f"the block has more than {MAX_TOKENS:,} words"
            faults.append(Fault(message=message, line=first, source=document.name))
            continue
        stray = _stray(tokens)
        if stray is not None:
            message = f"{stray} begins no entry; an entry begins, unindented, with one of "
            message += ", ".join(sorted(BLOCKS))
            faults.append(
                Fault(
                    message=message, line=stray.line, column=stray.column, source=document.name
                )
            )
        entries.extend(_entries(tokens, document.name, language))
    return tuple(entries), tuple(faults)


def _blocks(text: str) -> Iterator[tuple[int, Sequence[str]]]:
    """Yield each block of ours: the number of its first line, and its lines."""
    fence, first, ours = "", 0, False
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for number, line in enumerate(lines, start=1):
        mark = line.lstrip()[:3]
        if not fence and mark in _FENCES:
            words = line.lstrip().lstrip(mark[0]).split()
            fence, first, ours = mark, number + 1, words[:1] == ["comity"]
        elif fence and mark == fence and not line.strip(f"{mark[0]} \t"):
            if ours:
                yield first, lines[first - 1 : number - 1]
            fence = ""
    if fence and ours:
        yield first, lines[first - 1 :]


def _tokens(lines: Sequence[str], first: int, language: str) -> Iterator[Token]:
    in_rows = False
    for number, line in enumerate(lines, start=first):
        tokens = list(tokens_of(line, number, language))
        if in_rows and tokens and not (opens_clause(tokens[0]) or opens_entry(tokens[0])):
            yield from rows_of(line, number)
            continue
        if tokens:
            in_rows = tokens[0].keyword == "rows"
        yield from tokens


def _language(lines: Sequence[str]) -> str:
    """Return the language a block is written in.

    Its first line must begin with a word for an entry; where two languages share that word,
    the one whose words lead more of the lines.
    """
    full = [line for line in (line.split("#", 1)[0].strip() for line in lines) if line]
    if not full:
        return "en"
    able = [language for language in LEXICONS if leading_word(full[0], language) in BLOCKS]
    if len(able) < 2:
        return able[0] if able else "en"
    return max(able, key=lambda language: sum(_leads(line, language) for line in full))


def _leads(line: str, language: str) -> bool:
    return leading_word(line, language) in BLOCKS | CLAUSES


def _stray(tokens: Sequence[Token]) -> Token | None:
    return tokens[0] if tokens and not opens_entry(tokens[0]) else None


def _entries(tokens: Sequence[Token], source: str, language: str) -> Iterator[Entry]:
    starts = [position for position, token in enumerate(tokens) if opens_entry(token)]
    for start, stop in zip(starts, [*starts, len(tokens)][1:], strict=True):
        yield _entry(tokens[start:stop], source, language)


def _entry(tokens: Sequence[Token], source: str, language: str) -> Entry:
    starts = [i for i, token in enumerate(tokens) if i > 0 and opens_clause(token)]
    stops = [*starts, len(tokens)][1:]
    head = tokens[1 : starts[0] if starts else len(tokens)]
    return Entry(
        source=source,
        language=language,
        opener=tokens[0],
        head=_closed(head, tokens[0]),
        clauses=tuple(
            Clause(opener=tokens[start], body=_closed(tokens[start + 1 : stop], tokens[start]))
            for start, stop in zip(starts, stops, strict=True)
        ),
    )


def _closed(tokens: Sequence[Token], before: Token) -> tuple[Token, ...]:
    last = tokens[-1] if tokens else before
    extra = 2 if last.sort is Sort.TEXT else 0
    end = Token(
        sort=Sort.END, text="", keyword=None, leads=False, line=last.line,
        column=last.column + len(last.text) + extra,
    )  # fmt: skip
    return (*tokens, end)
