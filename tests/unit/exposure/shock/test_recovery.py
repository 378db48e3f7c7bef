# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""How long until it works again: everything that is lost below counts, circles included."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.exposure.shock.network import Kind, Need, Network, Node, Part
from comity.exposure.shock.recovery import Recovery, recoveries_of

KINDS: tuple[Kind, ...] = ("supplier", "layer")
COUNT = 5

nodes = st.lists(
    st.tuples(
        st.sampled_from(KINDS),
        st.sampled_from([None, 0, 30, 90]),
        st.sets(st.integers(0, COUNT - 1)),
        st.booleans(),
    ),
    min_size=COUNT,
    max_size=COUNT,
)


def walked(network: Network, lost: list[bool], start: int) -> Recovery:
    """Walk down from one node through all that is lost."""
    seen: set[int] = set()
    ahead, days, is_known = [start], [], True
    while ahead:
        place = ahead.pop()
        if place in seen or not lost[place]:
            continue
        seen.add(place)
        node = network.nodes[place]
        if node.recovery_days is not None:
            days.append(node.recovery_days)
        elif node.kind == "supplier":
            is_known = False
        ahead += [int(part.node) for need in node.needs for part in need.parts]
    return max(days, default=None), is_known


@settings(max_examples=60, deadline=None)
@given(nodes)
def test_looking_at_each_node_once_finds_what_a_walk_from_each_finds(
    rows: list[tuple[Kind, int | None, set[int], bool]],
) -> None:
    """Ten thousand rows that rest on one another are not walked ten thousand times."""
    network = Network(
        nodes=tuple(
            Node(
                key=str(place),
                kind=kind,
                label="",
                recovery_days=days,
                needs=tuple(Need(name="n", parts=(Part(node=str(one)),)) for one in below),
            )
            for place, (kind, days, below, _) in enumerate(rows)
        )
    )
    lost = [is_lost for *_, is_lost in rows]
    found = recoveries_of(network, np.array(lost))

    assert found == tuple(walked(network, lost, place) for place in range(COUNT))
