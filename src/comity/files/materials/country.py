# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A country as bills of materials write it: a code of two or three letters, or a name.

Source:
    CLDR's territory aliases and English names, as Babel ships them.
"""

from collections.abc import Mapping
from functools import cache

from babel import Locale
from babel.core import get_global

from comity.law.market import EUROPEAN_UNION, STATES


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


@cache
def _by_short() -> Mapping[str, str]:
    aliases = get_global("territory_aliases")
    return {aliases[code][0]: code for code in STATES if len(aliases.get(code, ())) == 1}


@cache
def _by_name() -> Mapping[str, str]:
    names = Locale("en").territories
    return {
        names[short].casefold(): code
        for short, code in _by_short().items()
        if names.get(short) is not None
    }
