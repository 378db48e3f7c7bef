# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A country as bills of materials write it: a code of two or three letters, or a name.

Source:
    CLDR's territory aliases and English names, as Babel ships them.
"""

import re
from collections.abc import Collection, Mapping
from functools import cache

from babel import Locale
from babel.core import get_global

from comity.law.cursor import near_miss
from comity.law.market import EUROPEAN_UNION, STATES

LEAST_LETTERS = 3
MAX_MEANT = 4
"""Names offered for a code that is none; more would help nobody choose."""

MAX_SHOWN = 40

MAX_MISTYPED = 5
"""Signs of a word that may be a mistyped code; a longer one is like none of three letters."""

_RENAMED = {"MMR": "Myanmar"}
"""Names without the one that the state gave up, which CLDR adds in brackets."""

LANGUAGES = ("fr", "es", "pt", "ru", "zh", "ar", "km")
"""In which else a state's name is understood, to offer its code."""


def find_country(text: str) -> str | None:
    """Return the ISO 3166-1 alpha-3 code (or "EU") a text means, or None where it means none.

    >>> find_country("za"), find_country("South Africa"), find_country("ZAF")
    ('ZAF', 'ZAF', 'ZAF')
    """
    word = text.strip()
    upper = word.upper()
    if upper in STATES or upper == EUROPEAN_UNION:
        return upper
    return _by_short().get(upper) or _by_name().get(word.casefold())


def country_name(code: str) -> str:
    """Return a state's English name, or the code itself where none is known.

    >>> country_name("KHM"), country_name("AAA")
    ('Cambodia', 'AAA')
    """
    return _names().get(code, code)


def with_name(code: str) -> str:
    """Return a code with the state's English name behind it, where one is known.

    >>> with_name("KHM"), with_name("AAA")
    ('KHM Cambodia', 'AAA')
    """
    name = country_name(code)
    return code if name == code else f"{code} {name}"


def no_state(
    text: str, kind: str = "ISO 3166-1 alpha-3 code, nor EU"
) -> tuple[str, str | None]:
    """Say that a text is no state's code, and which it may mean: words, and one near miss.

    >>> no_state("CAM", kind="code")
    ("'CAM' is no code; KHM is Cambodia, CMR is Cameroon", None)
    >>> no_state("Cambodia", kind="code")
    ("'Cambodia' is no code", 'KHM')
    """
    said, word = f"{text[:MAX_SHOWN]!r} is no {kind}", text.strip()
    found = find_country(word) or _find_within(word)
    if found is not None:
        return said, found
    begun = word.casefold()
    meant = [code for name, code in _by_name().items() if name.startswith(begun)]
    if len(word) < LEAST_LETTERS or not meant:
        upper = word.upper() if len(word) <= MAX_MISTYPED else ""
        return said, near_miss(upper, STATES) or near_code(upper, STATES)
    listed = sorted(meant, key=country_name)[:MAX_MEANT]
    return f"{said}; {', '.join(f'{code} is {country_name(code)}' for code in listed)}", None


def near_code(word: str, members: Collection[str]) -> str | None:
    """Return a member that differs in one sign, the last for preference."""
    near = [
        each
        for each in members
        if len(each) == len(word) and sum(a != b for a, b in zip(each, word, strict=True)) == 1
    ]
    first = [each for each in near if each[:2] == word[:2]]
    return min(first or near, default=None)


def _find_within(text: str) -> str | None:
    """Return the state whose name stands in a longer one, or is said in another language."""
    said = text.casefold()
    within = [
        name
        for name in _by_name()
        if name in said and re.search(rf"\b{re.escape(name)}\b", said)
    ]
    if within:
        return _by_name()[max(within, key=len)]
    return next((names[said] for names in map(_abroad, LANGUAGES) if said in names), None)


@cache
def _abroad(tag: str) -> Mapping[str, str]:
    names = Locale(tag).territories
    return {
        str(names[short]).casefold(): code
        for short, code in _by_short().items()
        if names.get(short) is not None
    }


@cache
def _by_short() -> Mapping[str, str]:
    aliases = get_global("territory_aliases")
    return {aliases[code][0]: code for code in STATES if len(aliases.get(code, ())) == 1}


@cache
def _by_name() -> Mapping[str, str]:
    return {name.casefold(): code for code, name in _names().items()}


@cache
def _names() -> Mapping[str, str]:
    names = Locale("en").territories
    named = {
        code: str(names[short])
        for short, code in _by_short().items()
        if names.get(short) is not None
    }
    return named | _RENAMED
