# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Inspect's agents and scorers as subjects: programs that answer line by line.

An agent is asked as any other service; a scorer is asked as a judge, in the words of
`TEMPLATE`. Inspect is never imported here.
"""

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from comity.assess.adapters import inspect_worker
from comity.assess.subjects.process import Process
from comity.errors import Fault, InvalidDocument
from comity.kernel.canonical import Json

TEMPLATE = """\
PROMPT {fence}
{prompt}
REFERENCE {fence}
{reference}
ANSWER {fence}
{answer}
END {fence}
PASS or FAIL
"""
"""What a judge that is a scorer of Inspect must be asked; its worker reads nothing else."""

FIELDS = ("task", "model", "base_url", "args", "scorer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How Inspect is started.

    Args:
        task: `file.py@name` of a task whose solver answers; "" for a scorer.
        model: As Inspect names it, such as "openai-api/local/m"; "" where the task has one.
        args: Of the task.
        scorer: `file.py@name` of a scorer; "" for an agent.
    """

    task: str = ""
    model: str = ""
    base_url: str = ""
    args: Mapping[str, Json] = field(default_factory=dict)
    scorer: str = ""


def settings_from(values: Mapping[str, Json], folder: Path) -> Settings:
    """Read the table `[inspect]` of a service's file.

    Raises:
        InvalidDocument: With every fault.
    """
    faults = [
        Fault(message=f"[inspect] has no field {name[:40]!r}; there are {', '.join(FIELDS)}")
        for name in values
        if name not in FIELDS
    ]
    words = {name: values.get(name, "") for name in FIELDS if name != "args"}
    faults += [
        Fault(message=f"[inspect] {name} is a text")
        for name, value in words.items()
        if not isinstance(value, str)
    ]
    args = values.get("args", {})
    if not isinstance(args, Mapping):
        faults.append(Fault(message="[inspect] args is a table"))
    if bool(values.get("task")) is bool(values.get("scorer")):
        faults.append(Fault(message="[inspect] names a task or a scorer, one of them"))
    named = {name: _placed(str(words[name]), folder) for name in ("task", "scorer")}
    faults += [
        Fault(message=f"[inspect] there is no file {place.partition('@')[0]}")
        for place in named.values()
        if place and not Path(place.partition("@")[0]).is_file()
    ]
    if faults:
        raise InvalidDocument(
            "not an agent or scorer of Inspect", code="assess.inspect", faults=faults,
            hint='task = "booking.py@booking", or scorer = "tone.py@polite"',
        )  # fmt: skip
    return Settings(
        model=str(words["model"]), base_url=str(words["base_url"]), **named,
        args=dict(args) if isinstance(args, Mapping) else {},
    )  # fmt: skip


def inspect(settings: Settings, *, python: str = sys.executable, processes: int = 1) -> Process:
    """Describe an agent or scorer of Inspect (extra `inspect`).

    Args:
        python: An interpreter that has Inspect.
        processes: How many run side by side; each answers one question at a time.
    """
    script = str(Path(inspect_worker.__file__).absolute())
    role = "agent" if settings.task else "scorer"
    options = {
        "--task": settings.task, "--model": settings.model, "--base-url": settings.base_url,
        "--scorer": settings.scorer,
        "--task-args": json.dumps(settings.args) if settings.args else "",
    }  # fmt: skip
    words = [word for name, value in options.items() if value for word in (name, value)]
    return Process(
        command=(python, "-I", script, role, *words),
        label=f"{Path(settings.task or settings.scorer).name} under Inspect",
        processes=processes,
        announces=True,
    )


def _placed(place: str, folder: Path) -> str:
    """Return a `file.py@name` with its file found from the folder of the service's file."""
    path, at, name = place.partition("@")
    return f"{(folder / path).absolute()}{at}{name}" if place else ""
