# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Canonical JSON: what is signed has one spelling."""

import json
from pathlib import Path

import pytest
import rfc8785

from comity.errors import InvalidDocument
from comity.kernel.canonical import MAX_INTEGER, from_canonical, to_canonical

OUTSIDE = {"french", "structures", "values", "weird"}
"""Vectors with fractions or non-ASCII keys, which we refuse to sign."""


def test_keys_are_sorted_and_nothing_is_padded() -> None:
    """One value has one spelling, so that one statement has one digest."""
    assert to_canonical({"b": [1, "é"], "a": None}) == '{"a":null,"b":[1,"é"]}'.encode()


@pytest.mark.parametrize(
    ("spelling", "complaint"),
    [
        (b'{"a":1,"a":2}', "stands twice"),
        (b'{"b":1,"a":2}', "not in canonical form"),
        (b'{"a": 1}', "not in canonical form"),
        (b"1.5", "not an integer"),
        (b"NaN", "not an integer"),
        (b"1e3", "not an integer"),
        (b'"\\u00e9"', "not in canonical form"),
        (b"9007199254740992", "beyond 2**53"),
        (b"1" * 5000, "beyond 2**53"),
        (b"\xff", "not UTF-8"),
        (b'{"\xc3\xa9":1}', "not ASCII"),
        (b"[" * 100_000, "deeper than"),
        (b'"\\ud800"', "surrogate"),
        (b"", "Expecting value"),
    ],
)
def test_every_other_spelling_is_refused(spelling: bytes, complaint: str) -> None:
    """A second spelling of a signed value would be a second statement."""
    with pytest.raises(InvalidDocument) as caught:
        from_canonical(spelling)

    assert complaint in str(caught.value)


@pytest.mark.parametrize("value", [1.0, {1: 2}, {"a": b"x"}, MAX_INTEGER + 1, {"é": 1}])
def test_values_outside_the_profile_are_not_written(value: object) -> None:
    """What cannot be read back the same must not be signed."""
    with pytest.raises(InvalidDocument):
        to_canonical(value)  # type: ignore[arg-type]  # the point of the test


@pytest.mark.parametrize(
    "name", ["arrays", "french", "structures", "unicode", "values", "weird"]
)
def test_published_vectors_agree_or_lie_outside_the_profile(shared: Path, name: str) -> None:
    """Where our profile holds, RFC 8785's own vectors come out byte for byte."""
    value = json.loads((shared / f"vectors/rfc8785/input/{name}.json").read_text("utf-8"))
    published = (shared / f"vectors/rfc8785/output/{name}.json").read_bytes()

    assert rfc8785.dumps(value) == published
    if name in OUTSIDE:
        with pytest.raises(InvalidDocument):
            to_canonical(value)
    else:
        assert to_canonical(value) == published
