# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""An answer as a reader sees it: without invisible characters, letters in their plain form."""

import json
import re
import unicodedata
from functools import lru_cache

MAX_CHARACTERS = 16_384
"""Of an answer that is judged as a whole; a longer one fails, so that nothing hides behind."""

MAX_LIST = 64
"""Of the answers of one conversation."""

_HIDDEN = re.compile("[\u0300-\u036f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\ufe00-\ufe0f]")
_LONG_WORD = re.compile(r"[^\W\d_]{4,}")
_SCRIPTS = ("LATIN", "CYRILLIC", "GREEK")


def answers_in(answer: str) -> tuple[str, ...]:
    """Return the answers of a conversation or a pair, else the one answer.

    Example:
        >>> answers_in('["Hello.","Good bye."]')
        ('Hello.', 'Good bye.')
    """
    if not answer.startswith("["):
        return (answer,)
    try:
        parts = json.loads(answer)
    except (ValueError, RecursionError):
        return (answer,)
    is_list = isinstance(parts, list) and 0 < len(parts) <= MAX_LIST
    if not is_list or not all(isinstance(part, str) for part in parts):
        return (answer,)
    return tuple(parts)


def said(answer: str) -> str:
    """Return everything that was said, the answers of a conversation one after another."""
    return "\n\n".join(answers_in(answer))


def visible(text: str) -> str:
    """Fold full-width and styled letters, drop what no reader sees.

    Example:
        >>> visible("i" + chr(0x200B) + "diot " + chr(0xFF21))
        'idiot A'
    """
    plain = unicodedata.normalize("NFKC", text)
    return _HIDDEN.sub("", "".join(map(_shown, plain)))


@lru_cache(maxsize=4096)
def _shown(char: str) -> str:
    return "" if unicodedata.category(char) == "Cf" else char


def is_disguised(text: str) -> bool:
    """Tell whether a longer word mixes the look-alike letters of two alphabets.

    Example:
        >>> is_disguised("id" + chr(0x456) + "ot"), is_disguised("5 µSv/h")
        (True, False)
    """
    return any(len(_scripts(word)) > 1 for word in set(_LONG_WORD.findall(text)))


def _scripts(word: str) -> set[str]:
    if word.isascii():
        return {"LATIN"}
    names = (unicodedata.name(char, "") for char in word)
    return {script for name in names for script in _SCRIPTS if name.startswith(script)}
