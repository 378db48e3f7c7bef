# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Ballots counted: all or nothing, disputes to one who decides, labels at the end."""

from pathlib import Path

import pytest

from comity.desk.assessment.queueing import answers_of, collect, verdicts_of
from comity.errors import InvalidDocument, NotFound
from comity.evidence.judge.panel import ADJUDICATOR, Asked, Votes, Word
from comity.files.queue import Queue, ballot_of, create_queue, write_votes

P, F, U = Word.PASS, Word.FAIL, Word.UNSURE
QUEUE = Queue(
    salt=b"s" * 32,
    raters=("ana", "boran"),
    answers=tuple(Asked(prompt=f"Q{n}", reference="R", answer=f"A{n}") for n in range(3)),
)


def filled(folder: Path, ana: Votes, boran: Votes) -> Path:
    """Return a queue's folder with two ballots filled in."""
    create_queue(folder / "q", QUEUE)
    write_votes(folder / "q", QUEUE, "ana", ana)
    write_votes(folder / "q", QUEUE, "boran", boran)
    return folder / "q"


def test_nothing_is_counted_before_both_are_done(tmp_path: Path) -> None:
    """Half a ballot is half a judgement."""
    found = collect(filled(tmp_path, {0: P, 1: F, 2: P}, {0: P}))

    assert found.left == {"boran": 2}
    assert found.panel is None
    assert found.labelled == ()


def test_disputes_go_to_one_who_decides_and_then_all_is_labelled(tmp_path: Path) -> None:
    """The third sees the disputed answers only, under names of one's own."""
    folder = filled(tmp_path, {0: P, 1: F, 2: P}, {0: P, 1: P, 2: U})
    first = collect(folder)
    assert first.left == {ADJUDICATOR: 2}
    assert first.adjudication == ballot_of(folder, ADJUDICATOR)
    assert "A0" not in ballot_of(folder, ADJUDICATOR).read_text("utf-8")

    write_votes(folder, QUEUE, ADJUDICATOR, {1: P, 2: U}, (1, 2))
    second = collect(folder)

    assert [one.passes for one in second.labelled] == [True, True, False]
    assert [one.answer for one in second.labelled] == ["A0", "A1", "A2"]
    assert second.left == {}


def test_a_decision_begun_is_not_written_over(tmp_path: Path) -> None:
    """Collecting twice costs the one who decides nothing."""
    folder = filled(tmp_path, {0: P, 1: F, 2: P}, {0: F, 1: P, 2: P})
    collect(folder)
    write_votes(folder, QUEUE, ADJUDICATOR, {0: P}, (0, 1))

    assert collect(folder).left == {ADJUDICATOR: 1}
    assert "PASS" in ballot_of(folder, ADJUDICATOR).read_text("utf-8")


def test_faults_of_all_ballots_are_named_at_once(tmp_path: Path) -> None:
    """One fault in one ballot and nothing is counted."""
    folder = filled(tmp_path, {0: P, 1: F, 2: P}, {0: P, 1: F, 2: P})
    for rater in QUEUE.raters:
        path = ballot_of(folder, rater)
        path.write_text(path.read_text("utf-8").replace('"FAIL"', '"FALE"'), "utf-8")

    with pytest.raises(InvalidDocument) as caught:
        collect(folder)
    faults = caught.value.faults
    assert [fault.source for fault in faults] == ["rater-ana.csv", "rater-boran.csv"]
    assert {fault.near for fault in faults} == {"FAIL"}


def test_answers_are_taken_without_anybodys_verdict(tmp_path: Path) -> None:
    """The same file gives people the answers and an audit the verdicts."""
    path = tmp_path / "a.jsonl"
    path.write_text(
        '{"prompt": "Q", "reference": "R", "answer": "A", "passes": true}\n', "utf-8"
    )

    assert answers_of(path) == (Asked(prompt="Q", reference="R", answer="A"),)
    assert [one.passes for one in verdicts_of(path)] == [True]
    with pytest.raises(NotFound):
        answers_of(tmp_path / "none.jsonl")
