# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A queue of answers for people to judge: a folder with a ballot for each rater.

`queue.json` is the keeper's: it says which answer a rater's id means. A rater gets the one
ballot and nothing else.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from comity.errors import Conflict, Fault, InvalidDocument, NotFound
from comity.evidence.judge.panel import (
    ADJUDICATOR,
    Asked,
    Votes,
    Word,
    name_of,
    order_for,
)
from comity.files.ballot import Read, Row, read_ballot, to_csv
from comity.files.text import read_text, write_whole
from comity.kernel.canonical import Json, from_canonical, to_canonical
from comity.kernel.fields import Fields

FORM = "comity/human-queue/v1"
KEY = "queue.json"
_RATER = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")
_LEAST = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """Answers, and who judges them.

    Args:
        salt: 32 random bytes that orders and ids come from.
        raters: Names, two at least.
        answers: What is judged.
    """

    salt: bytes
    raters: tuple[str, ...]
    answers: tuple[Asked, ...]

    def names(self, rater: str, places: Sequence[int] | None = None) -> Mapping[str, int]:
        """Return the place behind each id of a rater, in the rater's order."""
        chosen = range(len(self.answers)) if places is None else places
        ordered = order_for(self.salt, rater, chosen)
        return {name_of(self.salt, rater, place): place for place in ordered}


def raters_from(text: str) -> tuple[str, ...]:
    """Read the names of raters from one text, a comma between two.

    Raises:
        InvalidDocument: Fewer than two, or names that are not plain; every fault listed.
    """
    names = tuple(name.strip() for name in text.split(","))
    faults = [
        Fault(message=f"{name[:40]!r} is no name for a rater: a-z, 0-9, - and _, at most 32")
        for name in names
        if not _RATER.fullmatch(name) or name == ADJUDICATOR
    ]
    if len(set(names)) < max(_LEAST, len(names)):
        faults.append(Fault(message="two raters at least, each with a name of one's own"))
    if faults:
        raise InvalidDocument(
            "not a list of raters",
            code="files.raters",
            hint="such as --raters ana,boran",
            faults=faults,
        )
    return names


def create_queue(folder: Path, queue: Queue) -> None:
    """Write a queue into a folder of its own: the key, and an empty ballot for each rater.

    Raises:
        Conflict: The folder is there already.
        StorageFailed: The disk refused.
    """
    try:
        folder.mkdir(parents=True)
    except FileExistsError:
        message = f"{folder} is there already"
        raise Conflict(message, code="files.queue", hint="choose another --out") from None
    for rater in queue.raters:
        write_votes(folder, queue, rater, {})
    key: dict[str, Json] = {
        "queue": FORM,
        "salt": queue.salt.hex(),
        "raters": list(queue.raters),
        "answers": [_to_json(asked) for asked in queue.answers],
    }
    write_whole(folder / KEY, to_canonical(key), "queue")
    (folder / KEY).chmod(0o600)


def read_queue(folder: Path) -> Queue:
    """Read a queue's key.

    Raises:
        NotFound: There is none.
        InvalidDocument: It is not one.
    """
    text = read_text(folder / KEY, "queue")
    fields = Fields(from_canonical(text.encode()), faults=[])
    fields.choice("queue", [FORM])
    queue = Queue(
        salt=bytes(fields.digest("salt")),
        raters=tuple(fields.texts("raters")),
        answers=tuple(map(_asked, fields.rows("answers"))),
    )
    if not all(_RATER.fullmatch(rater) for rater in queue.raters):
        fields.fault("raters", "has a name that is no name of a rater")
    fields.finish("not the key of a queue", code="files.queue")
    return queue


def ballot_of(folder: Path, rater: str) -> Path:
    """Return where a rater's ballot stands."""
    name = ADJUDICATOR if rater == ADJUDICATOR else f"rater-{rater}"
    return folder / f"{name}.csv"


def write_votes(
    folder: Path, queue: Queue, rater: str, votes: Votes, places: Sequence[int] | None = None
) -> None:
    """Write a rater's ballot, whole or not at all.

    Args:
        places: What the rater is asked; all, unless given.

    Raises:
        StorageFailed: The disk refused; the former ballot still stands.
    """
    names = queue.names(rater, places)
    rows = (
        Row(name=name, asked=queue.answers[place], word=votes.get(place))
        for name, place in names.items()
    )
    write_whole(ballot_of(folder, rater), to_csv(rows), "ballot")


def read_votes(
    folder: Path, queue: Queue, rater: str, places: Sequence[int] | None = None
) -> tuple[dict[int, Word], list[Fault]]:
    """Read what a rater said, by place, and what is wrong with the ballot.

    Raises:
        NotFound: The ballot cannot be read.
        InvalidDocument: It is no text.
    """
    path = ballot_of(folder, rater)
    names = queue.names(rater, places)
    found: Read = read_ballot(read_text(path, "ballot"), names, path.name)
    votes = {names[name]: word for name, word in found.words.items() if name in names}
    return votes, found.faults


def get_votes(folder: Path, queue: Queue, rater: str) -> dict[int, Word]:
    """Read what one rater said.

    Raises:
        NotFound: There is no such rater, or no ballot.
        InvalidDocument: Every fault of the ballot, with line and column.
    """
    if rater not in queue.raters:
        raise NotFound(
            f"{rater[:40]!r} is not a rater of this queue",
            code="files.no_rater",
            hint=f"its raters are {', '.join(queue.raters)}",
        )
    votes, faults = read_votes(folder, queue, rater)
    refuse_faulty(faults)
    return votes


def refuse_faulty(faults: Sequence[Fault]) -> None:
    """Refuse ballots with faults.

    Raises:
        InvalidDocument: There is one; all are listed.
    """
    if faults:
        raise InvalidDocument(
            "ballots that cannot be counted",
            code="files.ballot",
            hint="only the column verdict is filled in: PASS, FAIL or UNSURE",
            faults=faults,
        )


def answers_from_jsonl(text: str, *, source: str = "answers") -> tuple[Asked, ...]:
    """Read answers from JSONL text; whether one passes, where it says so, is not read.

    Raises:
        InvalidDocument: Any fault in it, each with its line.
    """
    found: list[Asked] = []
    faults: list[Fault] = []
    for line, row in enumerate(text.split("\n"), start=1):
        if row.strip():
            try:
                found.append(_from_line(row))
            except (ValueError, RecursionError) as error:
                faults.append(Fault(message=str(error), line=line))
    if not found and not faults:
        faults.append(Fault(message="there is no answer in it"))
    if faults:
        raise InvalidDocument(
            "not answers",
            code="files.answers",
            hint='a line is {"prompt": "…", "reference": "…", "answer": "…"}',
            source=source,
            faults=faults,
        )
    return tuple(found)


def to_answers_jsonl(answers: Sequence[Asked]) -> str:
    """Write answers as JSONL text."""
    rows = (json.dumps(_to_json(one), ensure_ascii=False) for one in answers)
    return "".join(f"{row}\n" for row in rows)


def _from_line(row: str) -> Asked:
    match json.loads(row):
        case {"prompt": str(prompt), "reference": str(reference), "answer": str(answer)}:
            for text in (prompt, reference, answer):
                text.encode()  # a lone surrogate is a ValueError
            return Asked(prompt=prompt, reference=reference, answer=answer)
        case _:
            message = "an answer is the texts prompt, reference and answer"
            raise ValueError(message)


def _to_json(asked: Asked) -> dict[str, Json]:
    return {"prompt": asked.prompt, "reference": asked.reference, "answer": asked.answer}


def _asked(row: Fields) -> Asked:
    return Asked(
        prompt=row.text("prompt", empty=True),
        reference=row.text("reference", empty=True),
        answer=row.text("answer", empty=True),
    )
