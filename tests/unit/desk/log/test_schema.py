# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import copy
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from comity.desk.log.codec import find_reader
from comity.desk.log.record import record
from comity.desk.log.schema import (
    COMMON,
    MAX_FAULTS,
    faults_of,
    find_schema,
    find_served,
    get_schema,
    kinds,
    unknown_fields,
)
from comity.errors import InvalidDocument, NotFound
from comity.files.jsonplace import places_of
from comity.kernel.canonical import to_canonical
from comity.kernel.digest import sha256
from comity.kernel.instant import from_posix
from comity.ledger.envelope import MAX_PAYLOAD_BYTES
from comity.ledger.statement import Statement, from_value, to_payload

PERSONS = re.compile(
    r"person|e-?mail|phone|birth|gender|sex$|surname|first_?name|last_?name|full_?name|passport"
    r"|address|nationality|officer$|employee|citizen|ssn|contact",
    re.IGNORECASE,
)
"""Names of fields that would hold something about a natural person."""

SUBSCHEMAS = ("items", "additionalProperties", "propertyNames", "if", "then", "else", "not")


def example(kind: str) -> dict[str, Any]:
    """Return a copy of a kind's example."""
    return copy.deepcopy(dict(get_schema(kind).example))


def said(kind: str, **changes: object) -> Statement:
    """Return an example with fields of its predicate changed."""
    value = example(kind)
    value["predicate"].update(changes)
    return from_value(value)


def messages(statement: Statement) -> list[str]:
    """Return every fault as it is shown."""
    return [str(fault) for fault in faults_of(statement)]


def walk(schema: Mapping[str, Any], path: str = "$") -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield every schema inside a schema, with its path."""
    yield path, schema
    for word in SUBSCHEMAS:
        inner = schema.get(word)
        if isinstance(inner, Mapping):
            yield from walk(inner, f"{path}.{word}")
    for word in ("properties", "$defs"):
        for name, inner in schema.get(word, {}).items():
            yield from walk(inner, f"{path}.{name}")
    for word in ("anyOf", "allOf", "oneOf", "prefixItems"):
        for position, inner in enumerate(schema.get(word, ())):
            yield from walk(inner, f"{path}.{word}[{position}]")


SERVED = (*kinds(), COMMON)


@pytest.mark.parametrize("kind", SERVED)
def test_every_schema_is_of_the_draft_it_names(kind: str) -> None:
    """A stranger's validator must take it."""
    schema = find_served(kind)
    assert schema is not None
    Draft202012Validator.check_schema(schema.document)
    assert schema.document["$id"] == f"https://comity.example/schemas/{kind}/v1"


@pytest.mark.parametrize("kind", kinds())
def test_every_example_follows_its_schema_and_says_it_is_one(kind: str) -> None:
    """What people start from must be right, and must not pass for real."""
    value = example(kind)
    statement = from_value(value)
    assert messages(statement) == []
    assert statement.kind == kind
    assert statement.predicate["example"] is True
    assert len(to_payload(statement)) < MAX_PAYLOAD_BYTES
    assert unknown_fields(statement) == ()


@pytest.mark.parametrize("kind", SERVED)
def test_every_field_is_described_and_every_text_is_capped(kind: str) -> None:
    """Free text without an end is where personal data gathers."""
    schema = find_served(kind)
    assert schema is not None
    for path, inner in walk(schema.document):
        for name, field in inner.get("properties", {}).items():
            assert field.get("description"), f"{path}.{name} is not described"
        kinds_of = inner.get("type", ())
        if kinds_of == "string" or "string" in kinds_of:
            pattern = str(inner.get("pattern", ""))
            is_fixed = pattern.startswith("^") and pattern.endswith("$")
            capped = "maxLength" in inner or (
                is_fixed and not re.search(r"[*+](?![\]])", pattern)
            )
            assert capped, f"{path} takes a text of any length"
        if inner.get("type") == "array":
            assert inner.get("maxItems", 0) or inner["maxItems"] == 0, f"{path} has no most"


@pytest.mark.parametrize("kind", SERVED)
def test_no_schema_has_a_field_for_a_person(kind: str) -> None:
    """Entries are mirrored abroad for ever: offices sign and are named, never people."""
    schema = find_served(kind)
    assert schema is not None
    for path, inner in walk(schema.document):
        for name in inner.get("properties", {}):
            assert not PERSONS.search(name), f"{path}.{name}"


@pytest.mark.parametrize("kind", SERVED)
def test_schemas_name_no_document_but_our_own(kind: str) -> None:
    """A validator that fetched would let a stranger's statement reach out of the node."""
    schema = find_served(kind)
    assert schema is not None
    for path, inner in walk(schema.document):
        reference = inner.get("$ref", "#/$defs/")
        assert reference.startswith(("#/$defs/", "../common/v1#/$defs/")), path
        assert inner.get("uniqueItems") is None, f"{path}: its cost grows with the square"


def required(kind: str) -> list[tuple[str, ...]]:
    """Return the path of each required field of a kind's example, inside the predicate."""
    found: list[tuple[str, ...]] = []

    def look(value: Any, schema: Mapping[str, Any], path: tuple[str, ...]) -> None:
        names = schema.get("required", ()) if isinstance(value, dict) else ()
        found.extend((*path, name) for name in names if name in value)
        for name, inner in schema.get("properties", {}).items():
            if isinstance(value, dict) and name in value:
                look(value[name], inner, (*path, name))

    value = example(kind)["predicate"]
    look(value, get_schema(kind).document["properties"]["predicate"], ())
    return found


GIVEN_BY_THE_NODE = {
    ("system", ("issued",)),
    ("proposal", ("issued",)),
    ("ballot", ("issued",)),
    ("inventory", ("issued",)),
}
"""Fields a node adds to what these codecs write, so that they read without."""

FIELDS = [
    pytest.param(kind, path, id=f"{kind}-{'.'.join(path)}")
    for kind in kinds()
    for path in required(kind)
]


@pytest.mark.parametrize(("kind", "path"), FIELDS)
def test_schema_and_codec_ask_for_the_same_fields(kind: str, path: tuple[str, ...]) -> None:
    """Two readers of one statement that disagree would show two registers."""
    value = example(kind)
    inner = value["predicate"]
    for name in path[:-1]:
        inner = inner[name]
    del inner[path[-1]]
    place = ".".join(path)
    assert f"{place} is missing" in messages(from_value(value))
    read = find_reader(kind)
    if read is not None and (kind, path) not in GIVEN_BY_THE_NODE:
        with pytest.raises(InvalidDocument):
            read(value["predicate"])


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        (said("reveal", role="testr"), "did you mean 'tester'"),
        (said("finding", seed="AB" * 32), "seed is no digest"),
        (said("finding", seed=7), "seed is not a text"),
        (said("finding", results=[]), ""),
        (
            said("finding", plan={"log": "a", "index": -1, "sha256": "ab" * 32}),
            "plan.index is not",
        ),
        (said("policy", risk={"num": 1}), "risk.den is missing"),
        (said("policy", risk={"num": 2, "den": 4}), "lowest terms"),
        (said("incident", markets=["KHN"]), "markets[0] is no market"),
        (said("incident", summary={"zh": "x"}), "summary.en is missing"),
        (said("incident", summary={"en": "a", "1": "b"}), "summary.1 is no name"),
        (
            said("incident", happened={"from": "2026-02-30T00:00:00Z"}),
            "from is no inst",
        ),
        (said("incident", details={"sha256": "0"}), "details.bucket is missing"),
        (said("difference", **{"from": "2026-13-01"}), "from is no date"),
        (said("offer", goals=["18.1"]), "goals[0] is no goal"),
        (said("offer", what="data "), "did you mean 'data'"),
        (said("withdrawal", reason=""), "reason is empty"),
        (said("withdrawal", reason="x" * 4_001), "reason is longer than 4000 characters"),
        (said("withdrawal", reason="x\n" * 2_001), "longer than 4000"),
        (said("unproven", proven=True), "proven is not false"),
        (said("proposal", rule={}), "rule has none of leaf, all, any, at_least, not, across"),
        (said("draw-reveal", nonce=None), "the document has exactly one of nonce"),
        (said("bank", size=7), "size is not the sum"),
        (said("keyset", log_key="a+b+c"), "log_key is no vkey"),
        (said("keyset", jurisdiction="kh"), "jurisdiction is no country"),
        (said("accreditation", until="tomorrow"), "until is no instant"),
        (said("ballot", sequence=True), "sequence is not an integer"),
        (said("ballot", sequence=2**53), "sequence is not an integer from 0"),
        (said("compromise", keys=[]), "keys is empty"),
        (said("withdrawal", of=[1]), "of is not an object"),
    ],
)
def test_each_fault_is_a_sentence_of_ours(statement: Statement, message: str) -> None:
    """Whoever writes by hand must understand it without a manual of JSON Schema."""
    found = messages(statement)
    assert any(message in one for one in found) if message else found == []
    assert not any("does not match" in one or "is not of type" in one for one in found)


def test_all_faults_are_listed_at_once_with_what_was_meant() -> None:
    """Whoever writes by hand mends all of it in one round."""
    value = example("finding")
    predicate = value["predicate"]
    predicate["resulst"] = predicate.pop("results")
    predicate["plan"] = {"log": "x", "indx": 3, "sha256": "ab" * 32}
    value["subject"] = []
    assert messages(from_value(value)) == [
        "subject is empty",
        "results is missing; did you mean it by 'resulst'?",
        "plan.index is missing; did you mean it by 'indx'?",
        "plan.indx is no field of a reference; did you mean 'index'?",
    ]


def test_the_subject_must_be_what_the_predicate_names() -> None:
    """Else a list by subject and a list by reference would show two things."""
    value = example("withdrawal")
    value["subject"][0]["digest"]["sha256"] = "00" * 32
    assert messages(from_value(value)) == [
        "subject[0].digest.sha256 is not the digest that of.sha256 names"
    ]


def test_a_countersignature_is_of_a_finding_or_of_an_erasure() -> None:
    """One kind says both: that an answer is right, and that an erasure is."""
    value = example("countersignature")
    of = value["predicate"].pop("finding")
    assert messages(from_value(value)) != []
    value["predicate"] = {"issued": "2026-11-21T19:19:24Z", "erasure": of, "note": ""}
    assert messages(from_value(value)) == []


def test_unknown_fields_are_no_fault_and_are_named() -> None:
    """Newer versions say more; older ones keep it and show it."""
    statement = said("ballot", mood="good")
    assert messages(statement) == []
    assert unknown_fields(statement) == ("mood",)


def test_unknown_kinds_have_no_faults() -> None:
    """What we do not know we cannot judge."""
    statement = replace(said("ballot"), predicate_type="https://elsewhere.example/x")
    assert messages(statement) == []
    assert unknown_fields(statement) == ()
    assert find_schema("common") is None
    with pytest.raises(NotFound) as missing:
        get_schema("finding s")
    assert "did you mean 'finding'" in missing.value.hint


def test_faults_know_their_line_and_column() -> None:
    """In a file of a hundred lines a path alone is a search."""
    value = example("finding")
    value["predicate"]["results"][0]["verdict"] = "shwn"
    text = json.dumps(value, indent=2)
    (fault,) = faults_of(from_value(value), places_of(text))
    line = text.splitlines()[(fault.line or 0) - 1]
    assert line[(fault.column or 0) - 1 :].startswith('"shwn"')


def test_hostile_statements_are_judged_within_bounds() -> None:
    """A stranger's statement may be as long as an entry, and no longer keeps a page waiting."""
    many = said("policy", trusts=["x"] * 10_000, accreditors=[{}] * 8_000)
    assert len(faults_of(many)) == MAX_FAULTS
    deep: Any = {}
    for _ in range(500):
        deep = {"all": [deep]}
    (fault,) = faults_of(said("proposal", rule=deep))
    assert "deeper" in fault.message
    (fault,) = faults_of(said("bank", conducts=[[0]] * 40_000))
    assert "more than" in fault.message
    nested: Any = {"leaf": 1, "all": 1, "at_least": 1}
    for _ in range(12):
        nested = {"leaf": 1, "all": [nested], "at_least": {"count": 1, "parts": [nested]}}
        if len(to_canonical(nested)) > MAX_PAYLOAD_BYTES:
            break
    assert len(faults_of(said("proposal", rule=nested))) == MAX_FAULTS


def test_a_node_never_says_what_a_schema_refuses() -> None:
    """What our own verbs write is held against the schemas, before any key is touched."""
    node: Any = None
    with pytest.raises(InvalidDocument) as refused:
        record(node, "ballot", {"choice": "yess"}, subject=sha256(), now=from_posix(0))
    assert refused.value.code == "desk.statement"
    assert "proposal is missing" in str(refused.value)
