# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A reference and a ratio have one spelling each."""

from fractions import Fraction

import pytest

from comity.errors import InvalidDocument
from comity.kernel.digest import sha256
from comity.kernel.ids import Origin
from comity.kernel.reference import (
    Reference,
    from_ratio_json,
    from_reference_json,
    to_ratio_json,
    to_reference_json,
)

REFERENCE = Reference(log=Origin("kh.example/log"), index=7, sha256=sha256(b"entry"))
WRITTEN = {"log": "kh.example/log", "index": 7, "sha256": REFERENCE.sha256.hex()}


def test_a_reference_reads_back_as_written() -> None:
    """It is how every statement points at another."""
    assert to_reference_json(REFERENCE) == WRITTEN
    assert from_reference_json(WRITTEN) == REFERENCE


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        {},
        {**WRITTEN, "index": -1},
        {**WRITTEN, "index": True},
        {**WRITTEN, "index": 2**53},
        {**WRITTEN, "log": ""},
        {**WRITTEN, "sha256": REFERENCE.sha256.hex().upper()},
        {**WRITTEN, "more": 1},
    ],
)
def test_anything_else_is_no_reference(value: object) -> None:
    """A loose reference could point at two entries."""
    with pytest.raises(InvalidDocument):
        from_reference_json(value)


@pytest.mark.parametrize(
    "ratio", [Fraction(0), Fraction(1), Fraction(-3, 7), Fraction(97, 100)]
)
def test_a_ratio_reads_back_as_written(ratio: Fraction) -> None:
    """Rates are signed as integers."""
    assert from_ratio_json(to_ratio_json(ratio)) == ratio


@pytest.mark.parametrize(
    "value",
    [
        None,
        0.5,
        {"num": 1},
        {"num": 1, "den": 0},
        {"num": 1, "den": -2},
        {"num": 2, "den": 4},
        {"num": True, "den": 1},
        {"num": 1.0, "den": 2},
        {"num": 1, "den": 2, "more": 3},
    ],
)
def test_anything_else_is_no_ratio(value: object) -> None:
    """One half has one spelling, or two digests would name one statement."""
    with pytest.raises(InvalidDocument):
        from_ratio_json(value)
