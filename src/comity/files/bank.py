# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Question banks as JSONL or Parquet: one item a line or row, all faults at once.

An item has `category`, `prompt`, `reference` (may be empty) and `scorer`, and where nobody has
read it `review`: "unreviewed". All are texts, but a prompt may be a script or a pair as well.
"""

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import cast

from comity.errors import Fault, InvalidDocument, NotFound, StorageFailed
from comity.evidence.bank import REVIEWS, Item, is_category_name
from comity.evidence.prompt import find_fault, text_of
from comity.kernel.canonical import Json, to_canonical

FIELDS = ("category", "prompt", "reference", "scorer")
ROW = (*FIELDS, "review")
MAX_BYTES = 64 * 2**20
MAX_TEXT = 8_000
"""Characters of one text: an item has to fit a record of the transcript."""

MAX_FAULTS = 200

_SCORER = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*/[1-9][0-9]{0,3}")
_PARQUET = b"PAR1"
_MARK = b'{"practice": true}'

Row = tuple[int, Mapping[str, object]]
"""A 1-based line and what stands there."""


def read_bank(path: Path) -> tuple[Item, ...]:
    """Read a bank; items of one category are brought together, else the order stays.

    Raises:
        NotFound: The file cannot be read.
        InvalidDocument: Any fault in it, each with its line (code `files.bank`).
    """
    found, faults = look_at_bank(path)
    if faults:
        raise refused_bank(str(path), faults)
    return in_place(item for _, item in found)


def look_at_bank(path: Path) -> tuple[list[tuple[int, Item]], list[Fault]]:
    """Read what can be read of a bank, each item with its line, and list the faults.

    Raises:
        NotFound: The file cannot be read.
        InvalidDocument: It is something else than a bank, or too large.
    """
    try:
        with path.open("rb") as stream:
            held = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise NotFound(
            f"cannot read the bank {path}: {error.strerror}", code="files.no_bank"
        ) from None
    if len(held) > MAX_BYTES:
        message = f"larger than {MAX_BYTES // 2**20} MB"
        raise refused_bank(str(path), [Fault(message=message)])
    if held.startswith(_PARQUET):
        return _items(*_parquet_rows(held))
    rows, faults = _json_rows(held)
    if not rows and len(faults) > 1:
        raise _no_rows(str(path), faults[0])
    return _items(rows, faults)


def in_place(items: Iterable[Item]) -> tuple[Item, ...]:
    """Bring the items of one category together, in the order given, and number all."""
    kept: dict[str, list[Item]] = {}
    for item in items:
        kept.setdefault(item.category, []).append(item)
    grouped = chain.from_iterable(kept.values())
    return tuple(replace(item, position=place) for place, item in enumerate(grouped))


def bank_from_jsonl(text: bytes, *, source: str = "bank") -> tuple[Item, ...]:
    """Read a bank from JSONL bytes.

    Raises:
        InvalidDocument: Any fault in it, each with its line (code `files.bank`).
    """
    found, faults = _items(*_json_rows(text))
    if faults:
        raise refused_bank(source, faults)
    return in_place(item for _, item in found)


def _no_rows(source: str, first: Fault) -> InvalidDocument:
    """Return the refusal of a file of which no line is an item: it is something else."""
    return InvalidDocument(
        "this is no bank: none of its lines is an item in JSON",
        code="files.bank",
        hint="a core becomes one by: comity bank build CORE.toml --seed 7 --out BANK.jsonl",
        source=source,
        faults=[first],
    )


def is_practice(path: Path) -> bool:
    """Tell whether a bank's file says that it is for practice: its first line does.

    Raises:
        NotFound: The file cannot be read.
    """
    try:
        with path.open("rb") as stream:
            return stream.readline(len(_MARK) + 2).strip() == _MARK
    except OSError as error:
        raise NotFound(
            f"cannot read the bank {path}: {error.strerror}", code="files.no_bank"
        ) from None


def write_bank(items: Iterable[Item], path: Path, *, practice: bool = False) -> None:
    """Write a bank as JSONL: whole or not at all.

    Args:
        practice: Whether its first line says that it is for practice, and for nothing else.

    Raises:
        StorageFailed: The disk refused; what stood there before still stands.
    """
    rows = (json.dumps(_row(item), ensure_ascii=False) + "\n" for item in items)
    lines = chain([_MARK.decode() + "\n"] if practice else [], rows)
    try:
        with NamedTemporaryFile(
            "w", encoding="utf-8", dir=path.parent, prefix=f".{path.name}.", delete=False
        ) as stream:
            try:
                stream.writelines(lines)
                stream.flush()
                os.fsync(stream.fileno())
                Path(stream.name).replace(path)
            except BaseException:
                Path(stream.name).unlink(missing_ok=True)
                raise
    except OSError as error:
        raise StorageFailed(
            f"cannot write the bank {path}: {error.strerror}",
            code="files.bank_storage",
            hint="nothing was written; make room or choose another folder",
        ) from None


def _row(item: Item) -> dict[str, object]:
    row = {name: getattr(item, name) for name in FIELDS}
    return row | {"review": item.review} if item.review else row


def _json_rows(held: bytes) -> tuple[list[Row], list[Fault]]:
    rows: list[Row] = []
    faults: list[Fault] = []
    for line, encoded in enumerate(held.split(b"\n"), start=1):
        if not encoded.strip() or (line == 1 and encoded.strip() == _MARK):
            continue
        try:
            value: object = json.loads(encoded.decode("utf-8"))
        except UnicodeDecodeError as error:
            faults.append(Fault(message="not UTF-8", line=line, column=error.start + 1))
        except json.JSONDecodeError as error:
            message = f"not JSON: {error.msg}"
            faults.append(Fault(message=message, line=line, column=error.colno))
        except (ValueError, RecursionError):
            faults.append(Fault(message="no item is nested or numbered like this", line=line))
        else:
            if isinstance(value, dict):
                rows.append((line, value))
            else:
                faults.append(Fault(message="an item is a JSON object", line=line))
    return rows, faults


def _parquet_rows(held: bytes) -> tuple[list[Row], list[Fault]]:
    import polars as pl  # noqa: PLC0415 - takes longer to import than most banks to read

    try:
        frame = pl.read_parquet(held, use_pyarrow=False)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError):
        return [], [Fault(message="damaged Parquet: it begins like one but cannot be read")]
    return [(line, _held(row)) for line, row in enumerate(frame.iter_rows(named=True), 1)], []


def _held(row: Mapping[str, object]) -> dict[str, object]:
    """Leave out what a row of a table has to hold as null."""
    found = {name: value for name, value in row.items() if value is not None}
    if isinstance(prompt := found.get("prompt"), Mapping):
        found["prompt"] = _held(prompt)
    return found


def _items(
    rows: Iterable[Row], faults: list[Fault]
) -> tuple[list[tuple[int, Item]], list[Fault]]:
    kept: list[tuple[int, Item]] = []
    first_lines: dict[str, int] = {}
    count = 0
    for line, row in rows:
        count += 1
        found = [Fault(message=message, line=line) for message in _faults_of(row)]
        faults += found
        if found and not _is_asked(row):
            continue
        prompt = cast("Json", row["prompt"])
        folded = " ".join(text_of(prompt).casefold().split())
        if (first := first_lines.setdefault(folded, line)) != line:
            faults.append(Fault(message=f"asks the same as line {first}", line=line))
        if not found:
            words = {name: str(row.get(name, "")) for name in ROW if name != "prompt"}
            kept.append((line, Item(position=0, prompt=prompt, **words)))
    if not count and not faults:
        faults.append(Fault(message="there is no item in it"))
    return kept, faults


def _is_asked(row: Mapping[str, object]) -> bool:
    """Tell whether a faulty row asks something that can be compared with the others."""
    return find_fault(cast("Json", row.get("prompt"))) is None and _is_encodable(
        cast("Json", row["prompt"])
    )


def _faults_of(row: Mapping[str, object]) -> Iterator[str]:
    for name in row:
        if name not in ROW:
            yield f"an item has no field {str(name)[:40]!r}; it has {', '.join(FIELDS)}"
    for name in FIELDS:
        value = row.get(name)
        if name == "prompt" and isinstance(value, Mapping):
            yield from _prompt_faults(value)
        elif not isinstance(value, str):
            yield f"{name} is missing or no text"
        else:
            yield from _text_faults(name, value)
    if row.get("review", "") not in REVIEWS:
        yield "review is 'unreviewed', or left out"


def _prompt_faults(prompt: Mapping[str, object]) -> Iterator[str]:
    value = cast("Json", prompt)
    if message := find_fault(value):
        yield message
    elif not _is_encodable(value):
        yield "prompt holds half a surrogate pair, which is no text"
    elif len(text_of(value)) > MAX_TEXT:
        yield f"prompt is longer than {MAX_TEXT} characters"


def _text_faults(name: str, text: str) -> Iterator[str]:
    if len(text) > MAX_TEXT:
        yield f"{name} is longer than {MAX_TEXT} characters"
    elif not _is_encodable(text):
        yield f"{name} holds half a surrogate pair, which is no text"
    elif name == "prompt" and not text.strip():
        yield "prompt is empty"
    elif name == "category" and not is_category_name(text):
        yield f"{text[:60]!r} is no category name; write lower-case words like road-safety"
    elif name == "scorer" and not is_scorer_id(text):
        yield f"{text[:60]!r} is no scorer; write its name and version like exact/1"


def is_scorer_id(text: str) -> bool:
    """Tell whether a text is written like a scorer's id: a name and a version."""
    return _SCORER.fullmatch(text) is not None


def _is_encodable(value: Json) -> bool:
    try:
        to_canonical(value)
    except InvalidDocument:
        return False
    return True


def refused_bank(source: str, faults: Sequence[Fault]) -> InvalidDocument:
    """Return the refusal of a bank, its faults in the order of their lines."""
    shown = sorted(faults, key=lambda fault: fault.line or 0)[:MAX_FAULTS]
    if len(faults) > MAX_FAULTS:
        shown.append(Fault(message=f"and {len(faults) - MAX_FAULTS} more faults"))
    return InvalidDocument("not a bank", code="files.bank", source=source, faults=shown)
