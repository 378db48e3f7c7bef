# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What a bank is made of: how many sentences somebody wrote, and how many only vary one.

Three counts, each by a rule anyone can follow by hand:

- **wordings**: prompts that still differ when numbers, and names inside a sentence, are
  blanked;
- **templates**: wordings, joined when they are one sentence with a slot (at least three
  wordings that differ only in the same place, by at most five words, with at least three
  fifths of the words in common) or nearly the same words (at least four fifths of their
  neighbouring pairs in common, by Jaccard);
- **near-duplicates**: items beyond the first of each template.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from comity.evidence.bank import Item

SLOT_FILLINGS = 3
SLOT_WORDS = 5
SLOT_COMMON = 0.6
ALIKE = 0.8

_PIECE = re.compile(r"\d+(?:[.,:]\d+)*|[^\W\d_]+(?:['’-][^\W\d_]+)*|[.!?;:]")
_PARTICLES = frozenset({"da", "das", "de", "del", "do", "dos", "di", "la", "of", "van", "von"})
_NAME = "@"
_NUMBER = "#"

Wording = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Datasheet:
    """What is in a bank, in numbers."""

    size: int
    categories: Mapping[str, int]
    scorers: Mapping[str, int]
    wordings: int
    templates: int
    near_duplicates: int

    def to_json(self) -> dict[str, object]:
        """Write the datasheet as a JSON object."""
        return {
            "size": self.size,
            "categories": [{"name": n, "count": c} for n, c in self.categories.items()],
            "scorers": dict(self.scorers),
            "wordings": self.wordings,
            "templates": self.templates,
            "near_duplicates": self.near_duplicates,
        }


def datasheet_of(items: Sequence[Item]) -> Datasheet:
    """Describe a bank."""
    wordings = sorted({wording_of(str(item.prompt)) for item in items})
    templates = count_templates(wordings)
    return Datasheet(
        size=len(items),
        categories=Counter(item.category for item in items),
        scorers=Counter(item.scorer for item in items),
        wordings=len(wordings),
        templates=templates,
        near_duplicates=len(items) - templates,
    )


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
    """Pair wordings that share at least `ALIKE` of their neighbouring pairs.

    Source:
        Bayardo, Ma & Srikant (2007), Scaling up all pairs similarity search: two sets so
        alike share one of their rarest members, so only those are looked up.
    """
    pairs = [_neighbours(words) for words in wordings]
    common = Counter(pair for each in pairs for pair in each)
    index: dict[tuple[str, str], list[int]] = defaultdict(list)
    for place, each in enumerate(pairs):
        rarest = sorted(each, key=lambda pair: (common[pair], pair))
        seen: set[int] = set()
        for pair in rarest[: len(rarest) - ceil(ALIKE * len(rarest)) + 1]:
            seen.update(index[pair])
            index[pair].append(place)
        yield from ((place, other) for other in sorted(seen) if _jaccard(each, pairs[other]))


def _neighbours(words: Wording) -> frozenset[tuple[str, str]]:
    return frozenset(zip(("", *words), (*words, ""), strict=True))


def _jaccard(left: Iterable[object], right: Iterable[object]) -> bool:
    one, other = set(left), set(right)
    return len(one & other) >= ALIKE * len(one | other)
