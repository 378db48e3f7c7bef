# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import json
from pathlib import Path

import pytest

from comity.council.body.body import Basis
from comity.errors import InvalidDocument, NotFound
from comity.files.body import get_body, get_weights, read_body, shipped_bodies

GROUPS = Path(__file__).parents[4] / "shared" / "facts" / "groups.json"
SHIPPED = {
    "asean": "ASEAN_11",
    "au": "AU_55",
    "brics": "BRICS_10_plus_SAU",
    "brics-partners": "BRICS_PARTNERS_10",
    "celac": "CELAC_33",
    "eu": "EU_27",
    "gcc": "GCC_6",
    "pif": "PIF_18",
    "un": "UN_193",
    "waico": "WAICO_SIGNATORIES_2026_07_16",
}


def _write(folder: Path, text: str) -> Path:
    path = folder / "own.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", ["population-2023", "a\0.csv"])
def test_a_table_of_weights_that_is_not_there_names_those_that_are(name: str) -> None:
    """Who mistypes a name need not look for the folder."""
    assert get_weights("population-2024").values["GBR"] > 0
    with pytest.raises(NotFound) as refused:
        get_weights(name)
    assert "population-2024" in str(refused.value.hint)


def test_every_shipped_body_says_where_it_comes_from() -> None:
    """A list of members without a source is a rumour."""
    for body in shipped_bodies():
        assert body.source
        assert body.cautions or body.cautions_on
        assert all(grounds.source for grounds in body.group_grounds.values())
        for weights in body.weights.values():
            assert set(weights.values) == set(body.members)
            assert weights.source


def test_shipped_bodies_are_those_of_the_facts() -> None:
    """The lists were gathered once; what is shipped must not drift from them."""
    if not GROUPS.exists():
        pytest.skip("../shared/facts/groups.json is not beside this repository")
    groups = json.loads(GROUPS.read_text("utf-8"))["groups"]
    for slug, name in SHIPPED.items():
        assert list(get_body(slug).members) == groups[name]
    later = get_body("waico-37").groups["signed:later"]
    assert later == set(groups["WAICO_SIGNATORIES_LATER"])


def test_a_member_has_the_bodys_name_where_its_code_is_known_by_anothers() -> None:
    """The member is the Sahrawi Republic; ISO's code names the territory Western Sahara."""
    assert get_body("au").names == {"ESH": "Sahrawi Republic"}


def test_the_regions_hold_every_member_of_the_united_nations() -> None:
    """A third of each region means nothing for a member that is in none."""
    body = get_body("un")
    regions = [found for name, found in body.groups.items() if name.startswith("region:")]
    assert sorted(map(len, regions)) == [23, 29, 33, 54, 54]
    assert frozenset().union(*regions) == set(body.members)


def test_later_signatures_keep_their_weaker_basis() -> None:
    """Eight names rest on one tracker, and a reader must see so."""
    grounds = get_body("waico-37").group_grounds
    assert grounds["signed:later"].basis is Basis.WEAK
    assert grounds["signed:2026-07-16"].basis is Basis.SECONDARY


def test_an_unknown_body_is_refused_with_a_near_one() -> None:
    """A typing slip costs one try."""
    with pytest.raises(NotFound, match="asaen") as caught:
        get_body("asaen")
    assert "did you mean 'asean'?" in caught.value.hint
    with pytest.raises(NotFound):
        get_body("../bodies/asean")


def test_all_faults_of_a_body_are_told_at_once(tmp_path: Path) -> None:
    """Whoever writes one should correct it in one go."""
    path = _write(
        tmp_path,
        """title = "Own"
source = "made up"
basis = "rumour"
members = ["A", "B", "B"]
[groups."region:N"]
source = "made up"
basis = "weak"
members = ["A", "X"]
[groups."region:S"]
source = "made up"
basis = "weak"
members = ["A"]
[groups.S]
source = "made up"
basis = "weak"
members = []
[names]
Z = "Zed"
[weights.gold]
unit = "bar"
source = "made up"
basis = "weak"
values = { A = -1 }
""",
    )
    with pytest.raises(InvalidDocument) as caught:
        read_body(path)
    assert caught.value.code == "files.body"
    told = str(caught.value)
    for part in (
        "'rumour' is none of text, secondary, memory, weak",
        "'B' stands twice",
        "'X' is no member of the body",
        "'Z' is no member of the body",
        "A in both 'region:N' and 'region:S'",
        "write a group as family:name, not 'S'",
        "group 'S' has nobody",
        "A is not a whole number from 0 up",
        "no gold is given for A, B",
    ):
        assert part in told
    assert all(fault.line for fault in caught.value.faults)


def test_a_body_may_bring_its_own_table(tmp_path: Path) -> None:
    """Shares of a fund stand in a sheet, not in TOML."""
    (tmp_path / "shares.csv").write_text(
        "# unit: share\n# source: made up\ncode,shares\nA,3\nB,5\n", encoding="utf-8"
    )
    body = read_body(
        _write(
            tmp_path,
            """title = "Own"
source = "made up"
basis = "weak"
members = ["A", "B"]
[weights.shares]
file = "shares.csv"
""",
        )
    )
    assert body.weights["shares"].values == {"A": 3, "B": 5}
    assert body.weights["shares"].unit == "share"


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ('"A", "\u0410"', "looks like 'A'"),
        ('"A", "a"', "looks like 'A'"),
        ('"A", "\u200b"', "shows nothing that can be read"),
        ("", "1 to 2,000 members"),
        (", ".join(f'"m{number}"' for number in range(2_001)), "1 to 2,000 members"),
    ],
)
def test_members_that_cannot_be_told_apart_are_refused(
    members: str, said: str, tmp_path: Path
) -> None:
    """A rule counts codes; people read letters."""
    text = f'title = "Own"\nsource = "made up"\nbasis = "weak"\nmembers = [{members}]\n'
    with pytest.raises(InvalidDocument, match=said):
        read_body(_write(tmp_path, text))


def test_no_weight_is_larger_than_a_sheet_of_weights_may_hold(tmp_path: Path) -> None:
    """What no statement could carry is refused where it is written."""
    text = (
        'title = "Own"\nsource = "made up"\nbasis = "weak"\nmembers = ["A", "B"]\n'
        '[weights.gold]\nunit = "t"\nsource = "made up"\nbasis = "weak"\n'
        f"values = {{ A = {10**30}, B = {10**15 - 1} }}\n"
    )
    with pytest.raises(InvalidDocument) as caught:
        read_body(_write(tmp_path, text))
    assert [fault.message for fault in caught.value.faults] == [
        "gold of 'A' has more than 15 digits"
    ]
