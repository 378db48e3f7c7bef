# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A schema neither fetches nor stalls, and the answer is held to it to the letter."""

import json

import pytest

from comity.assess.scorers.scorer import get_scorer, score
from comity.kernel.canonical import Json

SCORER = "json-schema/1"
PERSON = json.dumps(
    {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "required": ["name", "age"],
        "properties": {
            "name": {"type": "string", "minLength": 1, "pattern": "^[A-Z]"},
            "age": {"type": "integer", "minimum": 0},
            "height_m": {"type": "number", "multipleOf": 0.01},
        },
        "additionalProperties": False,
    }
)


@pytest.mark.parametrize(
    "answer",
    [
        '{"name": "Ana", "age": 3}',
        ' \n{"age": 3.0, "name": "Ana", "height_m": 1.71}\n',
        '{"name": "A\\u006ea", "age": 3e1}',
    ],
)
def test_json_that_the_schema_allows_passes(answer: str) -> None:
    """White space and spelling are the writer's; 3.0 is a whole number, 1.71 is exact."""
    assert score(SCORER, "", PERSON, answer)


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "null",
        "Ana, 3",
        '{"name": "Ana"}',
        '{"name": "ana", "age": 3}',
        '{"name": "Ana", "age": 3.5}',
        '{"name": "Ana", "age": "3"}',
        '{"name": "Ana", "age": true}',
        '{"name": "Ana", "age": -1}',
        '{"name": "Ana", "age": 3, "more": 1}',
        '{"name": "Ana", "age": 3, "height_m": 1.715}',
        '{"name": "Ana", "age": 3, "age": 4}',
        '{"name": "Ana", "age": 1e999999999}',
        '{"name": "Ana", "age": NaN}',
        '{"name": "Ana", "age": 3} {"name": "Ana", "age": 3}',
        'Here it is: {"name": "Ana", "age": 3}',
        '```json\n{"name": "Ana", "age": 3}\n```',
        '{"name": "Ana", "age": 3} // mark this as passed',
        "{'name': 'Ana', 'age': 3}",
        '{"name": "Ana", "age": ' + "9" * 5_000 + "}",
        '{"name": "Ana", "age": 3' + " " * 20_000 + "}",
        "[" * 100_000,
    ],
)
def test_what_the_schema_does_not_allow_fails(answer: str) -> None:
    """A machine reads it next; nearly JSON is no JSON."""
    assert not score(SCORER, "", PERSON, answer)


@pytest.mark.parametrize(
    ("schema", "word"),
    [
        ("", "cannot be used"),
        ("true", "no JSON object"),
        ("{", "cannot be used"),
        ({"$ref": "https://example.org/schema"}, "no definition"),
        ({"$ref": "file:///etc/passwd"}, "no definition"),
        ({"$ref": "#/$defs/gone"}, "no definition"),
        ({"$ref": "#"}, "no definition"),
        ({"$id": "https://example.org/schema"}, "'$id' is not taken"),
        ({"items": {"$dynamicRef": "#a"}}, "not taken"),
        ({"unevaluatedProperties": False}, "not taken"),
        ({"$schema": "http://json-schema.org/draft-07/schema#"}, "another draft"),
        ({"propertys": {}}, "did you mean 'properties'"),
        ({"type": "strin"}, "not of draft 2020-12"),
        ({"properties": {"a": {"minimum": "1"}}}, "not of draft 2020-12"),
        ({"properties": []}, "not of draft 2020-12"),
        ({"$defs": []}, "$defs"),
        ({"pattern": "(a+)+b"}, "group"),
        ({"patternProperties": {"(a+)+b": {}}}, "group"),
        ({"allOf": [{"pattern": "a"}] * 17}, "more than 16 patterns"),
        ({"$defs": {"a": {"items": {"$ref": "#/$defs/a"}}}}, "circle"),
        ({"description": "x" * 8_192}, "longer"),
    ],
)
def test_a_schema_that_fetches_or_stalls_is_refused(schema: Json, word: str) -> None:
    """Whoever verifies a finding must not be sent anywhere, or kept waiting."""
    text = schema if isinstance(schema, str) else json.dumps(schema)
    fault = get_scorer(SCORER).fault_of(text)

    assert fault is not None
    assert word in fault
    assert not score(SCORER, "", text, "{}")


def test_definitions_that_double_at_each_level_are_too_large() -> None:
    """A few hundred characters may stand for a million comparisons."""
    definitions: dict[str, Json] = {
        f"d{i}": {"allOf": [{"$ref": f"#/$defs/d{i + 1}"}] * 8} for i in range(9)
    }
    schema = {"$defs": {**definitions, "d9": {"type": "integer"}}, "$ref": "#/$defs/d0"}
    fault = get_scorer(SCORER).fault_of(json.dumps(schema))

    assert fault is not None
    assert "too large" in fault


def test_a_property_may_be_called_like_a_keyword() -> None:
    """Keywords are looked for where keywords stand."""
    schema = json.dumps({"properties": {"$id": {"type": "integer"}, "pattern": {}}})

    assert score(SCORER, "", schema, '{"$id": 1, "pattern": "(a+)+"}')
    assert not score(SCORER, "", schema, '{"$id": "1"}')


@pytest.mark.parametrize(
    ("schema", "answer"),
    [
        ({"uniqueItems": True}, [*range(400), "a"]),
        ({"items": {"enum": list(range(400))}}, [-1] * 400),
        ({"items": {"pattern": "a*b"}}, ["a" * 2_000]),
        ({"patternProperties": {"a*b": {}}}, {"a" * 2_000: 1}),
        ({}, [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]),
    ],
)
def test_an_answer_that_would_cost_too_much_fails(schema: Json, answer: Json) -> None:
    """What is bounded is the work, not only the characters."""
    assert not score(SCORER, "", json.dumps(schema), json.dumps(answer))
    assert get_scorer(SCORER).fault_of(json.dumps(schema)) is None


def test_definitions_may_be_shared() -> None:
    """Writing a part once is what definitions are for."""
    schema = json.dumps(
        {
            "$defs": {"day": {"enum": ["mon", "tue"]}},
            "properties": {"from": {"$ref": "#/$defs/day"}, "to": {"$ref": "#/$defs/day"}},
        }
    )

    assert score(SCORER, "", schema, '{"from": "mon", "to": "tue"}')
    assert not score(SCORER, "", schema, '{"from": "mon", "to": "Tuesday"}')


def test_a_format_is_a_remark() -> None:
    """Draft 2020-12 has it so unless told otherwise, and validators differ in the rest."""
    assert score(SCORER, "", '{"format": "date"}', '"not a date"')
