# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Measure voting power: 27 and 193 states, exact and in floats, beside other programs.

Run it as a script: python benchmarks/council_power.py

Each case runs in a process of its own; CPU-seconds of one thread, peak memory of the process,
figures published with their unit. Other programs live in `build/peers-power`, an environment
of its own, which the first run makes; they are given rounded populations, since none takes
unrounded ones, and `powerindices` no second clause, since it knows one quota.
"""

import json
import platform
import subprocess
import sys
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))  # so that it runs as a script, too

from benchmarks.peer import environment, own_process, peak_mb  # noqa: E402 - after the path

from comity.council.body.body import floor_of  # noqa: E402 - after the path
from comity.council.power.bloc import MAJORITY, Bloc  # noqa: E402 - after the path
from comity.council.power.census import Census, power_of  # noqa: E402 - after the path
from comity.council.power.game import Game, compile_game, merge  # noqa: E402 - after the path
from comity.council.power.gate import clauses  # noqa: E402 - after the path
from comity.council.power.halves import count_halves  # noqa: E402 - after the path
from comity.council.power.kinds import count_kinds  # noqa: E402 - after the path
from comity.council.power.packed import count_packed  # noqa: E402 - after the path
from comity.council.power.preview import count_preview  # noqa: E402 - after the path
from comity.council.rule.rule import Rule, double_majority, without_hegemon  # noqa: E402 - same
from comity.files.body import get_body  # noqa: E402 - after the path

UNION = double_majority(Fraction(55, 100), Fraction(65, 100), "population", 4)
Count = Callable[[Game], Census | None]


def _quiet(_done: int, _steps: int) -> None:
    """Say nothing."""


def _exact(game: Game) -> Census | None:
    return count_packed(game, _quiet)


def _preview(game: Game) -> Census | None:
    return count_preview(game, _quiet)


def _kinds(game: Game) -> Census | None:
    return count_kinds(game, _quiet)


def _game(body: str, rule: Rule, unit: int = 1) -> Game:
    found = get_body(body)
    return compile_game(rule, floor_of(found), found.members, {"population": unit})


def _blocs() -> Game:
    game = _game("un", UNION, 100_000)
    bloc = Bloc(name="asean", members=get_body("asean").members, rule=MAJORITY)
    return merge(game, {bloc.name: bloc.members})


CASES: dict[str, tuple[str, Callable[[], Game], Count, float, float]] = {
    "eu": ("27 states, 55/65/4, unrounded, exact", lambda: _game("eu", UNION), count_halves,
           0.1, 500),
    "un1m": ("193 states, 55/65/4, 1,000,000 persons, exact",
             lambda: _game("un", UNION, 1_000_000), _exact, 1, 500),
    "un100k": ("193 states, 55/65/4, 100,000 persons, exact",
               lambda: _game("un", UNION, 100_000), _exact, 7, 500),
    "preview": ("the same in floats", lambda: _game("un", UNION, 100_000), _preview, 7, 500),
    "bloc": ("the same exact, ASEAN as one", _blocs, _exact, 7, 500),
    "default": ("193 states, half of all and a third of 4 of 5 regions, exact",
                lambda: _game("un", without_hegemon()), _kinds, 7, 500),
}  # fmt: skip
"""Name to title, game, method, and the goal in CPU-seconds and MB."""


def run(case: str) -> dict[str, Any]:
    """Run one case here."""
    _, game_of, count, _, _ = CASES[case]
    game = game_of()
    start = time.process_time()
    census = count(game)
    assert census is not None
    power = power_of(census)
    spent = time.process_time() - start
    figures = [[float(index.banzhaf), float(index.shapley)] for index in power.players]
    return {"cpu_s": spent, "peak_mb": peak_mb(), "figures": figures}


def peers(folder: Path) -> None:
    """Print what other programs make of the European Union, beside ours."""
    python = environment("power")
    if python is None:
        return
    game = _game("eu", UNION, 100_000)
    start = time.process_time()
    census = count_halves(game)
    ours = time.process_time() - start
    assert census is not None
    own = [float(index.shapley) for index in power_of(census).players]
    print(f"\n27 states, 55/65/4, units of 100,000 persons: ours {ours:.3f} CPU-s")
    path = folder / "game.json"
    path.write_text(json.dumps(plain(game)), "utf-8")
    for program in ("power_bdd", "powerindices"):
        found = _peer(python, program, path)
        error = max(abs(a / b - 1) for a, b in zip(found["shapley"], own, strict=True))
        print(
            f"  {program:14} {found['cpu_s']:8.3f} CPU-s  {found['peak_mb']:6.0f} MB  "
            f"{found['cpu_s'] / ours:6.1f} times ours, Shapley differs by {error:.1e}"
        )


def plain(game: Game) -> dict[str, object]:
    """Return a game on heads and one weight as the peers read it."""
    found = clauses(game.adopts) or ()
    rows = []
    for clause in sorted(found, key=len, reverse=True):
        bars = {game.measures[bar.measure].by: bar.least for bar in clause}
        rows.append([bars.get(None, 0), bars.get("population", 0)])
    at = next(at for at, measure in enumerate(game.measures) if measure.by)
    return {"weights": list(game.values[at]), "clauses": rows, "shapley": True}


def _peer(python: Path, program: str, path: Path) -> dict[str, Any]:
    script = str(ROOT / "benchmarks" / "peers" / "power.py")
    done = subprocess.run(  # noqa: S603 - our own script
        [python, script, program, str(path)], stdout=subprocess.PIPE, check=True, text=True
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    for name in ("banzhaf", "shapley"):
        found[name] = [
            int(v[0]) / int(v[1]) if isinstance(v, list) else float(v) for v in found[name]
        ]
    return found


def main() -> None:
    """Print the table."""
    print(f"{platform.machine()} {platform.system()}, Python {platform.python_version()}")
    print(f"{'':64}{'CPU-s':>8}{'goal':>6}{'MB':>7}{'goal':>6}")
    found = {}
    for name, (title, _, _, cpu_s, peak) in CASES.items():
        found[name] = own_process(__file__, name)
        told = found[name]
        print(f"{title:64}{told['cpu_s']:8.3f}{cpu_s:6}{told['peak_mb']:7.0f}{peak:6}")
    pairs = zip(found["preview"]["figures"], found["un100k"]["figures"], strict=True)
    error = max(abs(a / b - 1) for one, two in pairs for a, b in zip(one, two, strict=True))
    print(f"largest relative error of the floats, both indices: {error:.1e} (goal 1e-12)")
    with TemporaryDirectory() as folder:
        peers(Path(folder))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(run(sys.argv[1])))
    else:
        main()
