# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Measure a witness: durable cosignatures by both algorithms, the whole server process.

`python benchmarks/witness.py`: founds a node that witnesses some logs, serves it with `comity
node serve`, and asks it to cosign growth over keep-alive connections. Every answer is checked
by both keys. Beside it, in the same run: the machine's rate of synced 1 KiB writes, and the
rate at which one core makes the two signatures.
"""

import argparse
import http.client
import json
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from comity.kernel.ids import MemberId, Origin
from comity.kernel.instant import from_posix
from comity.kernel.merkle import Tree, leaf_hash
from comity.ledger.checkpoint import Checkpoint, sign_checkpoint
from comity.ledger.cosignature import cosign, find_cosignature
from comity.ledger.mldsa import MlDsaKey
from comity.ledger.note import (
    COSIGNATURE_ED25519,
    COSIGNATURE_MLDSA,
    ED25519,
    Note,
    NoteKey,
    NoteSigner,
    from_lines,
)
from comity.ledger.signature import SigningKey
from comity.node.member.config import Peer, to_peer_toml
from comity.node.node import Node
from comity.node.witness.witness import to_request

PASSPHRASE = "a benchmark has no secrets"  # noqa: S105 - it protects nothing
SECOND_S = 1.0


class Log:
    """A log that grows by one entry at each request."""

    def __init__(self, number: int) -> None:
        self.signer = NoteSigner.of(
            f"log{number}.example/log",
            ED25519,
            SigningKey.from_seed(number.to_bytes(32, "big")),
        )
        self.leaves = [leaf_hash(b"%d" % number)]

    @property
    def peer(self) -> Peer:
        """Return the log as a witness's settings name it."""
        return Peer(
            member=MemberId(self.signer.key.public.hex()),
            name=self.signer.key.name,
            url="http://127.0.0.1:1",
            log_key=self.signer.key,
        )

    def requests(self, count: int) -> Iterator[tuple[bytes, Note]]:
        """Yield requests to cosign, each a growth by one entry, with what is signed."""
        size = 0
        for number in range(count):
            self.leaves.append(leaf_hash(b"%d" % number))
            tree = Tree.of(self.leaves)
            point = Checkpoint(
                origin=Origin(self.signer.key.name), size=tree.size, root=tree.root
            )
            note = sign_checkpoint(point, self.signer)
            yield to_request(size, tree.consistency(size), note), note
            size = tree.size


def main() -> None:
    """Run all arms and print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=600)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        rows = measured(Path(folder), asked.requests)
    if asked.json:
        print(json.dumps(rows, indent=2))
        return
    for name, rate in rows.items():
        print(f"{name:<64}{rate:>10,.0f} a second")


def measured(folder: Path, count: int) -> dict[str, float]:
    """Return each rate by its name."""
    rows = {
        "synced writes of 1 KiB": synced_writes(folder),
        "Ed25519 and ML-DSA-44 signed, one core": signatures(),
    }
    for connections in (1, 4):
        logs = [Log(number) for number in range(1, connections + 1)]
        home = folder / f"w{connections}"
        keys = witness(home, logs)
        with served(home) as (port, process):
            share = count // connections
            asked = [list(log.requests(share)) for log in logs]
            start = time.perf_counter()
            with ThreadPoolExecutor(connections) as pool:
                answers = list(pool.map(lambda one: ask(port, one), asked))
            elapsed = time.perf_counter() - start
            used = cpu_s(process.pid)
        check(asked, answers, keys)
        name = f"witness, {connections} connection{'s' * (connections > 1)}, both signatures"
        rows[name] = share * connections / elapsed
        rows[f"{name}, by a CPU-second of the server"] = share * connections / used
    return rows


def witness(folder: Path, logs: Sequence[Log]) -> tuple[NoteKey, ...]:
    """Found the node of a witness and return its keys."""
    node = Node.create(
        folder,
        name="Witness",
        role="regulator",
        jurisdiction="KHM",
        origin="witness.example/log",
        passphrase=PASSPHRASE,
        now=from_posix(int(time.time())),
        entropy=secrets.token_bytes,
        example=True,
    )
    keys = node.keyset.witness_keys
    node.close()
    settings = folder / "node.toml"
    text = settings.read_text(encoding="utf-8")
    text += "\n[http]\nrequests_a_minute = 1000000\n"
    settings.write_text(text + "".join(to_peer_toml(log.peer) for log in logs))
    return keys


@contextmanager
def served(folder: Path) -> Iterator[tuple[int, "subprocess.Popen[str]"]]:
    """Serve a node in a process of its own and yield its port."""
    command = [sys.executable, "-m", "comity.cli", "node", "serve", str(folder), "--port", "0"]
    environment = os.environ | {"COMITY_PASSPHRASE": PASSPHRASE}
    with subprocess.Popen(  # noqa: S603 - our own program
        command, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            yield int(process.stdout.readline().rpartition(":")[2]), process
        finally:
            process.terminate()


def ask(port: int, requests: Sequence[tuple[bytes, Note]]) -> list[bytes]:
    """Send requests over one connection and return the answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.connect()  # head and body leave in two packets; neither waits for the other
    connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    found: list[bytes] = []
    for body, _ in requests:
        connection.request("POST", "/add-checkpoint", body)
        answer = connection.getresponse()
        content = answer.read()
        if answer.status != 200:
            sys.exit(f"{answer.status}: {content[:200]!r}")
        found.append(content)
    connection.close()
    return found


def check(
    asked: Sequence[Sequence[tuple[bytes, Note]]],
    answers: Sequence[Sequence[bytes]],
    keys: Sequence[NoteKey],
) -> None:
    """Check every answer by every key."""
    for requests, lines in zip(asked, answers, strict=True):
        for (_, note), line in zip(requests, lines, strict=True):
            signed = note.with_signatures(from_lines(line.decode()))
            if not all(find_cosignature(signed, key) for key in keys):
                sys.exit("an answer does not verify")


def cpu_s(pid: int) -> float:
    """Return the CPU-seconds a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def synced_writes(folder: Path) -> float:
    """Return how often a second 1 KiB can be appended and synced."""
    count, start = 0, time.perf_counter()
    with (folder / "synced").open("wb", buffering=0) as file:
        while time.perf_counter() - start < SECOND_S:
            file.write(bytes(1024))
            os.fdatasync(file.fileno())
            count += 1
    return count / (time.perf_counter() - start)


def signatures() -> float:
    """Return how often a second both cosignatures are made."""
    log = Log(99)
    _, note = next(log.requests(1))
    signers = (
        NoteSigner.of("w", COSIGNATURE_ED25519, SigningKey.from_seed(bytes(32))),
        NoteSigner.of("w", COSIGNATURE_MLDSA, MlDsaKey.from_seed(bytes(32))),
    )
    count, start = 0, time.perf_counter()
    while time.perf_counter() - start < SECOND_S:
        for signer in signers:
            cosign(note, signer, from_posix(1_795_288_764))
        count += 1
    return count / (time.perf_counter() - start)


if __name__ == "__main__":
    main()
