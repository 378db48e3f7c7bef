# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Inspect, spoken to line by line, in a process of its own: importing it takes seconds.

    python inspect_worker.py agent --task booking.py@booking --model openai-api/local/m
    python inspect_worker.py scorer --scorer tone.py@polite
    python inspect_worker.py log OUT.eval

An agent answers each line with a task's solver, tools and sandbox; the task's own dataset and
scorer are left aside. A scorer says PASS or FAIL of what a judge is asked. A log is written
from one JSON document on the input. It imports nothing of Comity, so that it runs under any
interpreter that has Inspect, and no tokenizer is ever fetched.
"""

import argparse
import asyncio
import importlib.util
import json
import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from inspect_ai.log import EvalSample

LONGEST = 600
"""Characters of a fault's words."""

QUESTION = re.compile(
    r"\APROMPT (\w{16})\n(.*)\nREFERENCE \1\n(.*)\nANSWER \1\n(.*)\nEND \1\n", re.DOTALL
)
"""What `comity.assess.adapters.agent.TEMPLATE` asks, read back."""

Say = Callable[[dict[str, object]], None]


def main() -> None:
    """Serve one of three roles; what libraries print goes to stderr."""
    parser = argparse.ArgumentParser(prog="inspect_worker")
    parser.add_argument("role", choices=("agent", "scorer", "log"))
    parser.add_argument("out", nargs="?", type=Path)
    for name in ("task", "model", "base-url", "scorer", "task-args"):
        parser.add_argument(f"--{name}", default="")
    arguments = parser.parse_args()
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    os.environ.setdefault("INSPECT_DISPLAY", "none")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["INSPECT_LOG_DIR"] = folder
        try:
            keep_tokenizers_home()
            ROLES[arguments.role](arguments, _sayer(out))
        except ImportError as error:
            hint = "name an interpreter that has it: python = ..."
            _sayer(out)({"fault": f"{error.name or error} is not installed; {hint}"})
        except Exception as error:  # noqa: BLE001 - what a task's file raises is said in words
            words = " ".join(str(error).split())
            _sayer(out)({"fault": f"{type(error).__name__}: {words}"[:LONGEST]})


def keep_tokenizers_home() -> None:
    """Count tokens by length where a model does not say: a table would be downloaded."""
    with suppress(ImportError):
        import tiktoken  # noqa: PLC0415 - only where Inspect brought it

        for name in ("get_encoding", "encoding_for_model"):
            setattr(tiktoken, name, lambda *_: _Lengths())


class _Lengths:
    """Stands for a tokenizer: four characters a token."""

    def encode(self, text: str, **_: object) -> list[int]:
        """Return as many numbers as the text may have tokens."""
        return list(range(-(-len(text) // 4)))


def agent(arguments: argparse.Namespace, say: Say) -> None:
    """Answer each question with a task's solver, until the input ends."""
    from inspect_ai import Task, eval, task_with  # noqa: A004, PLC0415 - takes seconds

    make = _named(arguments.task)
    task = make(**json.loads(arguments.task_args or "{}"))
    if not isinstance(task, Task):
        raise TypeError(f"{arguments.task} makes no task of Inspect")
    task_with(task, dataset=_source(say), scorer=None)
    more = {"model": arguments.model} if arguments.model else {}
    if arguments.base_url:
        more["model_base_url"] = arguments.base_url
    (log,) = eval(
        task, display="none", max_samples=1, fail_on_error=False, log_realtime=False, **more
    )
    if log.status == "error":
        raise RuntimeError(log.error.message if log.error else "the task failed")


def _source(say: Say) -> Any:
    from inspect_ai import SampleSource  # noqa: PLC0415 - takes seconds
    from inspect_ai.dataset import Sample  # noqa: PLC0415 - likewise

    class Lines(SampleSource):
        """Each line of the input is one sample."""

        def __init__(self) -> None:
            self._count = 0

        async def next_samples(self) -> list[Sample] | None:
            """Wait for the next question; None when there will be none."""
            if not self._count:
                say({"ready": True})
            line = await asyncio.to_thread(sys.stdin.readline)
            if not line.strip():
                return None
            asked = json.loads(line)
            self._count += 1
            messages = [_message(each) for each in asked["messages"]]
            return [Sample(id=self._count, input=messages, metadata={"asked": asked.get("id")})]

        async def sample_complete(self, sample: "EvalSample") -> None:
            """Say the answer."""
            asked = (sample.metadata or {}).get("asked")
            if sample.error is not None:
                say({"id": asked, "error": sample.error.message[:LONGEST]})
            else:
                say({"id": asked, "answer": sample.output.completion})

    return Lines()


def _message(plain: dict[str, str]) -> Any:
    from inspect_ai import model  # noqa: PLC0415 - takes seconds

    kinds: dict[str, Any] = {
        "system": model.ChatMessageSystem,
        "user": model.ChatMessageUser,
        "assistant": model.ChatMessageAssistant,
    }
    return kinds[plain["role"]](content=plain["content"])


def scorer(arguments: argparse.Namespace, say: Say) -> None:
    """Say PASS or FAIL of each answer, as a scorer of Inspect scores it."""
    from inspect_ai.model import ModelName, ModelOutput  # noqa: PLC0415 - takes seconds
    from inspect_ai.scorer import Target  # noqa: PLC0415 - likewise
    from inspect_ai.solver import TaskState  # noqa: PLC0415 - likewise

    score = _named(arguments.scorer)()
    say({"ready": True})
    for line in sys.stdin:
        question = QUESTION.match(json.loads(line)["prompt"])
        if question is None:  # a greeting, or a template that is not ours
            say({"answer": "FAIL"})
            continue
        _, prompt, reference, answer = question.groups()
        state = TaskState(
            model=ModelName("comity/answer"), sample_id=1, epoch=1, input=prompt, messages=[],
            target=Target(reference), output=ModelOutput.from_content("comity/answer", answer),
        )  # fmt: skip
        try:
            found = asyncio.run(score(state, Target(reference)))
        except Exception as error:  # noqa: BLE001 - one answer's failure is no one else's
            say({"error": f"{type(error).__name__}: {error}"[:LONGEST]})
        else:
            say(
                {"answer": "PASS" if passes(None if found is None else found.value) else "FAIL"}
            )


def passes(value: object) -> bool:
    """Tell whether a score of Inspect's is a pass: C, true, or 1; everything else is none."""
    return value == "C" if isinstance(value, str) else value is True or value == 1


def log(arguments: argparse.Namespace, say: Say) -> None:
    """Write a log that `inspect view` opens."""
    from inspect_ai.log import EvalLog, write_eval_log  # noqa: PLC0415 - takes seconds

    written = EvalLog.model_validate(json.loads(sys.stdin.read()))
    write_eval_log(written, str(arguments.out))
    say({"written": len(written.samples or ())})


ROLES = {"agent": agent, "scorer": scorer, "log": log}


def _named(place: str) -> Callable[..., Any]:
    """Return what `file.py@name` names; without a name, the only one it decorates."""
    path, _, name = place.partition("@")
    folder = str(Path(path).resolve().parent)
    sys.path.insert(0, folder)
    spec = importlib.util.spec_from_file_location(Path(path).stem, path)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    found = getattr(module, name, None) if name else _only(vars(module).values())
    if not callable(found):
        raise TypeError(f"{path} has nothing called {name or 'a task'}")
    return found  # type: ignore[no-any-return] # what somebody else's file holds


def _only(values: Iterable[object]) -> object:
    """Return the one thing that Inspect has registered, if there is just one."""
    found = [one for one in values if hasattr(one, "__registry_info__")]
    return found[0] if len(found) == 1 else None


def _sayer(out: TextIO) -> Say:
    def say(what: dict[str, object]) -> None:
        out.write(json.dumps(what) + "\n")
        out.flush()

    return say


if __name__ == "__main__":
    main()
