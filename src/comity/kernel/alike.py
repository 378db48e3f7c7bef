# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Names that people cannot tell apart, though computers can.

A short table of Cyrillic and Greek letters that most typefaces draw as Latin ones, far from all
that Unicode Technical Standard 39 lists: it finds a copied name, and proves no name unlike.
"""

import unicodedata

_DRAWN_AS = str.maketrans(
    "\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0423\u0425\u0405\u0406\u0408"
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0455\u0456\u0458\u04bb\u0501\u051b\u051d"
    "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7"
    "\u03bf\u03bd\u03b9\u0131",
    "ABEKMHOPCTYXSIJ"  # Cyrillic capitals
    "aeopcyxsijhdqw"  # Cyrillic small letters
    "ABEZHIKMNOPTYX"  # Greek capitals
    "ovii",  # Greek small letters, and the dotless i
)
_UNSEEN = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})


def look_of(name: str) -> str:
    """Return what two names share that look alike: capitals, blanks and hidden signs aside.

    >>> look_of("\u0410da") == look_of("ADA\u200b"), look_of("Ada") == look_of("Adi")
    (True, False)
    """
    plain = unicodedata.normalize("NFKC", name).translate(_DRAWN_AS)
    seen = (letter for letter in plain if unicodedata.category(letter) not in _UNSEEN)
    return unicodedata.normalize("NFKC", "".join(seen).casefold())
