# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.errors import Conflict, InvalidDocument
from comity.files.amendment import Amendment, ProfileFile, amended
from comity.files.answer import AnswerReader
from comity.files.library import shipped_library
from comity.files.profile import profile_from_toml
from comity.files.toml import read_toml
from comity.kernel.ids import MarketCode
from comity.law.fact import Answer, OpenSet, Silence
from comity.law.interview import plausible

FACTS = shipped_library().vocabulary.facts
ON = dt.date(2026, 11, 21)
TEXT = """\
# who we are
system = "x"   # a slug

[facts]
is_ai_system = true      # of course
deep_fake    = "not known" # nobody looked
generates = [
  "text", # and nothing else
]

# later
[[change]]
on = 2026-10-01
[change.facts]
deep_fake = "disputed"

[[material]]
layer = "model"
name  = "weights"
"""


def _amendment(
    fact: str,
    answer: Answer,
    *,
    market: str | None = None,
    on: dt.date = ON,
    note: str = "",
    evidence: str = "",
) -> Amendment:
    return Amendment(
        fact=FACTS[fact],
        answer=answer,
        facts_on=on,
        market=None if market is None else MarketCode(market),
        note=note,
        evidence=evidence,
    )


def test_a_new_answer_is_one_more_line_below_its_header() -> None:
    """Comments, order and everything else stay as the author left them."""
    new = amended(TEXT, _amendment("offered_to_public", answer=True))
    added = 'generates = [\n  "text", # and nothing else\n]\noffered_to_public = true\n'
    assert new == TEXT.replace('generates = [\n  "text", # and nothing else\n]\n', added)


def test_an_answer_in_force_is_replaced_where_it_stands() -> None:
    """A change that speaks of the fact takes the answer; before it, [facts] does."""
    new = amended(TEXT, _amendment("deep_fake", answer=False))
    assert new == TEXT.replace('"disputed"', "false")
    new = amended(TEXT, _amendment("deep_fake", answer=False, on=dt.date(2026, 9, 30)))
    assert new == TEXT.replace('"not known"', "false")


def test_an_answer_over_several_lines_is_replaced_whole() -> None:
    """The value ends where the list does."""
    new = amended(TEXT, _amendment("generates", frozenset({"text", "image"})))
    assert 'generates = ["image", "text"]\n\n# later' in new


def test_an_answer_for_one_market_gets_a_table_of_its_own() -> None:
    """And a second answer there stands beside the first."""
    new = amended(TEXT, _amendment("placed_on_market", dt.date(2026, 3, 1), market="VNM"))
    assert new == TEXT + "\n[facts.VNM]\nplaced_on_market = 2026-03-01\n"
    new = amended(new, _amendment("offered_to_public", answer=True, market="VNM"))
    assert new.endswith("placed_on_market = 2026-03-01\noffered_to_public = true\n")


def test_what_stands_beside_an_answer_is_written_with_it() -> None:
    """Where it comes from, in the author's words."""
    new = amended(
        TEXT, _amendment("deep_fake", answer=False, note='a "b"\n', evidence="f.json")
    )
    profile = profile_from_toml(new, shipped_library())
    (remark,) = profile.remarks
    assert (remark.note, remark.evidence, remark.on) == (
        'a "b"\n',
        "f.json",
        dt.date(2026, 10, 1),
    )


def test_a_profile_without_answers_and_without_a_last_line_end_is_amended() -> None:
    """Hand-written files end as they like."""
    new = amended('system = "x"', _amendment("is_ai_system", answer=True))
    assert new == 'system = "x"\n\n[facts]\nis_ai_system = true\n'
    assert amended('system = "x"\n[facts]', _amendment("is_ai_system", answer=True)).endswith(
        "[facts]\nis_ai_system = true\n"
    )


def test_line_ends_stay_those_of_the_file() -> None:
    """Of either kind."""
    new = amended(TEXT.replace("\n", "\r\n"), _amendment("offered_to_public", answer=True))
    assert new == amended(TEXT, _amendment("offered_to_public", answer=True)).replace(
        "\n", "\r\n"
    )


@pytest.mark.parametrize(
    "text",
    [
        'system = "x"\nfacts = { is_ai_system = true }\n',
        'system = "x"\nfacts.is_ai_system = true\n',
    ],
)
def test_a_file_without_room_for_an_answer_is_refused(text: str) -> None:
    """Rather than written anew."""
    with pytest.raises(InvalidDocument) as caught:
        amended(text, _amendment("deep_fake", answer=True))
    assert caught.value.code == "files.amendment"


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_answer_written_is_read_back(data: st.DataObject) -> None:
    """Every kind of fact, every silence, any market, any note."""
    library = shipped_library()
    fact = data.draw(st.sampled_from([f for f in FACTS.values() if f.name not in
                                      {"asked_on", "markets"}]))  # fmt: skip
    known = plausible(fact, library, Silence.NOT_ASKED)
    silences = [silence for silence in Silence if silence is not Silence.NOT_ASKED]
    answer = data.draw(st.sampled_from([*known, *silences]))
    market = data.draw(st.sampled_from([None, "VNM"]))
    note = data.draw(st.text(max_size=8))
    amendment = _amendment(fact.name, answer, market=market, note=note)
    text = amended('system = "x"', amendment)
    toml = read_toml(text, source="x")
    reader = AnswerReader(toml=toml, library=library)
    said = reader.sayings(("facts",), _table(toml.values["facts"]))
    there = said.answers if market is None else said.in_market[MarketCode(market)]
    assert reader.faults == []
    assert there == {fact.name: answer}
    assert [remark.note for remark in said.remarks] == [note] * bool(note)


def _table(values: object) -> dict[str, object]:
    assert isinstance(values, dict)
    return values


def test_exact_numbers_and_part_known_sets_survive() -> None:
    """10^25 is not a double; a list known in part is two."""
    library = shipped_library()
    partly = OpenSet(known_in=frozenset({"text"}), known_out=frozenset({"video"}))
    text = amended('system = "x"', _amendment("generates", partly))
    text = amended(text, _amendment("training_compute", 10**25 + 1))
    text = amended(text, _amendment("monthly_active_users", Decimal("1.5")))
    answers = profile_from_toml(text, library).answers
    assert (answers["generates"], answers["training_compute"]) == (partly, 10**25 + 1)
    assert answers["monthly_active_users"] == Decimal("1.5")


def test_steps_are_written_at_once_and_taken_back(tmp_path: Path) -> None:
    """Who stops in the middle loses nothing, and who errs goes back."""
    path = tmp_path / "x.toml"
    path.write_text(TEXT, "utf-8")
    path.chmod(0o600)
    file = ProfileFile.open(path)
    file.save(file.draft([_amendment("offered_to_public", answer=True)]))
    assert "offered_to_public = true" in path.read_text("utf-8")
    assert path.stat().st_mode & 0o777 == 0o600
    file.undo()
    assert path.read_text("utf-8") == TEXT
    assert file.before == []


def test_a_file_somebody_else_changed_is_left_alone(tmp_path: Path) -> None:
    """Nobody's work is overwritten."""
    path = tmp_path / "x.toml"
    path.write_text(TEXT, "utf-8")
    file = ProfileFile.open(path)
    path.write_text(TEXT + "# mine\n", "utf-8")
    draft = file.draft([_amendment("offered_to_public", answer=True)])
    with pytest.raises(Conflict):
        file.save(draft)
    assert path.read_text("utf-8").endswith("# mine\n")
