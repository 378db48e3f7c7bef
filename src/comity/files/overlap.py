# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Which items of two banks are the same but for names and numbers: practice that gives away.

Two items are nearly the same when their wordings (numbers, and names inside a sentence,
blanked) are equal or share at least four fifths of their neighbouring pairs of words.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from comity.evidence.bank import Item
from comity.evidence.prompt import text_of
from comity.files.datasheet import Wording, wording_of

ALIKE = Fraction(4, 5)

_Pairs = frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """An item of one bank that nearly stands in another, with the one it resembles."""

    item: Item
    other: Item


def overlaps(items: Sequence[Item], others: Sequence[Item]) -> tuple[Overlap, ...]:
    """Return the items that nearly stand among the others, each with the first it resembles."""
    known = {wording_of(text_of(other.prompt)): other for other in reversed(others)}
    pairs = [(_pairs(wording), other) for wording, other in known.items()]
    index: dict[tuple[str, str], list[int]] = defaultdict(list)
    for place, (each, _) in enumerate(pairs):
        for pair in each:
            index[pair].append(place)
    found: list[Overlap] = []
    done: dict[Wording, Item | None] = {}
    for item in items:
        wording = wording_of(text_of(item.prompt))
        if wording not in done:
            done[wording] = known.get(wording) or _nearest(_pairs(wording), pairs, index)
        other = done[wording]
        if other is not None:
            found.append(Overlap(item=item, other=other))
    return tuple(found)


def _nearest(
    own: _Pairs,
    pairs: Sequence[tuple[_Pairs, Item]],
    index: dict[tuple[str, str], list[int]],
) -> Item | None:
    common = Counter(place for pair in own for place in index.get(pair, ()))
    for place, shared in common.most_common():
        each, other = pairs[place]
        if shared >= ALIKE * (len(own) + len(each) - shared):
            return other
    return None


def _pairs(wording: Wording) -> _Pairs:
    return frozenset(zip(("", *wording), (*wording, ""), strict=True))
