# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity cooperate` as an official uses it: a file, a node, and the public records."""

from pathlib import Path

import pytest
from tests.fakes.town import comity

OURS = """
example = true

[[offer]]
id     = "compute"
title  = "Hours on our cluster"
what   = "compute"
sector = "any"
amount = 100
unit   = "GPU hours"

[[need]]
id     = "hours"
title  = "Hours for a translator"
what   = "compute"
sector = "any"
amount = 40
unit   = "GPU hours"

[[project]]
id      = "translator"
title   = "A translator"
kind    = "joint work"
parties = ["Ministry of posts"]
"""
FOUND = ("--role", "regulator", "--jurisdiction", "KHM", "--origin", "n.ex/log", "--example")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a file and a node that said all of it."""
    folder = tmp_path_factory.mktemp("cooperate")
    (folder / "ours.toml").write_text(OURS, "utf-8")
    node = ("--node", folder / "kh", "--no-publish")
    cited = ("--offer", "n.ex/log#1", "--need", "n.ex/log#2")
    for words in (
        ("node", "init", folder / "kh", "--name", "N", *FOUND),
        ("cooperate", "offer", folder / "ours.toml", *node),
        ("cooperate", "need", folder / "ours.toml", *node),
        ("cooperate", "project", folder / "ours.toml", *cited, *node),
    ):
        ran = comity(*words)
        assert ran.code == 0, ran.err
    return folder


def test_a_file_is_checked_before_anything_is_said(desk: Path) -> None:
    """Without a node and without a key."""
    ran = comity("cooperate", "check", desk / "ours.toml")

    assert (ran.code, "1 offers, 1 needs, 1 projects, no faults" in ran.out) == (0, True)


def test_the_board_shows_what_was_said_and_marks_what_is_made_up(desk: Path) -> None:
    """Each row with the entry behind it."""
    ran = comity("cooperate", "list", "--node", desk / "kh")

    assert ran.code == 0
    for word in ("Hours on our cluster", "made up", "n.ex/log#1", "rests on n.ex/log entry 2"):
        assert word in ran.out, word


def test_one_does_not_meet_ones_own_need(desk: Path) -> None:
    """One node's offer and need are of one member; a file's are of whoever it names."""
    own = comity("cooperate", "match", "--node", desk / "kh", "--json").json
    theirs = desk / "theirs.toml"
    theirs.write_text(OURS.replace('id     = "compute"', 'id = "compute"\nby = "BRA"'), "utf-8")
    ran = comity(
        "cooperate", "match", "--node", desk / "kh", "--with", theirs, "--state", "KHM"
    )

    assert own["pairs"] == []
    assert own["unmet"][0]["offers"][0]["because"] == ["they are of the same member"]
    assert "40 GPU hours: Hours for a translator" in ran.out
    assert "dependence on BRA in cloud" in " ".join(ran.out.split())


def test_taking_an_offer_back_takes_it_off_the_board(desk: Path) -> None:
    """By the verb that takes back everything else."""
    node = ("--node", desk / "kh")
    ran = comity("withdraw", "n.ex/log#1", "--reason", "Gone.", *node, "--no-publish")
    board = comity("cooperate", "list", *node, "--json").json

    assert ran.code == 0, ran.err
    assert (board["offers"], board["withdrawn"]) == ([], 1)
    assert board["projects"][0]["rests_on"][0]["is"] == "offer, taken back"


def test_records_say_what_is_unverified_and_unknown() -> None:
    """Nobody must read a pledge for a contract."""
    ran = comity("cooperate", "list", "--records")

    assert ran.code == 0
    for word in ("Bright Power in Brazil [UNVERIFIED]", "nobody said for whom", "unknown: "):
        assert word in ran.out, word


def test_the_demonstration_projects_are_determined() -> None:
    """What is supposed is called hypothetical."""
    ran = comity("cooperate", "projects", "--determine")

    assert ran.code == 0
    assert "hypothetical: supposes that it runs in Brazil" in ran.out
    assert "the source says" not in ran.out
    assert comity("cooperate", "projects", "--json").json[0]["profile"] == "bright-power"


def test_a_match_over_nothing_asks_over_what() -> None:
    """Bad input, not an empty answer."""
    ran = comity("cooperate", "match")

    assert (ran.code, "--records" in ran.err) == (2, True)


def test_weights_that_were_changed_are_not_those_offered(desk: Path) -> None:
    """Exit 0 where they are, 1 where they are not, 2 where nobody can tell."""
    model = desk / "model"
    model.mkdir()
    (model / "w.bin").write_bytes(b"weights")
    root = comity("cooperate", "weights", model, "--json").json["sha256"]
    text = OURS.split("[[need]]", maxsplit=1)[0].replace('"compute"', '"open weights"')
    named = f'{text}weights = {{ sha256 = "{root}" }}\n'
    (desk / "weights.toml").write_text(named, "utf-8")
    node = ("--node", desk / "kh")
    said = comity("cooperate", "offer", desk / "weights.toml", *node, "--no-publish", "--json")
    place = f"n.ex/log#{said.json['references'][0]['index']}"

    same = comity("cooperate", "weights", model, "--offer", place, *node)
    (model / "w.bin").write_bytes(b"others")
    other = comity("cooperate", "weights", model, "--offer", place, *node)
    halves = comity("cooperate", "weights", model, "--offer", place, "--signature", "s")

    assert (same.code, "these are the weights offered" in same.out) == (0, True)
    assert (other.code, "are not those offered" in other.err) == (1, True)
    assert (halves.code, halves.err.count("go together")) == (2, 2)
