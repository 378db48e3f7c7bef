# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A bank's core: sentences written by hand, with slots, in TOML.

docs/reference/banks.md describes every field; `hole` says how slots are written.
"""

import difflib
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import TypeGuard

from comity.errors import Fault, InvalidDocument
from comity.evidence.bank import REVIEWS, is_category_name
from comity.files.bank import is_scorer_id
from comity.files.hole import RESERVED, Value, holes, is_closed, members_of
from comity.files.text import read_text
from comity.files.toml import Path as TomlPath
from comity.files.toml import Toml, read_toml

MAX_VALUES = 10_000
SLOT = "no sentence is written here: an empty slot for whoever answers for it to fill"

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_CORE = frozenset({"slug", "licence", "slots", "category"})
_COMMON = ("scorer", "reference", "system", "review", "may_echo", "right", "wrong")
_CATEGORY = frozenset({"name", "sentences", *_COMMON})
_SENTENCE = frozenset({"prompt", "turns", "pair", *_COMMON})


class Shape(Enum):
    """What a sentence asks: one message, a conversation, or two that know nothing."""

    TEXT = "prompt"
    TURNS = "turns"
    PAIR = "pair"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One sentence as written.

    Args:
        texts: What the user says, in turn, or to each member of a pair.
        system: What stands before the conversation, or "".
        reference: What its answers are held against.
        scorer: Id of the scorer.
        review: "unreviewed" where no reader of its language has read it, else "".
        may_echo: Whether the reference may stand in the prompt.
        right: Answers that must pass, one for each text, or none where nobody wrote any.
        wrong: Answers that must fail.
    """

    shape: Shape
    texts: tuple[str, ...]
    system: str = ""
    reference: str = ""
    scorer: str = ""
    review: str = ""
    may_echo: bool = False
    right: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CoreCategory:
    """A category: its name, the scorer of most of its sentences, and these."""

    name: str
    scorer: str
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Core:
    """A whole core."""

    slug: str
    licence: str
    slots: Mapping[str, tuple[Value, ...]]
    categories: tuple[CoreCategory, ...]


def read_core(path: Path) -> Core:
    """Read a core from a file.

    Raises:
        NotFound: The file cannot be read.
        InvalidDocument: Any fault in it, each with its place.
    """
    return core_from_toml(read_text(path, "core"), source=str(path))


def core_from_toml(text: str, *, source: str = "core") -> Core:
    """Read a core from TOML text.

    Raises:
        InvalidDocument: Not TOML (`files.toml`), or faults in what it says
            (`files.core`; `files.core_slot` where all that is wrong is that categories
            are left for others to fill), all listed with their places.
    """
    reader = _Reader(toml=read_toml(text, source=source), faults=[], slots={})
    core = reader.core()
    if reader.faults:
        raise _refused(source, reader.faults)
    return core


@dataclass(slots=True)
class _Reader:
    """Reads one document and notes every fault at its place."""

    toml: Toml
    faults: list[Fault]
    slots: dict[str, tuple[Value, ...]]

    def core(self) -> Core:
        values = self.toml.values
        self.slots = self._slots(values.get("slots", {}))
        for name in values:
            if name not in _CORE:
                self._fault((name,), f"a core has no field {name!r}")
        tables = values.get("category")
        if not isinstance(tables, list) or not tables:
            self._fault(("category",), "there is no [[category]]")
            tables = []
        found = [self._category(("category", n), each) for n, each in enumerate(tables)]
        for place, category in enumerate(found):
            if category.name in {other.name for other in found[:place]}:
                self._fault(("category", place), f"{category.name!r} stands twice")
        return Core(
            slug=self._text((), values, "slug", _SLUG),
            licence=self._text((), values, "licence"),
            slots=self.slots,
            categories=tuple(found),
        )

    def _fault(self, path: TomlPath, message: str, near: str | None = None) -> None:
        self.faults.append(self.toml.fault(path, message, near=near))

    def _text(
        self,
        path: TomlPath,
        table: Mapping[str, object],
        name: str,
        form: re.Pattern[str] | None = None,
    ) -> str:
        value = table.get(name)
        if not isinstance(value, str) or not value.strip():
            self._fault((*path, name), f"{name} is missing or no text")
            return ""
        if form is not None and not form.fullmatch(value):
            self._fault((*path, name), f"{name} is not written like flood-messages")
        return value

    def _slots(self, tables: object) -> dict[str, tuple[Value, ...]]:
        if not isinstance(tables, dict):
            self._fault(("slots",), "slots is no table")
            return {}
        for name in sorted(RESERVED & tables.keys()):
            self._fault(("slots", name), f"{name!r} stands for the reference; rename the slot")
        return {name: self._values(("slots", name), each) for name, each in tables.items()}

    def _values(self, path: TomlPath, written: object) -> tuple[Value, ...]:
        match written:
            case {"from": int(low), "to": int(high), **rest}:
                step = rest.pop("step", 1)
                if rest or type(step) is not int or step < 1 or low > high:
                    self._fault(path, "a range is { from = 2, to = 9 } with a step if needed")
                    return ()
                return tuple(str(number) for number in range(low, high + 1, step)[:MAX_VALUES])
            case [str(), *_]:
                texts = [each for each in written if isinstance(each, str) and each]
                if len(texts) == len(written):
                    return tuple(dict.fromkeys(texts))
            case [dict() as first, *_]:
                rows = [each for each in written if _is_row(each, first)]
                if len(rows) == len(written):
                    return tuple(rows)
            case _:
                pass
        self._fault(path, "a slot is a list of texts, of rows alike, or a range")
        return ()

    def _category(self, path: TomlPath, table: object) -> CoreCategory:
        if not isinstance(table, dict):
            self._fault(path, "a category is a table")
            return CoreCategory(name="", scorer="", sentences=())
        self._check_names(path, table, _CATEGORY, "category")
        name, scorer = (self._text(path, table, word) for word in ("name", "scorer"))
        if name and not is_category_name(name):
            self._fault((*path, "name"), f"{name!r} is no category name")
        if scorer and not is_scorer_id(scorer):
            self._fault((*path, "scorer"), f"{scorer!r} is not written like exact/1")
        common = {word: table[word] for word in _COMMON if word in table} | {"scorer": scorer}
        written = table.get("sentences")
        if not isinstance(written, list) or not written:
            is_slot = written == []
            said = SLOT if is_slot else "sentences is missing or no list"
            self._fault((*path, "sentences"), said)
            written = []
        sentences: list[Sentence] = []
        for number, each in enumerate(written):
            place = (*path, "sentences", number)
            sentence = self._sentence(place, each, common)
            if any(sentence.texts) and _asked(sentence) in map(_asked, sentences):
                self._fault(place, "this sentence stands twice")
            sentences.append(sentence)
        return CoreCategory(name=name, scorer=scorer, sentences=tuple(sentences))

    def _sentence(
        self, path: TomlPath, written: object, common: Mapping[str, object]
    ) -> Sentence:
        table: Mapping[str, object] = {"prompt": written} if isinstance(written, str) else {}
        table = written if isinstance(written, dict) else table
        self._check_names(path, table, _SENTENCE, "sentence")
        shape, texts = _shape_of(table)
        if not texts:
            self._fault(path, "a sentence is a text, or { prompt = …, reference = … }")
            return Sentence(shape=shape, texts=())
        if "scorer" in table and not is_scorer_id(str(table["scorer"])):
            self._fault(path, f"{table['scorer']!r} is not written like exact/1")
        table = {**common, **table}
        words = {
            name: self._word(path, table, name)
            for name in ("system", "reference", "scorer", "review")
        }
        sentence = Sentence(
            shape=shape,
            texts=texts,
            may_echo=table.get("may_echo") is True,
            right=self._example(path, table, "right", len(texts)),
            wrong=self._example(path, table, "wrong", len(texts)),
            **words,
        )
        self._check(path, sentence)
        return sentence

    def _check_names(
        self, path: TomlPath, table: Mapping[str, object], names: Collection[str], kind: str
    ) -> None:
        for name in table:
            if name not in names:
                near = difflib.get_close_matches(name, names, n=1)
                message = f"a {kind} has no field {name!r}"
                self._fault((*path, name), message, near[0] if near else None)

    def _word(self, path: TomlPath, table: Mapping[str, object], name: str) -> str:
        value = table.get(name, "")
        if isinstance(value, str):
            return value
        self._fault((*path, name), f"{name} is no text")
        return ""

    def _example(
        self, path: TomlPath, table: Mapping[str, object], name: str, count: int
    ) -> tuple[str, ...]:
        match table.get(name):
            case None:
                return ()
            case str(one):
                return (one,) * count
            case [*some] if len(some) == count and all(isinstance(one, str) for one in some):
                return tuple(map(str, some))
        self._fault((*path, name), f"{name} is a text, or a list with one for each answer")
        return ()

    def _check(self, path: TomlPath, sentence: Sentence) -> None:
        if sentence.system and sentence.shape is Shape.PAIR:
            self._fault(path, "a pair has no system message")
        if sentence.review not in REVIEWS:
            self._fault(path, f"review is {' or '.join(map(repr, sorted(REVIEWS)))}")
        for text in _asked(sentence):
            self._holes(path, text)
        asked = {(h["slot"], h["turn"]) for text in _asked(sentence) for h in holes(text)}
        self._told(path, "reference", sentence.reference, asked)
        for name, examples in (("right", sentence.right), ("wrong", sentence.wrong)):
            for text in examples:
                self._told(path, f"{name} answer", text, asked, RESERVED)

    def _told(
        self,
        path: TomlPath,
        kind: str,
        text: str,
        asked: Collection[tuple[str, str | None]],
        reserved: Collection[str] = (),
    ) -> None:
        """Check a text that is filled with what the prompt was filled with."""
        self._holes(path, text, reserved)
        for hole in holes(text):
            for name in (hole["slot"], hole["left"], hole["right"]):
                if name in self.slots and (name, hole["turn"]) not in asked:
                    self._fault(path, f"the {kind} uses {name!r}, the prompt does not")

    def _holes(self, path: TomlPath, text: str, reserved: Collection[str] = ()) -> None:
        if not is_closed(text):
            self._fault(path, "a brace that opens no slot like {place}")
        for hole in holes(text):
            words = [hole["left"], hole["right"]] if hole["sign"] else []
            for word in (word for word in words if not word.isdecimal()):
                if not all(str(each).isdecimal() for each in self.slots.get(word, ("?",))):
                    self._fault(path, f"{word!r} is no slot of whole numbers")
            if hole["slot"] and hole["slot"] not in reserved:
                self._slot(path, hole["slot"], hole["column"])

    def _slot(self, path: TomlPath, name: str, column: str | None) -> None:
        if name not in self.slots:
            near = difflib.get_close_matches(name, self.slots, n=1)
            self._fault(path, f"there is no slot {name!r}", near[0] if near else None)
        elif not all(_fits(value, column) for value in self.slots[name]):
            said = f"has no column {column!r}" if column else "has columns; name one"
            self._fault(path, f"the slot {name!r} {said}")


def _shape_of(table: Mapping[str, object]) -> tuple[Shape, tuple[str, ...]]:
    """Return what a sentence asks; no texts where it asks nothing, or two things."""
    found = [(shape, table[shape.value]) for shape in Shape if shape.value in table]
    match found:
        case [(Shape.TEXT, str(prompt))] if prompt.strip():
            return Shape.TEXT, (prompt,)
        case [(Shape.PAIR, str(both))] if both.strip():
            return Shape.PAIR, members_of(both)
        case [(Shape.PAIR, [str(one), str(other)])] if one.strip() and other.strip():
            return Shape.PAIR, (one, other)
        case [(Shape.TURNS, [*turns])] if turns and all(_is_text(one) for one in turns):
            return Shape.TURNS, tuple(map(str, turns))
    return Shape.TEXT, ()


def _asked(sentence: Sentence) -> tuple[str, ...]:
    return (sentence.system, *sentence.texts)


def _is_text(value: object) -> TypeGuard[str]:
    return isinstance(value, str) and bool(value.strip())


def _fits(value: Value, column: str | None) -> bool:
    return column is None if isinstance(value, str) else column in value


def _is_row(row: object, first: Mapping[str, str]) -> TypeGuard[Mapping[str, str]]:
    return (
        isinstance(row, dict)
        and row.keys() == first.keys()
        and all(isinstance(text, str) and text for text in row.values())
    )


def _refused(source: str, faults: list[Fault]) -> InvalidDocument:
    found = sorted(faults, key=lambda fault: (fault.line or 0, fault.column or 0))
    if all(fault.message == SLOT for fault in found):
        return InvalidDocument(
            "a bank whose sentences are left to others",
            code="files.core_slot",
            hint="copy the file, write the sentences, and build from the copy",
            source=source,
            faults=found,
        )
    return InvalidDocument("not a bank's core", code="files.core", source=source, faults=found)
