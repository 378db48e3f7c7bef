# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""red-dwarf on the answers of one town; run in an environment of its own.

    build/peers-consult/bin/python benchmarks/peers/consult.py ANSWERS.npz

Prints one JSON line: CPU-seconds from a list of votes on, peak memory, who is in which group.
"""

import json
import sys
import time
import warnings
from importlib import import_module
from pathlib import Path

import numpy as np

warnings.simplefilter("ignore")


def main(path: Path) -> None:
    """Run its pipeline and say what it took."""
    base = import_module("reddwarf.implementations.base")  # a peer, in its own environment
    given = np.load(path)
    votes = [
        {"participant_id": person, "statement_id": opinion, "vote": vote, "modified": at}
        for at, (person, opinion, vote) in enumerate(
            zip(
                given["person"].tolist(),
                given["opinion"].tolist(),
                given["answer"].tolist(),
                strict=True,
            )
        )
    ]
    start = time.process_time()
    found = base.run_pipeline(votes=votes, random_state=0)
    took = time.process_time() - start
    frame = found.participants_df
    placed = frame[frame["cluster_id"].notna()]
    print(
        json.dumps(
            {
                "cpu_s": took,
                "peak_mb": _peak_mb(),
                "people": [int(one) for one in placed.index],
                "labels": [int(one) for one in placed["cluster_id"]],
            }
        )
    )


def _peak_mb() -> float:
    lines = Path("/proc/self/status").read_text("utf-8").splitlines()
    return int(dict(line.split(":", 1) for line in lines)["VmHWM"].split()[0]) / 1024


if __name__ == "__main__":
    main(Path(sys.argv[1]))
