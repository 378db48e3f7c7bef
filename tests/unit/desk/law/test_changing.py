# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import datetime as dt
from pathlib import Path

import pytest

from comity.desk.law.changing import Changes, Kept, Span, changes_of
from comity.desk.law.duties import Inquiry
from comity.desk.law.standing import Word, standing_of
from comity.errors import InvalidDocument
from comity.files.status import status_path
from comity.law.measure.difference import Cause, Change

EXAMPLE = Path(__file__).parents[4] / "examples" / "public-assistant.toml"
JULY, NOVEMBER = dt.date(2026, 7, 1), dt.date(2026, 11, 22)


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    """Return a profile that tests may write beside."""
    path = tmp_path / "assistant.toml"
    path.write_text(EXAMPLE.read_text("utf-8"), "utf-8")
    return path


def _changes(profile: Path, span: Span, *markets: str) -> Changes:
    inquiry = Inquiry(markets=markets, on=span.on)
    return changes_of(profile, inquiry, span, lambda _done, _of: None)


def _one(found: Changes, norm: str) -> Kept:
    (kept,) = (each for each in found.kept if each.difference.ruling.norm.name == norm)
    return kept


def test_a_law_that_began_is_told_with_its_day(profile: Path) -> None:
    """Art. 50(2) of the AI Act applies from 2 August 2026."""
    found = _changes(profile, Span(since=JULY, on=NOVEMBER, packs_known=True), "EU")
    difference = _one(found, "eu.aia.50.2").difference
    assert difference.change is Change.DUE
    assert difference.causes == (frozenset({Cause.LAW}),)
    assert difference.passed == (dt.date(2026, 8, 2),)


def test_packs_count_as_they_were_recorded(profile: Path) -> None:
    """Nobody could have known it here before its pack was recorded, and that is said."""
    found = _changes(profile, Span(since=JULY, on=NOVEMBER), "EU")
    difference = _one(found, "eu.aia.50.2").difference
    assert difference.causes == (frozenset({Cause.LAW, Cause.PACKS}),)
    assert difference.recorded is not None
    banned = _one(found, "eu.aia.5.1.a").difference
    assert banned.causes == (frozenset({Cause.PACKS}),)
    assert banned.is_by_recording


def test_a_change_in_the_profile_is_the_facts(profile: Path) -> None:
    """Answers from a day on, as the profile's [[change]] says."""
    text = profile.read_text("utf-8")
    change = "\n[[change]]\non = 2026-11-10\n[change.facts]\nis_ai_system = false\n"
    profile.write_text(text + change, "utf-8")
    span = Span(since=dt.date(2026, 11, 1), on=NOVEMBER, packs_known=True)
    difference = _one(_changes(profile, span, "EU"), "eu.aia.50.2").difference
    assert difference.change is Change.ENDED
    assert difference.causes == (frozenset({Cause.FACTS}),)
    assert ("is_ai_system", True, False) in [
        (each.fact, each.before, each.after) for each in difference.facts
    ]


def test_answers_in_a_file_count_from_the_later_day_on(profile: Path, tmp_path: Path) -> None:
    """What if: the profile itself is left as it is."""
    answers = tmp_path / "new.toml"
    answers.write_text("[facts]\nis_ai_system = false\n", "utf-8")
    before = profile.read_text("utf-8")
    span = Span(since=dt.date(2026, 11, 20), on=NOVEMBER, answers=answers, packs_known=True)
    found = _changes(profile, span, "EU")
    assert _one(found, "eu.aia.50.2").difference.change is Change.ENDED
    assert profile.read_text("utf-8") == before


def test_who_sees_to_a_duty_stands_beside_it(profile: Path) -> None:
    """Whoever reads that it became due sees whose it is."""
    word = Word(norm="eu.aia.50.2", owner="Trust office", deadline=dt.date(2026, 12, 1))
    standing_of(profile, Inquiry(markets=("EU",), on=NOVEMBER), word)
    kept = status_path(profile).read_text("utf-8")
    found = _changes(profile, Span(since=JULY, on=NOVEMBER, packs_known=True), "EU")
    keeping = _one(found, "eu.aia.50.2").keeping
    assert keeping is not None
    assert (keeping.owner, keeping.deadline) == ("Trust office", dt.date(2026, 12, 1))
    assert status_path(profile).read_text("utf-8") == kept


def test_without_a_status_file_nothing_is_made(profile: Path) -> None:
    """To look is not to keep."""
    found = _changes(profile, Span(since=JULY, on=NOVEMBER, packs_known=True), "EU")
    assert all(each.keeping is None for each in found.kept)
    assert not status_path(profile).exists()


def test_days_in_the_wrong_order_are_refused(profile: Path) -> None:
    """Otherwise what ended would seem to begin."""
    with pytest.raises(InvalidDocument, match="is not before") as caught:
        _changes(profile, Span(since=NOVEMBER, on=JULY), "EU")
    assert caught.value.code == "desk.span"
