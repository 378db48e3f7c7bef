# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The form about duties, read from whatever a browser or somebody else sends."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.web.form import NO_MARKET, NOT_A_DAY, read_form

TODAY = dt.date(2026, 11, 21)
BASE = [("market", "EU"), ("on", "2026-08-02"), ("role", "provider")]


def test_nothing_sent_asks_nothing() -> None:
    """The first visit shows a form, not an error."""
    sent = read_form([], today=TODAY)

    assert sent.query is None
    assert not sent.faults


@pytest.mark.parametrize(
    ("fact", "values", "expected"),
    [
        ("is_ai_system", ["yes"], True),
        ("is_ai_system", ["no"], False),
        ("is_ai_system", ["not known"], "not known"),
        ("generates", ["text", "image"], ["text", "image"]),
        ("generates", ["-none"], []),
        ("generates", ["text", "not known"], "not known"),
        ("training_compute", ["10^25"], "10^25 FLOP"),
        ("training_compute", ["3 EFLOP"], "3 EFLOP"),
        ("placed_on_market", ["2026-09-01"], "2026-09-01"),
    ],
)
def test_each_kind_of_answer_is_read(fact: str, values: list[str], expected: object) -> None:
    """The empty set is an answer, and what is not known is said as such."""
    sent = read_form([*BASE, *((f"fact.{fact}", value) for value in values)], today=TODAY)

    assert sent.query is not None
    assert dict(sent.query.answers) == {fact: expected}


@pytest.mark.parametrize("pair", [("fact.is_ai_system", ""), ("fact.no_such", "yes")])
def test_what_is_left_open_stays_open(pair: tuple[str, str]) -> None:
    """An empty field is no answer, and a name of no fact asks nothing."""
    sent = read_form([*BASE, pair], today=TODAY)

    assert sent.query is not None
    assert not sent.query.answers


def test_a_day_left_out_is_today_and_a_wrong_one_is_named() -> None:
    """A default must not hide a mistake."""
    assert (found := read_form([("market", "EU")], today=TODAY).query) is not None
    assert found.on == TODAY
    wrong = read_form([("market", "EU"), ("on", "31.12.2026")], today=TODAY)
    assert wrong.query is None
    assert [(fault.field, fault.message) for fault in wrong.faults] == [("on", NOT_A_DAY)]


def test_every_fault_is_named_at_once() -> None:
    """One visit, all the corrections."""
    sent = read_form([("on", "soon")], today=TODAY)

    assert [fault.message for fault in sent.faults] == [NO_MARKET, NOT_A_DAY]


def test_the_market_shown_is_one_that_was_asked() -> None:
    """A link kept from an earlier question must not show an empty list."""
    kept = read_form([*BASE, ("market", "CHN"), ("show", "CHN")], today=TODAY)
    lost = read_form([*BASE, ("show", "CHN")], today=TODAY)

    assert kept.query is not None
    assert lost.query is not None
    assert (kept.query.show, lost.query.show) == ("CHN", "EU")


_NAMES = st.sampled_from(["market", "on", "role", "show", "fact.generates", "fact.", "page"])


@given(st.lists(st.tuples(_NAMES | st.text(max_size=20), st.text(max_size=40)), max_size=12))
def test_reading_a_form_never_fails(pairs: list[tuple[str, str]]) -> None:
    """Whatever is posted, the answer is a query or faults."""
    sent = read_form(pairs, today=TODAY)

    assert sent.query is None or not sent.faults
