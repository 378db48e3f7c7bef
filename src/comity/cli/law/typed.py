# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Answers as people type them at a prompt: a few letters, a number from a list, a word."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from comity.law.answer import read_answer
from comity.law.fact import Answer, Fact, Kind, Silence

_FOR_MARKET = re.compile(r"([A-Z][A-Z0-9]*)[ \t]*[:=][ \t]*(.*)")
_FLAGS = {"y": True, "yes": True, "true": True, "n": False, "no": False, "false": False}
_SILENCES = {
    "?": Silence.NOT_KNOWN,
    "-": Silence.NOT_APPLICABLE,
    "!": Silence.DISPUTED,
    "not known": Silence.NOT_KNOWN,
    "not applicable": Silence.NOT_APPLICABLE,
    "disputed": Silence.DISPUTED,
}


class Command(Enum):
    """What may be typed in the place of an answer."""

    SKIP = "s"
    UNDO = "u"
    STOP = "q"


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """An answer that was typed.

    Args:
        market: The market it is about; None for all.
    """

    answer: Answer
    market: str | None = None


def read_typed(fact: Fact, text: str, markets: Sequence[str]) -> Typed | Command | str:
    """Read what was typed: an answer, a command, or a sentence that says what is wrong.

    Args:
        markets: Those an answer may be given for by itself, such as "VNM: 2026-03-01".
    """
    words = text.strip()
    for command in Command:
        if words == command.value:
            return command
    market = None
    found = _FOR_MARKET.fullmatch(words)
    if found is not None:
        market, words = found[1], found[2].strip()
        if market not in markets:
            return f"{market} is not among the markets asked about: {', '.join(markets)}"
    answer = _answer(fact, words)
    return answer if isinstance(answer, str) else Typed(answer=answer[0], market=market)


def choices(fact: Fact) -> str:
    """Say what may be typed as the answer to a fact."""
    match fact.kind:
        case Kind.BOOL:
            return "y or n"
        case Kind.ENUM:
            return "one of " + _numbered(fact)
        case Kind.SET:
            return "any of " + _numbered(fact) + ", or none"
        case Kind.NUMBER:
            return f"a number of {fact.unit}" if fact.unit else "a number"
        case Kind.DATE:
            return "a day such as 2026-08-02"


def _numbered(fact: Fact) -> str:
    return ", ".join(f"{number} {value}" for number, value in enumerate(fact.values, start=1))


def _answer(fact: Fact, words: str) -> tuple[Answer] | str:
    if words.lower() in _SILENCES:
        return (_SILENCES[words.lower()],)
    plain: object = words
    match fact.kind:
        case Kind.BOOL:
            plain = _FLAGS.get(words.lower(), words)
        case Kind.ENUM:
            plain = _value(fact, words)
        case Kind.SET:
            plain = _values(fact, words)
        case Kind.NUMBER if fact.unit and words and " " not in words:
            plain = f"{words} {fact.unit}"
        case _:
            pass
    answer, wrong = read_answer(fact, plain)
    if wrong:
        first = wrong[0]
        return first.message + (f"; did you mean {first.near}?" if first.near else "")
    return (answer,)


def _values(fact: Fact, words: str) -> object:
    if words.lower() in {"none", "[]"}:
        return []
    return [_value(fact, each.strip()) for each in words.strip("[]").split(",") if each.strip()]


def _value(fact: Fact, word: str) -> str:
    """Return a value by its number in the list, or the word itself."""
    if word.isdecimal() and 1 <= int(word) <= len(fact.values):
        return fact.values[int(word) - 1]
    return word.replace(" ", "_").lower()
