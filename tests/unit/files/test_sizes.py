# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Sizes of categories say enough to design a test, or every fault of theirs."""

from pathlib import Path

import pytest

from comity import packs
from comity.errors import InvalidDocument
from comity.files.sizes import read_sizes, sizes_from_toml

SHIPPED = Path(packs.__path__[0]) / "sizes" / "thirty-one-risks.toml"


def test_the_31_risks_stand_in_five_groups_on_a_bank_of_2000() -> None:
    """8, 9, 5, 7 and 2, each with more questions than the standard asks for."""
    sizes = read_sizes(SHIPPED)
    groups = [name.split(".")[0] for name in sizes]
    assert [groups.count(f"a{number}") for number in range(1, 6)] == [8, 9, 5, 7, 2]
    assert sum(sizes.values()) == 2000
    assert min(sizes.values()) >= 50


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no table"),
        ("categories = 3", "no table"),
        ("[categories]\n", "no table"),
        ("[categories]\na = true", "has True items"),
        ("[categories]\na = 20001", "not a number from 1 to 20000"),
        ("size = 3\n[categories]\na = 1", "no field 'size'"),
        ('[categories]\n"A B" = 1', "no category's name"),
    ],
)
def test_what_is_no_sizes_is_refused(text: str, message: str) -> None:
    """A form comes from outside."""
    with pytest.raises(InvalidDocument) as caught:
        sizes_from_toml(text)
    assert message in str(caught.value)
    assert caught.value.code == "files.sizes"
