# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Which language an answer is in, by a packaged byte n-gram model."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from comity.assess.scorers.model import Model
from comity.assess.scorers.wording import said

MAX_READ = 4_096
"""Characters of an answer that are read."""

LEAST_LETTERS = 4
"""Fewer letters are of no language in particular."""

MODEL = Model(
    name="py3langid 0.4.0",
    releases={"py3langid": "0.4.0"},
    package="py3langid",
    folder="data",
    sha256="21dbed9bbcf1a3cb70c0acd0b55b2b0dcb769d2114ad7415a563378ac2a0e00a",
)
LANGUAGES = frozenset(
    {
        "af", "am", "an", "ar", "as", "az", "ba", "be", "bg", "bn", "br", "bs", "ca", "cs",
        "cy", "da", "de", "dz", "el", "en", "eo", "es", "et", "eu", "fa", "fi", "fo", "fr",
        "fy", "ga", "gd", "gl", "gu", "ha", "he", "hi", "hr", "ht", "hu", "hy", "id", "ig",
        "is", "it", "ja", "jv", "ka", "kk", "km", "kn", "ko", "ku", "ky", "la", "lb", "lg",
        "ln", "lo", "lt", "lv", "mg", "mk", "ml", "mn", "mr", "ms", "mt", "my", "ne", "nl",
        "nn", "no", "oc", "om", "or", "pa", "pl", "ps", "pt", "qu", "ro", "ru", "rw", "sa",
        "se", "si", "sk", "sl", "sn", "so", "sq", "sr", "st", "sv", "sw", "ta", "te", "tg",
        "th", "tk", "tl", "tr", "tt", "ug", "uk", "ur", "uz", "vi", "vo", "wa", "xh", "yo",
        "zh", "zu",
    }
)  # fmt: skip
"""ISO 639-1 codes the model tells apart."""

VARIETIES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "ar": frozenset({"arz", "ary"}),
        "ku": frozenset({"sdh"}),
        "no": frozenset({"nn"}),
        "uz": frozenset({"uzs"}),
        "zh": frozenset({"yue", "wuu"}),
    }
)
"""What the model names apart although one code of ISO 639-1 covers it."""


def is_in(answer: str, language: str) -> bool:
    """Tell whether an answer is, for the most part, in a language.

    Raises:
        NotPermitted: The model is not installed.
    """
    classify = _classifier()
    text = said(answer)[:MAX_READ]
    if sum(map(str.isalpha, text)) < LEAST_LETTERS:
        return False
    found = classify(text)
    return found == language or found in VARIETIES.get(language, ())


def fault_of(reference: str) -> str | None:
    """Say what keeps a text from being a language code, or None."""
    if reference in LANGUAGES:
        return None
    return f"{reference[:20]!r} is not the ISO 639-1 code of a language the model knows"


@cache
def _classifier() -> Any:
    MODEL.require()
    from py3langid import langid  # noqa: PLC0415 - an extra, half a second to load

    identifier = langid.LanguageIdentifier.from_model_file(langid.MODEL_FILE)

    def classify(text: str) -> str:
        return str(identifier.classify(text)[0])

    return classify
