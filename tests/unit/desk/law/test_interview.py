# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import datetime as dt
import json
from pathlib import Path

import pytest

from comity.desk.law.duties import Inquiry
from comity.desk.law.interview import Interview, open_interview, prepared, read_batch, unasked
from comity.errors import InvalidDocument, NotFound
from comity.kernel.ids import MarketCode
from comity.law.fact import OpenSet, Silence

VNM = MarketCode("VNM")
ASKED = Inquiry(markets=("KHM", "VNM"), on=dt.date(2026, 11, 21))
PROFILE = """\
system = "x"
roles = ["provider"]

[facts] # what we know
is_ai_system = true # surely
"""
CARD = "---\npipeline_tag: text-generation\n---\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a profile that answers one question."""
    path = tmp_path / "x.toml"
    path.write_text(PROFILE, "utf-8")
    return path


def _bom(task: str, supplier: str) -> str:
    return json.dumps(
        {
            "bomFormat": "CycloneDX",
            "metadata": {"component": {"supplier": {"name": supplier}}},
            "components": [
                {
                    "type": "machine-learning-model",
                    "supplier": {"name": "Them"},
                    "modelCard": {"modelParameters": {"task": task}},
                }
            ],
        }
    )


def _text(path: Path) -> str:
    return path.read_text("utf-8")


def _answer_in_order(held: Interview, count: int) -> list[str]:
    asked = []
    for _ in range(count):
        (question,) = held.agenda().questions
        held.answer(question.fact, {None: question.outcomes[0].answer})
        asked.append(question.fact)
    return asked


def test_each_answer_stands_in_the_profile_before_the_next_question(path: Path) -> None:
    """Who loses the line loses nothing; comments stay."""
    held = open_interview(path, ASKED)
    before = len(held.agenda().undetermined)
    first, second = _answer_in_order(held, 2)
    assert _text(path).startswith(PROFILE)
    assert [line.split(" = ")[0] for line in _text(path)[len(PROFILE) :].splitlines()] == [
        first,
        second,
    ]
    assert len(held.agenda().undetermined) < before


def test_an_interview_goes_on_where_it_stopped(path: Path) -> None:
    """The profile is its only memory."""
    held = open_interview(path, ASKED)
    _answer_in_order(held, 2)
    (question,) = held.agenda().questions
    again = open_interview(path, ASKED)
    assert again.agenda().questions == (question,)


def test_steps_are_taken_back_one_by_one(path: Path) -> None:
    """Down to the profile as it was."""
    held = open_interview(path, ASKED)
    first, second = _answer_in_order(held, 2)
    assert held.undo() == (second,)
    assert held.undo() == (first,)
    assert held.undo() == ()
    assert _text(path) == PROFILE


def test_an_answer_for_one_market_leaves_the_others_open(path: Path) -> None:
    """A date differs from place to place."""
    held = open_interview(path, ASKED)
    held.answer("offered_to_public", {VNM: True})
    assert "[facts.VNM]\noffered_to_public = true\n" in _text(path)
    assert held.profile.answers_in(VNM, ASKED.on)["offered_to_public"] is True
    assert "offered_to_public" not in held.profile.answers


def test_an_answer_that_contradicts_is_not_written(path: Path) -> None:
    """And the axiom is named."""
    held = open_interview(path, ASKED)
    held.answer("imitation", {None: frozenset({"voice"})})
    before = _text(path)
    with pytest.raises(InvalidDocument) as caught:
        held.answer("generates", {None: frozenset({"text"})})
    assert "together they break the axiom" in caught.value.faults[0].message
    assert _text(path) == before


def test_what_is_known_in_part_is_not_forgotten_by_not_knowing_the_rest(path: Path) -> None:
    """The rest is passed over until somebody asks again."""
    path.write_text(PROFILE + 'generates = { known_in = ["text"], known_out = [] }\n', "utf-8")
    held = open_interview(path, ASKED)
    (question,) = [q for q in held.agenda(limit=99).questions if q.fact == "generates"]
    before = _text(path)
    held.not_known(question)
    assert _text(path) == before
    assert "generates" not in {q.fact for q in held.agenda(limit=99).questions}


def test_who_does_not_know_is_noted(path: Path) -> None:
    """So that nobody asks again tomorrow."""
    held = open_interview(path, ASKED)
    (question,) = held.agenda().questions
    held.not_known(question)
    assert held.profile.answers[question.fact] is Silence.NOT_KNOWN


def test_documents_answer_what_nobody_answered(path: Path, tmp_path: Path) -> None:
    """With their name, place and digest beside the answer; the author's word stands."""
    path.write_text(PROFILE.replace("= true", "= false"), "utf-8")
    (tmp_path / "README.md").write_text(CARD, "utf-8")
    held = open_interview(path, ASKED)
    taken = {each.weighed.fact: each for each in held.take_in([tmp_path / "README.md"])}
    assert (taken["is_ai_system"].outcome, taken["is_ai_system"].kept) == ("kept", "false")
    assert taken["generates"].outcome == "answered"
    assert held.profile.answers["generates"] == OpenSet(
        known_in=frozenset({"text"}), known_out=frozenset()
    )
    (remark,) = held.profile.remarks
    assert "README.md says at least [text]" in remark.note
    assert remark.evidence.startswith("README.md, sha256:")
    assert held.undo() == ("generates",)


def test_what_documents_say_against_each_other_is_disputed(path: Path, tmp_path: Path) -> None:
    """Both are shown; the profile is not made to choose."""
    for name, country in (("one.json", "FRA"), ("two.json", "BRA")):
        said = {"registration": "EU AI Act Annex VIII", "provider": {"country": country}}
        (tmp_path / name).write_text(json.dumps(said), "utf-8")
    held = open_interview(path, ASKED)
    held.take_in([tmp_path / "one.json", tmp_path / "two.json"])
    there = held.profile.in_market[MarketCode("EU")]
    assert there["established_in_market"] is Silence.DISPUTED
    (remark,) = [each for each in held.profile.remarks if each.fact == "established_in_market"]
    assert "one.json says true" in remark.note
    assert "two.json says false" in remark.note


def test_what_contradicts_the_profile_is_refused_and_the_rest_taken(
    path: Path, tmp_path: Path
) -> None:
    """An axiom speaks for the author's own answers."""
    path.write_text(PROFILE + "third_party_parts = false\n", "utf-8")
    (tmp_path / "sbom.json").write_text(_bom("translation", "Us"), "utf-8")
    held = open_interview(path, ASKED)
    taken = {each.weighed.fact: each.outcome for each in held.take_in([tmp_path / "sbom.json"])}
    assert taken["is_ai_system"] == "agrees"
    assert taken["third_party_parts"] == "kept"
    assert taken["trained_on_data"] == "answered"


def test_a_document_that_cannot_be_read_answers_nothing(path: Path, tmp_path: Path) -> None:
    """Not half of them."""
    (tmp_path / "README.md").write_text(CARD, "utf-8")
    held = open_interview(path, ASKED)
    with pytest.raises(NotFound):
        held.take_in([tmp_path / "README.md", tmp_path / "none.json"])
    assert _text(path) == PROFILE


def test_prepared_answers_are_found_by_fact_and_market(path: Path, tmp_path: Path) -> None:
    """And what nobody asked for is named."""
    batch = tmp_path / "batch.toml"
    batch.write_text(
        "[facts]\noffered_to_public = true\ndeep_fake = false\n"
        "[facts.VNM]\noffered_to_public = false\n",
        "utf-8",
    )
    sayings = read_batch(batch, open_interview(path, ASKED))
    assert prepared(sayings, "offered_to_public") == {None: True, VNM: False}
    assert prepared(sayings, "generates") == {}
    assert unasked(sayings, ["offered_to_public"]) == ("deep_fake",)


def test_an_interview_needs_to_know_in_whose_place_it_asks(tmp_path: Path) -> None:
    """Without a role no answer settles a norm."""
    path = tmp_path / "x.toml"
    path.write_text('system = "x"\n', "utf-8")
    with pytest.raises(InvalidDocument) as caught:
        open_interview(path, ASKED)
    assert caught.value.code == "law.role"
