# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Measure the law room: one system against all norms, then what stands in the siblings.

    python benchmarks/law.py [systems]

Runs every `benchmarks/law_*.py` after its own part, each in a process of its own. Peers run
in `build/peers-law`, an environment of their own, which the first run makes.
"""

import datetime as dt
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))  # so that it runs as a script, too

from benchmarks.peer import have_peers, law_file, run_peer, systems_file  # noqa: E402 - after the path
from benchmarks.synthetic import TEXT, Law, synthetic, system  # noqa: E402 - after the path

from comity.files.library import library_below  # noqa: E402 - after the path
from comity.files.pack import SHIPPED  # noqa: E402 - after the path
from comity.kernel.truth import Truth  # noqa: E402 - after the path
from comity.law.close import close  # noqa: E402 - after the path
from comity.law.determine import determine  # noqa: E402 - after the path
from comity.law.evaluate import evaluate  # noqa: E402 - after the path
from comity.law.fact import Answer  # noqa: E402 - after the path
from comity.law.generate import Decided, Engine, generate  # noqa: E402 - after the path
from comity.law.norm import Role  # noqa: E402 - after the path
from comity.law.pack import Library  # noqa: E402 - after the path
from comity.law.profile import Profile  # noqa: E402 - after the path

UNKNOWN = 0.3
GOAL_MS = 0.1


def main() -> None:
    """Print the tables."""
    systems = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    started = time.process_time()
    library = library_below(SHIPPED)
    reading_ms = 1e3 * (time.process_time() - started)
    real = Law(
        name="real",
        facts=library.vocabulary.facts,
        meanings=library.meanings,
        norms={name: norm.applies_when for name, norm in library.norms.items()},
    )
    print(f"reading the packs: {reading_ms:.0f} ms, {len(library.norms)} norms\n")
    print("One system against all norms, 30 % of facts unknown, CPU-ms")
    print(
        f"{'law':<10}{'norms':>6}{'build':>8}{'engine':>9}{'interp.':>9}{'ratio':>7}{'cells':>9}"
    )
    for law in (real, synthetic(7)):
        _measure(law, systems)
    print()
    _measure_peers(synthetic(7))
    print()
    _measure_verbs(library)
    for sibling in sorted(Path(__file__).parent.glob("law_*.py")):
        print(f"\n== benchmarks/{sibling.name}", flush=True)
        subprocess.run([sys.executable, str(sibling)], check=True)  # noqa: S603 - our own script


def _measure(law: Law, systems: int) -> None:
    dice = random.Random(3)  # noqa: S311 - a benchmark that can be repeated
    rows = [system(law.facts, dice, unknown=UNKNOWN) for _ in range(systems)]
    started = time.process_time()
    engine = generate(law.norms, law.facts, law.meanings)
    build_ms = 1e3 * (time.process_time() - started)
    quick_ms = _median_ms(engine.decide, rows)
    few = rows[: max(10, systems // 10)]
    slow_ms = _median_ms(lambda row: _interpreted(law, row), few)
    cells = sum(_agreeing(law, engine, row) for row in few)
    print(
        f"{law.name:<10}{len(law.norms):>6}{build_ms:>8.1f}{quick_ms:>9.3f}{slow_ms:>9.2f}"
        f"{slow_ms / quick_ms:>7.0f}{cells:>9,}"
    )
    assert quick_ms * 300 / len(law.norms) <= GOAL_MS, "slower than 0.1 ms for 300 norms"


def _interpreted(law: Law, row: Mapping[str, Answer]) -> list[Truth]:
    return [evaluate(norm, row, law.meanings) for norm in law.norms.values()]


def _agreeing(law: Law, engine: Engine, row: Mapping[str, Answer]) -> int:
    decided: Decided = engine.decide(row)
    applies, undetermined = set(decided.applies), set(decided.undetermined)
    for name, truth in zip(law.norms, _interpreted(law, row), strict=True):
        assert (name in applies) is (truth is Truth.TRUE)
        assert (name in undetermined) is (truth is Truth.UNDETERMINED)
    return len(law.norms)


def _median_ms(
    call: Callable[[dict[str, Answer]], object], rows: list[dict[str, Answer]]
) -> float:
    """Return the median CPU time of a call, each row timed over enough repetitions."""
    found = []
    for row in rows:
        repeat = 5
        started = time.process_time_ns()
        for _ in range(repeat):
            call(row)
        found.append((time.process_time_ns() - started) / repeat / 1e6)
    return statistics.median(found)


def _measure_peers(law: Law) -> None:
    """Hold the generated engine against other engines; every duty has to be the same."""
    dice = random.Random(3)  # noqa: S311 - a benchmark that can be repeated
    rows = [system(law.facts, dice, unknown=0.0) for _ in range(60)]
    engine = generate(law.norms, law.facts, law.meanings)
    ours_ms = _median_ms(engine.decide, rows)
    duties = [sorted(engine.decide(row).applies) for row in rows]
    print("One system against 300 norms, all facts known (peers know no unknown), CPU-ms")
    print(f"{'engine':<28}{'build':>8}{'median':>9}{'ratio':>7}")
    print(f"{'comity, generated':<28}{'':>8}{ours_ms:>9.3f}{1:>7.1f}")
    peers, fastest_ms = have_peers(), float("inf")
    with tempfile.TemporaryDirectory() as folder:
        law_path = law_file(law, Path(folder))
        for name in ("regorus", "cel", "openfisca") if peers else ():
            count = 20 if name == "openfisca" else len(rows)
            path = systems_file(law, rows[:count], Path(folder))
            found = run_peer(name, law_path, path)
            assert found["duties"] == duties[:count], f"{name} disagrees"
            peer_ms = found["median_ms"]
            fastest_ms = min(fastest_ms, peer_ms)
            build = f"{1e3 * found['build_s']:.0f}"
            print(f"{name:<28}{build:>8}{peer_ms:>9.3f}{peer_ms / ours_ms:>7.1f}")
    if peers:
        assert fastest_ms >= 5 * ours_ms, "not five times the fastest peer"


def _measure_verbs(library: Library) -> None:
    profile = Profile(
        system="x",
        name=TEXT,
        purpose=TEXT,
        roles=(Role.PROVIDER,),
        answers={"is_ai_system": True, "generates": frozenset({"text"})},
    )
    markets = sorted({pack.market for pack in library.packs}, key=str)

    def ask(_: dict[str, Answer]) -> object:
        return determine(library, profile, markets=markets, on=dt.date(2026, 11, 21))

    def shut(_: dict[str, Answer]) -> object:
        return close(profile.answers, library.vocabulary, library.meanings)

    once: list[dict[str, Answer]] = [{}]
    print(f"closing the answers          {_median_ms(shut, once):8.2f} CPU-ms")
    print(f"determine, {len(markets)} markets, reasons {_median_ms(ask, once):8.2f} CPU-ms")


if __name__ == "__main__":
    main()
