# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Option files: what they say, and every fault at once with its place."""

from fractions import Fraction
from pathlib import Path

import pytest

from comity.errors import InvalidDocument, NotFound
from comity.files.options import read_options
from comity.files.pack import SHIPPED

EXAMPLE = SHIPPED / "exposure" / "examples" / "options.toml"

WRONG = """\
title = "t"
unit  = "u"
source = "s"
basis = "week"
pooled_onboarding = 0.5
budget = -1
allies = ["usa"]

[sizes]
KHN = 2

[[option]]
layer = "cloud"
name = "one"
supplier = "One"
jurisdiction = "US"
cost = -3
capacity = 0.4

[[option]]
layer = "cloud"
name = "two"
supplier = "one"
jurisdiction = "USA"
share_ppm = 5
onbording = 1
capacity = "20%"
minimum = "30%"
upstream = ["acelerators"]

[[supply]]
layer = "chips"
name = "accelerators"
"""


def test_the_example_says_that_it_is_one() -> None:
    """No public prices are held in the facts; whoever copies it must see that."""
    found = read_options(EXAMPLE)

    assert found.is_example
    assert "invented" in found.unit
    assert found.pooling == Fraction(3, 2)
    assert {one.minimum for one in found.options} == {Fraction(1, 20)}
    assert found.options[0].cost == 10
    assert found.options[0].onboarding == Fraction(3, 5)


def test_every_fault_is_listed_at_once_with_its_place(tmp_path: Path) -> None:
    """Who mends a file mends it once."""
    path = tmp_path / "wrong.toml"
    path.write_text(WRONG, "utf-8")

    with pytest.raises(InvalidDocument) as caught:
        read_options(path)

    said = [str(fault) for fault in caught.value.faults]
    for part in (
        "'week' is none of text, secondary, memory, weak; did you mean 'weak'?",
        "line 5, column 1: pooled_onboarding is less than 1",
        "line 6, column 1: budget is less than nothing",
        "'usa' is no ISO 3166-1 alpha-3 code, nor EU; did you mean 'USA'?",
        "'KHN' is no ISO 3166-1",
        "'US' is no ISO 3166-1",
        "cost is less than nothing",
        'capacity is no share: write it as "40%"',
        "supplier 'one' stands twice in layer 'cloud'",
        "no field 'share_ppm'",
        "no field 'onbording'; did you mean 'onboarding'?",
        "cost is missing",
        "its minimum is more than its capacity",
        "rests on 'acelerators', which is not in the file; did you mean 'accelerators'?",
    ):
        assert any(part in one for one in said), (part, said)
    assert caught.value.code == "files.options"


def test_supply_in_a_circle_is_a_fault_at_each_of_its_options(tmp_path: Path) -> None:
    """Two options that rest on each other can be bought only where both stand already."""
    path = tmp_path / "circle.toml"
    rows = "".join(
        f'[[option]]\nlayer = "{layer}"\nname = "{name}"\ncost = {cost}\n'
        f'upstream = ["{other}"]\n'
        for layer, name, other, cost in (("cloud", "a", "b", -1), ("model", "b", "a", 2))
    )
    path.write_text(f'title = "t"\nunit = "u"\nsource = "s"\nbasis = "weak"\n{rows}', "utf-8")

    with pytest.raises(InvalidDocument) as caught:
        read_options(path)

    said = [str(fault) for fault in caught.value.faults]
    assert [one.split(": ", 1)[1] for one in said if "circle" in one] == [
        "'a' rests on itself: supply runs in a circle",
        "'b' rests on itself: supply runs in a circle",
    ]
    assert any("cost is less than nothing" in one for one in said)


def test_inputs_may_be_known_from_elsewhere(tmp_path: Path) -> None:
    """What an inventory's supplies name need not be told again."""
    path = tmp_path / "o.toml"
    text = EXAMPLE.read_text("utf-8")
    path.write_text(text[: text.index("[[supply]]")], "utf-8")

    with pytest.raises(InvalidDocument, match="accelerators"):
        read_options(path)
    assert read_options(path, known={"accelerators", "other accelerators"}).supplies == ()


@pytest.mark.parametrize("text", ["", "option = 3", "[option]", 'title = "x"\n[[option]]'])
def test_a_file_that_lists_nothing_is_refused(text: str, tmp_path: Path) -> None:
    """Nothing is planned from nothing."""
    path = tmp_path / "o.toml"
    path.write_text(text, "utf-8")

    with pytest.raises(InvalidDocument):
        read_options(path)


def test_no_file_is_not_found(tmp_path: Path) -> None:
    """Its code says which kind of file was looked for."""
    with pytest.raises(NotFound) as caught:
        read_options(tmp_path / "none.toml")

    assert caught.value.code == "files.no_options"
