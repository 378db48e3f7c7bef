# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Run a cascade over a networkx graph: what nodes need comes in, how far they work goes out.

Runs in an environment of its own, on the standard library and networkx alone.
"""

import json
import sys
import time

import networkx as nx  # type: ignore[import-untyped]  # a peer, not installed here


def cascade(graph: "nx.DiGraph", supplier: str) -> dict[str, float]:
    """Cut a supplier off and follow what sinks, node by node, until nothing does."""
    works = dict.fromkeys(graph, 1.0)
    works[supplier] = 0.0
    ahead = list(graph.successors(supplier))
    while ahead:
        key = ahead.pop()
        if key == supplier:
            continue
        now = 1.0
        for weight, parts in graph.nodes[key]["needs"]:
            cap = 0.0
            for node, share, good in parts:
                cap += share * (works[node] + (1 - works[node]) * good)
            now = min(now, 1 - weight * (1 - cap))
        if works[key] - now > 1e-9:
            works[key] = now
            ahead.extend(graph.successors(key))
    return works


def main() -> None:
    """Read the network, run each supplier, print CPU-seconds and results as JSON."""
    plain = json.load(sys.stdin)
    graph = nx.DiGraph()
    for key, needs in plain["nodes"].items():
        graph.add_node(key, needs=needs)
        graph.add_edges_from((part[0], key) for _, parts in needs for part in parts)
    start = time.process_time()
    works = [cascade(graph, supplier) for supplier in plain["suppliers"]]
    print(json.dumps({"cpu_s": time.process_time() - start, "works": works}))


if __name__ == "__main__":
    main()
