# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity exposure` as a ministry uses it: from files alone, and over a node's own log."""

import json
from pathlib import Path

import pytest
from tests.fakes.town import PROFILE, comity

CSV = (
    "state,as_of,layer,name,supplier,jurisdiction,share,substitutability\n"
    "KHM,2026-11-21,cloud,own,Host,KHM,40%,0%\n"
    "KHM,2026-11-21,cloud,far,Far Host,SGP,60%,0%\n"
    "KHM,2026-11-21,model,weights,,,,\n"
)
BOM = {
    "bomFormat": "CycloneDX",
    "specVersion": "1.7",
    "components": [
        {"type": "machine-learning-model", "name": "weights", "supplier": {"name": "Maker"}},
    ],
}
FOUND = ("--name", "N", "--role", "regulator", "--jurisdiction", "KHM", "--origin", "n.ex/log")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with an inventory, a bill, a profile, and a node that logged them."""
    folder = tmp_path_factory.mktemp("desk")
    (folder / "khm.csv").write_text(CSV, "utf-8")
    (folder / "bom.json").write_text(json.dumps(BOM), "utf-8")
    (folder / "relief.toml").write_text(PROFILE, "utf-8")
    node = folder / "kh"
    digest = ("--digest", "ab" * 32, "--method", "m/1")
    bill = ("--materials", folder / "bom.json", "--no-publish")
    for words in (
        ("node", "init", node, *FOUND, "--example"),
        ("exposure", "state", folder / "khm.csv", "--node", node, "--no-publish"),
        ("system", "register", folder / "relief.toml", *digest, *bill, "--node", node),
    ):
        ran = comity(*words)
        assert ran.code == 0, ran.err
    return folder


def test_a_spreadsheet_alone_shows_what_a_state_depends_on(desk: Path) -> None:
    """No node, no key: bounds where nobody said, figures where somebody did."""
    ran = comity("exposure", "show", "KHM", "--inventory", desk / "khm.csv", "--no-records")

    assert ran.code == 0
    for said in ("SGP 60, KHM 40", "0–100", "Nobody speaks of", str(desk / "khm.csv")[:20]):
        assert said in ran.out.replace("\n", " ")


def test_a_node_counts_what_is_stated_and_what_is_registered(desk: Path) -> None:
    """The inventory's unnamed model and the system's named one are half of the layer each."""
    ran = comity("exposure", "show", "KHM", "--node", desk / "kh", "--no-records", "--json")
    found = ran.json

    assert [one["kind"] for one in found["origins"]] == ["system", "inventory"]
    model = next(one for one in found["layers"] if one["layer"] == "model")
    assert model["bills"] == 2
    assert model["firms"][0]["label"] == "Maker"
    assert model["firms"][0]["least"] == {"num": 1, "den": 2}
    assert model["firms"][0]["most"] == {"num": 1, "den": 1}


def test_a_shock_names_the_system_that_stops(desk: Path) -> None:
    """And says what was assumed where nobody said."""
    words = ("--supplier", "maker", "--state", "KHM", "--node", desk / "kh", "--no-records")
    ran = comity("exposure", "shock", *words, "--substitute", "0%")
    plain = comity("exposure", "shock", *words, "--json").json

    assert ran.code == 0
    assert "Relief 1.0 stops" in " ".join(ran.out.split())
    assert "Assumed: 0 % of a loss made good" in ran.out
    assert plain["systems"][0]["fate"] == "may_stop"


def test_a_supplier_that_nobody_names_is_said_to_be_none(desk: Path) -> None:
    """A slip of the pen must not pass for a supplier whose loss may stop something."""
    over = ("--state", "KHM", "--node", desk / "kh", "--no-records")
    slip = comity("exposure", "shock", "--supplier", "Makr", *over)
    known = comity("exposure", "shock", "--supplier", "maker", *over)

    assert "Nobody here names a supplier 'Makr'; did you mean 'Maker'?" in slip.out
    assert "Nobody here names" not in known.out


def test_the_worst_to_lose_are_named_with_their_bound(desk: Path) -> None:
    """Every set was tried, and the answer says so."""
    words = ("--worst", "2", "--inventory", desk / "khm.csv", "--no-records")
    ran = comity("exposure", "shock", *words, "--state", "KHM")

    assert "Worst to lose together: Far Host, Host" in ran.out
    assert "every set was tried" in ran.out


def test_nothing_stated_is_not_nothing_needed() -> None:
    """A state nobody speaks of gets no clean bill of health."""
    shown = comity("exposure", "show", "TUV", "--no-records")
    shocked = comity("exposure", "shock", "--layer", "chips", "--state", "TUV", "--no-records")

    assert "everything is unknown" in shown.out
    assert "removes nothing that anybody stated" in shocked.out


@pytest.mark.parametrize("verb", ["figures", "scenarios"])
def test_what_ships_is_listed_with_its_basis(verb: str) -> None:
    """In words and as JSON."""
    ran = comity("exposure", verb)

    assert ran.code == 0
    assert "secondary: " in ran.out
    assert all(one["basis"] for one in comity("exposure", verb, "--json").json)


def test_a_bill_is_read_back_with_what_it_leaves_open(desk: Path) -> None:
    """A question mark stands for what nobody said."""
    ran = comity("exposure", "bill", desk / "bom.json")

    assert "weights" in ran.out
    assert "?" in ran.out
    assert (
        comity("exposure", "bill", desk / "khm.csv", "--json").json[0]["share_ppm"] == 400_000
    )


def test_suppliers_alone_are_no_state_s_inventory(desk: Path, tmp_path: Path) -> None:
    """A statement names the state it is about."""
    path = tmp_path / "chain.toml"
    path.write_text('as_of = 2026-11-21\n[[supply]]\nlayer = "chips"\nname = "x"\n', "utf-8")
    ran = comity("exposure", "state", path, "--node", desk / "kh")

    assert ran.code == 2
    assert 'state = "KHM"' in ran.err
