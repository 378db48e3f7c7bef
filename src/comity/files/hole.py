# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A hole: the place in a core's text that a slot fills.

`{place}` is filled from the list `place`; `{place#2}` with another of its values;
`{day.next}` with a column of a row; `{=a*b}` with a sum of two numbers; `{who.*}` and
`{who.*_name}` in a pair with the columns `one` and `other`, `one_name` and `other_name`;
`{answer}` and `{answers}` in an example with what the reference asks for.
"""

import re
from collections.abc import Iterator, Mapping

ANSWER = "answer"
ANSWERS = "answers"
RESERVED = frozenset({ANSWER, ANSWERS})

_HOLE = re.compile(
    r"\{(?:(?P<slot>[a-z_]+)(?:#(?P<turn>[2-9]))?(?:\.(?P<column>[a-z_]+))?"
    r"|=(?P<left>[a-z_]+|\d+)(?P<sign>[-+*])(?P<right>[a-z_]+|\d+))\}"
)
_MEMBER = re.compile(r"(\{[a-z_]+(?:#[2-9])?)\.\*(_[a-z_]+)?\}")

Value = str | Mapping[str, str]
"""What fills a slot: a text, or a row of texts by column."""

Filling = Mapping[tuple[str, str], Value]
"""What an item is filled with, by slot and turn ("" or "2")."""


def holes(text: str) -> Iterator[re.Match[str]]:
    """Find the places to fill in a text."""
    return _HOLE.finditer(text)


def is_closed(text: str) -> bool:
    """Tell whether every brace of a text belongs to a hole."""
    return not set("{}") & set(_HOLE.sub("", text))


def members_of(text: str) -> tuple[str, str]:
    """Write the two members of a pair that differ only where a hole has a star.

    Example:
        >>> members_of("Invite {who.*}, {age}?")
        ('Invite {who.one}, {age}?', 'Invite {who.other}, {age}?')
    """
    one, other = (_MEMBER.sub(rf"\1.{name}\2}}", text) for name in ("one", "other"))
    return one, other


def fill(text: str, filling: Filling) -> str:
    """Fill a text."""

    def one(hole: re.Match[str]) -> str:
        if hole["sign"]:
            left, right = (_number(hole[side], filling) for side in ("left", "right"))
            signs = {"+": left + right, "-": left - right, "*": left * right}
            return str(signs[hole["sign"]])
        value = filling[hole["slot"], hole["turn"] or ""]
        return value if isinstance(value, str) else value[hole["column"]]

    return _HOLE.sub(one, text)


def examples_of(reference: str) -> Filling:
    """Return what `{answer}` and `{answers}` stand for beside a filled reference.

    The answer is the first alternative of the reference; the answers are those of each of
    its parts, forbidden ones left out.

    Example:
        >>> examples_of("14:30|2:30 pm;Lima;!tomorrow")["answers", ""]
        '14:30. Lima'
    """
    parts = [part.split("|")[0].strip() for part in reference.split(";")]
    wanted = [part for part in parts if part and part[0] not in "!#<@"]
    return {(ANSWER, ""): parts[0], (ANSWERS, ""): ". ".join(wanted)}


def _number(word: str, filling: Filling) -> int:
    return int(word) if word.isdecimal() else int(str(filling[word, ""]))
