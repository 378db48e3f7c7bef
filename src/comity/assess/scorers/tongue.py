# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Which language a text is in, told by its script and its commonest small words.

No model: a language with a script of its own is told by its letters; those written in Latin
letters by words that stand in nearly every sentence of one and of no other. A text of few
words that says none of any is held to be in the language asked for.
"""

import re
from collections import Counter
from collections.abc import Mapping
from types import MappingProxyType

from comity.assess.scorers.phrase import folded

_SCRIPTS: Mapping[str, str] = MappingProxyType(
    {
        "ar": "\u0600-\u06ff", "zh": "\u3400-\u9fff", "ru": "\u0400-\u04ff",
        "hi": "\u0900-\u097f", "km": "\u1780-\u17ff", "my": "\u1000-\u109f",
    }
)  # fmt: skip
_SMALL: Mapping[str, str] = MappingProxyType(
    {
        "en": "the is are was were of to and in that it for with this which there on at has "
        "have be by from you they not would an comes after before makes equals answer",
        "fr": "le la les des du est sont et dans pour une un il elle ce cette avec que qui au "
        "aux vous nous sur apres avant ne pas par font reponse",
        "es": "el la los las del es son y en para una un que con al se por su lo hay despues "
        "antes de usted ustedes como mas tiene respuesta esta",
        "pt": "o a os as do da dos das e sao em para uma um que com ao se por no na nos nas ha "
        "depois antes de voce nao tem resposta esta foi",
        "sw": "ni na ya wa kwa la za katika hii hiyo huu huo ambayo siku baada kabla jibu cha "
        "vya mwezi ndiyo yake hapo kuna",
        "vi": "la cua va co cho mot nhung trong voi khong duoc cac nay ngay sau truoc thang "
        "toi ban o thu nguoi tra loi nam",
        "id": "adalah dan yang di ke dari untuk dengan ini itu pada ada sebelum setelah "
        "sesudah tidak hari bulan akan jawabannya jawaban sebuah",
    }
)
_WORDS: Mapping[str, frozenset[str]] = MappingProxyType(
    {name: frozenset(words.split()) for name, words in _SMALL.items()}
)
_LATIN = re.compile(r"[a-z]+")
LEAST_SHARE = 0.6
"""Of the letters of a text, in the script of its language."""

LANGUAGES = frozenset(_SCRIPTS) | frozenset(_SMALL)
"""ISO 639-1 codes of the languages told apart."""


def is_in(text: str, language: str) -> bool:
    """Tell whether a text is in a language, as far as its letters and small words tell."""
    plain = folded(text)
    letters = [char for char in plain if char.isalpha()]
    own = re.compile(f"[{_SCRIPTS.get(language, 'a-z')}]")
    if sum(own.match(char) is not None for char in letters) < LEAST_SHARE * len(letters):
        return False
    return language in _SCRIPTS or _is_latin_in(plain, language)


def fault_of(language: str) -> str | None:
    """Say what keeps a text from being a language told apart here, or None."""
    if language in LANGUAGES:
        return None
    return f"{language[:20]!r} is none of {', '.join(sorted(LANGUAGES))}"


def _is_latin_in(plain: str, language: str) -> bool:
    words = Counter(_LATIN.findall(plain))
    counts = {
        name: sum(count for word, count in words.items() if word in small)
        for name, small in _WORDS.items()
    }
    return counts[language] == max(counts.values())
