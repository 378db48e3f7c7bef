# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Labelled answers read line by line, and every faulty line is named."""

import json

import pytest

from comity.errors import InvalidDocument
from comity.files.labelled import Labelled, labelled_from_jsonl

GOOD = {"prompt": "1+1?", "reference": "2", "answer": "3", "passes": False}


def test_answers_read_with_their_truth() -> None:
    """Blank lines are nobody's answer."""
    text = f"{json.dumps(GOOD)}\n\n{json.dumps({**GOOD, 'answer': '2', 'passes': True})}\n"

    wrong, right = labelled_from_jsonl(text)

    assert wrong == Labelled(prompt="1+1?", reference="2", answer="3", passes=False)
    assert right.passes


@pytest.mark.parametrize(
    "row",
    [
        "{",
        "[]",
        "1",
        "[" * 100_000,
        json.dumps({**GOOD, "passes": 1}),
        json.dumps({**GOOD, "answer": None}),
        json.dumps({**GOOD, "more": 1}),
        json.dumps({"prompt": "1+1?"}),
    ],
)
def test_a_faulty_line_is_named_by_its_number(row: str) -> None:
    """Each of them, at once."""
    with pytest.raises(InvalidDocument) as caught:
        labelled_from_jsonl(f"{json.dumps(GOOD)}\n{row}\n{row}\n")

    assert caught.value.code == "files.labelled"
    assert [fault.line for fault in caught.value.faults] == [2, 3]


def test_an_empty_file_is_refused() -> None:
    """Nothing was labelled."""
    with pytest.raises(InvalidDocument, match="no answer"):
        labelled_from_jsonl("\n")
