# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Answers for people to judge: where they come from, and what becomes of the ballots."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from comity.errors import Fault, InvalidDocument, NotFound
from comity.evidence.bundle import decode_bundle
from comity.evidence.judge.panel import ADJUDICATOR, Asked, Panel, Votes, Word, settle
from comity.evidence.prompt import text_of
from comity.evidence.transcript import Missing, Record
from comity.files.dossier import from_bytes, is_dossier
from comity.files.labelled import Labelled, labelled_from_jsonl
from comity.files.queue import (
    Queue,
    answers_from_jsonl,
    ballot_of,
    read_queue,
    read_votes,
    refuse_faulty,
    write_votes,
)
from comity.files.text import read_text

T = TypeVar("T")
_BUNDLE = '{"bundle":'


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """What ballots came to.

    Args:
        left: Answers each rater has still to judge; raters with none are not there.
        panel: What the raters came to; None before every ballot is full.
        labelled: Every answer and whether it passes; empty before all are settled.
        adjudication: The ballot of the one who decides, where one is needed.
    """

    queue: Queue
    left: Mapping[str, int]
    panel: Panel | None = None
    labelled: tuple[Labelled, ...] = ()
    adjudication: Path | None = None


def answers_of(path: Path) -> tuple[Asked, ...]:
    """Read answers from a transcript, a dossier or JSONL; nobody's verdict is taken along.

    Raises:
        NotFound: The file cannot be read.
        InvalidDocument: It is none of them, with its faults.
    """
    text = read_text(path, "answers")
    records = _records(text)
    if records is None:
        return answers_from_jsonl(text, source=str(path))
    answers = (_asked(record) for record in records if not isinstance(record.answer, Missing))
    return _some(tuple(answers), path)


def unjudged(answers: Iterable[Asked]) -> tuple[Labelled, ...]:
    """Return answers as a judge takes them; none of them passes yet."""
    return tuple(_labelled(asked, passes=False) for asked in answers)


def verdicts_of(path: Path) -> tuple[Labelled, ...]:
    """Read answers with somebody's verdict on each, likewise; a missing answer has failed.

    Raises:
        NotFound: The file cannot be read.
        InvalidDocument: It is none of them, with its faults.
    """
    text = read_text(path, "answers")
    records = _records(text)
    if records is None:
        return labelled_from_jsonl(text, source=str(path))
    return _some(tuple(_judged(record) for record in records), path)


def collect(folder: Path) -> Collected:
    """Read all ballots of a queue; what is disputed is written out for one who decides.

    Raises:
        NotFound: There is no queue, or a ballot is gone.
        InvalidDocument: Every fault of every ballot; nothing was counted.
    """
    queue = read_queue(folder)
    size = len(queue.answers)
    ballots: list[Votes] = []
    faults: list[Fault] = []
    for rater in queue.raters:
        votes, wrong = read_votes(folder, queue, rater)
        ballots.append(votes)
        faults += wrong
    refuse_faulty(faults)
    left = {
        rater: size - len(votes)
        for rater, votes in zip(queue.raters, ballots, strict=True)
        if len(votes) < size
    }
    if left:
        return Collected(queue=queue, left=left)
    return _settled(folder, queue, ballots)


def _settled(folder: Path, queue: Queue, ballots: list[Votes]) -> Collected:
    size = len(queue.answers)
    panel = settle(size, ballots, {})
    disputed, path = panel.open, ballot_of(folder, ADJUDICATOR)
    decided: dict[int, Word] = {}
    if disputed and not path.exists():
        write_votes(folder, queue, ADJUDICATOR, {}, disputed)
    elif path.exists():
        decided, faults = read_votes(folder, queue, ADJUDICATOR, disputed)
        refuse_faulty(faults)
    panel = settle(size, ballots, decided)
    if panel.open:
        left = {ADJUDICATOR: len(panel.open)}
        return Collected(queue=queue, left=left, panel=panel, adjudication=path)
    return Collected(
        queue=queue,
        left={},
        panel=panel,
        labelled=tuple(
            _labelled(asked, passes=panel.settled[place])
            for place, asked in enumerate(queue.answers)
        ),
        adjudication=path if disputed else None,
    )


def _records(text: str) -> tuple[Record, ...] | None:
    """Return the records of a transcript or a dossier; None where a text is neither."""
    if text.startswith(_BUNDLE):
        return decode_bundle(text.encode()).records
    if is_dossier(text[:4_096].encode()):
        bundles = map(decode_bundle, from_bytes(text.encode()).bundles)
        return tuple(record for bundle in bundles for record in bundle.records)
    return None


def _asked(record: Record) -> Asked:
    item = record.opening.item
    answer = "" if isinstance(record.answer, Missing) else record.answer
    return Asked(prompt=text_of(item.prompt), reference=text_of(item.reference), answer=answer)


def _judged(record: Record) -> Labelled:
    if record.score_ppm is not None:
        message = "its outcomes are scores, not pass or fail"
        fault = Fault(message=message)
        raise InvalidDocument("nothing to audit", code="desk.answers", faults=[fault])
    return _labelled(_asked(record), passes=record.passed)


def _labelled(asked: Asked, *, passes: bool) -> Labelled:
    return Labelled(
        prompt=asked.prompt, reference=asked.reference, answer=asked.answer, passes=passes
    )


def _some(found: tuple[T, ...], path: Path) -> tuple[T, ...]:
    if not found:
        raise NotFound(f"there is no answer in {path}", code="desk.answers")
    return found
