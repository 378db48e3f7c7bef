# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Whether a text says a phrase: numbers and times in one spelling, accents and case apart."""

import re
import unicodedata
from functools import lru_cache

from comity.assess.scorers.wording import visible

_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]"
)
"""Thai, Lao, Burmese, Khmer, Japanese, Chinese: words without spaces between them."""

_GROUPED = re.compile(r"(?<![\d.,])\d{1,3}(?:[.,\u00a0\u202f]\d{3})+(?![\d]|[.,]\d)")
_DECIMAL = re.compile(r"(?<=\d),(?=\d)")
_CLOCK = re.compile(
    r"(?P<before>下午|晚上|上午|早上)?(?<![\d.,])"
    r"(?P<hour>[01]?\d|2[0-3])(?:\s?[:h时点]\s?(?P<minute>[0-5]\d)分?)?(?![\d:])"
    r"(?:\s?(?P<after>p\.?\s?m\b\.?|a\.\s?m\b\.?|am\b|da tarde|da noite|da manha|de la tarde"
    r"|de la noche|de la manana))?"
)
_DOTTED = re.compile(r"(?<![\d.])(\d{1,2})\.([0-5]\d)(?=\s?[ap]\.?\s?m\b)")
_LATE = frozenset({"下午", "晚上", "pm", "da tarde", "da noite", "de la tarde", "de la noche"})
_EARLY = frozenset({"am"})


def folded(text: str) -> str:
    """Return a text in one spelling: no accents, case or digit shapes; times as 14:05.

    Example:
        >>> folded("Às 2:05 pm, 1.200 pessoas; 3,5 m")
        'as 14:05, 1200 pessoas; 3.5 m'
    """
    plain = unicodedata.normalize("NFKD", visible(text)).casefold()
    plain = "".join(map(_plain, plain))
    plain = _GROUPED.sub(lambda found: re.sub(r"\D", "", found[0]), plain)
    plain = _DOTTED.sub(r"\1:\2", _DECIMAL.sub(".", plain))
    return " ".join(_CLOCK.sub(_time, plain).split())


def is_said(phrase: str, text: str) -> bool:
    """Tell whether a folded text says a folded phrase, as whole words and numbers."""
    start = text.find(phrase)
    while phrase and start >= 0:
        end = start + len(phrase)
        before, after = text[start - 1 : start], text[end : end + 1]
        is_part = _joins(before, phrase[0]) or _joins(phrase[-1], after)
        if not is_part and not _is_cut(text, start, end):
            return True
        start = text.find(phrase, start + 1)
    return False


def is_any_said(alternatives: str, text: str) -> bool:
    """Tell whether a folded text says one of some alternatives, separated by `|`."""
    return any(is_said(folded(one), text) for one in alternatives.split("|"))


def _joins(one: str, other: str) -> bool:
    """Tell whether two characters side by side belong to one word or number; 30mm is two."""
    if not (one.isalnum() and other.isalnum()) or one.isdigit() != other.isdigit():
        return False
    return not (_UNSPACED.match(one) or _UNSPACED.match(other))


def _is_cut(text: str, start: int, end: int) -> bool:
    """Tell whether a number goes on beyond its point or colon: 14 in 14:30."""
    return bool(
        (text[start].isdigit() and re.search(r"\d[.:]$", text[:start]))
        or (text[end - 1].isdigit() and re.match(r"[.:]\d", text[end:]))
    )


@lru_cache(maxsize=4096)
def _plain(char: str) -> str:
    if unicodedata.combining(char):
        return ""
    if char.isdecimal():
        return str(unicodedata.digit(char))
    return "d" if char == "đ" else char


def _time(found: "re.Match[str]") -> str:
    half = found["before"] or found["after"] or ""
    half = re.sub(r"^([ap])\.?\s?m\b\.?$", r"\1m", half)
    if found["minute"] is None and not half:
        return found[0]
    hour = int(found["hour"])
    if half in _LATE and hour < 12:
        hour += 12
    elif half in _EARLY and hour == 12:
        hour = 0
    return f"{hour}:{found['minute'] or '00'}"
