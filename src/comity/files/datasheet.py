# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What a bank is made of: how many sentences somebody wrote, and how many only vary one.

Four counts, each by a rule anyone can follow by hand; of a conversation what the user says is
read, of a pair its first member:

- **wordings**: prompts that still differ when numbers, and names inside a sentence, are
  blanked;
- **templates**: wordings, joined when they are one sentence with a slot (at least three
  wordings that differ only in the same place, by at most five words, with at least three
  fifths of the words in common) or nearly the same words (at least four fifths of their
  neighbouring pairs in common, by Jaccard);
- **near-duplicates**: items beyond the first of each template;
- **repeats**: items nine tenths of whose words and numbers, as a set, they have in common with
  an earlier item (Jaccard).
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil
from typing import TypeVar

from comity.evidence.bank import UNREVIEWED, Item
from comity.evidence.prompt import conversations_of
from comity.kernel.canonical import Json

SLOT_FILLINGS = 3
SLOT_WORDS = 5
SLOT_COMMON = 0.6
ALIKE = 0.8
REPEATED = 0.9

_PIECE = re.compile(r"\d+(?:[.,:]\d+)*|[\u3400-\u9fff]|[^\W\d_]+(?:['’-][^\W\d_]+)*|[.!?;:]")
_PARTICLES = frozenset({"da", "das", "de", "del", "do", "dos", "di", "la", "of", "van", "von"})
_NAME = "@"
_NUMBER = "#"

Wording = tuple[str, ...]
Token = TypeVar("Token", bound=Hashable)


@dataclass(frozen=True, slots=True, kw_only=True)
class Datasheet:
    """What is in a bank, in numbers."""

    size: int
    categories: Mapping[str, int]
    scorers: Mapping[str, int]
    wordings: int
    templates: int
    near_duplicates: int
    repeats: int
    unreviewed: Mapping[str, int]

    def bounded(self, sentences: int | None) -> "Datasheet":
        """Return the sheet with no more templates than somebody wrote sentences.

        Where two long slots stand in one sentence, the rule counts more.
        """
        templates = self.templates if sentences is None else min(self.templates, sentences)
        return replace(self, templates=templates, near_duplicates=self.size - templates)

    def to_json(self) -> dict[str, object]:
        """Write the datasheet as a JSON object."""
        return {
            "size": self.size,
            "categories": [{"name": n, "count": c} for n, c in self.categories.items()],
            "scorers": dict(self.scorers),
            "wordings": self.wordings,
            "templates": self.templates,
            "near_duplicates": self.near_duplicates,
            "repeats": self.repeats,
            "unreviewed": dict(self.unreviewed),
        }


def datasheet_of(items: Sequence[Item]) -> Datasheet:
    """Describe a bank."""
    asked = [asked_of(item.prompt) for item in items]
    wordings = sorted({wording_of(text) for text in asked})
    templates = count_templates(wordings)
    return Datasheet(
        size=len(items),
        categories=Counter(item.category for item in items),
        scorers=Counter(item.scorer for item in items),
        wordings=len(wordings),
        templates=templates,
        near_duplicates=len(items) - templates,
        repeats=count_repeats(asked),
        unreviewed=Counter(item.category for item in items if item.review == UNREVIEWED),
    )


def asked_of(prompt: Json) -> str:
    """Return what the user says in a prompt; of a pair, what the first one says."""
    return "\n".join(conversations_of(prompt)[0].turns)


def wording_of(prompt: str) -> Wording:
    """Return a prompt's words with numbers and names inside a sentence blanked."""
    words: list[str] = []
    is_start = True
    for piece in _PIECE.findall(unicodedata.normalize("NFKC", prompt)):
        if piece[0].isdigit():
            words.append(_NUMBER)
        elif piece in ".!?;:":
            is_start = True
            continue
        elif piece[0].isupper() and not is_start and len(piece) > 1:
            words += [] if words[-1:] == [_NAME] else [_NAME]
        else:
            words.append(piece.casefold())
        is_start = False
        if words[-3::2] == [_NAME, _NAME] and words[-2] in _PARTICLES:
            del words[-2:]
    return tuple(words)


def count_templates(wordings: Sequence[Wording]) -> int:
    """Count wordings after joining those that share a slot or nearly all their words."""
    parents = list(range(len(wordings)))

    def root(place: int) -> int:
        while parents[place] != place:
            parents[place] = parents[parents[place]]
            place = parents[place]
        return place

    for left, right in (*_same_slot(wordings), *_alike(wordings)):
        parents[root(left)] = root(right)
    return len({root(place) for place in range(len(wordings))})


def _same_slot(wordings: Sequence[Wording]) -> Iterator[tuple[int, int]]:
    """Pair wordings that are one sentence with a slot."""
    frames: dict[tuple[Wording, Wording], dict[Wording, int]] = defaultdict(dict)
    for place, words in enumerate(wordings):
        for start, end in _spans(len(words)):
            frame = (words[:start], words[end:])
            frames[frame].setdefault(words[start:end], place)
    for fillings in frames.values():
        if len(fillings) >= SLOT_FILLINGS:
            first, *others = fillings.values()
            yield from ((first, other) for other in others)


def _spans(length: int) -> Iterator[tuple[int, int]]:
    for width in range(1, SLOT_WORDS + 1):
        if length - width >= SLOT_COMMON * length:
            yield from ((start, start + width) for start in range(length - width + 1))


def _alike(wordings: Sequence[Wording]) -> Iterator[tuple[int, int]]:
    """Pair wordings that share at least `ALIKE` of their neighbouring pairs."""
    yield from _similar([_neighbours(words) for words in wordings], Fraction(str(ALIKE)))


def count_repeats(texts: Sequence[str]) -> int:
    """Count texts that say nearly the same words and numbers as an earlier one."""
    sets = [frozenset(map(str.casefold, _PIECE.findall(text))) for text in texts]
    kinds = sorted(set(sets), key=sorted)
    small = int(1 / (1 - Fraction(str(REPEATED)))) - 1
    similar = _similar([each for each in kinds if len(each) >= small], Fraction(str(REPEATED)))
    return len(sets) - len(kinds) + len({max(pair) for pair in similar})


def _similar(sets: Sequence[Collection[Token]], share: Fraction) -> Iterator[tuple[int, int]]:
    """Pair the places of sets that have so much of their union in common.

    Source:
        Bayardo, Ma & Srikant (2007), Scaling up all pairs similarity search: two sets so
        alike share one of their rarest members, so only those are looked up.
    """
    common = Counter(token for each in sets for token in each)
    index: dict[tuple[Token, int], list[int]] = defaultdict(list)
    for place, each in enumerate(sets):
        rarest = sorted(each, key=lambda token: (common[token], str(token)))
        size = len(rarest)
        sizes = range(ceil(share * size), int(size / share) + 1)
        seen: set[int] = set()
        for token in rarest[: size - ceil(share * size) + 1]:
            seen.update(*(index[token, other] for other in sizes if (token, other) in index))
            index[token, size].append(place)
        yield from ((place, n) for n in sorted(seen) if _jaccard(each, sets[n], share))


def _neighbours(words: Wording) -> frozenset[tuple[str, str]]:
    return frozenset(zip(("", *words), (*words, ""), strict=True))


def _jaccard(one: Collection[Token], other: Collection[Token], share: Fraction) -> bool:
    both = len(set(one).intersection(other))
    return both >= share * (len(one) + len(other) - both)
