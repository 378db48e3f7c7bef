# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import dataclasses
import datetime as dt

import pytest

from comity.kernel.ids import MarketCode
from comity.kernel.localtext import LocalText
from comity.law.profile import Change, Profile, Remark

VNM, EU = MarketCode("VNM"), MarketCode("EU")
FIRST, SECOND = dt.date(2026, 12, 1), dt.date(2027, 1, 1)

NAME = LocalText(by_tag={"en": "X"})


def test_another_answer_makes_another_profile() -> None:
    """The interview tries answers without touching what was said."""
    profile = Profile(system="x", name=NAME, purpose=NAME, answers={"a": True})
    other = profile.answering("b", answer=False)
    assert dict(profile.answers) == {"a": True}
    assert dict(other.answers) == {"a": True, "b": False}


def test_a_profile_cannot_be_changed() -> None:
    """What was determined stays what it was determined of."""
    answers = {"a": True}
    profile = Profile(system="x", name=NAME, purpose=NAME, answers=answers)
    answers["a"] = False
    assert profile.answers["a"] is True
    with pytest.raises(dataclasses.FrozenInstanceError):
        profile.system = "y"  # type: ignore[misc] # the point of the test


def _changing() -> Profile:
    return Profile(
        system="x",
        name=NAME,
        purpose=NAME,
        answers={"a": 1, "b": 1},
        in_market={VNM: {"b": 2}},
        changes=(
            Change(on=FIRST, answers={"a": 3, "b": 3}),
            Change(on=SECOND, answers={"a": 4}, in_market={VNM: {"b": 5}}),
        ),
    )


@pytest.mark.parametrize(
    ("market", "on", "answers"),
    [
        (EU, FIRST - dt.timedelta(days=1), {"a": 1, "b": 1}),
        (VNM, FIRST - dt.timedelta(days=1), {"a": 1, "b": 2}),
        (EU, FIRST, {"a": 3, "b": 3}),
        (VNM, FIRST, {"a": 3, "b": 2}),
        (VNM, SECOND, {"a": 4, "b": 5}),
    ],
)
def test_the_market_takes_precedence_then_the_later_day(
    market: MarketCode, on: dt.date, answers: dict[str, int]
) -> None:
    """Standing still or worked in, a day has the same answers."""
    profile = _changing()
    assert profile.answers_in(market, on) == answers
    standing = profile.as_of(on)
    assert standing.changes == ()
    assert standing.answers_in(market, dt.date.max) == answers


def test_an_answer_for_one_market_is_added_beside_the_others() -> None:
    """What was said of all stays."""
    profile = _changing().answering("c", answer=True, market=VNM)
    assert profile.in_market == {VNM: {"b": 2, "c": True}}
    assert "c" not in profile.answers


def test_the_remark_of_an_answer_is_that_of_the_answer_in_force() -> None:
    """The market's before that of all, the later before the earlier."""
    said = [
        Remark(fact="a", note="first"),
        Remark(fact="a", note="then", on=SECOND),
        Remark(fact="a", note="there", market=VNM),
    ]
    profile = dataclasses.replace(_changing(), remarks=tuple(said))

    def note(market: MarketCode, on: dt.date) -> str:
        remark = profile.remark_on("a", market, on)
        assert remark is not None
        return remark.note

    assert (note(EU, FIRST), note(EU, SECOND), note(VNM, SECOND)) == ("first", "then", "there")
    assert profile.remark_on("b", EU, FIRST) is None
