# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity council rule` as people type it."""

import json
from pathlib import Path

import pytest

from comity.cli.app import run

VOTES = "seat,answer,groups\nAAA,yes,region:N\nBBB,abstain,region:N\nCCC,no,region:S\n"


def said(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> str:
    """Run one verb and return what it printed."""
    assert run(["council", "rule", *words]) == code
    out = capsys.readouterr()
    return out.err if code else out.out


def test_rules_are_listed_and_shown(capsys: pytest.CaptureFixture[str]) -> None:
    """In words for people, in JSON for programs."""
    assert "eu-council-own-initiative" in said(capsys, "list")
    assert len(json.loads(said(capsys, "list", "--json"))) >= 20
    shown = said(capsys, "show", "aiib-super-majority")
    assert "an example  All but the largest" in shown
    assert "not found: The Board of Governors publishes what it decides" in shown
    assert "56 yes, 1 no: by this rule adopted\n  no decision by this rule; real votes" in shown
    assert "taken under: General Assembly of the United Nations" in shown
    assert json.loads(said(capsys, "show", "codex", "--json"))["replayed"][0]["agrees"] is True


def test_a_rule_is_written_changed_checked_and_tried(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """The way the how-to page goes."""
    ours, votes = tmp_path / "ours.toml", tmp_path / "votes.csv"
    ours.write_text(said(capsys, "write", "without-hegemon"), "utf-8")
    votes.write_text(VOTES, "utf-8")

    assert "it can be used" in said(capsys, "check", str(ours))
    assert json.loads(said(capsys, "check", str(ours), "--json"))["ok"] is True
    tried = said(capsys, "try", str(ours), "--votes", str(votes))
    assert tried.startswith("rejected\n3 seats: 1 yes, 1 no, 1 abstain\n")
    assert "does not hold: more than half of the members are in favour (1 of 3)" in tried
    assert "1 member abstained. That weighed like a no against" in tried
    assert "It would flip with 1 seat" in tried
    written = json.loads(said(capsys, "try", str(ours), "--votes", str(votes), "--json"))
    assert written["state"] == "rejected"
    assert "all" in json.loads(said(capsys, "write", str(ours), "--json"))["rule"]


def test_a_quorum_and_an_empty_base_are_told(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Both are read before the rule itself."""
    votes = tmp_path / "votes.csv"
    votes.write_text("seat,answer\nA,abstain\nB,abstain\n", "utf-8")

    tried = said(capsys, "try", "un-general-assembly", "--votes", str(votes))

    assert "quorum:\n  holds: more than half of the members are present (2 of 2)" in tried
    assert "nobody is in it, so the share is not reached" in tried


def test_what_is_wrong_is_said_at_once_with_code_2(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Faults of the file, flaws of the rule, names that are near."""
    bad = tmp_path / "bad.toml"
    bad.write_text('[adopts]\nshare = "2/3"\nof = "membrs"\n[quorm]\nnumber = 1\n', "utf-8")
    hollow = tmp_path / "hollow.toml"
    hollow.write_text(
        'adopts = { not = { share = "1/2", of = "cast", count = "against" } }', "utf-8"
    )

    faults = said(capsys, "check", str(bad), code=2)
    assert "did you mean 'members'" in faults
    assert "did you mean 'quorum'" in faults
    assert "with 12 members (silent 12)" in said(capsys, "check", str(hollow), code=2)
    assert "did you mean 'codex'" in said(capsys, "show", "codecs", code=2)
    problem = json.loads(said(capsys, "check", str(hollow), "--json", code=2))
    assert problem["error"]["code"] == "council.rule_flaw"
