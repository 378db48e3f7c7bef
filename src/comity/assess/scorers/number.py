# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The numbers a sentence states, read by the conventions of English or of Portuguese.

"2,500" is two thousand five hundred in English and two and a half in Portuguese; "14h30",
"14:30" and "2:30 pm" are one time; "uma" may be one or an article. Each number becomes the
set of its readings, and a translation keeps the numbers when the two sides can be paired.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

MAX_CHARACTERS = 4_096
"""Of a text that is read; what an honest translation of one message never reaches."""


class Language(Enum):
    """Whose conventions a text follows."""

    ENGLISH = "en"
    PORTUGUESE = "pt"


@dataclass(frozen=True, slots=True)
class Quantity:
    """One number as stated.

    Args:
        readings: What it may mean, each in one spelling: "2500", "2.5", "14:30".
        is_certain: Whether it must be a number; "uma", "segundo" and "one" need not be.
    """

    readings: frozenset[str]
    is_certain: bool = True


_EN_WORDS = {
    "zero": 0, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14,
    "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70,
    "eighty": 80, "ninety": 90, "noon": 12, "midday": 12, "midnight": 0,
}  # fmt: skip
_PT_WORDS = {
    "zero": 0, "dois": 2, "duas": 2, "três": 3, "quatro": 4, "cinco": 5, "seis": 6, "sete": 7,
    "oito": 8, "nove": 9, "dez": 10, "onze": 11, "doze": 12, "treze": 13, "catorze": 14,
    "quatorze": 14, "quinze": 15, "dezesseis": 16, "dezasseis": 16, "dezessete": 17,
    "dezassete": 17, "dezoito": 18, "dezenove": 19, "dezanove": 19, "vinte": 20,
    "trinta": 30, "quarenta": 40, "cinquenta": 50, "sessenta": 60, "setenta": 70,
    "oitenta": 80, "noventa": 90, "meio-dia": 12, "meia-noite": 0,
}  # fmt: skip
_EN_MAYBE = {
    "one": 1, "once": 1, "twice": 2, "hundred": 100, "first": 1, "second": 2, "third": 3,
    "fourth": 4, "fifth": 5, "both": 2, "half": 30, "dozen": 12, "thousand": 1000,
}  # fmt: skip
_PT_MAYBE = {
    "um": 1, "uma": 1, "cem": 100, "cento": 100, "primeiro": 1, "primeira": 1, "segundo": 2,
    "segunda": 2, "terceiro": 3, "terceira": 3, "quarto": 4, "quarta": 4, "quinto": 5,
    "quinta": 5, "ambos": 2, "ambas": 2, "meia": 30, "dúzia": 12, "mil": 1000,
}  # fmt: skip
_SCALES = {"thousand": 3, "mil": 3, "million": 6, "milhão": 6, "milhões": 6, "milhao": 6}

_WORD = r"[^\W\d_]+(?:-[^\W\d_]+)*"
_FIGURE = re.compile(
    r"(?P<minus>(?<![\w.,:])[-−]|\bminus\s+"
    r"|(?<!pelo )(?<!ao )(?<!ou )\bmenos\s+)?"
    r"(?:(?P<hour>\d{1,2})\s?(?:[:h]|horas?\s+e\s+)\s?(?P<minute>\d{2})(?!\d)(?:\s?min\b)?"
    r"|(?P<figure>\d+(?:[.,]\d+)*(?:[\u00a0\u202f]\d{3}(?![\d.,:]))*))"
    r"(?:\s?h(?:rs?)?\b)?"
    r"(?:\s+(?P<scale>thousand|million|mil|milh(?:ão|ões|ao))\b)?"
    r"(?P<half>\s?(?:(?P<pm>p\.?m\b\.?|(?:horas\s+)?da\s+(?:tarde|noite)\b)"
    r"|(?P<am>a\.?m\b\.?|(?:horas\s+)?da\s+(?:manhã|madrugada)\b)))?"
    r"|(?P<word>" + _WORD + r")",
    re.IGNORECASE,
)


def quantities(text: str, language: Language) -> list[Quantity]:
    """Return the numbers a text states, in order."""
    tokens = list(_FIGURE.finditer(text[:MAX_CHARACTERS]))
    return list(_read(tokens, language))


def are_kept(stated: Iterable[Quantity], repeated: Iterable[Quantity]) -> bool:
    """Tell whether a translation keeps the numbers, in whatever order.

    Every certain number of the message has one of its own in the translation, and every
    certain number of the translation is one of the message's; repeating one is no fault.
    """
    left, right = list(stated), list(repeated)
    known = {reading for quantity in left for reading in quantity.readings}
    if any(quantity.is_certain and not quantity.readings & known for quantity in right):
        return False
    return _pair([quantity for quantity in left if quantity.is_certain], Counter(right))


def _pair(left: Sequence[Quantity], right: Counter[Quantity]) -> bool:
    """Give each number on the left one of its own on the right, if that can be done."""
    if not left:
        return True
    for other in [other for other, count in right.items() if count]:
        if left[0].readings & other.readings:
            right[other] -= 1
            if _pair(left[1:], right):
                return True
            right[other] += 1
    return False


def _read(tokens: list["re.Match[str]"], language: Language) -> Iterator[Quantity]:
    sure, maybe = (
        (_EN_WORDS, _EN_MAYBE) if language is Language.ENGLISH else (_PT_WORDS, _PT_MAYBE)
    )
    place = 0
    while place < len(tokens):
        token = tokens[place]
        place += 1
        word = (token["word"] or "").casefold()
        if not word:
            yield Quantity(_figure(token, language))
        elif word in sure:
            value, place = _compound(sure[word], tokens, place, sure)
            yield Quantity(frozenset({str(value)}))
        elif _hyphenated(word, sure) is not None:
            yield Quantity(frozenset({str(_hyphenated(word, sure))}))
        elif word in maybe:
            yield Quantity(frozenset({str(maybe[word])}), is_certain=False)


def _hyphenated(word: str, sure: dict[str, int]) -> int | None:
    """Read "twenty-four"; "twenty-storey" is no number, but states one."""
    parts = word.split("-")
    if len(parts) < 2 or parts[0] not in sure:
        return None
    rest = {**sure, "one": 1}.get(parts[1], 0)
    return sure[parts[0]] + (rest if sure[parts[0]] >= 20 and 0 < rest < 10 else 0)


def _compound(
    value: int, tokens: list["re.Match[str]"], place: int, sure: dict[str, int]
) -> tuple[int, int]:
    """Join "vinte e quatro", "two thousand": tens with units, words with scales."""
    words = [(token["word"] or "").casefold() for token in tokens[place : place + 2]]
    if value >= 20 and value % 10 == 0 and len(words) == 2 and words[0] == "e":
        unit = {**sure, "um": 1, "uma": 1}.get(words[1], 0)
        if 0 < unit < 10:
            value, place = value + unit, place + 2
            words = [(token["word"] or "").casefold() for token in tokens[place : place + 1]]
    if words and words[0] == "hundred":
        return value * 100, place + 1
    if words and words[0] in _SCALES:
        return value * 10 ** _SCALES[words[0]], place + 1
    return value, place


def _figure(token: "re.Match[str]", language: Language) -> frozenset[str]:
    if token["hour"] is not None:
        found = {_time(int(token["hour"]), int(token["minute"]), token)}
    else:
        found = {_halved(reading, token) for reading in _spellings(token["figure"], language)}
    scale = _SCALES.get((token["scale"] or "").casefold(), 0)
    found = {_scaled(reading, scale) for reading in found}
    if token["minus"]:
        found = {f"-{reading}" for reading in found}
    return frozenset(found)


def _time(hour: int, minute: int, token: "re.Match[str]") -> str:
    hour = _day_hour(hour, token)
    return f"{hour}:{minute:02d}" if minute else str(hour)


def _day_hour(hour: int, token: "re.Match[str]") -> int:
    if token["pm"] and hour < 12:
        return hour + 12
    return 0 if token["am"] and hour == 12 else hour


def _halved(reading: str, token: "re.Match[str]") -> str:
    if not token["half"] or not reading.isdecimal() or int(reading) > 12:
        return reading
    return str(_day_hour(int(reading), token))


def _spellings(figure: str, language: Language) -> set[str]:
    figure = re.sub(r"\s", "", figure)
    group, point = (",", ".") if language is Language.ENGLISH else (".", ",")
    if re.fullmatch(
        rf"\d{{1,3}}(?:{re.escape(group)}\d{{3}})+(?:{re.escape(point)}\d+)?", figure
    ):
        return {_plain(figure.replace(group, "").replace(point, "."))}
    if re.fullmatch(rf"\d+(?:{re.escape(point)}\d+)?", figure):
        return {_plain(figure.replace(point, "."))}
    found = {_plain(figure.replace(group, "."))} if figure.count(group) == 1 else {figure}
    if clock := re.fullmatch(r"([01]?\d|2[0-3])\.([0-5]\d)", figure):
        found.add(f"{int(clock[1])}:{clock[2]}" if int(clock[2]) else str(int(clock[1])))
    return found


def _plain(number: str) -> str:
    whole, _, part = number.partition(".")
    part = part.rstrip("0")
    return f"{whole.lstrip('0') or '0'}{'.' + part if part else ''}"


def _scaled(reading: str, scale: int) -> str:
    if not scale or ":" in reading:
        return reading
    whole, _, part = reading.partition(".")
    moved = whole + part[:scale].ljust(scale, "0")
    return _plain(f"{moved}.{part[scale:]}")
