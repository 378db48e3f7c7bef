# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Whether an answer is a JSON text that a JSON Schema allows: offline, in bounded time.

Of draft 2020-12 a closed list of keywords. Left out is what names other documents (`$id`),
what goes round in a circle (`$ref` to a definition that needs itself), and what costs more
than it tells (`unevaluated…`). `format` says nothing, as the draft has it by default.

Source:
    JSON Schema draft 2020-12, Core and Validation; RFC 8259.
"""

import difflib
import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from typing import Any

from comity.assess.scorers import pattern
from comity.assess.scorers.jsontext import Unreadable, parts, read

MAX_SCHEMA = 8_192
"""Characters of a schema."""

MAX_PATTERNS = 16
MAX_MATCHED = 1_024
"""Characters of a text in an answer, where the schema has patterns."""

MAX_STEPS = 100_000
"""Parts of the schema times parts of the answer, definitions written out; more fails."""

MAX_LEVELS = 24
"""How deep schemas stand inside each other, through definitions too."""

_MAPS = ("properties", "patternProperties", "dependentSchemas")
_LISTS = ("allOf", "anyOf", "oneOf", "prefixItems")
_SINGLE = (
    "additionalProperties", "contains", "else", "if", "items", "not", "propertyNames", "then",
)  # fmt: skip
_PLAIN = (
    "$comment", "$defs", "$ref", "$schema", "const", "default", "dependentRequired",
    "deprecated", "description", "enum", "examples", "exclusiveMaximum", "exclusiveMinimum",
    "format", "maxContains", "maxItems", "maxLength", "maxProperties", "maximum", "minContains",
    "minItems", "minLength", "minProperties", "minimum", "multipleOf", "pattern", "readOnly",
    "required", "title", "type", "uniqueItems", "writeOnly",
)  # fmt: skip
KEYWORDS = frozenset((*_MAPS, *_LISTS, *_SINGLE, *_PLAIN))
_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_LOCAL = re.compile(r"#/\$defs/([A-Za-z0-9_.-]+)")


def is_allowed(reference: str, answer: str) -> bool:
    """Tell whether an answer, white space around it apart, is JSON that the schema allows."""
    if fault_of(reference) is not None:
        return False
    try:
        found = read(answer)
    except Unreadable:
        return False
    validator, weight = _validator(reference)
    inner = [part for _, part in parts(found)]
    if weight.steps(len(inner)) > MAX_STEPS:
        return False
    if weight.patterns and any(len(text) > MAX_MATCHED for text in _texts(inner)):
        return False
    try:
        return bool(validator.is_valid(found))
    except (ArithmeticError, TypeError):  # such as 1e99 in steps of 1e-99
        return False


@lru_cache(maxsize=1_024)
def fault_of(reference: str) -> str | None:
    """Say what keeps a text from being a schema this scorer takes, or None."""
    if len(reference) > MAX_SCHEMA:
        return f"the schema is longer than {MAX_SCHEMA} characters"
    try:
        schema = read(reference)
        if not isinstance(schema, Mapping):
            return "the schema is no JSON object"
        _Weight(schema)
    except Unreadable as error:
        return f"the schema cannot be used: {error}"
    validator = _draft()
    fault = next(validator(validator.META_SCHEMA).iter_errors(schema), None)
    if fault is not None:
        return f"the schema is not of draft 2020-12: {fault.message[:120]}"
    return None


@lru_cache(maxsize=1_024)
def _validator(reference: str) -> "tuple[Any, _Weight]":
    """Return a validator that knows no other document, and what it may cost."""
    from referencing import Registry  # noqa: PLC0415 - loads with what needs it

    schema = read(reference)
    return _draft()(schema, registry=Registry()), _Weight(schema)


@cache
def _draft() -> Any:
    from jsonschema import Draft202012Validator  # noqa: PLC0415 - 60 ms most verbs do without

    return Draft202012Validator


class _Weight:
    """What checking against a schema may cost, every definition written out where used.

    Raises:
        Unreadable: The schema uses what this scorer does not take.
    """

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self.size = self.patterns = self.unique = 0
        self._definitions = schema.get("$defs", {})
        if not isinstance(self._definitions, Mapping):
            raise Unreadable("$defs is no object")
        if schema.get("$schema", _DRAFT) != _DRAFT:
            raise Unreadable("$schema names another draft than 2020-12")
        for definition in self._definitions.values():
            self._add(definition, 1)
        self.size = self.patterns = self.unique = 0
        self._add({name: part for name, part in schema.items() if name != "$defs"}, 0)

    def steps(self, inner: int) -> int:
        """Return about how many comparisons an answer of so many parts takes."""
        return self.size * inner + self.unique * inner * inner

    def _add(self, schema: object, level: int) -> None:
        self.size += 1
        if level > MAX_LEVELS:
            raise Unreadable("its definitions nest too deep, or go round in a circle")
        if self.size > MAX_STEPS:
            raise Unreadable("it is too large with its definitions written out")
        if not isinstance(schema, Mapping):
            return  # true, false, or what check_schema refuses
        for name, part in schema.items():
            self._add_keyword(name, part, level)
        for inner in self._inner(schema):
            self._add(inner, level + 1)

    def _add_keyword(self, name: str, part: object, level: int) -> None:
        if name not in KEYWORDS or (name == "$defs" and level):
            near = difflib.get_close_matches(name, KEYWORDS, n=1)
            guess = f"; did you mean {near[0]!r}?" if near and near[0] != name else ""
            raise Unreadable(f"the keyword {name[:40]!r} is not taken here{guess}")
        self.unique += name == "uniqueItems"
        if name in {"enum", "const", "required", "dependentRequired"}:
            self.size += sum(1 for _ in parts(part))
        patterns = [part] if name == "pattern" else []
        if name == "patternProperties" and isinstance(part, Mapping):
            patterns += list(part)
        self.patterns += len(patterns)
        for one in patterns:
            if fault := pattern.fault_of(str(one)):
                raise Unreadable(fault)
        if self.patterns > MAX_PATTERNS:
            raise Unreadable(f"it has more than {MAX_PATTERNS} patterns")

    def _inner(self, schema: Mapping[str, Any]) -> Iterator[object]:
        for name in _MAPS:
            part = schema.get(name, {})
            yield from part.values() if isinstance(part, Mapping) else ()
        for name in _LISTS:
            part = schema.get(name, [])
            yield from part if isinstance(part, list) else ()
        yield from (schema[name] for name in _SINGLE if name in schema)
        if "$ref" in schema:
            yield self._definition(schema["$ref"])

    def _definition(self, reference: object) -> object:
        local = _LOCAL.fullmatch(str(reference))
        if local is None or local[1] not in self._definitions:
            raise Unreadable(f"$ref {str(reference)[:60]!r} is no definition under #/$defs/")
        return self._definitions[local[1]]


def _texts(inner: list[object]) -> Iterator[str]:
    for part in inner:
        match part:
            case str():
                yield part
            case Mapping():
                yield from part
            case _:
                pass
