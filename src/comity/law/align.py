# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Aligning a draft text with the norms of a pack: proposals with scores, never a mapping.

A draft is split into provisions; each is ranked against what every norm says in words by
BM25 (Robertson and Zaragoza 2009, doi 10.1561/1500000019) and, where a sentence encoder is
at hand, by the cosine of meanings; two rankings are fused by reciprocal ranks (Cormack et
al. 2009, doi 10.1145/1571941.1572114). An analyst confirms.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TypeAlias

import bm25s
import numpy as np
import snowballstemmer

from comity.kernel.ids import NormId
from comity.law.norm import Norm
from comity.law.pack import Library, Pack
from comity.law.phrase import demand_in_words

Encoder: TypeAlias = Callable[[Sequence[str]], np.ndarray]
"""Turns texts into rows of unit length whose products are cosines."""

FUSION = 60
"""The constant of reciprocal-rank fusion, as its authors chose it."""

_WORD = re.compile(r"[^\W\d_]+|\d+")
_UNSPACED = re.compile("[\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]+")
_HEADING = re.compile(r"#{1,6}\s+(?P<text>.*?)\s*#*$")
_FENCE = re.compile(r"\s*(```|~~~)")
_ITEM = re.compile(r"\s*(?:[-*+]\s+|(?P<number>\(?\w{1,4}[.)])\s+)(?P<text>.*)$")
_STEMMERS = {"en": "english", "fr": "french", "es": "spanish", "pt": "portuguese",
             "ru": "russian", "ar": "arabic"}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Provision:
    """One paragraph or list item of a draft.

    Args:
        label: The headings above it and its own number: "Article 5 > (2)".
        line: Where it begins, from 1.
    """

    label: str
    text: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A norm that may speak to the same thing as a provision.

    Args:
        words: BM25 score in thousandths; comparable within one provision only.
        meaning: Cosine of the sentence encoder in thousandths; None without one.
        shared: Words both hold, most telling first.
    """

    provision: Provision
    norm: NormId
    words: int
    meaning: int | None
    shared: tuple[str, ...]


def provisions_of(text: str) -> tuple[Provision, ...]:
    """Split Markdown into provisions; fenced blocks are no prose and are left out."""
    found: list[Provision] = []
    for lines, headings in _paragraphs(text):
        line, first = lines[0]
        item = _ITEM.match(first)
        number = item["number"] if item and item["number"] else ""
        start = item["text"] if item else first
        words = " ".join(part.strip() for part in (start, *(rest for _, rest in lines[1:])))
        label = " > ".join(filter(None, (*headings, number))) or f"line {line}"
        found.append(Provision(label=label, text=words.strip(), line=line))
    return _told_apart([each for each in found if each.text])


def _paragraphs(text: str) -> Iterator[tuple[list[tuple[int, str]], tuple[str, ...]]]:
    """Yield the numbered lines of each paragraph or item, with the headings it stands under."""
    headings: dict[int, str] = {}
    lines: list[tuple[int, str]] = []
    fenced = False
    for number, line in enumerate([*text.splitlines(), ""], start=1):
        heading = None if fenced else _HEADING.match(line)
        if _FENCE.match(line):
            fenced = not fenced
        ends = fenced or not line.strip() or heading or _ITEM.match(line) or _FENCE.match(line)
        if ends and lines:
            yield lines, _below_title(headings)
            lines = []
        if heading:
            level = len(line) - len(line.lstrip("#"))
            headings = {one: said for one, said in headings.items() if one < level}
            headings[level] = heading["text"]
        elif line.strip() and not fenced and not _FENCE.match(line):
            lines.append((number, line))


def _below_title(headings: Mapping[int, str]) -> tuple[str, ...]:
    """Return the headings, outermost first; a title alone, or none of what stands below it."""
    levels = sorted(headings)
    return tuple(headings[level] for level in (levels[1:] if len(levels) > 1 else levels))


def _told_apart(provisions: Sequence[Provision]) -> tuple[Provision, ...]:
    """Number the provisions that would have the same label."""
    labels = [each.label for each in provisions]
    return tuple(
        Provision(
            label=f"{each.label} ¶{labels[:at].count(each.label) + 1}"
            if labels.count(each.label) > 1
            else each.label,
            text=each.text,
            line=each.line,
        )
        for at, each in enumerate(provisions)
    )


def in_plain_words(norm: Norm, library: Library, language: str) -> str:
    """Write what a norm says for a search: title, what it asks, the facts it turns on."""
    vocabulary = library.vocabulary
    conducts = [vocabulary.conducts[each.constraint.conduct] for each in norm.demands]
    facts = [vocabulary.facts[name] for name in sorted(library.facts_of(norm.applies_when))
             if name in vocabulary.facts]  # fmt: skip
    parts = [
        norm.title.in_language(language),
        "" if norm.asks is None else norm.asks.in_language(language),
        *(demand_in_words(each.constraint, conduct)
          for each, conduct in zip(norm.demands, conducts, strict=True)),
        *(one.label.in_language(language) for one in conducts),
        *(one.means.in_language(language) for one in conducts),
        *(fact.label.in_language(language) for fact in facts),
    ]  # fmt: skip
    return ". ".join(filter(None, parts))


def align(
    provisions: Sequence[Provision],
    pack: Pack,
    library: Library,
    *,
    language: str = "en",
    most: int = 3,
    encoder: Encoder | None = None,
) -> tuple[Proposal, ...]:
    """Propose, for each provision, the norms of a pack that may speak to it, best first.

    Args:
        language: Of the draft; the norms' words are taken in it where they have them.
        most: Proposals per provision; a norm that shares no word is proposed only by the
            encoder.
    """
    norms = [norm.name for norm in pack.norms]
    texts = [in_plain_words(norm, library, language) for norm in pack.norms]
    if not norms or not provisions:
        return ()
    tokens = [terms(text, language) for text in texts]
    index = bm25s.BM25()
    index.index(tokens, show_progress=False)
    known = set().union(*tokens)
    nearness = _cosines([each.text for each in provisions], texts, encoder)
    return tuple(
        Proposal(
            provision=provision,
            norm=norms[column],
            words=round(1000 * float(scores[column])),
            meaning=None if nearness is None else round(1000 * float(nearness[row, column])),
            shared=_shared(asked, tokens[column], tokens),
        )
        for row, provision in enumerate(provisions)
        for asked in [[one for one in terms(provision.text, language) if one in known]]
        for scores in [_scores(index, asked, len(norms))]
        for column in _best(scores, None if nearness is None else nearness[row], most)
    )


def _scores(index: bm25s.BM25, asked: Sequence[str], size: int) -> np.ndarray:
    return index.get_scores(list(asked)) if asked else np.zeros(size)


def _cosines(
    asked: Sequence[str], texts: Sequence[str], encoder: Encoder | None
) -> np.ndarray | None:
    return None if encoder is None else encoder(asked) @ encoder(texts).T


def _best(words: np.ndarray, meaning: np.ndarray | None, most: int) -> list[int]:
    """Return the columns that rank best; without an encoder only those that share a word."""
    by_words = [column for column in np.argsort(-words, kind="stable") if words[column] > 0]
    if meaning is None:
        return [int(column) for column in by_words[:most]]
    fused = np.zeros(len(words))
    for order in (by_words, np.argsort(-meaning, kind="stable")):
        for rank, column in enumerate(order, start=1):
            fused[column] += 1 / (FUSION + rank)
    return [int(column) for column in np.argsort(-fused, kind="stable")[:most]]


def _shared(
    asked: Iterable[str], held: Sequence[str], every: Sequence[Sequence[str]]
) -> tuple[str, ...]:
    both = set(asked) & set(held)
    rarity = {word: sum(word in tokens for tokens in every) for word in both}
    telling = [word for word in both if 3 * rarity[word] <= len(every) or len(both) == 1]
    return tuple(sorted(telling, key=lambda word: (rarity[word], word))[:5])


def terms(text: str, language: str) -> list[str]:
    """Split a text into search terms: stems of words, pairs of signs where none are spaced."""
    found: list[str] = []
    for run in _UNSPACED.findall(text):
        found.extend(run[at : at + 2] for at in range(max(1, len(run) - 1)))
    words = [word.lower() for word in _WORD.findall(_UNSPACED.sub(" ", text))]
    words = [word for word in words if len(word) > 1]
    stemmer = _stemmer(language)
    return found + (words if stemmer is None else stemmer.stemWords(words))


@cache
def _stemmer(language: str) -> "snowballstemmer.stemmer | None":
    name = _STEMMERS.get(language)
    return None if name is None else snowballstemmer.stemmer(name)
