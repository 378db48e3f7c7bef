# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What a statement of each kind must say: JSON Schemas as data, and every fault against them.

A schema speaks of the whole statement: what it is about and what it says. Fields that it does
not know survive; a kind that has none is nobody's fault. What no schema can say (a list that
must rise, two fields that must agree) the room that reads the kind says.

Source:
    JSON Schema draft 2020-12; docs/spec/statements.md.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any, cast

from comity.desk.log.codec import find_reader
from comity.desk.log.wording import Flaw, flaws_in, to_validator, written_out
from comity.errors import ComityError, Fault, InvalidDocument, NotFound
from comity.files.jsonplace import Places, to_path
from comity.kernel.canonical import MAX_DEPTH, Json
from comity.law.cursor import near_miss
from comity.ledger.statement import STATEMENT_TYPE, Statement

MAX_PARTS = 32_768
"""Values inside a statement; a payload of 32 KiB cannot hold more."""

MAX_FAULTS = 100
"""Faults listed of one statement; whoever mends so many asks again."""

COMMON = "common"
"""The schema that holds what the others share; no statement is of this kind."""

_FOLDER = Path(__file__).parents[2] / "schemas"


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """One schema as it ships.

    Args:
        document: The JSON Schema.
        encoded: Its bytes, as they are served.
    """

    kind: str
    document: Mapping[str, Any]
    encoded: bytes

    @property
    def about(self) -> str:
        """Return what a statement of the kind says, in a sentence."""
        return str(self.document["description"])

    @property
    def issuer(self) -> str:
        """Return who says it."""
        return str(self.document.get("x-issuer", ""))

    @property
    def example(self) -> Mapping[str, Json]:
        """Return a least statement of the kind; everything in it is made up."""
        return cast("Mapping[str, Json]", self.document["examples"][0])

    @property
    def fields(self) -> Mapping[str, Any]:
        """Return the schema of each field of the predicate that is known."""
        predicate = self.document["properties"]["predicate"]
        return cast("Mapping[str, Any]", predicate["properties"])


def kinds() -> tuple[str, ...]:
    """Return every kind of statement that has a schema, by name."""
    return tuple(name for name in sorted(_schemas()) if name != COMMON)


def find_schema(kind: str) -> Schema | None:
    """Return the schema of a kind, or None where this version does not know it."""
    return None if kind == COMMON else _schemas().get(kind)


def find_served(name: str) -> Schema | None:
    """Return a schema as it is served: of a kind, or of what they share, "common"."""
    return _schemas().get(name)


def get_schema(kind: str) -> Schema:
    """Return the schema of a kind.

    Raises:
        NotFound: No kind is called so.
    """
    found = find_schema(kind)
    if found is None:
        near = near_miss(kind, kinds())
        raise NotFound(
            f"no kind of statement is called {kind[:100]!r}",
            code="desk.kind",
            hint=f"did you mean {near!r}?" if near else "comity statement schemas lists them",
        )
    return found


def faults_of(statement: Statement, places: Places | None = None) -> tuple[Fault, ...]:
    """List all that is wrong with a statement of a known kind; never raises.

    Args:
        places: Where its parts stand in the file it was read from.

    Returns:
        Nothing where the statement follows its schema or its kind is unknown.
    """
    schema = find_schema(statement.kind)
    if schema is None:
        return ()
    value = _to_value(statement)
    if not _is_bounded(value):
        message = f"has more than {MAX_PARTS} parts, or is deeper than {MAX_DEPTH} levels"
        return (Fault(message=f"the statement {message}"),)
    flaws = list(islice(_flaws(schema, value), MAX_FAULTS))
    said = {flaw.place for flaw in flaws}
    found = [_fault(flaw, places) for flaw in flaws]
    for fault in _codec_faults(statement):
        place = fault.message.split(" ", 1)[0]
        if not any(_is_same(place, other) for other in said):
            found.append(located(fault, places))
    return tuple(found[:MAX_FAULTS])


def unknown_fields(statement: Statement) -> tuple[str, ...]:
    """Return the names of fields that the schema of a known kind does not know."""
    schema = find_schema(statement.kind)
    if schema is None:
        return ()
    inside = (name for name in statement.predicate if name not in schema.fields)
    return (*inside, *statement.extra)


def located(fault: Fault, places: Places | None) -> Fault:
    """Return a fault with its line and column, where its sentence begins with its field."""
    if places is None or fault.line is not None:
        return fault
    path = to_path(fault.message.split(" ", 1)[0].rstrip(":"))
    place = None
    for tried in (("predicate", *path), path):
        place = place or places.of_value(tried)
    return fault if place is None else _placed(fault, place)


def _flaws(schema: Schema, value: Mapping[str, Json]) -> Iterator[Flaw]:
    yield from flaws_in(_validator(schema.kind), value)
    paths = schema.document.get("x-subject", ())
    for path in [paths] if isinstance(paths, str) else paths:
        yield from _subject_flaws(path, value)


def _subject_flaws(path: str, value: Mapping[str, Json]) -> Iterator[Flaw]:
    """Hold the subject against the field that names the same thing, where it stands."""
    named: object = value["predicate"]
    for name in path.split("."):
        named = named.get(name) if isinstance(named, Mapping) else None
    match value["subject"]:
        case [{"digest": {"sha256": str(digest)}}] if isinstance(named, str):
            if digest != named:
                where = ("subject", 0, "digest", "sha256")
                yield Flaw(path=where, message=f"is not the digest that {path} names")


def _codec_faults(statement: Statement) -> Iterable[Fault]:
    read = find_reader(statement.kind)
    try:
        if read is not None:
            read(dict(statement.predicate))
    except InvalidDocument as error:
        return error.faults or (Fault(message=error.message),)
    except ComityError as error:
        return (Fault(message=error.message),)
    return ()


def _is_same(place: str, other: str) -> bool:
    """Tell whether two faults speak of one field, or one of a part of the other's."""
    return place == other or place.startswith((f"{other}.", f"{other}[")) or (
        other.startswith((f"{place}.", f"{place}["))
    )  # fmt: skip


def _fault(flaw: Flaw, places: Places | None) -> Fault:
    fault = Fault(message=f"{flaw.place} {flaw.message}", near=flaw.near)
    if places is None:
        return fault
    path = flaw.path
    place = (places.of_name(path) if flaw.is_of_name else None) or places.of_value(path)
    while place is None and path:
        path = path[:-1]
        place = places.of_value(path)
    return fault if place is None else _placed(fault, place)


def _placed(fault: Fault, place: tuple[int, int]) -> Fault:
    line, column = place
    return Fault(
        message=fault.message, line=line, column=column, near=fault.near, source=fault.source
    )


def _to_value(statement: Statement) -> dict[str, Json]:
    subjects: list[Json] = [
        {**one.extra, **({} if one.name is None else {"name": one.name}), "digest": one.digest}
        for one in statement.subjects
    ]
    return {
        **statement.extra,
        "_type": STATEMENT_TYPE,
        "predicateType": statement.predicate_type,
        "subject": subjects,
        "predicate": dict(statement.predicate),
    }


def _is_bounded(value: Json) -> bool:
    level: list[Json] = [value]
    parts = 0
    for _ in range(MAX_DEPTH + 2):
        parts += len(level)
        if not level or parts > MAX_PARTS:
            break
        level = [inner for one in level for inner in _inside(one)]
    return not level


def _inside(value: Json) -> Iterable[Json]:
    if isinstance(value, Mapping):
        return value.values()
    return value if isinstance(value, list | tuple) else ()


@cache
def _schemas() -> Mapping[str, Schema]:
    found = {}
    for path in sorted(_FOLDER.glob("*.json")):
        encoded = path.read_bytes()
        found[path.stem] = Schema(kind=path.stem, document=json.loads(encoded), encoded=encoded)
    return found


@cache
def _validator(kind: str) -> Any:
    """Return a validator of one kind, what it shares with others written out where used."""
    shared = _schemas()[COMMON].document["$defs"]
    return to_validator(written_out(_schemas()[kind].document, shared))
