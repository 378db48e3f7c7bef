# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A queue's folder: blinded, one ballot a rater, nothing guessed at from outside."""

import json
from pathlib import Path

import pytest

from comity.errors import Conflict, InvalidDocument, NotFound
from comity.evidence.judge.panel import Asked, Word
from comity.files.labelled import labelled_from_jsonl, to_labelled_jsonl
from comity.files.queue import (
    KEY,
    Queue,
    answers_from_jsonl,
    ballot_of,
    create_queue,
    get_votes,
    raters_from,
    read_queue,
    to_answers_jsonl,
    write_votes,
)


def queue_of(size: int = 20) -> Queue:
    """Return a queue for two raters."""
    answers = tuple(
        Asked(prompt=f"Question {n}", reference="yes", answer=f"answer {n}")
        for n in range(size)
    )
    return Queue(salt=b"s" * 32, raters=("ana", "boran"), answers=answers)


def test_raters_see_other_orders_and_other_names(tmp_path: Path) -> None:
    """Two who compare notes cannot tell which answer is whose."""
    made = queue_of()
    create_queue(tmp_path / "q", made)
    ana, boran = made.names("ana"), made.names("boran")

    assert set(ana).isdisjoint(boran)
    assert list(ana.values()) != list(boran.values())
    assert sorted(ana.values()) == sorted(boran.values()) == list(range(20))
    assert all(not name[0].isdigit() for name in ana)


def test_a_ballot_says_nothing_but_the_answer(tmp_path: Path) -> None:
    """A rater who knows a verdict judges the verdict."""
    answers = answers_from_jsonl(
        '{"prompt": "P", "reference": "R", "answer": "A", "passes": true, "category": "C9"}'
    )
    create_queue(
        tmp_path / "q", Queue(salt=b"s" * 32, raters=("ana", "boran"), answers=answers)
    )
    text = ballot_of(tmp_path / "q", "ana").read_text("utf-8")

    assert text.splitlines()[0] == '"id","prompt","reference","answer","verdict"'
    assert "true" not in text.lower()
    assert "C9" not in text


def test_a_queue_is_read_as_it_was_written(tmp_path: Path) -> None:
    """The key is all that ties a ballot to its answers."""
    create_queue(tmp_path / "q", queue_of())

    assert read_queue(tmp_path / "q") == queue_of()
    assert (tmp_path / "q" / KEY).stat().st_mode & 0o077 == 0
    with pytest.raises(Conflict):
        create_queue(tmp_path / "q", queue_of())


def test_votes_are_read_by_place(tmp_path: Path) -> None:
    """What was said of an answer belongs to the answer, wherever it stood."""
    create_queue(tmp_path / "q", queue_of())
    write_votes(tmp_path / "q", queue_of(), "ana", {3: Word.FAIL, 7: Word.UNSURE})

    assert get_votes(tmp_path / "q", queue_of(), "ana") == {3: Word.FAIL, 7: Word.UNSURE}
    assert get_votes(tmp_path / "q", queue_of(), "boran") == {}
    with pytest.raises(NotFound, match="not a rater"):
        get_votes(tmp_path / "q", queue_of(), "../ana")


@pytest.mark.parametrize("text", ["ana", "ana,ana", "ana,", "../x,boran", "adjudication,ana"])
def test_raters_are_two_with_plain_names(text: str) -> None:
    """A name becomes a file's name; one rater agrees with nobody."""
    with pytest.raises(InvalidDocument):
        raters_from(text)

    assert raters_from("ana, boran") == ("ana", "boran")


def test_a_key_that_names_another_folder_is_refused(tmp_path: Path) -> None:
    """A rater's name out of a file is no more to be trusted than one typed."""
    create_queue(tmp_path / "q", queue_of())
    path = tmp_path / "q" / KEY
    key = json.loads(path.read_text("utf-8"))
    key["raters"] = ["../../x", "boran"]
    path.write_text(json.dumps(key, separators=(",", ":"), sort_keys=True), "utf-8")

    with pytest.raises(InvalidDocument):
        read_queue(tmp_path / "q")


def test_answers_and_labels_round_trip() -> None:
    """What collect writes is what try and audits read."""
    answers = queue_of(3).answers
    line = '{"prompt": "P", "reference": "", "answer": "=é\\n", "passes": false}\n'

    assert answers_from_jsonl(to_answers_jsonl(answers)) == answers
    labelled = labelled_from_jsonl(line)
    assert labelled_from_jsonl(to_labelled_jsonl(labelled)) == labelled


def test_all_lines_that_are_no_answers_are_named() -> None:
    """Every fault at once, with its line."""
    with pytest.raises(InvalidDocument) as caught:
        answers_from_jsonl(
            '{"prompt": 1}\n\nnot json\n{"prompt":"\\ud800","reference":"","answer":""}'
        )

    assert [fault.line for fault in caught.value.faults] == [1, 3, 4]
    with pytest.raises(InvalidDocument):
        answers_from_jsonl("")
