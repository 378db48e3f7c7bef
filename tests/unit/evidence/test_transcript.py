# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A transcript fixes every record before its head."""

from dataclasses import replace

import pytest

from comity.errors import InvalidDocument
from comity.evidence.bank import Bank
from comity.evidence.statistics.outcome import Score
from comity.evidence.transcript import (
    Missing,
    Record,
    decode,
    encode,
    extend,
    head_of,
    start_of,
)
from comity.kernel.canonical import to_canonical
from comity.kernel.digest import sha256

PLAN = sha256(b"plan")


@pytest.fixture
def records(bank: Bank) -> list[Record]:
    """Return three records: an answer, an empty answer, a time-out."""
    answers: list[str | Missing] = ["answer 0", "", Missing.TIMEOUT]
    return [
        Record(draw=n + 1, opening=bank.open(n), answer=answer, passed=n == 0)
        for n, answer in enumerate(answers)
    ]


def test_a_record_survives_its_line(records: list[Record]) -> None:
    """The runner resumes from these lines after a kill."""
    for record in records:
        assert decode(encode(record)) == record


def test_the_chain_is_the_same_appended_or_whole(records: list[Record]) -> None:
    """The runner extends as it goes; a verifier folds the whole."""
    head = start_of(PLAN)
    for record in records:
        head = extend(head, record)
    assert head == head_of(PLAN, records)


def test_any_change_moves_the_head(records: list[Record]) -> None:
    """Dropping, swapping, repeating or editing a record must show."""
    one, two, three = records
    variants = [
        [],
        [one, two],
        [two, one, three],
        [one, two, three, three],
        [replace(one, passed=False), two, three],
        [replace(one, answer="other"), two, three],
        [one, two, replace(three, answer=Missing.ERROR)],
        [one, two, replace(three, draw=4)],
    ]
    heads = {head_of(PLAN, variant) for variant in [records, *variants]}
    assert len(heads) == len(variants) + 1


def test_a_transcript_belongs_to_one_plan(records: list[Record]) -> None:
    """Replaying last year's transcript under a new plan must not fit."""
    assert head_of(PLAN, records) != head_of(sha256(b"other"), records)


def test_unknown_fields_keep_their_place_in_the_digest(records: list[Record]) -> None:
    """A later version's record must verify here too."""
    line = encode(replace(records[0], extra={"latency_ms": 12}))
    assert b"latency_ms" in line
    assert encode(decode(line)) == line


def test_no_answer_never_passes(records: list[Record]) -> None:
    """An error is a failure, whatever the runner says."""
    line = encode(replace(records[2], passed=True))
    assert decode(line).passed is False
    forged = line.replace(b'"passed":false', b'"passed":true')
    with pytest.raises(InvalidDocument, match="passed is true without an answer"):
        decode(forged)


@pytest.mark.parametrize(("answer", "missing"), [("said", "timeout"), (None, None)])
def test_an_answer_and_its_absence_exclude_each_other(
    records: list[Record], answer: str | None, missing: str | None
) -> None:
    """Both or neither leaves the outcome open to reading."""
    fields = {**records[1].to_json(), "answer": answer, "missing": missing}
    with pytest.raises(InvalidDocument, match="exactly one"):
        decode(to_canonical(fields))


def test_a_broken_line_lists_its_faults() -> None:
    """A cut or edited transcript must say what is wrong with it."""
    with pytest.raises(InvalidDocument) as caught:
        decode(b'{"answer":1,"draw":0,"missing":"late","passed":"yes"}')
    text = str(caught.value)
    for part in ("draw is not", "item is missing", "missing is not one of", "passed is not"):
        assert part in text


def test_a_line_that_is_not_json_is_refused() -> None:
    """A kill in mid-write leaves half a line."""
    with pytest.raises(InvalidDocument):
        decode(b'{"draw":1,')


def test_a_score_stands_in_the_record_and_in_its_digest(records: list[Record]) -> None:
    """How far an answer is right is evidence like whether it is."""
    scored = replace(records[0], passed=False, score_ppm=250_000)
    assert decode(encode(scored)) == scored
    assert scored.outcome == Score(ppm=250_000)
    assert extend(start_of(PLAN), scored) != extend(
        start_of(PLAN), replace(scored, score_ppm=250_001)
    )
    assert "score_ppm" not in records[0].to_json()
    assert records[0].outcome is True


@pytest.mark.parametrize(
    ("row", "passed", "score_ppm"), [(0, True, 999_999), (0, False, 1_000_000), (2, False, 1)]
)
def test_a_score_that_contradicts_its_record_is_refused(
    records: list[Record], row: int, score_ppm: int, *, passed: bool
) -> None:
    """Passed means the whole score; what is missing scores nothing."""
    wrong = {**records[row].to_json(), "passed": passed, "score_ppm": score_ppm}
    with pytest.raises(InvalidDocument):
        decode(to_canonical(wrong))
