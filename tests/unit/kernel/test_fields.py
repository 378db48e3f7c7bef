# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Reading an object gathers every fault, with place and near miss, before refusing."""

from collections.abc import Callable
from fractions import Fraction

import pytest

from comity.errors import InvalidDocument
from comity.kernel.digest import sha256
from comity.kernel.fields import Fields
from comity.kernel.ids import Origin
from comity.kernel.instant import from_rfc3339
from comity.kernel.reference import Reference, to_reference_json

DIGEST = sha256(b"x")
REFERENCE = Reference(log=Origin("a.example/log"), index=3, sha256=DIGEST)
GOOD: dict[str, object] = {
    "text": "words",
    "empty": "",
    "integer": 5,
    "flag": False,
    "choice": "two",
    "value": {"any": None},
    "digest": DIGEST.hex(),
    "ratio": {"num": 1, "den": 3},
    "reference": to_reference_json(REFERENCE),
    "instant": "2026-11-21T19:19:24Z",
    "local": {"en": "yes", "km": "បាទ"},
    "texts": ["a", "b"],
    "pairs": [[1, 2], [3, 4]],
    "counts": {"a": 1},
    "digests": [DIGEST.hex()],
    "inner": {"deep": "x"},
    "rows": [{"n": 1}, {"n": 2}],
    "null": None,
}
READERS: list[tuple[str, Callable[[Fields], object], object]] = [
    ("text", lambda f: f.text("text"), "words"),
    ("empty", lambda f: f.text("empty", empty=True), ""),
    ("integer", lambda f: f.integer("integer", low=5, high=5), 5),
    ("flag", lambda f: f.flag("flag"), False),
    ("choice", lambda f: f.choice("choice", ["one", "two"]), "two"),
    ("value", lambda f: f.value("value"), {"any": None}),
    ("digest", lambda f: f.digest("digest"), DIGEST),
    ("ratio", lambda f: f.ratio("ratio"), Fraction(1, 3)),
    ("reference", lambda f: f.reference("reference"), REFERENCE),
    ("instant", lambda f: f.instant("instant"), from_rfc3339("2026-11-21T19:19:24Z")),
    ("local", lambda f: f.local_text("local").in_language("km"), "បាទ"),
    ("texts", lambda f: f.texts("texts"), ("a", "b")),
    ("pairs", lambda f: f.pairs("pairs"), ((1, 2), (3, 4))),
    ("counts", lambda f: f.counts("counts"), {"a": 1}),
    ("digests", lambda f: f.digests("digests"), (DIGEST,)),
    ("inner", lambda f: f.inner("inner").text("deep"), "x"),
    ("rows", lambda f: [row.integer("n") for row in f.rows("rows")], [1, 2]),
    ("null", lambda f: f.nullable("null", f.text), None),
]


@pytest.mark.parametrize(("name", "read", "value"), READERS, ids=[row[0] for row in READERS])
def test_each_reader_returns_what_is_there(
    name: str, read: Callable[[Fields], object], value: object
) -> None:
    """And marks the field as read, so that `rest` keeps only the unknown."""
    fields = Fields(GOOD, faults=[])
    assert read(fields) == value
    fields.finish("not good", code="kernel.test")
    assert name not in fields.rest()
    assert set(fields.rest()) == set(GOOD) - {name}


@pytest.mark.parametrize(("name", "read", "value"), READERS, ids=[row[0] for row in READERS])
def test_each_reader_names_a_missing_field(
    name: str, read: Callable[[Fields], object], value: object
) -> None:
    """And returns a stand-in of the right kind, so that reading goes on."""
    del value
    fields = Fields({}, place="plan", faults=[])
    read(fields)
    assert [str(fault) for fault in fields.faults] == [f"plan.{name} is missing"]


JUNK: list[object] = [None, True, 1.5, -1, "junk", [["x"]], {"x": [1]}]


@pytest.mark.parametrize(("name", "read", "value"), READERS, ids=[row[0] for row in READERS])
@pytest.mark.parametrize("junk", JUNK, ids=str)
def test_no_reader_breaks_on_junk(
    name: str, read: Callable[[Fields], object], value: object, junk: object
) -> None:
    """Documents come from anywhere; a wrong kind is a fault with its place, or is allowed."""
    del value
    fields = Fields({name: junk}, faults=[])
    read(fields)
    for fault in fields.faults:
        assert str(fault).startswith(name)


def test_inner_faults_carry_the_whole_path() -> None:
    """A reader of the message finds the place without counting brackets."""
    fields = Fields({"rows": [{"n": 1}, {"m": {"n": "x"}}]}, faults=[])
    for row in fields.rows("rows"):
        if row.has("m"):
            row.inner("m").integer("n")
    assert [str(fault) for fault in fields.faults] == [
        "rows[1].m.n is not an integer from 0 to 9007199254740991"
    ]


def test_a_near_miss_is_offered() -> None:
    """What was written is named as written, never as what should have been."""
    fields = Fields({"nmae": "x", "kind": "frist"}, faults=[])
    fields.text("name")
    fields.choice("kind", ["first", "continuation"])
    assert [str(fault) for fault in fields.faults] == [
        "name is missing; did you mean it by 'nmae'?",
        "kind is not one of first, continuation; did you mean 'first'?",
    ]


def test_all_faults_are_raised_together() -> None:
    """Once, at the end, under the caller's own code."""
    fields = Fields({"a": 1}, faults=[])
    fields.text("a")
    fields.digest("b")
    with pytest.raises(InvalidDocument) as caught:
        fields.finish("not a thing", code="kernel.test")
    assert len(caught.value.faults) == 2
    assert caught.value.code == "kernel.test"


def test_what_is_no_object_is_said_once() -> None:
    """Not once for every field it lacks under another name."""
    fields = Fields([1], faults=[])
    assert str(fields.faults[0]) == "the document is not an object"
    assert fields.rest() == {}
    inner = Fields({"inner": 3}, faults=[])
    inner.inner("inner").text("deep")
    assert [str(fault) for fault in inner.faults] == ["inner is not an object"]


def test_an_empty_inner_object_lacks_its_fields() -> None:
    """It is an object, so what it lacks is the fault."""
    fields = Fields({"inner": {}}, faults=[])
    fields.inner("inner").text("deep")
    assert [str(fault) for fault in fields.faults] == ["inner.deep is missing"]


def test_absent_and_null_are_told_apart_where_it_matters() -> None:
    """`optional` takes either; `nullable` wants null to be said."""
    fields = Fields({"b": "x"}, faults=[])
    assert fields.optional("a", fields.text) is None
    assert fields.optional("b", fields.text) == "x"
    assert not fields.faults
    fields.nullable("a", fields.text)
    assert [str(fault) for fault in fields.faults] == ["a is missing"]
