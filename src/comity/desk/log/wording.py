# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What is wrong with a value by a JSON Schema, in sentences of our own."""

import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from comity.errors import InvalidDocument
from comity.files.jsonplace import Path
from comity.kernel.instant import from_iso_date, from_rfc3339
from comity.law.market import BODIES, EUROPEAN_UNION, STATES, is_market

_TYPES = {
    "string": "a text", "integer": "an integer", "boolean": "true or false", "array": "a list",
    "object": "an object", "null": "null",
}  # fmt: skip
_MOST_SHOWN = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Flaw:
    """One thing that is wrong.

    Args:
        path: Where, from the outermost value.
        message: What, to be read after the place.
        near: What was probably meant, or None.
        is_of_name: Whether the field's name is wrong, not its value.
    """

    path: Path
    message: str
    near: str | None = None
    is_of_name: bool = False

    @property
    def place(self) -> str:
        """Write the path as codecs write it: fields of the predicate by their own names."""
        path = self.path[1:] if self.path[:1] == ("predicate",) else self.path
        text = "".join(f"[{one}]" if isinstance(one, int) else f".{one}" for one in path)
        return text.lstrip(".") or (str(self.path[0]) if self.path else "the statement")


def written_out(schema: Any, shared: Mapping[str, Any]) -> Any:
    """Return a schema with every shape it shares with others written out where it is used.

    Looking a shape up costs as much as checking it. What the shape means is kept beside what
    the field means.
    """
    if isinstance(schema, list):
        return [written_out(one, shared) for one in schema]
    if not isinstance(schema, Mapping):
        return schema
    name = str(schema.get("$ref", "")).partition("#/$defs/")[2]
    inner = {key: written_out(value, shared) for key, value in schema.items()}
    if name not in shared:
        return inner
    inner.pop("$ref")
    shape = written_out(shared[name], shared)
    return {**shape, "x-meaning": shape.get("description", ""), **inner}


def to_validator(document: Mapping[str, Any]) -> Any:
    """Return a validator of one schema that looks nothing up outside it."""
    from jsonschema import Draft202012Validator, FormatChecker  # noqa: PLC0415 - slow to load
    from jsonschema.validators import extend  # noqa: PLC0415 - it loads with the one above
    from referencing import Registry  # noqa: PLC0415 - it loads with the one above

    formats = FormatChecker(formats=())
    for name, check in _FORMATS.items():
        formats.checks(name, raises=InvalidDocument)(check)
    kind = extend(Draft202012Validator, {"pattern": _pattern, "required": _required})
    return kind(document, registry=Registry(), format_checker=formats)


def flaws_in(validator: Any, value: object) -> Iterator[Flaw]:
    """Yield what is wrong, one at a time, so that a reader may stop."""
    seen: set[tuple[Path, str]] = set()
    malformed: set[Path] = set()
    for error in validator.iter_errors(value):
        for flaw in _flaws(error):
            keyword = (flaw.path, flaw.message)
            is_spelling = error.validator == "format" and flaw.path in malformed
            malformed.add(flaw.path)
            if keyword not in seen and not is_spelling:
                seen.add(keyword)
                yield flaw


def _flaws(error: Any) -> Iterator[Flaw]:
    path = tuple(error.absolute_path)
    if "propertyNames" in error.absolute_schema_path:
        name = str(error.instance)
        message = f"is no name that may stand here{_meaning(error.schema)}"
        yield Flaw(path=(*path, name[:_MOST_SHOWN]), message=message, is_of_name=True)
    elif error.validator == "anyOf":
        yield from _of_any(error, path)
    elif error.validator == "required":
        near = _misspelt(error)  # what was written, not what should have been
        mistyped = "" if near is None else f"; did you mean it by {near!r}?"
        yield Flaw(path=(*path, error.message), message=f"is missing{mistyped}")
    elif error.validator == "additionalProperties":
        for name in sorted(set(error.instance) - set(error.schema["properties"])):
            message = f"is no field of a {error.schema.get('title', 'part')}"
            near = _near(name, error.schema["properties"])
            yield Flaw(path=(*path, name), message=message, near=near, is_of_name=True)
    else:
        say = _SAYINGS.get(error.validator, _otherwise)
        yield Flaw(path=path, message=say(error), near=_meant(error))


def _of_any(error: Any, path: Path) -> Iterator[Flaw]:
    """Speak of the alternative that is not null, or of fields of which one must stand."""
    alternatives = error.validator_value
    if all(set(one) == {"required"} for one in alternatives):
        named = ", ".join(" and ".join(one["required"]) for one in alternatives)
        yield Flaw(path=path, message=f"has none of {named}")
        return
    for inner in error.context:
        if alternatives[inner.schema_path[0]].get("type") != "null":
            yield from _flaws(inner)


def _misspelt(error: Any) -> str | None:
    known = error.schema.get("properties", {})
    return _near(error.message, [name for name in error.instance if name not in known])


def _meant(error: Any) -> str | None:
    if not isinstance(error.instance, str):
        return None
    if error.validator == "enum":
        return _near(error.instance, [one for one in error.validator_value if one is not None])
    if error.schema.get("format") == "market":
        return _near(error.instance.upper(), [*BODIES, EUROPEAN_UNION, *sorted(STATES)])
    return None


def _near(text: str, options: Iterable[str]) -> str | None:
    found = difflib.get_close_matches(text[:_MOST_SHOWN], list(options), 1)
    return found[0] if found else None


def _type(error: Any) -> str:
    wanted = error.validator_value
    names = [wanted] if isinstance(wanted, str) else wanted
    return f"is not {' or '.join(_TYPES[name] for name in names)}"


def _enum(error: Any) -> str:
    named = ("null" if one is None else str(one) for one in error.validator_value)
    return f"is not one of {', '.join(named)}"


def _const(error: Any) -> str:
    value = error.validator_value
    return f"is not {str(value).lower() if isinstance(value, bool) else value}"


def _spelling(error: Any) -> str:
    title = error.schema.get("title")
    lead = f"is no {title}" if title else "is not written as it must be"
    return f"{lead}{_meaning(error.schema)}"


def _meaning(schema: Mapping[str, Any]) -> str:
    said = str(schema.get("x-meaning", schema.get("description", ""))).removesuffix(".")
    return f": {said}" if said else ""


def _range(error: Any) -> str:
    schema = error.schema
    return f"is not an integer from {schema.get('minimum', 0)} to {schema.get('maximum')}"


def _least_length(error: Any) -> str:
    return (
        "is empty"
        if error.validator_value == 1
        else f"has under {error.validator_value} letters"
    )


def _most_length(error: Any) -> str:
    return f"is longer than {error.validator_value} characters; more belongs in a file"


def _least(error: Any) -> str:
    return (
        "is empty" if error.validator_value == 1 else f"has under {error.validator_value} parts"
    )


def _most(error: Any) -> str:
    most = error.validator_value
    return f"has more than {most} parts" if most else "is not empty"


def _otherwise(error: Any) -> str:
    return f"breaks the rule {error.validator!r} of its schema"


_SAYINGS: Mapping[str, Callable[[Any], str]] = {
    "type": _type,
    "enum": _enum,
    "const": _const,
    "pattern": _spelling,
    "format": _spelling,
    "minimum": _range,
    "maximum": _range,
    "minLength": _least_length,
    "maxLength": _most_length,
    "minItems": _least,
    "minProperties": _least,
    "maxItems": _most,
    "maxProperties": _most,
}


def _pattern(validator: Any, wanted: str, instance: object, schema: object) -> Iterator[Any]:
    """Match as ECMAScript does: `$` is the end, not before a last line break."""
    from jsonschema import ValidationError  # noqa: PLC0415 - loaded by now

    del validator, schema
    if isinstance(instance, str) and not _compiled(wanted).search(instance):
        yield ValidationError(wanted)


def _compiled(wanted: str) -> re.Pattern[str]:
    text = f"{wanted[:-1]}\\Z" if wanted.endswith("$") else wanted
    return re.compile(text)  # the module keeps what it compiled


def _required(validator: Any, names: Any, instance: object, schema: object) -> Iterator[Any]:
    """Name each field that is missing."""
    from jsonschema import ValidationError  # noqa: PLC0415 - loaded by now

    del validator, schema
    if isinstance(instance, Mapping):
        for name in names:
            if name not in instance:
                yield ValidationError(name)


def _is_instant(value: object) -> bool:
    return not isinstance(value, str) or bool(from_rfc3339(value))


def _is_date(value: object) -> bool:
    return not isinstance(value, str) or bool(from_iso_date(value))


def _is_market(value: object) -> bool:
    return not isinstance(value, str) or is_market(value)


_FORMATS: Mapping[str, Callable[[object], bool]] = {
    "date-time": _is_instant,
    "date": _is_date,
    "market": _is_market,
}
