# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The words of the pack language, one table per human language.

A language is a table, not a grammar: the same norm written with another table's words has
the same syntax tree and the same digest. Names, values, units and roles stay as they are.
"""

from collections.abc import Mapping
from types import MappingProxyType

from comity.law.words import ar, en, es, fr, pt, ru, zh

BLOCKS = frozenset({"pack", "fact", "conduct", "axiom", "exclusion", "define", "norm", "gap"})

CLAUSES = frozenset({
    "title", "market", "status", "version", "language", "kind", "label", "question", "means",
    "dpv", "guard", "entails", "when", "implies", "cite", "basis", "source", "rows", "who",
    "must", "must_not", "may", "should", "should_not", "asks", "unless", "from", "until",
    "exceptions", "about", "says", "divisible", "together", "because",
})  # fmt: skip


def _table(words: str) -> Mapping[str, str]:
    """Turn lines of a grammar's word and the word on the page into a table the other way."""
    rows = (line.split(maxsplit=1) for line in words.strip().splitlines())
    return MappingProxyType({said: word for word, said in rows})


LEXICONS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "en": _table(en.WORDS),
        "zh": _table(zh.WORDS),
        "fr": _table(fr.WORDS),
        "ar": _table(ar.WORDS),
        "es": _table(es.WORDS),
        "ru": _table(ru.WORDS),
        "pt": _table(pt.WORDS),
    }
)
"""Surface words to the grammar's words, by language: the six of the UN, and Portuguese."""

DRAFTS = frozenset({"fr", "ar", "es", "ru", "pt"})
"""Languages whose words nobody has reviewed yet."""


def surface(keyword: str, language: str) -> str:
    """Return how *language* writes a word of the grammar."""
    return next(word for word, known in LEXICONS[language].items() if known == keyword)
