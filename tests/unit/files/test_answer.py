# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import pytest

from comity.errors import InvalidDocument
from comity.files.answer import read_answers, read_sayings
from comity.files.library import shipped_library
from comity.files.toml import read_toml

LIBRARY = shipped_library()


def test_answers_that_stand_alone_are_read_by_market() -> None:
    """As they were prepared for an interview."""
    said = read_sayings(
        "[facts]\nis_ai_system = true\n[facts.VNM]\noffered_to_public = false\n",
        LIBRARY,
        source="batch.toml",
    )
    assert said.answers == {"is_ai_system": True}
    assert said.in_market == {"VNM": {"offered_to_public": False}}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no answer stands here"),
        ("[facts]\n", "no answer stands here"),
        ("is_ai_system = true\n", "they stand under [facts]"),
        ("facts = 3\n", "facts is not a table"),
        ("[facts]\nis_ai_sistem = true\n", "no fact named 'is_ai_sistem'"),
    ],
)
def test_answers_that_cannot_be_read_are_refused(text: str, message: str) -> None:
    """With the name of their file."""
    with pytest.raises(InvalidDocument) as caught:
        read_sayings(text, LIBRARY, source="batch.toml")
    assert caught.value.code == "files.answers"
    assert str(caught.value).startswith("batch.toml: ")
    assert any(message in fault.message for fault in caught.value.faults)


def test_a_scenario_has_one_market_and_no_tables_by_market() -> None:
    """Its market stands beside its facts."""
    toml = read_toml("[facts]\nis_ai_system = true\n[facts.VNM]\n", source="x")
    table = toml.values["facts"]
    assert isinstance(table, dict)
    answers, faults = read_answers(toml, ("facts",), table, LIBRARY)
    assert answers == {"is_ai_system": True}
    assert [fault.message for fault in faults] == ["VNM is no fact"]


def test_not_asked_is_what_an_absent_answer_says() -> None:
    """Written out for one market it hides no answer for all."""
    text = '[facts]\ndeep_fake = true\n[facts.VNM]\ndeep_fake = "not asked"\n'
    said = read_sayings(text, LIBRARY, source="x")
    assert (said.answers, said.in_market) == ({"deep_fake": True}, {"VNM": {}})
