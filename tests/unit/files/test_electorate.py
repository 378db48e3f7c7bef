# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Who may vote, as people write it: every fault at once, each with its place."""

from pathlib import Path

import pytest

from comity.errors import InvalidDocument, NotFound
from comity.files.electorate import find_member, read_electorate
from comity.kernel.ids import MemberId

KH, BR, SG = (MemberId(digit * 64) for digit in "123")
KNOWN = {"kh": KH, "br": BR, "sg": SG}
GOOD = """
[weights.population]
unit = "million people"
source = "made up"

[[members]]
member = "kh"
state = "KHM"
groups = ["region:Asia"]
weights = { population = 17 }

[[members]]
member = "2222222222222222"
state = "BRA"
weights = { population = 212 }
"""


def read(tmp_path: Path, text: str) -> object:
    """Read a file."""
    path = tmp_path / "members.toml"
    path.write_text(text, "utf-8")
    return read_electorate(path, KNOWN)


def test_members_are_called_by_name_or_by_the_digits_of_their_ids(tmp_path: Path) -> None:
    """As in every other file a node reads."""
    path = tmp_path / "members.toml"
    path.write_text(GOOD, "utf-8")
    found = read_electorate(path, KNOWN)

    assert found.members == {KH, BR}
    assert found.groups == {"region:Asia": frozenset({KH})}
    assert found.states == {KH: "KHM", BR: "BRA"}
    assert found.weights["population"].values == {KH: 17, BR: 212}


def test_a_body_gives_groups_and_weights_by_state(tmp_path: Path) -> None:
    """Nobody types the regions of the United Nations again."""
    path = tmp_path / "members.toml"
    members = "".join(
        f'[[members]]\nmember = "{name}"\nstate = "{state}"\n'
        for name, state in (("kh", "KHM"), ("sg", "SGP"))
    )
    path.write_text(f'body = "asean"\n{members}', "utf-8")
    found = read_electorate(path, KNOWN)

    assert "population" in found.weights
    assert set(found.weights["population"].values) == {KH, SG}
    assert all(who <= {KH, SG} for who in found.groups.values())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "nobody may vote"),
        (GOOD.replace('"kh"', '"khm"'), "did you mean 'kh'"),
        (GOOD.replace("2222222222222222", "22"), "no followed member is called '22'"),
        (GOOD.replace("2222222222222222", "kh"), "stands twice"),
        (GOOD.replace('"KHM"', '"Cambodia"'), "is no ISO 3166-1"),
        (GOOD.replace("population = 17", "people = 17"), "no [weights.people] says their unit"),
        (GOOD.replace("population = 17", "population = -1"), "whole number from 0"),
        (GOOD.replace("weights = { population = 212 }", ""), "no population is given"),
        (GOOD.replace('unit = "million people"', ""), "unit is missing"),
        (GOOD.replace("groups =", "group ="), "no field is called 'group'"),
        (GOOD.replace('["region:Asia"]', '["region:Asia", "region:Europe"]'), "share members"),
        (f'body = "aseann"\n{GOOD}', "did you mean 'asean'"),
    ],
)
def test_each_fault_is_said(tmp_path: Path, text: str, words: str) -> None:
    """Unknown members, negative or missing weights, overlapping regions: none is counted."""
    with pytest.raises(InvalidDocument) as refused:
        read(tmp_path, text)

    assert any(words in str(fault) for fault in refused.value.faults)
    assert refused.value.code == "files.electorate"


def test_faults_are_listed_together_with_their_lines(tmp_path: Path) -> None:
    """An official mends a file once."""
    text = GOOD.replace('"kh"', '"xx"').replace('"BRA"', '"BRZ"')
    with pytest.raises(InvalidDocument) as refused:
        read(tmp_path, text)

    assert len({fault.line for fault in refused.value.faults}) == 2


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    """With the code of its kind."""
    with pytest.raises(NotFound) as refused:
        read_electorate(tmp_path / "nowhere.toml", KNOWN)

    assert refused.value.code == "files.no_electorate"
    assert find_member("1" * 15, KNOWN) is None
