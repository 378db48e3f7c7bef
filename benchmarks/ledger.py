# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Signed durable appends and full verification, beside what this machine can do at most.

Rounds interleave all arms, so that a busy machine slows each alike; ratios are of medians.
Usage: python benchmarks/ledger.py [--statements N] [--folder DIR]
"""

import argparse
import os
import resource
import secrets
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from nacl import bindings

from comity.kernel.digest import sha256
from comity.kernel.instant import from_rfc3339
from comity.ledger.envelope import sign_payload
from comity.ledger.keyset import open_first_entry
from comity.ledger.note import ED25519, NoteSigner
from comity.ledger.reading import read_entry
from comity.ledger.signature import SigningKey
from comity.ledger.statement import PAYLOAD_TYPE, Statement, Subject, to_payload
from comity.node.config import Peer
from comity.node.log import Log
from comity.node.node import Node
from comity.node.storage import Disk

ROUNDS = 3
NOW = from_rfc3339("2026-11-21T19:19:24Z")
KEY = SigningKey.from_seed(bytes(range(32)))
SIGNER = NoteSigner.of("bench.example/log", ED25519, SigningKey.from_seed(bytes(32)))


@dataclass(slots=True)
class Arm:
    """One thing measured: statements a second of wall time, and CPU-seconds for each 1000."""

    rates: list[float]
    cpu: list[float]

    @property
    def rate(self) -> float:
        """Return the median rate."""
        return statistics.median(self.rates)


def statement(number: int) -> Statement:
    """Return a finding-like statement of about 700 bytes."""
    return Statement(
        predicate_type="https://comity.example/finding/v1",
        predicate={
            "issued": "2026-11-21T19:19:24Z",
            "plan": {"log": "bench.example/log", "index": number, "sha256": "ab" * 32},
            "seed": sha256(b"%d" % number).hex(),
            "results": [
                {"category": f"category-{n}", "verdict": "shown", "asked": 64, "failed": n}
                for n in range(4)
            ],
        },
        subjects=(Subject.of(sha256(b"model %d" % number), name="translator"),),
    )


def entry(number: int) -> bytes:
    """Return a signed entry."""
    return sign_payload(to_payload(statement(number)), PAYLOAD_TYPE, [KEY])


@contextmanager
def measured(arm: Arm, count: int) -> Iterator[None]:
    """Add one round to an arm."""
    wall, cpu = time.perf_counter(), time.process_time()
    yield
    arm.cpu.append((time.process_time() - cpu) / count * 1000)
    arm.rates.append(count / (time.perf_counter() - wall))


def sync_raw(folder: Path, count: int) -> None:
    """Append entries one by one and sync each: what the disk allows."""
    content = entry(0)
    handle = os.open(folder / secrets.token_hex(4), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for _ in range(count):
        os.write(handle, content)
        os.fdatasync(handle)
    os.close(handle)


def sign_only(count: int) -> None:
    """Sign messages of an entry's size: what one core allows."""
    message = entry(0)
    for _ in range(count):
        bindings.crypto_sign(message, KEY.secret)


def verify_only(count: int) -> None:
    """Verify one signature again and again: what one core allows."""
    signed = bindings.crypto_sign(entry(0), KEY.secret)
    for _ in range(count):
        bindings.crypto_sign_open(signed, KEY.public)


def append(folder: Path, batch: int, count: int) -> None:
    """Encode, sign, journal, sync and sign a checkpoint for each batch."""
    log = Log(Disk(folder / secrets.token_hex(4)), SIGNER)
    for start in range(0, count, batch):
        log.append([entry(number) for number in range(start, start + batch)])


def append_unsigned(folder: Path, batch: int, count: int) -> None:
    """Tree, journal and checkpoint only; the entries are there already."""
    ready = [entry(number) for number in range(batch)]
    log = Log(Disk(folder / secrets.token_hex(4)), SIGNER)
    for _ in range(0, count, batch):
        log.append(ready)


def author(folder: Path, count: int) -> Node:
    """Found a node with a published log of *count* statements."""
    node = Node.create(
        folder / "author",
        name="author",
        role="regulator",
        jurisdiction="KHM",
        origin="author.example/log",
        passphrase="bench",  # noqa: S106 - it protects nothing
        now=NOW,
        entropy=secrets.token_bytes,
        example=True,
    )
    for start in range(0, count, 4096):
        last = min(start + 4096, count)
        node.append([statement(number) for number in range(start, last)], NOW)
    node.publish(NOW)
    return node


def follower(folder: Path, of: Node) -> Node:
    """Found a node that follows another from its folder."""
    node = Node.create(
        folder / secrets.token_hex(4),
        name="follower",
        role="regulator",
        jurisdiction="BRA",
        origin="follower.example/log",
        passphrase="bench",  # noqa: S106 - it protects nothing
        now=NOW,
        entropy=secrets.token_bytes,
        example=True,
    )
    node.add_peer(
        Peer(
            member=of.member,
            name="author",
            url=str(of.public_folder),
            log_key=of.keyset.log_key,
        )
    )
    return node


def follow(folder: Path, of: Node) -> None:
    """Fetch, recompute the root, check every signature and index."""
    node = follower(folder, of)
    node.follow("author", NOW)
    node.view()
    node.close()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--statements", type=int, default=4096)
    parser.add_argument("--folder", type=Path, default=None)
    chosen = parser.parse_args()
    count = chosen.statements
    with tempfile.TemporaryDirectory(dir=chosen.folder) as place:
        folder = Path(place)
        of = author(folder, count)
        keyset, _ = open_first_entry(next(of.log.entries(0, 1)))
        logged = list(of.log.entries(1))
        few = min(count, 512)
        arms: dict[str, tuple[int, Callable[[], object]]] = {
            "libsodium sign": (count, lambda: sign_only(count)),
            "libsodium verify": (count, lambda: verify_only(count)),
            "raw append + fdatasync": (few, lambda: sync_raw(folder, few)),
            "signed durable append, batch 1": (few, lambda: append(folder, 1, few)),
            "signed durable append, batch 16": (count, lambda: append(folder, 16, count)),
            "signed durable append, batch 256": (count, lambda: append(folder, 256, count)),
            "tree only, batch 16": (count, lambda: append_unsigned(folder, 16, count)),
            "tree only, batch 256": (count, lambda: append_unsigned(folder, 256, count)),
            "read and verify an entry": (
                count,
                lambda: [read_entry(one, keyset) for one in logged],
            ),
            "follow and index, every signature": (count, lambda: follow(folder, of)),
        }
        results = {name: Arm(rates=[], cpu=[]) for name in arms}
        for _ in range(ROUNDS):
            for name, (amount, run) in arms.items():
                with measured(results[name], amount):
                    run()
        of.close()
    report(results)


def report(results: dict[str, Arm]) -> None:
    """Print the table: rates, CPU, and the ratios the design asks for."""
    sign, verify = results["libsodium sign"].rate, results["libsodium verify"].rate
    disk = results["raw append + fdatasync"].rate
    print(f"{'arm':<36}{'per second':>12}{'CPU-s/1000':>12}  ratio")
    for name, arm in results.items():
        ratio = ""
        if "batch 256" in name and "signed" in name:
            ratio = f"{arm.rate / sign:.2f} of signing (goal 0.30)"
        elif name.endswith("batch 1"):
            ratio = f"{arm.rate / disk:.2f} of fdatasync (goal 0.40)"
        elif "verify an entry" in name or "follow" in name:
            ratio = f"{arm.rate / verify:.2f} of verifying (goal 0.60)"
        print(f"{name:<36}{arm.rate:>12,.0f}{statistics.median(arm.cpu):>12.3f}  {ratio}")
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory {peak_mb:.0f} MB; load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
