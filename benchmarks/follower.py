# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""One follower in a process of its own, which holds what `comity node follow` holds.

    python benchmarks/follower.py FOLDER PUBLIC LOG_KEY MEMBER MODE

Prints what following a log in a folder took, as JSON: seconds, CPU-seconds, the peak memory.
"""

import json
import secrets
import sys
import time
from dataclasses import replace
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))  # so that it runs as a script, too

from nacl import bindings

from comity.cli import app
from comity.cli.node import follow as node_follow
from comity.kernel.ids import MemberId
from comity.kernel.instant import from_rfc3339
from comity.ledger.note import from_vkey
from comity.ledger.signature import SigningKey
from comity.node.disk.storage import Disk
from comity.node.following.follow import Manner
from comity.node.following.visit import Visitor, visit
from comity.node.logs.following import DEFAULT, Mode
from comity.node.member.config import Peer
from comity.node.node import Node

NOW = from_rfc3339("2026-11-21T19:19:24Z")
KEY = SigningKey.from_seed(bytes(range(32)))
VERIFIED = 10_000
VERB = (app, node_follow)
"""Loaded for the memory they take, as the verb would load them."""


def main() -> None:
    """Follow a log whole, then index it."""
    place, public, key, member, mode = sys.argv[1:]
    imports_mb = peak_mb()
    node = Node.create(
        Path(place),
        name="follower",
        role="regulator",
        jurisdiction="BRA",
        origin="follower.example/log",
        passphrase="bench",  # noqa: S106 - it protects nothing
        now=NOW,
        entropy=secrets.token_bytes,
        example=True,
    )
    peer = Peer(
        member=MemberId(member),
        name="author",
        url=public,
        log_key=from_vkey(key),
        following=replace(DEFAULT, mode=Mode(mode), bytes_a_day=2**50),
    )
    node.add_peer(peer)
    visitor = Visitor(storage=Disk(node.folder), quorum=node.quorum, connect=node.connect)
    verify = [verify_s()]
    took: list[float] = []
    for step in (lambda: visit(visitor, peer, NOW, Manner()), node.view):
        clock, spent = time.perf_counter(), time.process_time()
        step()
        took += [time.perf_counter() - clock, time.process_time() - spent]
        verify.append(verify_s())
    found = {
        "verify": median(verify),
        **dict(zip(("fetch", "fetch_cpu", "read", "read_cpu"), took, strict=True)),
        "imports_mb": imports_mb,
        "peak_mb": peak_mb(),
    }
    print(json.dumps(found))
    node.close()


def verify_s() -> float:
    """Return the CPU-seconds of one verification by libsodium, as this machine is just now."""
    signed = bindings.crypto_sign(bytes(760), KEY.secret)
    start = time.process_time()
    for _ in range(VERIFIED):
        bindings.crypto_sign_open(signed, KEY.public)
    return (time.process_time() - start) / VERIFIED


def peak_mb() -> float:
    """Return the most memory this process has held; what its parent held does not count."""
    status = Path("/proc/self/status").read_text("ascii")
    (line,) = (one for one in status.splitlines() if one.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    main()
