# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Which of a few named options an answer names; naming two is naming none."""

import re
import unicodedata

from comity.assess.scorers.wording import MAX_CHARACTERS, answers_in, visible

MAX_OPTIONS = 32
_ACCENT = re.compile("[\u0300-\u036f]")
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]"
)
"""Thai, Lao, Burmese, Khmer, Japanese, Chinese: words without spaces between them."""


def is_chosen(reference: str, answer: str) -> bool:
    """Tell whether an answer names one option and it is the right one ("B;A|B|C")."""
    right, _, options = reference.partition(";")
    return _named(answer, options.split("|")) == {_folded(right)}


def is_same(reference: str, answer: str) -> bool:
    """Tell whether both answers of a pair name one option, the same ("A|B")."""
    answers = answers_in(answer)
    named = [_named(one, reference.split("|")) for one in answers]
    return len(answers) == 2 and len(named[0]) == 1 and named[0] == named[1]


def fault_of(reference: str) -> str | None:
    """Say what keeps a text from being a right option and its options, or None."""
    right, mark, options = reference.partition(";")
    if not mark:
        return "the reference is not like B;A|B|C, the right option before its options"
    if fault := fault_of_options(options):
        return fault
    if _folded(right) not in map(_folded, options.split("|")):
        return f"the right option {right[:40]!r} is not one of the options"
    return None


def fault_of_options(reference: str) -> str | None:
    """Say what keeps a text from being options, or None."""
    options = [_folded(one) for one in reference.split("|")]
    if not 2 <= len(options) <= MAX_OPTIONS:
        return f"there are not 2 to {MAX_OPTIONS} options, separated by |"
    if not all(any(map(str.isalnum, option)) for option in options):
        return "an option is empty"
    if len(set(options)) != len(options):
        return "an option stands twice"
    return None


def _named(answer: str, options: list[str]) -> set[str]:
    """Return the options an answer names; the longest first, each place names one."""
    if len(answer) > MAX_CHARACTERS:
        return set()
    cased = _plain(answer)
    named: set[str] = set()
    for option in sorted(options, key=lambda one: (-len(one), one)):
        pattern = _pattern(option)
        if pattern.search(cased):
            named.add(_folded(option))
            cased = pattern.sub(" \u0001 ", cased)
    return named


def _pattern(option: str) -> "re.Pattern[str]":
    plain = _plain(option)
    words = r"\s+".join(map(re.escape, plain.split()))
    flags = re.NOFLAG if len(plain) == 1 else re.IGNORECASE
    if _UNSPACED.search(plain):
        return re.compile(words, flags)
    return re.compile(rf"(?<!\w){words}(?!\w)", flags)


def _plain(text: str) -> str:
    """Return letters without accents, invisible characters or doubled spaces."""
    parts = unicodedata.normalize("NFKD", visible(text))
    return " ".join(_ACCENT.sub("", parts).split())


def _folded(option: str) -> str:
    plain = _plain(option)
    return plain if len(plain) == 1 else plain.casefold()
