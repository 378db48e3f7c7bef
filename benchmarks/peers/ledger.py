# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""pymerkle, run by its own environment: appends in batches, proofs; one line of JSON.

Usage: ledger.py FILE ENTRY BATCH TIMES       (appended entries a second)
       ledger.py FILE proofs SIZE COUNT      (proofs made, proofs verified a second)
"""

import json
import sys
import time
from pathlib import Path
from statistics import median

from pymerkle import SqliteTree, verify_inclusion


def opened(file: str) -> SqliteTree:
    """Open a tree whose every commit is synced, as ours is."""
    tree = SqliteTree(file)
    tree.con.execute("pragma journal_mode=wal")
    tree.con.execute("pragma synchronous=full")
    return tree


def appended(file: str, entry: bytes, batch: int, times: int) -> float:
    """Append so many batches; return entries a second from the median time of one."""
    tree, group, took = opened(file), [entry] * batch, []
    for _ in range(times):
        start = time.perf_counter()
        tree.append_entries(group)
        tree.get_root()
        took.append(time.perf_counter() - start)
    return batch / median(took)


def proofs(file: str, size: int, count: int) -> tuple[float, float]:
    """Return proofs of inclusion made and verified a second."""
    tree = opened(file)
    tree.append_entries([b"%d" % number for number in range(size)])
    places = [number * 7919 % size + 1 for number in range(count)]
    start = time.perf_counter()
    made = [tree.prove_inclusion(place) for place in places]
    between = time.perf_counter()
    root = tree.get_root()
    for place, proof in zip(places, made, strict=True):
        verify_inclusion(tree.get_leaf(place), root, proof)
    end = time.perf_counter()
    return count / (between - start), count / (end - between)


if __name__ == "__main__":
    file, what, first, second = sys.argv[1:]
    if what == "proofs":
        print(json.dumps(proofs(file, int(first), int(second))))
    else:
        print(json.dumps(appended(file, Path(what).read_bytes(), int(first), int(second))))
