# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Names that people cannot tell apart, though computers can.

A table of letters of other alphabets that most typefaces draw as Latin ones, some 150 of the
thousands that Unicode Technical Standard 39 lists: it finds a copied name, and proves no name
unlike. Two letters for one (rn for m), digits for letters (0 for O, 1 for l) and likeness
within one alphabet (capital I for small l) are not in it.
"""

import unicodedata
from collections.abc import Iterable, Iterator

_DRAWN_AS = str.maketrans(
    "\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0423\u0425\u0405\u0406\u0408"
    "\u04c0\u0474\u050c\u051a\u051c"
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0455\u0456\u0458\u04bb\u0475\u0501\u051b\u051d"
    "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7"
    "\u03b1\u03b3\u03bf\u03bd\u03b9\u03c1\u03c5\u0131"
    "\u054d\u054f\u0555\u0566\u0570\u0575\u0578\u057d\u0581\u0585"
    "\u13a0\u13a1\u13a2\u13aa\u13ab\u13ac\u13b3\u13b7\u13bb\u13c0\u13c3"
    "\u13cf\u13d2\u13d4\u13d9\u13da\u13de\u13df\u13e2\u13e6\u13e7\u13f4"
    "\ua4d0\ua4d1\ua4d3\ua4d4\ua4d6\ua4d7\ua4d9\ua4da\ua4dc\ua4dd\ua4df\ua4e0"
    "\ua4e1\ua4e2\ua4e3\ua4e6\ua4e7\ua4ea\ua4eb\ua4ec\ua4ee\ua4f0\ua4f2\ua4f3\ua4f4"
    "\u0251\u0261\u0269\u1d00\u0299\u1d04\u1d05\u1d07\ua730\u0262\u029c\u026a\u1d0a\u1d0b"
    "\u029f\u1d0d\u0274\u1d0f\u1d18\u0280\ua731\u1d1b\u1d1c\u1d20\u1d21\u028f\u1d22",
    "ABEKMHOPCTYXSIJ"  # Cyrillic capitals
    "IVGQW"
    "aeopcyxsijhvdqw"  # Cyrillic small letters
    "ABEZHIKMNOPTYX"  # Greek capitals
    "ayovipui"  # Greek small letters, and the dotless i
    "USOqhjnugo"  # Armenian
    "DRTAJEWMHGZ"  # Cherokee
    "bRWVSLCPKdB"
    "BPDTGKJCZFMN"  # Lisu
    "LSRVHWXYAEIOU"
    "agiabcdefghijk"  # phonetic letters and small capitals
    "lmnoprstuvwyz",
)
_UNSEEN = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})


def look_of(name: str) -> str:
    """Return what two names share that look alike: capitals, blanks and hidden signs aside.

    >>> look_of("\u0410da") == look_of("ADA\u200b"), look_of("Ada") == look_of("Adi")
    (True, False)
    """
    plain = unicodedata.normalize("NFKC", name).translate(_DRAWN_AS)
    seen = (letter for letter in plain if unicodedata.category(letter) not in _UNSEEN)
    small = "".join(seen).casefold().translate(_DRAWN_AS)  # small Cherokee folds to capitals
    return unicodedata.normalize("NFKC", small.casefold())


def copies(names: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Yield where a name stands that is one before it, or looks like it; and in words which.

    >>> list(copies(["Ada", "ADA", "Bo", "Bo"]))
    [(1, "looks like 'Ada'"), (3, 'stands twice')]
    """
    first: dict[str, str] = {}
    for place, name in enumerate(names):
        look = look_of(name)
        if look in first:
            is_same = first[look] == name
            yield place, "stands twice" if is_same else f"looks like {first[look]!a}"
        elif look:  # of what shows nothing, none is told from another
            first[look] = name
