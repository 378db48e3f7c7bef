# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""From a core and a seed to a bank: the same items on every machine, for ever.

Whoever knows core and seed knows the bank; a bank in use has a seed nobody can guess.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from comity.errors import Fault, InvalidDocument
from comity.evidence.bank import Item
from comity.evidence.prompt import text_of
from comity.files.core import Core, CoreCategory, Sentence, Shape
from comity.files.hole import Filling, Value, examples_of, fill, holes
from comity.kernel.canonical import Json

MAX_SIZE = 100_000
_LANGUAGE = re.compile(r";[a-z]{2,3}$")
"""What a reference says of the answer's language ("lundi;fr") is no alternative."""
_PATIENCE = 200
"""Fillings in a row that give nothing new before a sentence counts as used up."""


@dataclass(slots=True)
class _Dice:
    """Numbers from a seed: SHA-256 of seed and count, so that no library decides them."""

    seed: str
    count: int = 0

    def below(self, bound: int) -> int:
        """Return the next number below *bound*; 128 bits leave no bias that matters."""
        self.count += 1
        rolled = hashlib.sha256(f"{self.seed}\n{self.count}".encode()).digest()
        return int.from_bytes(rolled[:16], "big") % bound


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """An item with the sentence it was filled from, and what its author says of answers.

    Args:
        right: Answers that must pass, one for each message, or none.
        wrong: Answers that must fail.
    """

    item: Item
    sentence: Sentence
    right: tuple[str, ...]
    wrong: tuple[str, ...]


def build(core: Core, seed: str, size: int) -> tuple[Item, ...]:
    """Fill a core's sentences until every category has its share of *size* items.

    An item whose reference stands in its own prompt is left out, unless its sentence may
    echo: an echo would pass.

    Raises:
        InvalidDocument: The size is out of range, or categories have too few items in
            them; all are named (code `files.core_size`).
    """
    return tuple(example.item for example in build_examples(core, seed, size))


def build_examples(core: Core, seed: str, size: int) -> tuple[Example, ...]:
    """Fill a core as `build` does, and keep each item's sentence and examples of answers.

    Raises:
        As `build`.
    """
    shares = _shares(size, len(core.categories))
    if not len(core.categories) <= size <= MAX_SIZE:
        message = f"a bank of this core has {len(core.categories)} to {MAX_SIZE} items"
        raise _too_small([message])
    taken: set[str] = set()
    found: list[Example] = []
    short: list[str] = []
    for category, share in zip(core.categories, shares, strict=True):
        dice = _Dice(seed=f"comity/bank/v1\n{core.slug}\n{category.name}\n{seed}")
        filled = list(islice(_fillings(core, category, dice, taken), share))
        if len(filled) < share:
            short.append(f"{category.name!r} gives {len(filled)} items, {share} are asked for")
        found += filled
    if short:
        raise _too_small(short)
    return tuple(
        replace(each, item=replace(each.item, position=position))
        for position, each in enumerate(found)
    )


def _shares(size: int, parts: int) -> list[int]:
    return [size // parts + (place < size % parts) for place in range(parts)]


def _fillings(
    core: Core, category: CoreCategory, dice: _Dice, taken: set[str]
) -> Iterator[Example]:
    """Yield new items, one of each sentence in turn, until none gives any more."""
    alive = list(category.sentences)
    while alive:
        for sentence in tuple(alive):
            example = _new(core, category.name, sentence, dice, taken)
            if example is None:
                alive.remove(sentence)
            else:
                taken.add(_folded(text_of(example.item.prompt)))
                yield example


def _new(
    core: Core, category: str, sentence: Sentence, dice: _Dice, taken: set[str]
) -> Example | None:
    for _ in range(_PATIENCE):
        filling = _roll(core, sentence, dice)
        item = _item(category, sentence, filling)
        asked = text_of(item.prompt)
        if _folded(asked) in taken:
            continue
        if sentence.may_echo or not is_echo(asked, text_of(item.reference)):
            told = {**filling, **examples_of(text_of(item.reference))}
            return Example(
                item=item,
                sentence=sentence,
                right=tuple(fill(text, told) for text in sentence.right),
                wrong=tuple(fill(text, told) for text in sentence.wrong),
            )
    return None


def _item(category: str, sentence: Sentence, filling: Filling) -> Item:
    return Item(
        position=0,
        category=category,
        prompt=_prompt(sentence, filling),
        reference=fill(sentence.reference, filling),
        scorer=sentence.scorer,
        review=sentence.review,
    )


def _prompt(sentence: Sentence, filling: Filling) -> Json:
    texts = tuple(fill(text, filling) for text in sentence.texts)
    if sentence.shape is Shape.PAIR:
        return {"pair": list(texts)}
    if sentence.shape is Shape.TEXT and not sentence.system:
        return texts[0]
    script: dict[str, Json] = {"turns": list(texts)}
    return {"system": fill(sentence.system, filling), **script} if sentence.system else script


def _roll(core: Core, sentence: Sentence, dice: _Dice) -> dict[tuple[str, str], Value]:
    filling: dict[tuple[str, str], Value] = {}
    asked = (sentence.system, *sentence.texts)
    for hole in (hole for text in asked for hole in holes(text)):
        name, turn = hole["slot"], hole["turn"] or ""
        if (name, turn) not in filling:
            used = [value for (other, _), value in filling.items() if other == name]
            values = [value for value in core.slots[name] if value not in used]
            filling[name, turn] = _one_of(values or core.slots[name], dice)
    return filling


def _one_of(values: Sequence[Value], dice: _Dice) -> Value:
    return values[dice.below(len(values))]


def is_echo(prompt: str, reference: str) -> bool:
    """Tell whether an alternative of the reference stands in the prompt as words."""
    reference = _LANGUAGE.sub("", reference)
    asked = f" {_words(prompt)} "
    return any(f" {_words(one)} " in asked for one in reference.split("|") if _words(one))


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def _too_small(messages: Sequence[str]) -> InvalidDocument:
    return InvalidDocument(
        "this core cannot give such a bank",
        code="files.core_size",
        hint="ask for fewer items, or write more sentences and slot values",
        faults=[Fault(message=message) for message in messages],
    )
