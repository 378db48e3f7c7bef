# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Subjects that are weights on this machine, each under its engine in a process of its own.

Each process answers one question at a time: what is answered together in one batch can
change an answer's last bits, so parallel width is a matter of processes, never of batches.
"""

import sys
from dataclasses import dataclass
from pathlib import Path

from comity.assess.subjects import gguf_worker, transformers_worker
from comity.assess.subjects.process import Process


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """How an engine runs.

    Args:
        max_tokens: Most tokens of one answer.
        context_tokens: Most tokens of a conversation and its answer; GGUF only.
        threads: Of one process; another number can change an answer's last bits.
        processes: How many run side by side, each with the weights in memory.
        python: The interpreter; the tester's own where none is named.
    """

    max_tokens: int = 256
    context_tokens: int = 4096
    threads: int = 2
    processes: int = 1
    python: str = sys.executable


STANDARD = Engine()


def gguf(file: Path, engine: Engine = STANDARD) -> Process:
    """Describe a GGUF file under xllamacpp (extra `demo`)."""
    more = ("--context-tokens", str(engine.context_tokens))
    command = (engine.python, "-m", gguf_worker.__name__, str(file.absolute()), *more)
    return _process(command, f"{file.name} under xllamacpp", engine)


def transformers(path: Path, engine: Engine = STANDARD) -> Process:
    """Describe a Hugging Face model in a folder or GGUF file (extra `transformers`)."""
    script = str(Path(transformers_worker.__file__).absolute())
    command = (engine.python, "-I", script, str(path.absolute()))
    return _process(command, f"{path.name} under transformers", engine)


def _process(command: tuple[str, ...], label: str, engine: Engine) -> Process:
    tokens = ("--max-tokens", str(engine.max_tokens), "--threads", str(engine.threads))
    return Process(
        command=(*command, *tokens),
        label=label,
        settings={"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1"},
        processes=engine.processes,
        announces=True,
    )
