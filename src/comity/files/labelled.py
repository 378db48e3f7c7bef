# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Answers with their truth, as JSONL: what people said of them, to try a judge on.

One answer a line: {"prompt": …, "reference": …, "answer": …, "passes": true or false}.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from comity.errors import InvalidDocument
from comity.files.jsonl import rows_of
from comity.files.text import read_text

MAX_ANSWERS = 10_000
_FORM = "an answer is the texts prompt, reference, answer, and passes, true or false; no more"


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """One answer and whether it passes, by somebody who knows."""

    prompt: str
    reference: str
    answer: str
    passes: bool


def read_labelled(path: Path) -> tuple[Labelled, ...]:
    """Read labelled answers from a file.

    Raises:
        NotFound: The file cannot be read.
        InvalidDocument: Any fault in it, each with its line.
    """
    return labelled_from_jsonl(read_text(path, "labelled answers"), source=str(path))


def labelled_from_jsonl(text: str, *, source: str = "answers") -> tuple[Labelled, ...]:
    """Read labelled answers from JSONL text.

    Raises:
        InvalidDocument: Any fault in it, each with its line.
    """
    found, faults = rows_of(text, _labelled, most=MAX_ANSWERS)
    if faults:
        raise InvalidDocument(
            "not labelled answers",
            code="files.labelled",
            hint='a line is {"prompt": "…", "reference": "…", "answer": "…", "passes": false}',
            source=source,
            faults=faults,
        )
    return found


def to_labelled_jsonl(answers: Iterable[Labelled]) -> str:
    """Write labelled answers as JSONL text."""
    rows = (
        {
            "prompt": one.prompt,
            "reference": one.reference,
            "answer": one.answer,
            "passes": one.passes,
        }
        for one in answers
    )
    return "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows)


def _labelled(row: object, line: int) -> Labelled:
    del line
    match row:
        case {
            "prompt": str(prompt),
            "reference": str(reference),
            "answer": str(answer),
            "passes": bool(passes),
            **rest,
        } if not rest:
            return Labelled(prompt=prompt, reference=reference, answer=answer, passes=passes)
        case _:
            raise ValueError(_FORM)
