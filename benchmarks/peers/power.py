# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Other programs' voting power of the same game; run in an environment of their own.

    build/peers-power/bin/python benchmarks/peers/power.py PROGRAM GAME.json

GAME.json is {"weights": [...], "clauses": [[[least members, least weight], ...]]}: any of the
clauses adopts. Prints one JSON line: Banzhaf indices as [numerator, denominator] or floats,
the same for Shapley-Shubik, CPU-seconds, peak memory.
"""

import json
import resource
import sys
import time
from fractions import Fraction
from functools import reduce
from importlib import import_module
from pathlib import Path
from typing import Any


def power_bdd(game: dict[str, Any]) -> tuple[list[Any], list[Any]]:
    """Join one decision diagram for each bar, then count."""
    peer = import_module("power_bdd.bdd")
    sys.setrecursionlimit(100_000)
    weights = game["weights"]
    order = sorted(range(len(weights)), key=lambda at: -weights[at])
    values = [weights[at] for at in order]
    heads = [1] * len(values)

    def clause(bars: list[int]) -> Any:
        wanted = zip(bars, (heads, values), strict=True)
        diagrams = (
            peer.BDD(peer.WeightedGame(quota, list(own))) for quota, own in wanted if quota
        )
        return reduce(lambda a, b: a & b, diagrams)  # the program changes the lists it is given

    whole = reduce(lambda a, b: a | b, (clause(bars) for bars in game["clauses"]))
    banzhaf = whole.calc_banzhaf()
    shapley = whole.calc_shapley() if game["shapley"] else []
    return _back(order, banzhaf), _back(order, shapley)


def powerindices(game: dict[str, Any]) -> tuple[list[Any], list[Any]]:
    """Take the first clause only: the program knows one quota and a least number of members."""
    peer = import_module("powerindices")
    members, quota = game["clauses"][0]
    weights = game["weights"]
    banzhaf = peer.compute_pbi(quota, weights, max(1, members))
    shapley = peer.compute_ssi(quota, weights, max(1, members)) if game["shapley"] else {}
    by_weight = (
        shapley if isinstance(shapley, dict) else dict(zip(weights, shapley, strict=True))
    )
    return list(banzhaf), [by_weight[weight] for weight in weights] if by_weight else []


def _back(order: list[int], found: list[Any]) -> list[Any]:
    back = [0.0] * len(found)
    for at, value in zip(order, found, strict=False):
        back[at] = value
    return back


def _plain(value: Any) -> list[str] | float:
    if isinstance(value, Fraction):
        return [str(value.numerator), str(value.denominator)]
    return float(value)


if __name__ == "__main__":
    asked = json.loads(Path(sys.argv[2]).read_text("utf-8"))
    start = time.process_time()
    one, two = {"power_bdd": power_bdd, "powerindices": powerindices}[sys.argv[1]](asked)
    spent = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    told = {"banzhaf": [_plain(v) for v in one], "shapley": [_plain(v) for v in two]}
    print(json.dumps(told | {"cpu_s": spent, "peak_mb": peak}))
