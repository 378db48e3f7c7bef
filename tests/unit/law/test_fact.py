# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import datetime as dt
from decimal import Decimal

from comity.law.fact import OpenSet, Silence, answer_to_json
from comity.law.pack import Library


def test_a_fact_as_json_carries_its_guard_and_every_language(library: Library) -> None:
    """The vocabulary's digest rests on this form."""
    plain = library.vocabulary.facts["watermarks"].to_json()
    assert isinstance(plain, dict)
    assert plain["guard"] == ["has_any", "generates", ["audio", "image", "text"]]
    label = library.vocabulary.facts["is_ai_system"].label
    assert label.in_language("zh-CN") == "属于人工智能系统"


def test_answers_as_json_are_exact_and_sorted() -> None:
    """One answer has one form."""
    assert answer_to_json(frozenset({"b", "a"})) == ["a", "b"]
    assert answer_to_json(10**25) == "1" + "0" * 25
    assert answer_to_json(Decimal("0.5")) == "0.5"
    assert answer_to_json(dt.date(2026, 8, 2)) == "2026-08-02"
    assert answer_to_json(True) is True  # noqa: FBT003 - the answer itself
    assert answer_to_json(Silence.DISPUTED) == "disputed"


def test_a_partly_known_set_says_both_sides() -> None:
    """What is not known to be in is not known to be out."""
    answer = OpenSet(known_in=frozenset({"text"}), known_out=frozenset({"audio"}))
    assert answer_to_json(answer) == {"known_in": ["text"], "known_out": ["audio"]}
