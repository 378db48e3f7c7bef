# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Signs that a bank is known to those it tests: alarms for people, never verdicts.

Nothing here changes an outcome. An alarm says what was seen and where; whether a bank is to
be replaced is for its keeper.

Source:
    docs/spec/evidence.md, "Alarms".
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from comity.evidence.prompt import text_of
from comity.evidence.transcript import Missing, Record

QUOTE_WORDS = 8
"""Words in a row that nobody says by chance."""

VERBATIM = frozenset({"exact/1", "answers/1", "regex/1"})
"""Scorers that ask for the reference itself, so that giving it is no sign of anything."""

_WORD = re.compile(r"\w+")


class Sign(Enum):
    """What was seen."""

    SEEN_BEFORE = "asked in another test before"
    QUOTED = "the answer quotes a reference that was never shown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """One sign.

    Args:
        position: Of the item, in the bank.
        row: 0-based place of the record in its transcript.
        where: The test it was seen in before, or the words quoted.
    """

    sign: Sign
    position: int
    row: int
    where: str


def seen_before(
    records: Sequence[Record], earlier: Mapping[str, Iterable[Record]]
) -> tuple[Alarm, ...]:
    """Return an alarm for each item that another test had opened.

    Args:
        earlier: The other tests' records by the name each is cited by, the first one first.
    """
    first: dict[int, str] = {}
    for name, others in earlier.items():
        for other in others:
            first.setdefault(other.opening.item.position, name)
    return tuple(
        Alarm(
            sign=Sign.SEEN_BEFORE,
            position=record.opening.item.position,
            row=row,
            where=first[record.opening.item.position],
        )
        for row, record in enumerate(records)
        if record.opening.item.position in first
    )


def quotes(records: Sequence[Record]) -> tuple[Alarm, ...]:
    """Return an alarm for each answer that quotes its item's reference word for word.

    Looked for are eight words in a row that the prompt does not contain; references are
    answers only where the scorer asks for them word for word, and there this says nothing.
    """
    found: list[Alarm] = []
    for row, record in enumerate(records):
        item, answer = record.opening.item, record.answer
        if isinstance(answer, Missing) or item.scorer in VERBATIM:
            continue
        hidden = {*_runs(text_of(item.reference))} - {*_runs(text_of(item.prompt))}
        said = next((run for run in _runs(answer) if run in hidden), None)
        if said is not None:
            where = " ".join(said)
            alarm = Alarm(sign=Sign.QUOTED, position=item.position, row=row, where=where)
            found.append(alarm)
    return tuple(found)


def _runs(text: str) -> list[tuple[str, ...]]:
    words = _WORD.findall(text.casefold())
    starts = range(len(words) - QUOTE_WORDS + 1)
    return [tuple(words[start : start + QUOTE_WORDS]) for start in starts]
