# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A bank's core: sentences written by hand, with slots, in TOML.

`{place}` is filled from the list `place`; `{place#2}` with another of its values;
`{day.next}` with a column of a row; `{=a*b}` in a reference with a sum of two numbers.
"""

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeGuard

from comity.errors import Fault, InvalidDocument
from comity.evidence.bank import is_category_name
from comity.files.bank import is_scorer_id
from comity.files.text import read_text
from comity.files.toml import Path as TomlPath
from comity.files.toml import Toml, read_toml

MAX_VALUES = 10_000

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_HOLE = re.compile(
    r"\{(?:(?P<slot>[a-z_]+)(?:#(?P<turn>[2-9]))?(?:\.(?P<column>[a-z_]+))?"
    r"|=(?P<left>[a-z_]+|\d+)(?P<sign>[-+*])(?P<right>[a-z_]+|\d+))\}"
)

Value = str | Mapping[str, str]
"""What fills a slot: a text, or a row of texts by column."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One sentence as written, with the reference its answers are held against."""

    prompt: str
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CoreCategory:
    """A category: its name, its scorer and its sentences."""

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
            (`files.core`), all listed with their places.
    """
    reader = _Reader(toml=read_toml(text, source=source), faults=[])
    core = reader.core()
    if reader.faults:
        raise _refused(source, reader.faults)
    return core


def holes(text: str) -> Iterator[re.Match[str]]:
    """Find the places to fill in a prompt or a reference."""
    return _HOLE.finditer(text)


def fill(text: str, filling: Mapping[tuple[str, str], Value]) -> str:
    """Fill a prompt or a reference; the key of a filling is slot and turn ("" or "2")."""

    def one(hole: re.Match[str]) -> str:
        if hole["sign"]:
            left, right = (_number(hole[side], filling) for side in ("left", "right"))
            signs = {"+": left + right, "-": left - right, "*": left * right}
            return str(signs[hole["sign"]])
        value = filling[hole["slot"], hole["turn"] or ""]
        return value if isinstance(value, str) else value[hole["column"]]

    return _HOLE.sub(one, text)


def _number(word: str, filling: Mapping[tuple[str, str], Value]) -> int:
    return int(word) if word.isdecimal() else int(str(filling[word, ""]))


@dataclass(slots=True)
class _Reader:
    """Reads one document and notes every fault at its place."""

    toml: Toml
    faults: list[Fault]

    def core(self) -> Core:
        values = self.toml.values
        slots = self._slots(values.get("slots", {}))
        for name in values:
            if name not in {"slug", "licence", "slots", "category"}:
                self._fault((name,), f"a core has no field {name!r}")
        tables = values.get("category")
        if not isinstance(tables, list) or not tables:
            self._fault(("category",), "there is no [[category]]")
            tables = []
        found = [self._category(("category", n), each, slots) for n, each in enumerate(tables)]
        for place, category in enumerate(found):
            if category.name in {other.name for other in found[:place]}:
                self._fault(("category", place), f"{category.name!r} stands twice")
        return Core(
            slug=self._text((), values, "slug", _SLUG),
            licence=self._text((), values, "licence"),
            slots=slots,
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

    def _category(
        self, path: TomlPath, table: object, slots: Mapping[str, tuple[Value, ...]]
    ) -> CoreCategory:
        if not isinstance(table, dict):
            self._fault(path, "a category is a table")
            return CoreCategory(name="", scorer="", sentences=())
        name, scorer = (self._text(path, table, word) for word in ("name", "scorer"))
        if name and not is_category_name(name):
            self._fault((*path, "name"), f"{name!r} is no category name")
        if scorer and not is_scorer_id(scorer):
            self._fault((*path, "scorer"), f"{scorer!r} is not written like exact/1")
        written = table.get("sentences")
        if not isinstance(written, list) or not written:
            self._fault((*path, "sentences"), "sentences is missing or no list")
            written = []
        sentences: list[Sentence] = []
        for number, each in enumerate(written):
            place = (*path, "sentences", number)
            sentence = self._sentence(place, each, slots)
            if sentence.prompt and sentence.prompt in {other.prompt for other in sentences}:
                self._fault(place, "this sentence stands twice")
            sentences.append(sentence)
        return CoreCategory(name=name, scorer=scorer, sentences=tuple(sentences))

    def _sentence(
        self, path: TomlPath, written: object, slots: Mapping[str, tuple[Value, ...]]
    ) -> Sentence:
        match written:
            case str(prompt) if prompt.strip():
                sentence = Sentence(prompt=prompt, reference="")
            case {"prompt": str(prompt), "reference": str(reference), **rest} if not rest:
                sentence = Sentence(prompt=prompt, reference=reference)
            case _:
                self._fault(path, "a sentence is a text, or { prompt = …, reference = … }")
                return Sentence(prompt="", reference="")
        asked = {(hole["slot"], hole["turn"]) for hole in holes(sentence.prompt)}
        self._holes(path, sentence.prompt, slots)
        self._holes(path, sentence.reference, slots)
        for hole in holes(sentence.reference):
            names = [hole["slot"], hole["left"], hole["right"]]
            for name in names:
                if name in slots and (name, hole["turn"]) not in asked:
                    self._fault(path, f"the reference uses {name!r}, the prompt does not")
        return sentence

    def _holes(self, path: TomlPath, text: str, slots: Mapping[str, tuple[Value, ...]]) -> None:
        if set("{}") & set(_HOLE.sub("", text)):
            self._fault(path, "a brace that opens no slot like {place}")
        for hole in holes(text):
            if hole["sign"]:
                words = (hole["left"], hole["right"])
                for word in (word for word in words if not word.isdecimal()):
                    if not all(str(value).isdecimal() for value in slots.get(word, ("?",))):
                        self._fault(path, f"{word!r} is no slot of whole numbers")
                continue
            name, column = hole["slot"], hole["column"]
            if name not in slots:
                near = difflib.get_close_matches(name, slots, n=1)
                self._fault(path, f"there is no slot {name!r}", near[0] if near else None)
            elif not all(_fits(value, column) for value in slots[name]):
                said = f"has no column {column!r}" if column else "has columns; name one"
                self._fault(path, f"the slot {name!r} {said}")


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
    return InvalidDocument("not a bank's core", code="files.core", source=source, faults=found)
