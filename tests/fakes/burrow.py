# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Fuzz one gate after another, led by what of our code the bytes reach; a process of its own.

Each gate is fuzzed in a fork with limits on its time and memory, a fixed number of runs and
a fixed seed: python burrow.py FOLDER SEED RUNS. One line of JSON is printed for each.
"""

import json
import os
import resource
import sys
from pathlib import Path

import atheris  # type: ignore[import-untyped] # it brings no types

ROOT = Path(__file__).parents[2]
MEMORY_MB = 1024
CPU_S = 60
sys.path.insert(0, str(ROOT))

with atheris.instrument_imports(include=["comity.ledger", "comity.node", "comity.kernel"]):
    from tests.fakes.gate import Gate, gates

    from comity.errors import ComityError

SLOW = {"key file": 50}
"""Gates that stretch a passphrase for each document: a share of the runs, one in so many."""


def fuzz(gate: Gate, folder: Path, seed: int, runs: int) -> None:
    """Fuzz one gate; this process does not come back from it."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    said = os.open(folder / "said", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(said, 1)
    os.dup2(said, 2)
    corpus = folder / "corpus"
    corpus.mkdir()
    for number, sound in enumerate(gate.sound):
        (corpus / f"{number}").write_bytes(sound)

    def one(encoded: bytes) -> None:
        try:
            gate.read(encoded)
        except ComityError:
            return

    options = (f"-runs={runs}", f"-seed={seed}", f"-rss_limit_mb={MEMORY_MB}", "-timeout=10",
               "-max_len=8192", f"-artifact_prefix={folder}/")  # fmt: skip
    atheris.Setup([sys.argv[0], *options, str(corpus)], one)
    atheris.Fuzz()


def main() -> None:
    """Fuzz every gate and say what came of it."""
    folder, seed, runs = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    for number, (name, gate) in enumerate(gates(folder).items()):
        place = folder / f"gate-{number}"
        place.mkdir()
        child = os.fork()
        if not child:
            fuzz(gate, place, seed, runs // SLOW.get(name, 1))
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        text = (place / "said").read_text("utf-8", "replace")
        print(json.dumps({"gate": name, "code": code, "said": text[-3000:]}), flush=True)  # noqa: T201 - its output


if __name__ == "__main__":
    main()
