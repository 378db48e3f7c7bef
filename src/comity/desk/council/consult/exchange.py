# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Take conversations over from Polis, and give consultations to those who work with it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from comity.desk.council.consult.conclusion import Concluded
from comity.desk.council.consult.table import blob_of, joined, table_of
from comity.errors import Conflict, NotFound
from comity.files.answertable import AnswerTable, to_csv
from comity.files.ballot import harmless
from comity.files.labels import labels_from_csv
from comity.files.polis import Conversation, Exported, read_conversation, write_conversation
from comity.files.text import write_whole
from comity.kernel.instant import Instant, to_posix
from comity.node.node import Node

OPINIONS, ANSWERS = "opinions.toml", "answers.csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What was taken over, and where it stands."""

    conversation: Conversation
    paths: tuple[Path, ...]


def import_polis(folder: Path, out: Path, *, language: str) -> Imported:
    """Write an exported conversation as opinions to add and answers to hand in.

    Raises:
        Conflict: A file stands there already.
        InvalidDocument: With every fault of the export.
    """
    paths = (out / OPINIONS, out / ANSWERS)
    for path in paths:
        if path.exists():
            raise Conflict(
                f"{path} is there already", code="desk.exists", hint="take another --out"
            )
    found = read_conversation(folder, language=language)
    names = [one.name for one in found.opinions]
    out.mkdir(parents=True, exist_ok=True)
    write_whole(paths[0], "\n".join(_toml(found)) + "\n", "opinions")
    voters = [harmless(one) for one in found.table.names]
    write_whole(paths[1], to_csv(found.table, names, voters).decode(), "answers")
    return Imported(conversation=found, paths=paths)


def export_polis(
    node: Node, concluded: Concluded, out: Path, *, now: Instant
) -> tuple[Path, ...]:
    """Write a concluded consultation as Polis exports a conversation.

    Raises:
        Conflict: The folder has files already.
        NotFound: A table or the labels cannot be read here.
    """
    if out.exists() and any(out.iterdir()):
        raise Conflict(f"{out} is not empty", code="desk.exists", hint="take another --out")
    if concluded.said is None or concluded.conclusion is None:
        raise NotFound("there is no result yet", code="desk.consultation_result")
    result = concluded.result
    tables = {
        name: table_of(node, handed, result.opinions)
        for name, handed in sorted(concluded.gathered.counted.items())
    }
    whole = joined(result.opinions, result.strata, tables)
    content = blob_of(node, concluded.said.member, concluded.conclusion.labels)
    placed = labels_from_csv(content)
    group = [int(one) for name in tables for one in placed[name].group]
    standing = concluded.standing
    exported = Exported(
        opinions=[standing.opinions[name] for name in result.opinions],
        left_out=list(standing.left_out.values()),
        table=_one(tables, whole.firsts),
        group=group,
        stratum=[name for name, table in tables.items() for _ in table.names],
        seconds=to_posix(now),
        datetime=now.strftime("%a %b %d %Y %H:%M:%S GMT+0000 (Coordinated Universal Time)"),
    )
    return write_conversation(out, exported)


def _one(tables: Mapping[str, AnswerTable], firsts: Mapping[str, int]) -> AnswerTable:
    parts = list(tables.items())
    people = sum(len(table.names) for table in tables.values())
    empty = np.empty(0, np.int64)
    return AnswerTable(
        names=tuple(map(str, range(people))),
        person=np.concatenate([empty, *(t.person + firsts[name] for name, t in parts)]),
        opinion=np.concatenate([empty, *(t.opinion for _, t in parts)]),
        answer=np.concatenate([empty.astype(np.int8), *(t.answer for _, t in parts)]),
    )


def _toml(found: Conversation) -> Iterator[str]:
    for one in found.opinions:
        yield "[[opinions]]"
        yield f"name = {_quoted(one.name)}"
        yield f"text = {_quoted(one.text)}"
        yield f"language = {_quoted(one.language)}"
        if one.is_seed:
            yield "seed = true"
        yield ""
    for left in found.left_out:
        yield "[[left_out]]"
        yield f"name = {_quoted(left.name)}"
        yield f"text = {_quoted(left.text or '')}"
        yield f"reason = {_quoted(left.reason)}"
        yield ""


def _quoted(text: str) -> str:
    """Write a basic string of TOML; JSON's escapes are among its own."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
