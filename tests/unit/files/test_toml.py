# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import math
from decimal import Decimal

import pytest

from comity.errors import InvalidDocument
from comity.files.toml import MAX_CHARACTERS, read_toml

TEXT = '''\
# a profile
system = "x"   # its name
"quoted key" = 1

[facts]
generates = [ "text",
              "image" ]
note = """
[not.a.table]
key = 1
"""
open = { known_in = ["a"], known_out = ["b", "c"] }
a.b = 'c'

[[material]]
layer = "model"

[[material]]
layer = "data"
[material.more]
deep = 1
'''


@pytest.mark.parametrize(
    ("path", "place"),
    [
        (("system",), (2, 1)),
        (("quoted key",), (3, 1)),
        (("facts",), (5, 1)),
        (("facts", "generates"), (6, 1)),
        (("facts", "generates", 0), (6, 15)),
        (("facts", "generates", 1), (7, 15)),
        (("facts", "note"), (8, 1)),
        (("facts", "open", "known_out"), (12, 28)),
        (("facts", "open", "known_out", 1), (12, 46)),
        (("facts", "a", "b"), (13, 1)),
        (("material", 0, "layer"), (16, 1)),
        (("material", 1, "layer"), (19, 1)),
        (("material", 1, "more", "deep"), (21, 1)),
    ],
)
def test_every_key_and_item_has_its_place(
    path: tuple[str | int, ...], place: tuple[int, int]
) -> None:
    """A text that looks like a table must not shift the places below it."""
    toml = read_toml(TEXT, source="x.toml")
    assert toml.places[path] == place


def test_a_fault_falls_back_to_the_nearest_place_above() -> None:
    """What is missing has no place of its own."""
    toml = read_toml(TEXT, source="x.toml")
    assert toml.fault(("material", 0, "name"), "missing").line == 15
    assert toml.fault(("nowhere",), "missing").line is None


def test_values_are_those_of_toml_with_exact_decimals() -> None:
    """A double would already have rounded."""
    values = read_toml("a = 0.1\nb = 1e400\nc = nan", source="x").values
    assert values["a"] == Decimal("0.1")
    assert values["b"] == Decimal("1e400")
    assert isinstance(values["c"], Decimal)
    assert math.isnan(values["c"])


def test_every_key_that_stands_twice_is_named() -> None:
    """With both places, and all at once."""
    text = "a = 1\nb = 2\na = 3\n[t]\nx = 1\nx = 2\n[t]\n"
    with pytest.raises(InvalidDocument) as caught:
        read_toml(text, source="x.toml")
    assert [(fault.line, fault.message) for fault in caught.value.faults] == [
        (3, "a stands twice; the first is in line 1"),
        (6, "t.x stands twice; the first is in line 5"),
        (7, "t stands twice; the first is in line 4"),
    ]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a = ", 1),
        ("a = 1\nb = [1,,2]", 2),
        ("a", 1),
        ("[a\n", 1),
        ('a = "x', 1),
        ("a = 2026-02-30", 1),
        ("= 1", 1),
    ],
)
def test_what_is_no_toml_is_refused_with_its_line(text: str, line: int) -> None:
    """The reader of the standard library says what, we say it our way."""
    with pytest.raises(InvalidDocument) as caught:
        read_toml(text, source="x.toml")
    assert caught.value.code == "files.toml"
    assert caught.value.faults[0].line == line


@pytest.mark.parametrize(
    "text",
    ["a = " + "[" * 5000, "a = " + "9" * 5000, "a" * (MAX_CHARACTERS + 1),
     "a = 1e99999999999999999999\nb = [1", "a = " + "{a = " * 40],
    ids=["deep", "long number", "large", "exponent", "inline"],
)  # fmt: skip
def test_a_hostile_file_is_refused_like_any_other(text: str) -> None:
    """No recursion error, no minute of parsing."""
    with pytest.raises(InvalidDocument):
        read_toml(text, source="x.toml")


@pytest.mark.parametrize("text", ["a." * 60_000 + "a = 1", "[" + "a." * 60_000 + "a]"])
def test_a_key_of_thousands_of_parts_never_reaches_the_slow_reader(text: str) -> None:
    """Python's own would take seconds over it, the square of its length."""
    with pytest.raises(InvalidDocument, match="nested more than 16 levels deep"):
        read_toml(text, source="x.toml")


def test_an_exponent_beyond_every_decimal_is_infinite() -> None:
    """And infinity is refused where the number is read."""
    values = read_toml("a = 1e99999999999999999999", source="x").values
    assert values["a"] == Decimal("Infinity")
