# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A Hugging Face model from a local folder or GGUF file, asked line by line.

    python transformers_worker.py FOLDER-OR-FILE --max-tokens 64

It imports nothing of Comity, so that it runs under any interpreter that has torch and
transformers (for GGUF files gguf and accelerate too). Nothing is fetched, no code of the
model's folder is run, and each token is the likeliest one.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import TextIO

Answer = Callable[[list[dict[str, str]]], str]


def load(path: Path, *, threads: int, max_tokens: int) -> Answer:
    """Load a model and return what answers a conversation with it.

    Raises:
        ImportError: torch or transformers is not installed.
        OSError: The folder or file holds no such model.
        ValueError: Its form is not known, or it has no chat template.
    """
    torch, transformers = import_module("torch"), import_module("transformers")
    torch.manual_seed(1)
    torch.set_num_threads(threads)
    torch.use_deterministic_algorithms(mode=True)
    transformers.utils.logging.disable_progress_bar()
    source = {"gguf_file": path.name} if path.is_file() else {}
    folder = path.parent if path.is_file() else path
    local = {"local_files_only": True, "trust_remote_code": False, **source}
    tokens = transformers.AutoTokenizer.from_pretrained(folder, **local)
    model = transformers.AutoModelForCausalLM.from_pretrained(
        folder, dtype=torch.float32, **local
    ).eval()
    if tokens.chat_template is None:
        raise ValueError("its tokenizer has no chat template")

    def answer(messages: list[dict[str, str]]) -> str:
        asked = tokens.apply_chat_template(
            messages, add_generation_prompt=True, return_tensors="pt", return_dict=True
        )
        with torch.inference_mode():
            found = model.generate(
                **asked, do_sample=False, num_beams=1, max_new_tokens=max_tokens
            )
        begun = asked["input_ids"].shape[1]
        return str(tokens.decode(found[0][begun:], skip_special_tokens=True))

    return answer


def serve(lines: Iterator[str], out: TextIO, arguments: argparse.Namespace) -> None:
    """Load, say so, then answer line by line until the input ends."""
    try:
        answer = load(
            arguments.path, threads=arguments.threads, max_tokens=arguments.max_tokens
        )
    except ImportError as error:
        hint = "name an interpreter that has it: python = ..."
        _say(out, {"fault": f"{error.name or error} is not installed; {hint}"})
        return
    except Exception as error:  # noqa: BLE001 - what a library raises of a file is said in words
        words = " ".join(str(error).split())[:400]
        _say(out, {"fault": f"it cannot be loaded: {type(error).__name__}: {words}"})
        return
    _say(out, {"ready": True})
    for line in lines:
        try:
            text = answer(json.loads(line)["messages"])
        except Exception as error:  # noqa: BLE001 - one question's failure is no one else's
            _say(out, {"error": f"{type(error).__name__}: {error}"})
        else:
            _say(out, {"answer": text})


def main() -> None:
    """Read the arguments and serve; what the libraries print goes to stderr."""
    parser = argparse.ArgumentParser(prog="transformers_worker")
    parser.add_argument("path", type=Path)
    parser.add_argument("--max-tokens", type=int, default=256)
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    os.environ.update(
        HF_HUB_OFFLINE="1", TRANSFORMERS_OFFLINE="1", HF_HUB_DISABLE_TELEMETRY="1"
    )
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    serve(iter(sys.stdin), out, arguments)


def _say(out: TextIO, what: dict[str, object]) -> None:
    out.write(json.dumps(what) + "\n")
    out.flush()


if __name__ == "__main__":
    main()
