# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What an item costs beside other harnesses: the same questions, endpoint and width in one run.

    [MOONSHOT_DATA=folder] python benchmarks/assess_peers.py [items [rounds]]

Every harness runs in a process of its own, peers in environments of their own, which the
first run makes from `requirements/peers-*.lock`. An item's cost is the difference between a
long and a short run, so that what a harness does once is not counted. Moonshot is run whole
where MOONSHOT_DATA names a checkout of its data repository (see `benchmarks/peers/assess.py`).
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))  # so that it runs as a script, too

from benchmarks.stub import stub  # noqa: E402 - after the path

from comity.assess.run.runner import Assignment, Course, run  # noqa: E402 - after the path
from comity.assess.subjects.endpoint import chat  # noqa: E402 - after the path
from comity.assess.subjects.subject import Limits  # noqa: E402 - after the path
from comity.evidence.bank import Bank, Item  # noqa: E402 - after the path
from comity.evidence.statistics.design import Design  # noqa: E402 - after the path
from comity.kernel.digest import sha256  # noqa: E402 - after the path

WIDTH = 16
GOAL = 5.0
ROUNDS = 5
PEERS = (
    ("Inspect 0.3.285", "inspect", "inspect", ""),
    ("lm-eval 0.4.13", "lmeval", "lm_eval", ""),
)
MOONSHOT = ("Moonshot 0.7.6", "moonshot", "moonshot", "")
CONNECTOR = (
    "Moonshot 0.7.6, its connector alone", "moonshot", "moonshot_connector",
    "no whole run: see below",
)  # fmt: skip
MODULES = (
    "runners-modules/benchmarking.py", "results-modules/benchmarking-result.py",
    "databases-modules/sqlite.py", "io-modules/jsonio.py", "connectors/openai-connector.py",
    "metrics/relaxstrmatch.py",
)  # fmt: skip
"""What a whole run of Moonshot loads from its data repository."""
BODY = json.dumps({
    "id": "x", "object": "chat.completion", "created": 1, "model": "m",
    "choices": [{"index": 0, "finish_reason": "stop", "message": {
        "role": "assistant", "content": "Saia de Lajeado antes das 14h30."}}],
    "usage": {"prompt_tokens": 5, "completion_tokens": 5, "total_tokens": 10},
})  # fmt: skip


def main() -> None:
    """Print the table, or run our own case of it."""
    if sys.argv[1:2] == ["own"]:
        print(json.dumps(_own(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))))
        return
    items = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else ROUNDS
    moonshot = _moonshot()
    command = stub(BODY)
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:  # noqa: S603 - our own
        assert server.stdout is not None
        url = f"http://127.0.0.1:{int(server.stdout.readline())}/v1"
        print(
            f"{items:,} items, {WIDTH} at a time, an endpoint without latency; {rounds} rounds"
        )
        print(
            f"{'harness':<44}{'ms CPU an item':>15}{'ours':>7}{'MB':>6}{'ratio':>7}", flush=True
        )
        _table((*PEERS, moonshot), url, items, rounds)
        server.terminate()
    print("Medians; a ratio is that of one round, ours and the peer's run one after the other.")
    if moonshot is CONNECTOR:
        print(
            "Moonshot's recipes, runner and records live in a data repository that no package "
            "carries;\nits row is what its connector, rate limiter and prompt records cost, "
            "with no record of answers.\nMOONSHOT_DATA=folder, a checkout of "
            "aiverify-foundation/moonshot-data, runs it whole."
        )


def _moonshot() -> tuple[str, str, str, str]:
    """Return the row of the whole of Moonshot, or of what can be had without its repository."""
    if not os.environ.get("MOONSHOT_DATA"):
        os.environ.pop("MOONSHOT_DATA", None)
        return CONNECTOR
    data = Path(os.environ["MOONSHOT_DATA"])
    missing = [one for one in MODULES if not (data / one).is_file()]
    if missing:
        sys.exit(f"MOONSHOT_DATA names {data}, which has no {', '.join(missing)}")
    return MOONSHOT


def _table(
    peers: Sequence[tuple[str, str, str, str]], url: str, items: int, repeats: int
) -> None:
    """Measure and print one row after the other."""
    ours = [sys.executable, __file__, "own", url]
    for name, home, engine, note in peers:
        python = _environment(home)
        if python is None:
            print(f"{name:<44}{'cannot be installed here':>28}", flush=True)
            continue
        script = str(ROOT / "benchmarks" / "peers" / "assess.py")
        rounds = [
            (_measured(ours, items), _measured([str(python), script, engine, url], items))
            for _ in range(repeats)
        ]
        ratio = median(peer[0] / own[0] for own, peer in rounds)
        own, each = (median(one[at][0] for one in rounds) for at in (0, 1))
        peak = max(peer[1] for _, peer in rounds)
        row = f"{name:<44}{each:>15.3f}{own:>7.3f}{peak:>6.0f}{ratio:>7.1f}  {note}"
        print(row.rstrip(), flush=True)
        if not note and ratio < GOAL:
            print(f"    goal missed: less than {GOAL:g} times ours", flush=True)


def _measured(command: list[str], items: int) -> tuple[float, float]:
    """Return the CPU-milliseconds of an item and the most memory held, in megabytes."""
    long, short = (_run([*command, str(n)]) for n in (items, items // 4))
    return 1e3 * (long["cpu_s"] - short["cpu_s"]) / (items - items // 4), long["rss_mb"]


def _run(command: list[str]) -> dict[str, Any]:
    items = int(command[-1])
    done = subprocess.run(  # noqa: S603 - our own scripts
        [*command, str(WIDTH)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True,
        text=True,
    )  # fmt: skip
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    assert found["right"] == items, f"{found['right']} of {items} answers were counted right"
    return found


def _environment(peer: str) -> Path | None:
    """Make a peer's environment from its lock, if need be; None where that cannot be."""
    lock, home = ROOT / "requirements" / f"peers-{peer}.lock", ROOT / "build" / f"peers-{peer}"
    done, python = home / "lock", home / "bin" / "python"
    if done.exists() and done.read_bytes() == lock.read_bytes():
        return python
    print(f"installing {peer} from requirements/peers-{peer}.lock ...", flush=True)
    venv.create(home, with_pip=True, clear=True)
    words = ["-m", "pip", "--disable-pip-version-check", "-qq", "install"]
    words += ["--require-hashes", "--no-deps", "-r", str(lock)]
    if subprocess.run([python, *words], check=False).returncode:  # noqa: S603 - our own lock
        return None
    done.write_bytes(lock.read_bytes())
    return python


def _own(url: str, items: int, width: int) -> dict[str, Any]:
    """Ask every item of a bank in draw order, with a plan that decides at the last.

    The bank is committed to before, once for all tests on it; that its items are opened is
    part of the test.
    """
    bank = Bank.of(
        (
            Item(
                position=n, category="relief", scorer="answers/1", reference="Saia",
                prompt=f"Q{n} Leave Lajeado before 14:30.",
            )
            for n in range(items)
        ),
        b"k" * 32,
    )  # fmt: skip
    design = Design(
        size=items, threshold=Fraction(9, 10), goal=Fraction(97, 100), risk=Fraction(1, 20),
        power=Fraction(9, 10), cap=items, acceptance=((items, 0),), rejection=((items, 1),),
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        started = time.process_time()
        openings = [bank.open(n) for n in range(items)]
        course = Course(category="relief", openings=openings, design=design)
        assignment = Assignment(
            plan_digest=sha256(b"benchmark"), courses=(course,), limits=Limits(timeout_s=30),
            transcript=Path(folder) / "transcript", width=width,
        )  # fmt: skip
        found = run(assignment, chat(url, "m"))
        spent = time.process_time() - started
    (outcome,) = found.outcomes
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"cpu_s": spent, "rss_mb": peak, "right": sum(outcome.outcomes)}


if __name__ == "__main__":
    main()
