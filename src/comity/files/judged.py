# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A judge's verdict on every answer, people's on some, as JSONL in the order they came.

One answer a line: {"judge": true, "passes": false}; null, or nothing, where people did not
judge. Other fields may stand there and are not read.
"""

from dataclasses import dataclass
from pathlib import Path

from comity.errors import InvalidDocument
from comity.files.jsonl import rows_of
from comity.files.text import read_text

MAX_ROWS = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One answer's verdicts.

    Args:
        line: Where it stands, from 1.
        judge: Whether the judge passed it.
        passes: Whether people did; None where they did not judge.
    """

    line: int
    judge: bool
    passes: bool | None


def read_judged(path: Path) -> tuple[Judged, ...]:
    """Read verdicts from a file.

    Raises:
        NotFound: The file cannot be read.
        InvalidDocument: Any fault in it, each with its line.
    """
    return judged_from_jsonl(read_text(path, "judged"), source=str(path))


def judged_from_jsonl(text: str, *, source: str = "judged") -> tuple[Judged, ...]:
    """Read verdicts from JSONL text.

    Raises:
        InvalidDocument: Any fault in it, each with its line.
    """
    found, faults = rows_of(text, _judged, most=MAX_ROWS)
    if faults:
        raise InvalidDocument(
            "not verdicts",
            code="files.judged",
            hint='a line is {"judge": true, "passes": null}',
            source=source,
            faults=faults,
        )
    return found


def _judged(row: object, line: int) -> Judged:
    if isinstance(row, dict):
        judge, passes = row.get("judge"), row.get("passes")
        if isinstance(judge, bool) and (passes is None or isinstance(passes, bool)):
            return Judged(line=line, judge=judge, passes=passes)
    message = "judge is true or false, and passes is true, false or null"
    raise ValueError(message)
