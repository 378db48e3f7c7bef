# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Voting power beside power-bdd, which counts by binary decision diagrams."""

import json
import subprocess
from fractions import Fraction
from pathlib import Path

import pytest
from tests.fakes.coalition import hall, nobody, seats_of

from comity.council.body.body import floor_of
from comity.council.power.census import power_of
from comity.council.power.game import Game, compile_game
from comity.council.power.gate import clauses
from comity.council.power.method import count_exactly
from comity.council.rule.floor import Base
from comity.council.rule.rule import Leaf, Number, Share, any_of, double_majority
from comity.files.body import get_body

ROOT = Path(__file__).parents[2]
PYTHON = ROOT / "build" / "peers-power" / "bin" / "python"
SCRIPT = ROOT / "benchmarks" / "peers" / "power.py"


def _union() -> Game:
    body = get_body("eu")
    rule = double_majority(Fraction(55, 100), Fraction(65, 100), "population", 4)
    return compile_game(rule, floor_of(body), body.members, {"population": 100_000})


def _either() -> Game:
    floor = hall([at * at + 1 for at in range(14)])
    heads = Leaf(need=Number(least=11))
    weight = Leaf(need=Share(of=Base.MEMBERS, least=Fraction(3, 5)), by="w")
    return compile_game(any_of(heads, weight), floor, seats_of(floor))


@pytest.mark.parametrize("game", [_union(), _either()], ids=["union", "either"])
def test_another_program_finds_the_same_power(game: Game, tmp_path: Path) -> None:
    """It shares neither the algorithm nor the code, and knows AND and OR."""
    if not PYTHON.exists():
        pytest.skip("no build/peers-power: run benchmarks/council_power.py once")
    path = tmp_path / "game.json"
    path.write_text(json.dumps(_plain(game)), encoding="utf-8")
    ran = subprocess.run(
        [PYTHON, SCRIPT, "power_bdd", path], stdout=subprocess.PIPE, check=True, text=True
    )
    theirs = json.loads(ran.stdout.splitlines()[-1])
    found = count_exactly(game, nobody)
    assert found is not None
    ours = power_of(found[0]).players
    assert theirs["banzhaf"] == pytest.approx([float(i.banzhaf) for i in ours], rel=1e-12)
    assert theirs["shapley"] == pytest.approx([float(i.shapley) for i in ours], rel=1e-12)


def _plain(game: Game) -> dict[str, object]:
    rows = []
    for clause in clauses(game.adopts) or ():
        bars = {game.measures[bar.measure].by is None: bar.least for bar in clause}
        rows.append([bars.get(True, 0), bars.get(False, 0)])
    weights = next(
        values for measure, values in zip(game.measures, game.values, strict=True) if measure.by
    )
    return {"weights": weights, "clauses": rows, "shapley": True}
