# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Measure shocks: 200 states by 9 layers by 500 suppliers, all made up, beside networkx.

    python benchmarks/exposure.py

Runs every `benchmarks/exposure_*.py` after its own part, each in a process of its own.

The world is synthetic: few jurisdictions own many suppliers, each state buys each layer from
two to six, suppliers rest on one to three others in each layer below. Nothing in it is a fact.
CPU-seconds of one process. The peer is the same cascade over a networkx graph, node by node;
it lives in `build/peers-exposure`, an environment of its own, which the first run makes.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))  # so that it runs as a script, too

from benchmarks.peer import environment, peak_mb  # noqa: E402 - after the path

from comity.exposure.material.layer import LAYERS  # noqa: E402 - after the path
from comity.exposure.shock.cascade import prepare  # noqa: E402 - after the path
from comity.exposure.shock.course import run  # noqa: E402 - after the path
from comity.exposure.shock.network import (  # noqa: E402 - after the path
    Need,
    Network,
    Node,
    Part,
    Place,
    Range,
)
from comity.exposure.shock.outcome import shock  # noqa: E402 - after the path
from comity.exposure.shock.scenario import Scenario  # noqa: E402 - after the path
from comity.exposure.shock.worst import each_alone, worst  # noqa: E402 - after the path
from comity.kernel.localtext import LocalText  # noqa: E402 - after the path

STATES, SUPPLIERS, JURISDICTIONS = 200, 500, 40
BELOW = {
    "data_centre": ("energy", "chips"),
    "cloud": ("data_centre", "chips"),
    "model": ("cloud", "data", "talent"),
    "application": ("model", "cloud", "data", "standard"),
    "chips": ("energy", "standard"),
    "data": ("cloud",),
}
"""Which layers a supplier of a layer rests on, here; made up, with weights drawn below."""


def world(seed: int = 1) -> Network:
    """Make up a network; no supplier of a lower row rests on a higher one twice."""
    dice = np.random.default_rng(seed)
    layer_of = dice.integers(0, 9, SUPPLIERS)
    layer_of[:9] = np.arange(9)
    home = np.minimum((dice.pareto(1.1, SUPPLIERS) * 2).astype(int), JURISDICTIONS - 1)
    size = dice.pareto(1.05, SUPPLIERS) + 0.05
    nodes = []
    for k in range(SUPPLIERS):
        layer = LAYERS[layer_of[k]]
        needs = tuple(
            _need(name, _some(dice, layer_of, size, name, (1, 3), but=k), dice)
            for name in BELOW.get(layer, ())
        )
        place = Place(supplier=f"S{k}", jurisdiction=f"J{home[k]:02}")
        nodes.append(
            Node(
                key=f"S{k}", kind="supplier", label=f"S{k}", layer=layer, place=place,
                needs=needs,
            )
        )  # fmt: skip
    for s in range(STATES):
        for layer in LAYERS:
            chosen = _some(dice, layer_of, size, layer, (2, 6))
            need = replace(_need(layer, chosen, dice), weight=Range(low=1.0, high=1.0))
            nodes.append(
                Node(key=f"{s}/{layer}", kind="state", label=f"{s} {layer}", layer=layer,
                     needs=(need,))
            )  # fmt: skip
    return Network(nodes=tuple(nodes))


def _some(
    dice: np.random.Generator,
    layer_of: "np.ndarray[tuple[int], np.dtype[np.int64]]",
    size: "np.ndarray[tuple[int], np.dtype[np.float64]]",
    layer: str,
    between: tuple[int, int],
    *,
    but: int = -1,
) -> list[int]:
    there = [k for k in np.flatnonzero(layer_of == LAYERS.index(layer)) if k != but]
    count = min(len(there), int(dice.integers(between[0], between[1] + 1)))
    weights = size[there] / size[there].sum()
    return [int(k) for k in dice.choice(there, count, replace=False, p=weights)]


def _need(name: str, chosen: list[int], dice: np.random.Generator) -> Need:
    shares = dice.dirichlet(np.ones(len(chosen)))
    good = Range(low=0.0, high=float(dice.uniform(0.0, 0.3)))
    parts = tuple(
        Part(node=f"S{k}", share=float(share), substitute=good)
        for k, share in zip(chosen, shares, strict=True)
    )
    weight = float(dice.uniform(0.2, 1.0))
    return Need(
        name=name, parts=parts, weight=Range(low=weight * 0.8, high=weight), is_upstream=True
    )


def timed(work: Callable[[], object], times: int = 1) -> float:
    """Return the median CPU-seconds of some runs."""
    found = []
    for _ in range(times):
        start = time.process_time()
        work()
        found.append(time.process_time() - start)
    return median(found)


def by_networkx(network: Network, suppliers: list[str]) -> dict[str, Any] | None:
    """Run the same pessimistic cascade over a networkx graph, in an environment of its own."""
    python = environment("exposure")
    if python is None:
        return None
    plain = {
        "suppliers": suppliers,
        "nodes": {
            node.key: [
                [need.weight.high, [[p.node, p.share, p.substitute.low] for p in need.parts]]
                for need in node.needs
            ]
            for node in network.nodes
        },
    }
    script = str(ROOT / "benchmarks" / "peers" / "exposure.py")
    done = subprocess.run(  # noqa: S603 - our own script
        [python, script], input=json.dumps(plain), stdout=subprocess.PIPE, check=True, text=True
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> None:
    """Print the table, then run what stands beside this file."""
    _measure_shocks()
    for sibling in sorted(Path(__file__).parent.glob("exposure_*.py")):
        print(f"\n== benchmarks/{sibling.name}", flush=True)
        subprocess.run([sys.executable, str(sibling)], check=True)  # noqa: S603 - our own script


def _measure_shocks() -> None:
    network = world()
    harsh = prepare(network, "pessimistic")
    mild = prepare(network, "optimistic")
    singles = np.ones((len(network.nodes), SUPPLIERS))
    for column, places in enumerate(each_alone(network).values()):
        singles[list(places), column] = 0.0
    one = singles[:, [0]]
    cuts = np.ones((len(network.nodes), JURISDICTIONS))
    for place, node in enumerate(network.nodes):
        if node.place.jurisdiction:
            cuts[place, int(node.place.jurisdiction[1:])] = 0.0
    every = Scenario(id="s", title=LocalText(by_tag={"en": "S0"}), suppliers=("S0",))
    targets = [node.key for node in network.of_kind("state")]
    rows = [
        ("make ready, one side", timed(lambda: prepare(network, "pessimistic"), 3)),
        ("one shock, one side", timed(lambda: run(harsh, one), 21)),
        ("one shock, both sides", timed(lambda: (run(harsh, one), run(mild, one)), 21)),
        ("all 500 single shocks, pessimistic", timed(lambda: run(harsh, singles), 3)),
        (
            "all 500 single shocks, both",
            timed(lambda: (run(harsh, singles), run(mild, singles))),
        ),
        ("40 jurisdictions, both", timed(lambda: (run(harsh, cuts), run(mild, cuts)), 3)),
        ("one shock with order, recovery, direct", timed(lambda: shock(network, every), 3)),
        ("worst 3 suppliers (greedy, bounded)", timed(lambda: worst(network, targets, 3))),
    ]
    print(f"{len(network.nodes)} nodes, {harsh.met.nnz} shares; synthetic, seed 1")
    for name, seconds in rows:
        print(f"{name:<42} {seconds * 1000:10.2f} ms CPU")
    found = worst(network, targets, 3)
    print(f"worst 3 cost {found.together.loss:.1%}; no 3 cost more than {found.bound:.1%}")
    names = list(each_alone(network))[:20]
    peer = by_networkx(network, names)
    if peer is not None:
        ours = run(harsh, singles[:, :20])
        positions = network.positions()
        gap = max(
            abs(works[key] - ours[place, column])
            for column, works in enumerate(peer["works"])
            for key, place in positions.items()
        )
        print(
            f"{'one shock, one side, by networkx':<42} {peer['cpu_s'] / 20 * 1000:10.2f} ms CPU"
        )
        print(f"largest difference to networkx over 20 shocks {gap:.1e}")
    print(f"peak {peak_mb():.0f} MB")


if __name__ == "__main__":
    main()
