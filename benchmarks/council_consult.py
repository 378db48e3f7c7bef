# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Measure a consultation: CPU-seconds, memory, planted groups found again, beside red-dwarf.

    python benchmarks/council_consult.py [people for red-dwarf]

What is measured is the whole run of a process of its own, its start and imports included:
unordered answers in, signed integers out and checked. Making the answers up is not part of it.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))  # so that it runs as a script, too

from tests.fakes.opinions import Town, attacked, town  # noqa: E402 - from the path above

from comity.council.consult.analysis import Analysis, analyse  # noqa: E402 - the same
from comity.council.consult.consultation import Thresholds  # noqa: E402 - the same
from comity.council.consult.counts import OUTSIDE  # noqa: E402 - the same
from comity.council.consult.document import to_document  # noqa: E402 - the same
from comity.council.consult.outcome import State  # noqa: E402 - the same
from comity.council.consult.picture import dots_of  # noqa: E402 - the same
from comity.council.consult.result import check  # noqa: E402 - the same
from comity.council.consult.votes import Answers, Votes, to_votes  # noqa: E402 - the same

GOAL_CPU_S, GOAL_MB = 2.0, 500.0
"""For 100,000 people and 1,000 opinions (issue 6)."""

BEARABLE = 10_000
"""People red-dwarf is given; at 100,000 it took 230 CPU-seconds and 6 GB (research)."""

STRATA = ("a", "b", "c")
Labels = NDArray[np.int64]


def main(bearable: int) -> None:
    """Print the tables."""
    print(f"{'people':>8} {'opinions':>8} {'answers':>10} {'engine':<10} {'CPU-s':>8} {'MB':>6}"
          f" {'groups':>6} {'ARI':>6}  what all agree on")  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        for people, opinions in ((100_000, 1_000), (bearable, 1_000)):
            made = town(people, opinions)
            path = _written(made, Path(folder) / "answers.npz")
            own = _run([sys.executable, __file__, "--own", str(path)])
            _row(made, "comity", own)
            if people == 100_000:
                assert own["cpu_s"] <= GOAL_CPU_S, own["cpu_s"]
                assert own["peak_mb"] <= GOAL_MB, own["peak_mb"]
        peer = _peer(path)
        if peer is not None:
            _row(made, "red-dwarf", peer)
            print(f"red-dwarf takes {peer['cpu_s'] / own['pipeline_s']:.0f} times the "
                  "CPU-seconds, both from answers in memory on")  # fmt: skip
    _attack()


def _row(made: Town, engine: str, found: dict[str, Any]) -> None:
    labels, people = np.array(found["labels"]), np.array(found["people"])
    ari = adjusted_rand(made.group[people], labels)
    agreed = {made.names.index(name) for name in found.get("agreed", ())}
    planted = set(made.bridges.tolist())
    said = f"{len(agreed)}, of {len(planted)} planted {len(agreed & planted)}" if agreed else ""
    print(f"{len(made.group):>8,} {len(made.names):>8,} {len(made.answers.answer):>10,} "
          f"{engine:<10} {found['cpu_s']:>8.2f} {found['peak_mb']:>6.0f} "
          f"{len(set(labels.tolist())):>6} {ari:>6.3f}  {said}")  # fmt: skip


def own(path: Path) -> None:
    """Run the whole pipeline on a file and print one JSON line."""
    given = np.load(path)
    answers = Answers(
        person=given["person"], opinion=given["opinion"], answer=given["answer"],
        stratum=given["stratum"],
    )  # fmt: skip
    names = tuple(f"o{place:04}" for place in range(int(given["width"])))
    start = time.process_time()
    votes = to_votes(names, STRATA, answers)
    analysis = analyse(votes, Thresholds())
    check(analysis.result)
    document = to_document(analysis.result, dots_of(analysis))
    end = time.process_time()
    peak = peak_mb()
    print(json.dumps(_found(votes, analysis) | {
        "cpu_s": end, "pipeline_s": end - start, "peak_mb": peak, "bytes": len(document),
    }))  # fmt: skip


def _found(votes: Votes, analysis: Analysis) -> dict[str, Any]:
    placed = analysis.labels.group != OUTSIDE
    return {
        "people": votes.origin[placed].tolist(),
        "labels": analysis.labels.group[placed].tolist(),
        "agreed": list(analysis.result.in_state(State.AGREED)),
    }


def peak_mb() -> float:
    """Return the most memory this process ever held; what its parent held does not count."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    lines = dict(line.split(":", 1) for line in status.read_text("utf-8").splitlines())
    return int(lines["VmHWM"].split()[0]) / 1024


def adjusted_rand(truth: Labels, found: Labels) -> float:
    """Return how well two groupings agree beyond chance: 1 is alike, 0 is chance.

    Source:
        Hubert & Arabie (1985), Journal of Classification 2.
    """
    table = np.zeros((int(truth.max()) + 1, int(found.max()) + 1))
    np.add.at(table, (truth, found), 1)

    def pairs(counts: NDArray[np.float64]) -> float:
        return float((counts * (counts - 1) / 2).sum())

    rows, columns = pairs(table.sum(axis=1)), pairs(table.sum(axis=0))
    expected = rows * columns / pairs(table.sum(keepdims=True))
    return (pairs(table) - expected) / ((rows + columns) / 2 - expected)


def _attack() -> None:
    """Print how many of ten promoted divisive opinions reach the top tenth."""
    print()
    print("promoted divisive opinions, of 10, in the top tenth of 400 (10,000 honest people)")
    print(f"{'attackers':>9} {'approval':>9} {'product':>8} {'least':>6} {'intercept':>10} "
          f"{'declared, bound':>16}")  # fmt: skip
    honest = town(10_000, 400, seed=3)
    for part in (0.1, 0.2, 0.4):
        made = attacked(honest, part, mimic=True)
        result = analyse(to_votes(made.names, STRATA, made.answers), Thresholds()).result
        strata, groups = result.by_stratum, result.by_group
        scores = (
            strata.agree.sum(axis=0) / strata.seen.sum(axis=0),
            np.prod((groups.agree + 1) / (groups.seen + 2), axis=0),
            np.array(result.shares, np.float64),
            np.array(result.intercept, np.float64),
            np.array(result.bounds, np.float64),
        )
        found = [_in_top_tenth(made, score) for score in scores]
        print("{:>8.0f}% {:>9} {:>8} {:>6} {:>10} {:>16}".format(100 * part, *found))


def _in_top_tenth(made: Town, scores: NDArray[np.float64]) -> int:
    best = np.argsort(-scores, kind="stable")[: len(made.names) // 10]
    return len(set(best.tolist()) & set(made.promoted.tolist()))


def _written(made: Town, path: Path) -> Path:
    np.savez(
        path, person=made.answers.person.astype(np.int32), stratum=made.group.astype(np.int8),
        opinion=made.answers.opinion.astype(np.int16), width=len(made.names),
        answer=made.answers.answer.astype(np.int8),
    )  # fmt: skip
    return path


def _peer(path: Path) -> dict[str, Any] | None:
    from benchmarks.peer import environment  # noqa: PLC0415 - no part of what is measured

    python = environment("consult")
    if python is None:
        return None
    return _run([str(python), str(ROOT / "benchmarks" / "peers" / "consult.py"), str(path)])


def _run(command: list[str]) -> dict[str, Any]:
    done = subprocess.run(  # noqa: S603 - our own scripts
        command, stdout=subprocess.PIPE, check=True, text=True,
        env=os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
    )  # fmt: skip
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


if __name__ == "__main__":
    if sys.argv[1:2] == ["--own"]:
        own(Path(sys.argv[2]))
    else:
        main(int(sys.argv[1]) if sys.argv[1:] else BEARABLE)
