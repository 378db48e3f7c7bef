# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Rules at the desk: what is shown of one, and what one makes of a file of votes."""

import json
from pathlib import Path

import pytest

from comity.council.rule.outcome import Stage, State
from comity.desk.council.rule.rules import (
    check_rule,
    rule_json,
    rule_sheet,
    rule_sheets,
    rule_text,
    try_rule,
)
from comity.errors import InvalidDocument, NotFound
from comity.files.rule import RULES, rule_from_toml


@pytest.fixture
def votes(tmp_path: Path) -> Path:
    """Write the votes of a made-up council of fifteen, one permanent member against."""
    rows = [f"{name},yes,seat:permanent," for name in ("CHN", "FRA", "GBR", "USA")]
    rows += ["RUS,no,seat:permanent,", *(f"E{place:02},yes,," for place in range(10))]
    path = tmp_path / "votes.csv"
    path.write_text("\n".join(["seat,answer,groups,reason", *rows]), "utf-8")
    return path


def test_every_rule_is_listed_with_its_sentence() -> None:
    """A list is read, not looked up."""
    sheets = rule_sheets()

    assert len(sheets) >= 20
    assert all(sheet.words.startswith("Adopted ") for sheet in sheets)


def test_a_rule_is_shown_with_what_it_makes_of_the_record() -> None:
    """And the record agrees."""
    sheet = rule_sheet("un-security-council")
    written = json.loads(json.dumps(sheet.to_json()))

    assert all(replayed.agrees for replayed in sheet.replayed)
    veto = next(one for one in written["replayed"] if one["name"].startswith("S/2022/155"))
    assert veto["counts"] == {"yes": 11, "no": 1, "abstain": 3}
    assert veto["flip"].endswith("had RUS abstained instead (said no).")
    assert written["sources"][0]["basis"] == "text"
    assert rule_sheet("codex").gaps == ()
    assert rule_sheet("aiib-super-majority").gaps != ()


def test_votes_taken_under_another_rule_are_no_record_of_this_one() -> None:
    """They are real, and no precedent: what is on record under this rule is nothing."""
    written = [one.to_json() for one in rule_sheet("icao-annex-adoption").replayed]
    borrowed = [one for one in written if one["taken_under"]]

    assert [(one["recorded"], one["decided"], one["example"]) for one in borrowed] == [
        (None, "adopted", False),
        (None, "rejected", False),
    ]
    assert all(one["recorded"] for one in written if one["example"])
    own = rule_sheet("un-security-council").replayed[0].to_json()
    assert (own["taken_under"], own["recorded"]) == (None, "adopted")


def test_ones_own_rule_has_no_record(tmp_path: Path) -> None:
    """A file that is called like a shipped rule is still one's own."""
    ours = tmp_path / "codex.toml"
    ours.write_text("adopts = { number = 2 }\n", "utf-8")

    sheet = rule_sheet(str(ours))

    assert (sheet.rule.slug, sheet.replayed) == ("codex", ())
    assert sheet.words == "Adopted when at least two members are in favour."


def test_a_veto_is_told_with_what_would_have_undone_it(votes: Path) -> None:
    """State, counts, sentence, flip and digest are all in the sheet."""
    sheet = try_rule("un-security-council", votes)
    written = json.loads(json.dumps(sheet.to_json()))

    assert sheet.outcome.state is State.REJECTED
    assert written["counts"] == {"yes": 14, "no": 1}
    assert written["flip"]["moves"][0]["seats"] == ["RUS"]
    assert written["flip_in_words"] == (
        "It would flip with 1 seat: had RUS abstained instead (said no)."
    )
    assert written["answers"]["RUS"] == "no"
    assert len(written["sha256"]) == 64


def test_reasons_are_asked_for_where_the_rule_asks(votes: Path, tmp_path: Path) -> None:
    """With the column an unreasoned no is set aside; without it the sheet says what it took."""
    ours = tmp_path / "ours.toml"
    ours.write_text("negative_needs_reason = true\nadopts = { consensus = true }\n", "utf-8")
    plain = tmp_path / "plain.csv"
    plain.write_text("seat,answer\nA,yes\nB,no\n", "utf-8")

    with_column = try_rule(str(ours), votes)
    without = try_rule(str(ours), plain)

    assert (with_column.outcome.state, with_column.outcome.set_aside) == (
        State.ADOPTED,
        ("RUS",),
    )
    assert with_column.cautions == ("without a reason, so taken as abstentions: RUS",)
    assert without.outcome.state is State.REJECTED
    assert "no column `reason`" in without.cautions[0]


def test_broken_silence_says_how_to_go_on(votes: Path) -> None:
    """The vote that follows is decided by the same file."""
    broken = try_rule("un-silence", votes)
    voted = try_rule("un-silence", votes, stage=Stage.VOTE)

    assert broken.outcome.state is State.SILENCE_BROKEN
    assert "--stage vote" in broken.cautions[0]
    assert voted.outcome.state is State.ADOPTED


def test_a_rule_is_not_tried_on_a_body_it_does_not_fit(votes: Path) -> None:
    """A weight that is not there would weigh nothing."""
    with pytest.raises(InvalidDocument) as caught:
        try_rule("eu-council", votes)

    assert caught.value.code == "council.rule_flaw"
    assert "no weights called 'population'" in str(caught.value)


def test_a_rule_is_checked_for_the_body_it_is_for() -> None:
    """Every shipped rule that names a body fits it."""
    for sheet in rule_sheets():
        if sheet.rule.body:
            check_rule(sheet.rule.slug, sheet.rule.body)
    with pytest.raises(NotFound):
        check_rule("eu-council", "eu-28")
    with pytest.raises(InvalidDocument):
        check_rule("un-security-council", "eu")


def test_a_rule_is_written_as_it_ships_and_ones_own_anew(tmp_path: Path) -> None:
    """With its comments and sources, or from its canonical JSON."""
    cut = tmp_path / "cut.json"
    cut.write_text(json.dumps(rule_json("iso-dis")), "utf-8")

    assert rule_text("iso-dis") == (RULES / "iso-dis.toml").read_text("utf-8")
    again = rule_from_toml(rule_text(str(cut)))
    assert again.procedure == rule_sheet("iso-dis").rule.procedure
