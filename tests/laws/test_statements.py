# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What holds of every statement of every kind: it survives, and is judged in our words."""

import copy
import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.desk.log.codec import find_reader
from comity.desk.log.schema import MAX_FAULTS, faults_of, get_schema, kinds, unknown_fields
from comity.errors import InvalidDocument
from comity.files.jsonplace import places_of, to_path
from comity.kernel.canonical import Json
from comity.ledger.anomaly import references_in
from comity.ledger.statement import Statement, from_payload, from_value, to_payload

texts = st.text(st.characters(codec="utf-8"), max_size=12)
keys = st.text(st.characters(codec="ascii"), min_size=1, max_size=8)
json_values: st.SearchStrategy[Json] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=8,
)
strangers = st.dictionaries(keys.map(lambda name: f"x-{name}"), json_values, max_size=3)


def example(kind: str) -> dict[str, Any]:
    """Return a copy of a kind's example."""
    return copy.deepcopy(dict(get_schema(kind).example))


def places(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Return the path of every part of a value."""
    found = [path]
    if isinstance(value, dict):
        found += [each for name in value for each in places(value[name], (*path, name))]
    elif isinstance(value, list):
        found += [each for n, one in enumerate(value) for each in places(one, (*path, n))]
    return found


@st.composite
def damaged(draw: st.DrawFn) -> Statement:
    """Draw an example of some kind with parts replaced, left out or added."""
    value = example(draw(st.sampled_from(kinds())))
    for _ in range(draw(st.integers(1, 4))):
        inside = places(value["predicate"])
        path = draw(st.sampled_from(inside))
        target: Any = value["predicate"]
        if not path:
            target[draw(keys)] = draw(json_values)
            continue
        for step in path[:-1]:
            target = target[step]
        if draw(st.booleans()):
            target[path[-1]] = draw(json_values)
        else:
            del target[path[-1]]
    if draw(st.booleans()):
        value["subject"] = draw(
            st.lists(st.just({"digest": {"sha256": "ab" * 32}}), max_size=3)
        )
    return from_value(value)


@given(damaged())
def test_every_statement_is_judged_and_no_accident_happens(statement: Statement) -> None:
    """Whatever a stranger logs under a known name."""
    found = faults_of(statement)
    assert len(found) <= MAX_FAULTS
    assert all(str(fault) and len(fault.message) < 2_000 for fault in found)
    assert all(isinstance(name, str) for name in unknown_fields(statement))
    references_in(statement.predicate)


@given(damaged())
def test_what_no_schema_faults_the_codec_reads(statement: Statement) -> None:
    """Else a statement could be published that the register then cannot read."""
    read = find_reader(statement.kind)
    if read is not None and not faults_of(statement):
        read(dict(statement.predicate))


@given(more=strangers, outside=strangers)
def test_unknown_fields_survive_reading_and_writing(
    more: dict[str, Json], outside: dict[str, Json]
) -> None:
    """A newer member's words reach the next newer member through older ones."""
    for kind in kinds():
        _survive(kind, more, outside)


def _survive(kind: str, more: dict[str, Json], outside: dict[str, Json]) -> None:
    value = example(kind)
    value["predicate"].update(more)
    value.update(outside)
    statement = from_value(value)
    again = from_payload(to_payload(statement))
    assert again == statement, kind
    assert faults_of(again) == (), kind
    assert set(unknown_fields(again)) == {*more, *outside}, kind
    read = find_reader(kind)
    said = None if read is None else read(dict(again.predicate))
    write = getattr(said, "to_predicate", None)
    if callable(write):
        written = write()
        assert isinstance(written, Mapping)
        assert dict(written) == dict(statement.predicate), kind


@given(value=st.dictionaries(keys, json_values, max_size=3))
def test_a_codec_refuses_in_our_words_only(value: dict[str, Json]) -> None:
    """Any JSON at all may stand under a known name."""
    for kind in kinds():
        read = find_reader(kind)
        if read is not None:
            with pytest.raises(InvalidDocument):
                read(value)


@given(
    json_values,
    st.fixed_dictionaries(
        {"indent": st.sampled_from([None, 1, 2]), "ensure_ascii": st.booleans()}
    ),
)
def test_every_part_of_a_text_is_found_where_it_stands(
    value: Json, spelling: dict[str, Any]
) -> None:
    """Offsets are of the value itself, whatever the spelling."""
    text = json.dumps(value, **spelling)
    found = places_of(text)
    decoder = json.JSONDecoder()
    assert set(found.values) == set(places(value))
    for path, offset in found.values.items():
        part: Any = value
        for step in path:
            part = part[step]
        assert decoder.raw_decode(text, offset)[0] == part
        line, column = found.of_value(path) or (0, 0)
        assert sum(map(len, text.splitlines(keepends=True)[: line - 1])) <= offset
        assert column >= 1
    for path, offset in found.names.items():
        assert decoder.raw_decode(text, offset)[0] == path[-1]


@given(st.text(max_size=60))
def test_places_of_any_text_end(text: str) -> None:
    """Text that is no JSON is another's to refuse; finding places in it just ends."""
    places_of(text)
    to_path(text)
