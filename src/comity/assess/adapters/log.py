# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A transcript as a log of Inspect's, so that `inspect view` shows what was asked."""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from comity.assess.adapters import inspect_worker
from comity.errors import NotPermitted, StorageFailed
from comity.evidence.prompt import text_of
from comity.evidence.statistics.outcome import is_passed
from comity.evidence.transcript import Missing, Record
from comity.kernel.canonical import Json

TIMEOUT_S = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What stands above the samples.

    Args:
        created: RFC 3339.
        task: What was tested for.
        model: What was tested.
        about: Where all this is proven.
    """

    created: str
    task: str
    model: str
    about: dict[str, Json]


def to_eval_log(heading: Heading, records: Sequence[Record]) -> Json:
    """Write records as the JSON form of Inspect's log, in the order they were asked.

    Errors and late answers are samples that scored I, not samples left out.
    """
    samples: list[Json] = [_sample(number, each) for number, each in enumerate(records, 1)]
    passed = sum(is_passed(each.outcome) for each in records)
    rate: dict[str, Json] = {"name": "accuracy", "value": _share(passed, len(records))}
    return {
        "version": 2,
        "status": "success",
        "eval": {
            "created": heading.created,
            "task": heading.task,
            "dataset": {"name": heading.task, "samples": len(records)},
            "model": heading.model,
            "config": {},
            "metadata": heading.about,
        },
        "results": {
            "total_samples": len(records),
            "completed_samples": len(records),
            "scores": [{"name": "comity", "scorer": "comity", "metrics": {"accuracy": rate}}],
        },
        "samples": samples,
    }


def write_log(log: Json, out: Path, *, python: str = sys.executable) -> None:
    """Let Inspect, in a process of its own, write a log.

    Raises:
        NotPermitted: Inspect is not installed.
        StorageFailed: The file could not be written; nothing half-written stays.
    """
    beside = out.with_name(f".{out.name}.part.eval")
    script = str(Path(inspect_worker.__file__).absolute())
    done = subprocess.run(  # noqa: S603 - our own script
        [python, "-I", script, "log", str(beside.absolute())],
        input=json.dumps(log), capture_output=True, text=True, check=False, timeout=TIMEOUT_S,
    )  # fmt: skip
    said = json.loads(done.stdout.splitlines()[-1]) if done.stdout.strip() else {}
    if "written" in said:
        beside.replace(out)
        return
    beside.unlink(missing_ok=True)
    words = str(said.get("fault", "it did not answer"))
    if "not installed" in words:
        raise NotPermitted(words, code="assess.inspect", hint="it is Comity's extra inspect")
    raise StorageFailed(f"cannot write {out}: {words}", code="assess.log")


def _sample(number: int, record: Record) -> Json:
    item, answer = record.opening.item, record.answer
    prompt = text_of(item.prompt)
    missing = isinstance(answer, Missing)
    said = "" if isinstance(answer, Missing) else answer
    value: Json = "C" if is_passed(record.outcome) else "I"
    why = f"no answer: {answer.value}" if isinstance(answer, Missing) else item.scorer
    choice: Json = {"message": {"role": "assistant", "content": said}, "stop_reason": "stop"}
    return {
        "id": number,
        "epoch": 1,
        "input": prompt,
        "target": text_of(item.reference),
        "messages": [{"role": "user", "content": prompt}],
        "output": {"model": "", "choices": [] if missing else [choice]},
        "scores": {"comity": {"value": value, "answer": said, "explanation": why}},
        "metadata": {
            "category": item.category, "position": item.position, "draw": record.draw,
            "scorer": item.scorer,
        },
    }  # fmt: skip


def _share(part: int, whole: int) -> Json:
    """Return a share as Inspect writes it; this JSON is shown, never signed."""
    return part / whole if whole else 0  # type: ignore[return-value] # a float, in a log of theirs
