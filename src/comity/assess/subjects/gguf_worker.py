# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""One GGUF file under xllamacpp, asked line by line (docs/reference/subjects.md).

    python -m comity.assess.subjects.gguf_worker model.gguf --max-tokens 64

One question at a time, nothing cached between questions, temperature 0: the same file under
the same engine on the same kind of processor answers the same.
"""

import argparse
import json
import os
import sys
from collections.abc import Iterator
from typing import TextIO


def load(file: str, threads: int, context_tokens: int) -> "object":
    """Load the file.

    Raises:
        ImportError: xllamacpp is not installed.
        RuntimeError: It cannot load the file.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")  # read once, as the engine loads
    import xllamacpp  # noqa: PLC0415 - of the extra demo, and only this process needs it

    settings = xllamacpp.CommonParams()
    settings.model.path = file
    settings.hostnames = ["127.0.0.1"]
    settings.n_parallel, settings.n_ctx = 1, context_tokens
    settings.cpuparams.n_threads = settings.cpuparams_batch.n_threads = threads
    settings.cache_prompt = settings.warmup = settings.ui = False
    settings.endpoint_slots = settings.endpoint_props = False
    settings.verbosity = -1
    server: object = xllamacpp.Server(settings)
    return server


def answer(server: "object", messages: object, max_tokens: int) -> str:
    """Answer one conversation."""
    asked = {"messages": messages, "temperature": 0, "seed": 1, "max_tokens": max_tokens}
    reply = server.handle_chat_completions(asked)  # type: ignore[attr-defined] # ships no types
    return str(reply["choices"][0]["message"]["content"])


def serve(lines: Iterator[str], out: TextIO, arguments: argparse.Namespace) -> None:
    """Load, say so, then answer line by line until the input ends."""
    try:
        server = load(arguments.file, arguments.threads, arguments.context_tokens)
    except ImportError:
        _say(out, {"fault": "xllamacpp is not installed; install Comity's extra demo"})
        return
    except RuntimeError as error:
        _say(out, {"fault": f"xllamacpp cannot load the file: {error}"})
        return
    _say(out, {"ready": True})
    for line in lines:
        try:
            text = answer(server, json.loads(line)["messages"], arguments.max_tokens)
        except (ValueError, KeyError, RuntimeError) as error:
            _say(out, {"error": f"{type(error).__name__}: {error}"})
        else:
            _say(out, {"answer": text})


def main() -> None:
    """Read the arguments and serve; what the engine prints goes to stderr."""
    parser = argparse.ArgumentParser(prog="gguf_worker")
    parser.add_argument("file")
    parser.add_argument("--max-tokens", type=int, default=256)
    parser.add_argument("--context-tokens", type=int, default=4096)
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    serve(iter(sys.stdin), out, arguments)


def _say(out: TextIO, what: dict[str, object]) -> None:
    out.write(json.dumps(what) + "\n")
    out.flush()


if __name__ == "__main__":
    main()
