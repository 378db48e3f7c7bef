# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""From an example to a statement in a log, and every way it is refused."""

import json
from pathlib import Path

import pytest
from tests.fakes.town import comity

from comity.desk.log.schema import kinds
from comity.node.member.config import FILE

FOUND = ("--role", "regulator", "--jurisdiction", "KHM", "--example")


@pytest.fixture
def node(tmp_path: Path) -> Path:
    """Found a node."""
    folder = tmp_path / "kh"
    made = comity("node", "init", folder, "--name", "kh", "--origin", "kh.ex/log", *FOUND)
    assert made.code == 0, made.err
    assert (folder / FILE).exists()
    return folder


def example(folder: Path, kind: str, **changes: object) -> Path:
    """Write a kind's example to a file, with fields of its predicate changed."""
    ran = comity("statement", "example", kind)
    assert ran.code == 0
    assert "made up" in ran.err
    value = json.loads(ran.out)
    value["predicate"].update(changes)
    path = folder / f"{kind}.json"
    path.write_text(json.dumps(value, indent=2))
    return path


def test_every_kind_is_listed_and_has_a_schema_and_an_example(tmp_path: Path) -> None:
    """What can be said must be findable without reading source."""
    listed = json.loads(comity("statement", "schemas", "--json").out)
    assert [one["kind"] for one in listed] == list(kinds())
    in_words = comity("statement", "schemas").out
    for one in listed:
        assert one["says"].split(".")[0][:40] in in_words
        printed = json.loads(comity("statement", "schema", one["kind"]).out)
        assert printed["title"] == one["kind"]
        if one["kind"] != "keyset":
            assert comity("statement", "check", example(tmp_path, one["kind"])).code == 0
    assert json.loads(comity("statement", "schema", "common").out)["title"] == "common"


def test_an_example_that_is_changed_is_published(tmp_path: Path, node: Path) -> None:
    """The way from nothing to a statement in a log is two verbs and an editor."""
    path = example(tmp_path, "offer", amount=7)
    said = comity("publish", path, "--node", node, "--json")
    assert said.code == 0, said.err
    assert json.loads(said.out)["unknown"] == []
    assert json.loads(said.out)["references"][0]["index"] == 1


def test_a_kind_nobody_knows_is_published_and_said_to_be_unknown(
    tmp_path: Path, node: Path
) -> None:
    """Members may agree on kinds of their own; a slip of the pen is named."""
    path = tmp_path / "x.json"
    path.write_text('{"predicateType": "findin", "predicate": {"a": 1}}')
    checked = comity("statement", "check", path)
    assert checked.code == 0
    assert "unknown kind" in checked.out
    assert "finding" in checked.out
    said = comity("publish", path, "--node", node)
    assert said.code == 0, said.err
    assert "no kind this version knows" in said.out


def test_every_fault_of_every_file_is_listed_and_nothing_is_logged(
    tmp_path: Path, node: Path
) -> None:
    """One round of mending, not one a fault."""
    good = example(tmp_path, "need")
    wrong = example(tmp_path, "offer", what="computer", goals=["99.1"], amount=-1)
    worse = example(tmp_path, "ballot", choice="yess")
    words = (good, wrong, worse, tmp_path / "missing.json")
    for verb in (("publish", *words, "--node", node), ("statement", "check", *words)):
        ran = comity(*verb)
        assert ran.code == 2
        for said in (
            "did you mean 'compute'",
            "goals[0] is no goal",
            "amount is not an integer from 1",
            "did you mean 'yes'",
            "no file",
            f"{wrong}: line ",
            "3 files hold no statement to publish",
        ):
            assert said in ran.err, said
    problem = json.loads(comity("statement", "check", *words, "--json").err)["error"]
    assert {one["source"] for one in problem["faults"]} == {str(one) for one in words[1:]}
    assert all(one["line"] for one in problem["faults"] if "missing" not in one["source"])
    shown = json.loads(comity("publish", good, "--node", node, "--json").out)
    assert shown["references"][0]["index"] == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("check",), "name files"),
        (("schema", "findng"), "did you mean 'finding'"),
        (("example", "common"), "no kind of statement"),
        (("check", "."), "no file"),
    ],
)
def test_misuse_is_answered_with_what_to_do(words: tuple[str, ...], said: str) -> None:
    """Exit 2, a sentence and a hint."""
    ran = comity("statement", *words)
    assert ran.code == 2
    assert said in ran.err


def test_verify_names_what_follows_no_schema(tmp_path: Path, node: Path) -> None:
    """It blocks nothing: the log verifies all the same."""
    path = tmp_path / "early.json"
    path.write_text(
        json.dumps(
            {
                "predicateType": "note",
                "predicate": {"issued": "2099-01-01T00:00:00Z"},
            }
        )
    )
    assert comity("publish", path, "--node", node).code == 0
    ran = comity("verify", node)
    assert ran.code == 0, ran.err
    assert "ledger.future_dated" in ran.out
    (log,) = json.loads(comity("verify", node, "--json").out)["logs"]
    assert log["not_following_schema"] == {}
    assert log["anomalies"]["1"][0]["code"] == "ledger.future_dated"
