# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Part a core's sentences in two: some for a public practice bank, the rest for the official.

Providers may train for a test as they please; what they train on must not be what they are
asked. So the parting is by sentence as written, before any slot is filled.
"""

import hashlib
from dataclasses import replace
from fractions import Fraction

from comity.errors import Fault, InvalidDocument
from comity.files.core import Core, CoreCategory, Sentence

SHARE = Fraction(1, 10)
"""Of each category's sentences, those for practice; one at least."""


def part_core(core: Core, seed: str, share: Fraction = SHARE) -> tuple[Core, Core]:
    """Return the official part of a core and its part for practice; the seed chooses.

    Raises:
        InvalidDocument: Categories have a single sentence, which cannot be parted; all are
            named.
    """
    short = [one.name for one in core.categories if len(one.sentences) < 2]
    if short:
        raise InvalidDocument(
            "this core cannot be parted",
            code="files.core_practice",
            hint="write a second sentence in each of these categories",
            faults=[Fault(message=f"{name!r} has a single sentence") for name in short],
        )
    parts = [(each, _chosen(core, each, seed, share)) for each in core.categories]
    official = tuple(_with(each, chosen, is_in=False) for each, chosen in parts)
    practice = tuple(_with(each, chosen, is_in=True) for each, chosen in parts)
    return replace(core, categories=official), replace(core, categories=practice)


def _chosen(core: Core, category: CoreCategory, seed: str, share: Fraction) -> frozenset[int]:
    """Return the places of the sentences for practice, by the hash of seed and place."""
    count = len(category.sentences)
    ordered = sorted(
        range(count),
        key=lambda place: hashlib.sha256(
            f"comity/practice/v1\n{core.slug}\n{category.name}\n{seed}\n{place}".encode()
        ).digest(),
    )
    return frozenset(ordered[: min(count - 1, max(1, round(count * share)))])


def _with(category: CoreCategory, chosen: frozenset[int], *, is_in: bool) -> CoreCategory:
    kept: tuple[Sentence, ...] = tuple(
        sentence
        for place, sentence in enumerate(category.sentences)
        if (place in chosen) is is_in
    )
    return replace(category, sentences=kept)
